/* measured.h - figures of a real kernel (tests/linux/states/, README.md there),
 * and whether ours are like them.
 *
 * Each figure was measured n times at random phases of the timer wheel, and so
 * is each of ours.  "Like" means:
 * - the means differ by at most 4 standard errors and one jiffy (4 ms): the
 *   measured times are those of a relay between the hosts, of which a few in a
 *   thousand are late by 1 to 8 ms, and of CPUs whose ticks are not in step;
 * - the smallest and largest of ours are no further out than the measured ones
 * and a jiffy + 1 ms below, a jiffy + 1 ms above, and 7/n of the measured
 * range: n uniform draws all stay 7/n of their range away from its end once in
 * e^7 = 1100 times;
 * - and the other way round, 5 ms more on the late side for the relay: a timer
 * that is exact, or always late by the same, has not the kernel's range. */
#ifndef FIRSTBYTE_TESTS_LINUX_MEASURED_H
#define FIRSTBYTE_TESTS_LINUX_MEASURED_H

#include "sample.h"

typedef struct Measured {
    unsigned n;
    double min, p50, mean, max; /* ms */
} Measured;

typedef struct MeasuredFile MeasuredFile;

/* Reads states/NAME.json; fails the test when it is not there. */
MeasuredFile *measured_open(const char *name);
void measured_close(MeasuredFile *file);
/* The figure at PATH ("syn|offset_ms|3": some names have dots), times UNIT
 * (1000 for seconds). */
Measured measured_get(MeasuredFile *file, const char *path, double unit);
/* How many there are in the list at PATH. */
unsigned measured_count(MeasuredFile *file, const char *path);

/* The number, and the text (FILE's), at PATH. */
double measured_number(MeasuredFile *file, const char *path);
const char *measured_text(MeasuredFile *file, const char *path);

/* Fails the test, naming WHAT, unless OURS are like THEIRS.  SLACK (ms): how
 * coarsely theirs was looked at, beside all the above. */
void expect_like(const char *what, const Sample *ours, Measured theirs,
                 double slack);
/* The same for a figure that was measured at one phase of the wheel only:
 * THEIRS must be among what OURS are at all phases. */
void expect_among(const char *what, const Sample *ours, Measured theirs);

#endif
