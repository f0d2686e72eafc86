/* burst.h - losses that come together: the Gilbert-Elliott channel.
 *
 * A line is good or bad by turns (Gilbert 1960, Elliott 1963, both Bell System
 * Technical Journal); a packet is lost with one chance while it is bad and with
 * another while it is good.  What a user gives is what can be measured: the
 * mean loss, how long a bad period lasts on average, and the two chances.
 *
 * Two kinds of chain:
 * - in time: both periods are exponential, whatever is sent and when.  A
 *   packet meets the state of the moment when its first bit is sent.  Packets
 *   sent every D see Gilbert's chain of packets, its state kept with the
 *   chance bad + (1 - bad) exp(-D / redraw).  That of a line that fades.
 * - in packets: geometric, as Gilbert has it and netem (`loss gemodel P R 1-H
 *   1-K`: R = 1 / length, P = R bad / (1 - bad), 1-H = inside, 1-K = between).
 *
 * Both are drawn as redraws: now and then (Poisson in time, a chance for each
 * packet) the state is drawn afresh, bad with its stationary chance.  That is
 * the same two-state chain, and it needs no history: time is cut into cells of
 * BURST_CELL mean intervals, the redraws of cell C are a stream of their own
 * (the exponential forgets, so that it may begin again at a cell's border), and
 * the state of any moment is found from its cell.  The bad periods of a line
 * are therefore those of its seed, name and replication, at any point of a
 * sweep that does not change the line, whatever TCP makes of them. */
#ifndef FIRSTBYTE_MODELS_LINK_BURST_H
#define FIRSTBYTE_MODELS_LINK_BURST_H

#include "sim/rng.h"

enum { BURST_CELL = 16 };

/* Of a [link ...] group; shared by its links. */
typedef struct BurstConfig {
    /* Mean length of a bad period, in one of two units; both 0: losses are
     * independent. */
    SimTime time;
    uint32_t packets;
    double inside, between; /* chance of a loss while the line is bad, good */
    /* derived by burst_config_finish() */
    bool on;                /* it is bad at times */
    uint64_t bad_threshold; /* of a 32-bit word: a redraw makes it bad */
    uint64_t inside_threshold, between_threshold;
    SimTime redraw;            /* mean time between redraws */
    uint64_t redraw_threshold; /* chance that a packet brings one */
} BurstConfig;

/* NULL, or why such bursts with a mean loss of LOSS cannot be; *KEY is the key
 * to blame.  The text is the caller's (g_free). */
char *burst_config_wrong(const BurstConfig *config, double loss,
                         const char **key);
/* For settings of which nothing is wrong. */
void burst_config_finish(BurstConfig *config, double loss);

/* "50 ms", "5 packets", "none": of the key `loss_burst`, whose field is TIME.
 */
bool burst_parse(const char *text, void *field, char **why);
char *burst_format(const void *field); /* the caller g_free()s */

/* One direction of one line. */
typedef struct Burst {
    Stream stream; /* of the cell; in packets: of the line */
    StreamKey key;
    uint32_t replication;
    bool bad;
    int64_t cell; /* -1: before the first packet */
    SimTime next; /* redraw in this cell; SIM_NEVER: none is left */
    SimTime last_asked;
} Burst;

/* NAME: "laptop -> home", the consumer's name of its random stream. */
void burst_init(Burst *burst, const Sim *sim, const char *name);
/* The threshold below which a packet's own 32-bit word means that it is lost,
 * when it is sent at AT, no earlier than the one before. */
uint64_t burst_threshold(Burst *burst, const BurstConfig *config, SimTime at);

#endif
