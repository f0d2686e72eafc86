/* hold.c - what an event costs while N are pending (workload W1 and its kin),
 * through the engine's public interface.
 *
 * Prints one line of key=value pairs, as the programs in peers/ do.
 *   --n=100000 --events=5000000 --warm=N --workload=w1|w1b|w1c
 *     w1   an event that runs schedules itself at now + Exp(1 s), as in
 *          peers/hold.c: end_ns must be the same there
 *     w1b  ... at now + 20 us or now + 60 s, with equal chances (--short=0.5);
 *          the first times are spread over 60 s
 *     w1c  as w1, and nine others, any, are moved to now + Exp(1 s): nine of
 * ten times that were set are changed before they come Built with HOLD_HEAP it
 * runs over a plain 4-ary heap instead. */
#include "peers/workload.h"

#ifdef HOLD_HEAP
#include "heap.h"
#define QUEUE "heap"
#else
#include "sim/sim.h"
#define QUEUE "firstbyte"
#endif

typedef struct Hold {
    Sim sim; /* first, so that a handler finds the rest */
    Event *pending;
    size_t n;
    uint64_t left; /* events to run before sim_stop() */
    double short_; /* w1b: share of 20 us */
    EventFunc *run;
} Hold;

static void count(Hold *hold)
{
    if (--hold->left == 0)
        sim_stop(&hold->sim);
}

static void run_w1(Sim *sim, Event *event)
{
    event_schedule(sim, event, wl_exp_ns());
    count((Hold *)(void *)sim);
}

static void run_w1b(Sim *sim, Event *event)
{
    Hold *hold = (Hold *)(void *)sim;

    event_schedule(sim, event,
                   wl_unit() <= hold->short_ ? 20 * SIM_US : 60 * SIM_S);
    count(hold);
}

static void run_w1c(Sim *sim, Event *event)
{
    Hold *hold = (Hold *)(void *)sim;

    for (int i = 0; i < 9; i++) {
        size_t other = (size_t)(wl_u64() % hold->n);

        event_schedule(sim, &hold->pending[other], wl_exp_ns());
    }
    event_schedule(sim, event, wl_exp_ns());
    count(hold);
}

static void fill(Hold *hold)
{
    sim_init(&hold->sim, 42, 0);
    hold->pending = calloc(hold->n, sizeof *hold->pending);
    if (hold->pending == NULL)
        abort();
    for (size_t i = 0; i < hold->n; i++) {
        event_init(&hold->pending[i], hold->run);
        event_schedule(&hold->sim, &hold->pending[i],
                       hold->run == run_w1b ? (SimTime)(wl_unit() * 60e9)
                                            : wl_exp_ns());
    }
}

static void drain(Hold *hold)
{
    for (size_t i = 0; i < hold->n; i++)
        event_cancel(&hold->sim, &hold->pending[i]);
    sim_clear(&hold->sim);
    free(hold->pending);
}

int main(int argc, char **argv)
{
    const char *workload = wl_opts(argc, argv, "workload", "w1");
    Hold hold = {.n = (size_t)wl_opt(argc, argv, "n", 1e5),
                 .short_ = wl_opt(argc, argv, "short", 0.5),
                 .run = strcmp(workload, "w1c") == 0   ? run_w1c
                        : strcmp(workload, "w1b") == 0 ? run_w1b
                                                       : run_w1};
    uint64_t events = (uint64_t)wl_opt(argc, argv, "events", 5e6);
    double wall, cpu;

    wl_seed(42);
    fill(&hold);
    hold.left = (uint64_t)wl_opt(argc, argv, "warm", (double)hold.n);
    sim_run(&hold.sim, SIM_NEVER);
    hold.left = events;
    wall = wl_now();
    cpu = wl_cpu();
    sim_run(&hold.sim, SIM_NEVER);
    wall = wl_now() - wall;
    cpu = wl_cpu() - cpu;
    printf("engine=" QUEUE " workload=%s n=%zu events=%llu ns_per_event=%.1f "
           "cpu_ns_per_event=%.1f events_per_s=%.0f end_ns=%lld rss_kib=%ld\n",
           workload, hold.n, (unsigned long long)events,
           wall * 1e9 / (double)events, cpu * 1e9 / (double)events,
           (double)events / wall, (long long)sim_now(&hold.sim), wl_rss_kib());
    drain(&hold);
    return 0;
}
