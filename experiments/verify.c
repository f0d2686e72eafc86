/* verify.c - see verify.h. */
#include "verify.h"

/* A run to be made again, or that was. */
typedef struct Task {
    unsigned point;
    uint32_t replication;
    char *why; /* what differs; NULL: nothing, or not known yet */
} Task;

typedef struct Verifier {
    Store *store;
    const Plan *plan;
    const VerifyOptions *options;
    GArray *tasks;      /* of Task, in order */
    PlanPoint **points; /* those that are being run, by number */
    unsigned *left;     /* runs of each point that are still to come back */
    unsigned submitted, taken;
} Verifier;

/* --- which runs ----------------------------------------------------------- */

/* One of FROM .. TO - 1, the same each time, and anywhere in there: the Kth
 * multiple of the golden ratio, its fraction. */
static uint64_t somewhere(unsigned k, uint64_t from, uint64_t to)
{
    uint64_t fraction = (k * UINT64_C(0x9E3779B97F4A7C15)) >> 32;

    return from + ((fraction * (to - from)) >> 32);
}

/* The WANTED tasks of ALL runs, of which each point has COUNTS. */
static void choose(Verifier *verifier, const unsigned *counts, unsigned all,
                   unsigned wanted)
{
    uint64_t before = 0; /* runs of the points before POINT */
    unsigned point = 0;

    for (unsigned k = 0; k < wanted; k++) {
        uint64_t from = (uint64_t)k * all / wanted;
        uint64_t to = ((uint64_t)k + 1) * all / wanted;
        uint64_t run = somewhere(k, from, to);
        Task task;

        while (run >= before + counts[point])
            before += counts[point++];
        task = (Task){point, (uint32_t)(run - before), NULL};
        g_array_append_val(verifier->tasks, task);
        verifier->left[point]++;
    }
}

/* --- making them again ---------------------------------------------------- */

static void submit(Verifier *verifier)
{
    const Task *task =
        &g_array_index(verifier->tasks, Task, verifier->submitted++);
    PlanPoint **point = &verifier->points[task->point];

    if (*point == NULL)
        *point = plan_point_new(verifier->plan, task->point, NULL);
    g_assert(*point != NULL); /* checked by plan_read() */
    verifier->options->executor->submit(verifier->options->executor, *point,
                                        task->replication);
}

static Task *find_task(const Verifier *verifier, const RunResult *result)
{
    guint low = 0, high = verifier->submitted;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Task *task = &g_array_index(verifier->tasks, Task, middle);

        if (task->point < result->point ||
            (task->point == result->point &&
             task->replication < result->replication))
            low = middle + 1;
        else
            high = middle;
    }
    return &g_array_index(verifier->tasks, Task, low);
}

static void take(Verifier *verifier, RunResult *result /* taken */)
{
    Task *task = find_task(verifier, result);

    task->why = store_difference(verifier->store, result);
    verifier->taken++;
    if (--verifier->left[task->point] == 0) {
        plan_point_free(verifier->points[task->point]);
        verifier->points[task->point] = NULL;
    }
    run_result_free(result);
}

static void run_again(Verifier *verifier)
{
    const VerifyOptions *options = verifier->options;
    Executor *executor = options->executor;

    while (verifier->taken < verifier->tasks->len) {
        RunResult *result;

        while (verifier->submitted < verifier->tasks->len &&
               verifier->submitted - verifier->taken < 2 * executor->slots)
            submit(verifier);
        result = executor->take(executor, G_USEC_PER_SEC / 5);
        if (result != NULL)
            take(verifier, result);
        if (options->progress != NULL)
            options->progress(options->data, verifier->taken,
                              verifier->tasks->len);
    }
}

/* --- what came out -------------------------------------------------------- */

static void report(Verification *verification, const Verifier *verifier)
{
    for (guint i = 0; i < verifier->tasks->len; i++) {
        Task *task = &g_array_index(verifier->tasks, Task, i);
        char *where;

        if (task->why == NULL)
            continue;
        verification->different++;
        where = plan_point_text(verifier->plan, task->point);
        g_ptr_array_add(verification->differences,
                        g_strdup_printf("run %u at point %u%s%s: %s",
                                        task->replication, task->point,
                                        where[0] != '\0' ? ", " : "", where,
                                        task->why));
        g_free(where);
        g_free(task->why);
    }
}

bool verify(Verification *verification, Store *store, const Plan *plan,
            const VerifyOptions *options, GError **error)
{
    Verifier verifier = {store, plan, options, NULL, NULL, NULL, 0, 0};
    unsigned *counts = store_replications(store, error);
    bool good = counts != NULL;

    *verification =
        (Verification){.differences = g_ptr_array_new_with_free_func(g_free)};
    for (unsigned i = 0; good && i < plan->points; i++)
        verification->recorded += counts[i];
    if (good)
        good = store_file_differences(store, verification->differences, error);
    if (good && verification->recorded > 0) {
        verification->runs = verification->recorded;
        if (options->sample > 0)
            verification->runs = MIN(options->sample, verification->recorded);
        verifier.tasks = g_array_new(FALSE, FALSE, sizeof(Task));
        verifier.points = g_new0(PlanPoint *, plan->points);
        verifier.left = g_new0(unsigned, plan->points);
        choose(&verifier, counts, verification->recorded, verification->runs);
        run_again(&verifier);
        report(verification, &verifier);
        g_array_free(verifier.tasks, TRUE);
        g_free(verifier.points);
        g_free(verifier.left);
    }
    g_free(counts);
    return good;
}

void verification_clear(Verification *verification)
{
    g_ptr_array_unref(verification->differences);
}
