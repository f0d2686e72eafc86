/* gnuplot.h - scripts for gnuplot, and what all of our pictures share.
 *
 * A script NAME.gp holds its own data, so that it can be edited and run again
 * alone (cd FOLDER && gnuplot NAME.gp); it writes NAME.svg, NAME.png and
 * NAME.pdf, the last in the size of a printed page.
 *
 * Colours are Okabe and Ito's ("Color universal design", 2008), which the
 * colour-blind can tell apart, yellow left out: too pale; marks and dashes
 * differ with them, so that a grey print can be read. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_GNUPLOT_H
#define FIRSTBYTE_MODELS_OBSERVERS_GNUPLOT_H

#include <glib.h>
#include <stdbool.h>

enum { GNUPLOT_SERIES = 7, GNUPLOT_DASHES = 5 };
extern const char *const gnuplot_colours[GNUPLOT_SERIES]; /* "#0072B2" */
extern const int gnuplot_marks[GNUPLOT_SERIES];           /* its `pt` */
extern const char *const gnuplot_dashes[GNUPLOT_DASHES];  /* its `dt` */

/* What stands around a picture; texts may be NULL, all are the caller's. */
typedef struct GnuplotFrame {
    const char *name;     /* of the files, without an ending; NULL: an SVG to
                           standard     output */
    const char *title;    /* above */
    const char *question; /* below the title, smaller */
    const char *note;     /* at the foot: what one must know to believe it */
    const char *xlabel, *ylabel;
    unsigned height;       /* pixels of 960 across; 0: 620 */
    unsigned key;          /* characters of the longest legend; 0: none */
    const char *key_title; /* above the legend: what its values are of */
    bool colour_bar;       /* room for one at the right, instead of a legend */
    bool long_xtics;       /* labels of the x axis are turned */
    unsigned left;         /* characters of the longest y label; 0: 9 */
} GnuplotFrame;

/* Appends the settings: terminal, margins, texts, grid. */
void gnuplot_begin(GString *script, const GnuplotFrame *frame);
/* Appends the drawing again for the other two kinds of file. */
void gnuplot_end(GString *script, const GnuplotFrame *frame);
/* Appends TEXT in single quotes, in which nothing is special. */
void gnuplot_quote(GString *script, const char *text);
/* The same as a label of a tic, in which % would be a format. */
void gnuplot_quote_tic(GString *script, const char *text);
/* Appends "COMMAND 'TEXT'" and a new line. */
void gnuplot_line(GString *script, const char *command, const char *text);
/* Appends VALUE in nine digits, NaN where it is none. */
void gnuplot_number(GString *script, double value);
/* Writes SCRIPT into FOLDER/NAME.gp. */
bool gnuplot_save(const char *script, const char *folder, const char *name,
                  GError **error);
/* Runs gnuplot on FOLDER/NAME.gp.  False, with ERROR, when it complains. */
bool gnuplot_draw(const char *folder, const char *name, GError **error);

/* What can be drawn side by side, because it takes about as long. */
typedef enum GnuplotPart {
    GNUPLOT_SVG_PDF,
    GNUPLOT_PNG,
    GNUPLOT_PARTS
} GnuplotPart;

/* Draws PART of what SCRIPT draws into FOLDER.  False when gnuplot complains:
 * gnuplot_draw() then says of what.  May be called on any thread. */
bool gnuplot_draw_part(const char *script, const char *folder,
                       GnuplotPart part);

/* Runs SCRIPT, whose frame has no name, and writes what it draws into FILE. */
bool gnuplot_write_svg(const char *script, const char *file, GError **error);

#endif
