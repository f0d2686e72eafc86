/* merge.c - which shard has which point, and an experiment that is run by
 * looking there. */
#include "merge.h"

#include <string.h>

#include "store_internal.h"

enum { NOBODY = -1 };

struct Merge {
    unsigned count;
    char **folders; /* the caller's, and so are their names */
    Store **stores;
    Plan **plans;
    unsigned *replications; /* of each point */
    int *owners;            /* of each point: a shard */
};

const Plan *merge_plan(const Merge *merge) { return merge->plans[0]; }

/* Shard I belongs to the same experiment as the first. */
static bool check_same(const Merge *merge, unsigned i, GError **error)
{
    char *first = store_experiment_text(merge->plans[0]);
    char *other = store_experiment_text(merge->plans[i]);
    bool same = strcmp(first, other) == 0;

    g_free(first);
    g_free(other);
    if (!same)
        return store_refuse(
            merge->folders[i], error,
            "it holds another experiment than %s; shards of one "
            "experiment would be right",
            merge->folders[0]);
    if (strcmp(store_version(merge->stores[i]),
               store_version(merge->stores[0])) != 0)
        return store_refuse(
            merge->folders[i], error,
            "it was made by firstbyte %s, and %s by %s; one version "
            "for all shards would be right",
            store_version(merge->stores[i]), merge->folders[0],
            store_version(merge->stores[0]));
    if (store_has_samples(merge->stores[i]) !=
        store_has_samples(merge->stores[0]))
        return store_refuse(
            merge->folders[i], error,
            "of it and %s only one keeps samples; all or none would "
            "be right",
            merge->folders[0]);
    return true;
}

/* Notes the points of shard I that are done. */
static bool take_points(Merge *merge, unsigned i, GError **error)
{
    unsigned *runs = store_replications(merge->stores[i], error);
    unsigned points = merge->plans[0]->points;
    bool good = runs != NULL;

    for (unsigned p = 0; good && p < points; p++) {
        if (runs[p] == 0)
            continue;
        if (merge->owners[p] != NOBODY)
            good =
                store_refuse(merge->folders[i], error,
                             "it has point %u, and so has %s; each shard once "
                             "would be right",
                             p, merge->folders[merge->owners[p]]);
        else if (!store_point_is_done(merge->stores[i], p))
            good = store_refuse(
                merge->folders[i], error,
                "point %u is not done; `firstbyte run --resume` of "
                "this shard would be right",
                p);
        merge->owners[p] = (int)i;
        merge->replications[p] = runs[p];
    }
    g_free(runs);
    return good;
}

static bool open_shard(Merge *merge, unsigned i, GError **error)
{
    merge->stores[i] = store_open(merge->folders[i], &merge->plans[i], error);
    if (merge->stores[i] == NULL)
        return false;
    if (i == 0) {
        unsigned points = merge->plans[0]->points;

        merge->replications = g_new0(unsigned, points);
        merge->owners = g_new(int, points);
        for (unsigned p = 0; p < points; p++)
            merge->owners[p] = NOBODY;
    }
    return check_same(merge, i, error) && take_points(merge, i, error);
}

static bool check_whole(const Merge *merge, GError **error)
{
    const Plan *plan = merge->plans[0];

    for (unsigned p = 0; p < plan->points; p++) {
        char *where;

        if (merge->owners[p] != NOBODY)
            continue;
        where = plan_point_text(plan, p);
        store_refuse(
            merge->folders[0], error,
            "neither it nor another has point %u (%s); every shard would "
            "be right",
            p, where);
        g_free(where);
        return false;
    }
    return true;
}

Merge *merge_new(char *const *folders, unsigned count, GError **error)
{
    Merge *merge = g_new0(Merge, 1);
    bool good = true;

    merge->count = count;
    merge->folders = (char **)folders;
    merge->stores = g_new0(Store *, count);
    merge->plans = g_new0(Plan *, count);
    for (unsigned i = 0; good && i < count; i++)
        good = open_shard(merge, i, error);
    if (good && check_whole(merge, error))
        return merge;
    merge_free(merge);
    return NULL;
}

void merge_free(Merge *merge)
{
    for (unsigned i = 0; i < merge->count; i++) {
        if (merge->stores[i] != NULL)
            store_free(merge->stores[i]);
        plan_free(merge->plans[i]);
    }
    g_free(merge->stores);
    g_free(merge->plans);
    g_free(merge->replications);
    g_free(merge->owners);
    g_free(merge);
}

static RunResult *recorded(void *data, unsigned point, uint32_t replication)
{
    const Merge *merge = data;

    return store_recalled(merge->stores[merge->owners[point]], point,
                          replication);
}

bool merge_run(Merge *merge, Experiment *experiment, const char *folder,
               bool force, GError **error)
{
    ExperimentOptions options = {.folder = folder,
                                 .threads = 1,
                                 .samples = store_has_samples(merge->stores[0]),
                                 .force = force,
                                 .replications = merge->replications,
                                 .recorded = recorded,
                                 .data = merge};

    return experiment_run(experiment, merge->plans[0], &options, error);
}
