/* bit_error_rate.c - see bit_error_rate.h. */
#include "bit_error_rate.h"

#include <math.h>

/* Takes the lines of CONFIG into account; *RATE is NAN before the first. */
static const char *add_line(const LinkConfig *config, double *rate)
{
    double own = linecode_bit_error_rate(config->line_code, link_eb_n0(config));

    if (config->signal != SIGNAL_SAMPLED)
        return NULL;
    if (config->clock_offset != 0)
        return "a receiver's clock is off";
    if (config->rise_time != 0)
        return "a line is slow to change its level";
    if (!isnan(*rate) && *rate != own)
        return "sampled lines differ";
    *rate = own;
    return NULL;
}

double bit_error_rate_at(const PlanPoint *point, char **why)
{
    const char *reason = NULL;
    double rate = NAN;
    Network *network;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    for (uint32_t i = 0; reason == NULL && i < network->link_count; i++)
        reason = add_line(network->links[i].config, &rate);
    network_free(network);
    sim_clear(&sim);
    if (reason == NULL && isnan(rate))
        reason = "no line's signal is sampled";
    if (reason == NULL)
        return rate;
    *why = g_strdup(reason);
    return NAN;
}
