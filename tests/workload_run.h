/* workload_run.h - a run of an experiment's text, with every item's beginning
 * and outcome kept. */
#ifndef FIRSTBYTE_TESTS_WORKLOAD_RUN_H
#define FIRSTBYTE_TESTS_WORKLOAD_RUN_H

#include "experiments/plan.h"
#include "models/packet.h"
#include "models/transport/tcp.h"
#include "tests/experiment_fixture.h"

/* A client and a server on a line of 10 ms that takes no time to send; to
 * connect takes 20 ms. */
#define WORKLOAD_NETWORK                                                       \
    "[node a]\nkind = client\n[node b]\nkind = server\nhttp = yes\n"           \
    "site = .\n"                                                               \
    "[link a -- b]\nrate = unlimited\ndelay = 10 ms\n[arp]\nmode = static\n"

typedef struct Worked {
    SimTime at;
    uint32_t item, node;
    bool done, failed;
    char workload[16], why[32];
} Worked;

typedef struct WorkloadRun {
    Observer observer;
    GArray *work;    /* of Worked, in the order of time */
    GArray *syns;    /* of Packet, headers only, as an interface sent them */
    GPtrArray *urls; /* asked for, in the order of time */
    uint64_t drops[DROP_REASONS];
    SimTime ended;
    SimTime from; /* when `waited` begins to count; 0: the start */
    unsigned entered[2][TCP_STATES]; /* at node a and b, how often */
    int waiting[2];                  /* now in TIME-WAIT at a and b */
    SimTime moved[2];                /* when that changed last */
    double waited[2];                /* seconds in TIME-WAIT, of all together */
} WorkloadRun;

static inline void workload_run_state(WorkloadRun *run, const Record *record)
{
    const TcpStateTold *told = record->what;
    unsigned node = record->node;
    int step = (told->to == TCP_TIME_WAIT) - (told->from == TCP_TIME_WAIT);
    SimTime since = MAX(run->moved[node], run->from);

    run->entered[node][told->to]++;
    if (step == 0)
        return;
    if (record->at > since)
        run->waited[node] += (double)run->waiting[node] *
                             (double)(record->at - since) / (double)SIM_S;
    run->waiting[node] += step;
    run->moved[node] = record->at;
}

static inline void workload_run_hear(Observer *observer, const Record *record)
{
    WorkloadRun *run = sim_container_of(observer, WorkloadRun, observer);

    switch (record->kind) {
    case REC_WORK_STARTED:
    case REC_WORK_DONE: {
        const WorkTold *told = record->what;
        Worked worked = {record->at,
                         told->item,
                         record->node,
                         record->kind == REC_WORK_DONE,
                         told->failed,
                         "",
                         ""};

        g_strlcpy(worked.workload, told->workload, sizeof worked.workload);
        g_strlcpy(worked.why, told->why, sizeof worked.why);
        g_array_append_val(run->work, worked);
        break;
    }
    case REC_PACKET_SENT: {
        const Packet *packet = ((const PacketTold *)record->what)->packet;

        if (strcmp(packet_class(packet), "SYN") == 0)
            g_array_append_vals(run->syns, packet, 1);
        break;
    }
    case REC_TCP_STATE:
        workload_run_state(run, record);
        break;
    case REC_PACKET_DROPPED:
        run->drops[record->code]++;
        break;
    case REC_HTTP_REQUEST:
        g_ptr_array_add(run->urls,
                        g_strdup(((const HttpTold *)record->what)->url));
        break;
    }
}

/* Writes TEXT to the file NAME of the test's folder. */
static inline void write_text(const char *name, const char *text)
{
    char *file = in_folder(name);

    ck_assert(g_file_set_contents(file, text, -1, NULL));
    g_free(file);
}

/* The plan of TEXT; NULL with the message in *WHY (g_free). */
static inline Plan *workload_plan(const char *text, char **why)
{
    char *file = in_folder("test.ini");
    GError *error = NULL;
    Plan *plan;

    write_text("test.ini", text);
    plan = plan_read(file, NULL, &error);
    *why = error != NULL ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    g_free(file);
    return plan;
}

