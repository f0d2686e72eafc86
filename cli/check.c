/* check.c - the verb `check`: reads config files, says what is wrong and where.
 */
#include "cli.h"

#include <stdio.h>

#include "experiments/plan.h"
#include "experiments/shipped.h"
#include "topologies/topology.h"

static bool check_experiment(const char *file, GError **error)
{
    Plan *plan = plan_read(file, NULL, error);

    if (plan == NULL)
        return false;
    printf("%s: an experiment of %u point%s, at least %u run%s of each\n", file,
           plan->points, plan->points == 1 ? "" : "s", plan->replicate.min,
           plan->replicate.min == 1 ? "" : "s");
    for (unsigned i = 0; i < plan->doubts->len; i++)
        printf("warning: %s\n", (char *)g_ptr_array_index(plan->doubts, i));
    plan_free(plan);
    return true;
}

static bool check_topology(const char *file, const Config *config,
                           GError **error)
{
    Topology *topology = topology_new(config, NULL, error);
    Network *network;
    Sim sim;

    if (topology == NULL)
        return false;
    sim_init(&sim, 1, 0);
    network = network_build(&sim, topology);
    printf("%s: a topology of %u node%s and %u line%s\n", file,
           network->node_count, network->node_count == 1 ? "" : "s",
           network->link_count / 2, network->link_count / 2 == 1 ? "" : "s");
    network_free(network);
    sim_clear(&sim);
    topology_free(topology);
    return true;
}

/* NAME: a file, a shipped experiment or a shipped topology. */
static bool check_file(const char *name, GError **error)
{
    Config *config = config_new();
    g_autofree char *experiment = shipped_find(name, NULL);
    const char *file = experiment != NULL ? experiment : name;
    bool good = topology_read_config(config, file, NULL, error);

    if (plan_is_experiment(config)) {
        g_clear_error(error); /* said again, with all others */
        good = check_experiment(file, error);
    } else if (config->files->len > 0) {
        good = check_topology(file, config, error) && good;
    }
    config_free(config);
    return good;
}

int cli_check(int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    int status = CLI_DONE;

    if (!cli_options("check", entries, &argc, &argv, 1, G_MAXINT))
        return CLI_WRONG;
    for (int i = 1; i < argc; i++) {
        GError *error = NULL;

        if (!check_file(argv[i], &error))
            status = cli_complain(error, CLI_WRONG);
    }
    return status;
}
