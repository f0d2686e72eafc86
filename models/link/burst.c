/* burst.c - good and bad periods of a line; see burst.h. */
#include "burst.h"

#include <glib.h>

#include <math.h>
#include <string.h>

#include "sim/quantity.h"

/* --- settings ------------------------------------------------------------- */

bool burst_parse(const char *text, void *field, char **why)
{
    BurstConfig *config = sim_container_of(field, BurstConfig, time);
    bool packets = g_str_has_suffix(text, "packets");
    char *reason = NULL;
    int64_t value = 0;

    if (strcmp(text, "none") != 0 &&
        (!quantity_int(packets ? QUANTITY_PACKETS : QUANTITY_TIME, text, &value,
                       &reason) ||
         value < (packets ? 2 : SIM_US) ||
         value > (packets ? 1000000000 : 86400 * SIM_S))) {
        *why = g_strdup_printf(
            "\"%s\" is no mean length of a burst; write a time from 1 us to 24 "
            "h (\"50 ms\"), \"5 packets\" (2 or more), or \"none\"",
            text);
        g_free(reason);
        return false;
    }
    config->time = packets ? 0 : value;
    config->packets = packets ? (uint32_t)value : 0;
    return true;
}

char *burst_format(const void *field)
{
    const BurstConfig *config =
        sim_container_of(field, const BurstConfig, time);

    return config->packets != 0
               ? quantity_format_int(QUANTITY_PACKETS, config->packets)
           : config->time != 0
               ? quantity_format_int(QUANTITY_TIME, config->time)
               : g_strdup("none");
}

/* The share of time, or of packets, that is bad. */
static double bad_share(const BurstConfig *config, double loss)
{
    return (loss - config->between) / (config->inside - config->between);
}

static char *fraction_text(const char *format, double fraction)
{
    g_autofree char *text = quantity_format_real(QUANTITY_FRACTION, fraction);

    return g_strdup_printf(format, text);
}

char *burst_config_wrong(const BurstConfig *config, double loss,
                         const char **key)
{
    double good;

    if (config->time == 0 && config->packets == 0)
        return NULL;
    *key = "loss_in_burst";
    if (config->inside <= config->between)
        return fraction_text("no more than between bursts; more than %s",
                             config->between);
    *key = "loss";
    if (loss > config->inside)
        return fraction_text("more than in a burst (loss_in_burst); %s at most",
                             config->inside);
    if (loss < config->between)
        return fraction_text("less than between bursts (loss_between_bursts); "
                             "%s at least",
                             config->between);
    good = 1 - bad_share(config, loss);
    *key = "loss_burst";
    if (good > 0 && config->packets != 0 && config->packets * good < 1)
        return g_strdup_printf(
            "with so much loss, bursts of independent losses are longer "
            "already; %.0f packets at least",
            ceil(1 / good));
    return NULL;
}

void burst_config_finish(BurstConfig *config, double loss)
{
    double good;

    config->on = false;
    if ((config->time == 0 && config->packets == 0) || loss <= config->between)
        return;
    /* A bad period ends at a redraw that makes it good: the mean time until
     * then is that between redraws over the chance of it. */
    good = 1 - bad_share(config, loss);
    config->on = true;
    config->bad_threshold = probability_u32(1 - good);
    config->inside_threshold = probability_u32(config->inside);
    config->between_threshold = probability_u32(config->between);
    config->redraw = MAX((SimTime)((double)config->time * good + 0.5), 1);
    config->redraw_threshold =
        good > 0 ? probability_u32(1 / (config->packets * good)) : 0;
}

/* --- the state ------------------------------------------------------------ */

void burst_init(Burst *burst, const Sim *sim, const char *name)
{
    *burst = (Burst){.key = stream_key(sim->seed, name, "bursts"),
                     .replication = sim->replication,
                     .cell = -1};
}

/* The redraws of CELL; -1: the state at time 0. */
static Stream cell_stream(const Burst *burst, int64_t cell)
{
    /* A cell takes 65,536 blocks of words at most: 16 are expected. */
    return (Stream){.key = burst->key,
                    .replication = burst->replication,
                    .draw = (uint64_t)(cell + 1) << 16};
}

/* When the redraw after the one at AT is, in a cell that ends at END. */
static SimTime next_redraw(Stream *stream, const BurstConfig *config,
                           SimTime at, SimTime end)
{
    SimTime gap = stream_exponential(stream, config->redraw);

    return gap < end - at ? at + gap : SIM_NEVER;
}

/* What the last redraw before the end of CELL made of the line. */
static bool bad_after(const Burst *burst, const BurstConfig *config,
                      int64_t cell)
{
    SimTime length = BURST_CELL * config->redraw, at;
    bool bad = false, redrawn = false;

    for (; !redrawn; cell--) {
        Stream stream = cell_stream(burst, cell);

        if (cell < 0)
            return stream_chance(&stream, config->bad_threshold);
        at = cell * length;
        while ((at = next_redraw(&stream, config, at, (cell + 1) * length)) !=
               SIM_NEVER) {
            bad = stream_chance(&stream, config->bad_threshold);
            redrawn = true;
        }
    }
    return bad;
}

static bool bad_at(Burst *burst, const BurstConfig *config, SimTime at)
{
    SimTime length = BURST_CELL * config->redraw;
    int64_t cell = at / length;

    if (cell != burst->cell) {
        burst->bad = bad_after(burst, config, cell - 1);
        burst->cell = cell;
        burst->stream = cell_stream(burst, cell);
        burst->next = next_redraw(&burst->stream, config, cell * length,
                                  (cell + 1) * length);
    }
    while (burst->next <= at) {
        burst->bad = stream_chance(&burst->stream, config->bad_threshold);
        burst->next = next_redraw(&burst->stream, config, burst->next,
                                  (cell + 1) * length);
    }
    return burst->bad;
}

static bool bad_for_next_packet(Burst *burst, const BurstConfig *config)
{
    uint32_t redraw, state;

    if (burst->cell < 0)
        burst->stream = cell_stream(burst, 0);
    redraw = stream_u32(&burst->stream);
    state = stream_u32(&burst->stream);
    if (burst->cell < 0 || redraw < config->redraw_threshold)
        burst->bad = state < config->bad_threshold;
    burst->cell = 0;
    return burst->bad;
}

uint64_t burst_threshold(Burst *burst, const BurstConfig *config, SimTime at)
{
    bool bad;

    g_assert(at >= burst->last_asked);
    burst->last_asked = at;
    bad = config->packets != 0 ? bad_for_next_packet(burst, config)
                               : bad_at(burst, config, at);
    return bad ? config->inside_threshold : config->between_threshold;
}