static inline void workload_run_play(WorkloadRun *run, const Plan *plan)
{
    PlanPoint *point = plan_point_new(plan, 0, NULL);
    Workload *workloads[8];
    Network *network;
    Sim sim;

    sim_init(&sim, plan->replicate.seed, 0);
    run->observer = (Observer){
        .wants = 1u << REC_PACKET_SENT | 1u << REC_PACKET_DROPPED |
                 (uint64_t)1 << REC_TCP_STATE | 1u << REC_HTTP_REQUEST |
                 (uint64_t)1 << REC_WORK_STARTED | (uint64_t)1 << REC_WORK_DONE,
        .hear = workload_run_hear};
    sim_observe(&sim, &run->observer);
    network = network_build(&sim, point->topology);
    for (unsigned i = 0; i < point->workload_count; i++) {
        workloads[i] = workload_new(network, point->workloads[i].name,
                                    &point->workloads[i].config, NULL);
        ck_assert_ptr_nonnull(workloads[i]);
        workload_start(workloads[i]);
    }
    sim_run(&sim, plan->measure.until == 0 ? SIM_NEVER : plan->measure.until);
    run->ended = sim_now(&sim);
    sim.wanted = 0;
    network_free(network);
    for (unsigned i = 0; i < point->workload_count; i++)
        workload_free(workloads[i]);
    sim_clear(&sim); /* asserts that nothing is left behind */
    plan_point_free(point);
}

/* Runs the network above with MORE; FROM: WorkloadRun.from. */
static inline WorkloadRun *workload_run_from(const char *more, SimTime from)
{
    WorkloadRun *run = g_new0(WorkloadRun, 1);
    char *text = g_strconcat(WORKLOAD_NETWORK, more, NULL), *why;
    Plan *plan = workload_plan(text, &why);

    ck_assert_msg(plan != NULL, "%s", why);
    run->from = from;
    run->work = g_array_new(FALSE, FALSE, sizeof(Worked));
    run->syns = g_array_new(FALSE, FALSE, sizeof(Packet));
    run->urls = g_ptr_array_new_with_free_func(g_free);
    workload_run_play(run, plan);
    plan_free(plan);
    g_free(text);
    return run;
}

/* Runs the network above with MORE. */
static inline WorkloadRun *workload_run(const char *more)
{
    return workload_run_from(more, 0);
}

static inline void workload_run_free(WorkloadRun *run)
{
    g_array_free(run->work, TRUE);
    g_array_free(run->syns, TRUE);
    g_ptr_array_free(run->urls, TRUE);
    g_free(run);
}

/* The times at which items of WORKLOAD began (DONE: had their outcome), in
 * their order: of SimTime. */
static inline GArray *workload_times(const WorkloadRun *run,
                                     const char *workload, bool done)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(SimTime));

    for (guint i = 0; i < run->work->len; i++) {
        const Worked *worked = &g_array_index(run->work, Worked, i);

        if (worked->done == done && strcmp(worked->workload, workload) == 0)
            g_array_append_val(times, worked->at);
    }
    return times;
}

/* How many items had the outcome WHY. */
static inline unsigned workload_outcomes(const WorkloadRun *run,
                                         const char *why)
{
    unsigned count = 0;

    for (guint i = 0; i < run->work->len; i++) {
        const Worked *worked = &g_array_index(run->work, Worked, i);

        count += worked->done && strcmp(worked->why, why) == 0;
    }
    return count;
}

/* That items of WORKLOAD began at the TIMES, -1 after the last. */
static inline void ck_assert_begins(const WorkloadRun *run,
                                    const char *workload, const SimTime *times)
{
    GArray *begun = workload_times(run, workload, false);

    for (guint i = 0; i < begun->len; i++)
        ck_assert_int_eq(g_array_index(begun, SimTime, i), times[i]);
    ck_assert_int_eq(times[begun->len], -1);
    g_array_free(begun, TRUE);
}

static inline int compare_times(const void *a, const void *b)
{
    SimTime x = *(const SimTime *)a, y = *(const SimTime *)b;

    return (x > y) - (x < y);
}

/* That the TIMES (sorted here) are exponential with MEAN: the statistic of
 * Kolmogorov and Smirnov is below its 1 % point, 1.628 / sqrt(n). */
static inline void ck_assert_exponential(GArray *times, double mean)
{
    double n = times->len, most = 0;

    g_array_sort(times, compare_times);
    for (guint i = 0; i < times->len; i++) {
        double f = 1 - exp(-(double)g_array_index(times, SimTime, i) / mean);

        most = MAX(most, MAX(f - i / n, (i + 1) / n - f));
    }
    ck_assert_double_lt(most * sqrt(n), 1.628);
}

#endif
