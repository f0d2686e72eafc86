/* topology_text.h - a topology from the text of a test. */
#ifndef FIRSTBYTE_TESTS_TOPOLOGY_TEXT_H
#define FIRSTBYTE_TESTS_TOPOLOGY_TEXT_H

#include <check.h>
#include <string.h>

#include "topologies/topology.h"

/* Five lines that are a whole network, to which a test adds its own. */
#define AB "[node a]\nkind = client\n[node b]\nkind = server\n[link a -- b]\n"

/* TEXT as a file called t.ini; NULL and ERROR when it is wrong. */
static inline Topology *topology_read_text(const char *text, GError **error)
{
    Config *config = config_new();
    Topology *topology = NULL;

    if (config_read_text(config, text, strlen(text), "t.ini", error))
        topology = topology_new(config, NULL, error);
    config_free(config);
    return topology;
}

/* The same, of a text that is right. */
static inline Topology *topology_read_good(const char *text)
{
    GError *error = NULL;
    Topology *topology = topology_read_text(text, &error);

    ck_assert_msg(topology != NULL, "%s", error != NULL ? error->message : "");
    return topology;
}

#endif
