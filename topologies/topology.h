/* topology.h - a topology file, checked, and the network built from it.
 *
 * Addresses follow from the file alone (addresses.c).  A leaf has a default
 * route; a router one prefix for each other router, found by one run of
 * shortest paths for each (paths.c), and the lines and subnets that it is on.
 * A host with several links sends what it cannot reach directly to the router
 * of the first link that has one, or of the first whose router gets it there;
 * by its name, or as a resolver, it is reached at the address on the line that
 * both sides are on, or the first to which there is a way (routes.c).
 *
 * A Topology is immutable: one is shared by all runs of a point, on any number
 * of threads; network_build() makes the nodes and links of one run from it. */
#ifndef FIRSTBYTE_TOPOLOGIES_TOPOLOGY_H
#define FIRSTBYTE_TOPOLOGIES_TOPOLOGY_H

#include "models/nodes/network.h"
#include "sim/config.h"

typedef struct Topology Topology;

/* Group kinds that belong to a topology ("node", "link", "tcp"...), NULL-ended,
 * and the key table of each; NULL: not a topology's group. */
extern const char *const topology_group_kinds[];
const ConfigKey *topology_keys(const char *kind);

/* Reads CONFIG's topology groups, and the zone and site files that they name
 * (relative to the file that names them, then among the shipped ones).  Unknown
 * groups that FOREIGN (NULL-ended kinds, or NULL) does not name are errors. */
Topology *topology_new(const Config *config, const char *const *foreign,
                       GError **error);
void topology_free(Topology *topology);
/* Finds FILE: beside BESIDE, the file that names it (or NULL), as given, then
 * among the shipped ones (installed, in the source tree, or inside the
 * program).  NULL when nowhere; else its content, and *PATH (g_free) where it
 * was. */
GBytes *topology_find_file(const char *file, const char *beside, char **path,
                           GError **error);
/* Reads FILE, found that way, into CONFIG. */
bool topology_read_config(Config *config, const char *file, const char *beside,
                          GError **error);
/* The effective configuration: every topology group with every key, defaults
 * filled in, such that it reads back to the same topology.  Into CONFIG. */
void topology_effective(const Topology *topology, Config *config);
/* Other files that were read (zones, sites): absolute path, content. */
typedef struct TopologyFile {
    char *name, *path; /* as written in the topology; where it was found */
    GBytes *bytes;
} TopologyFile;
const TopologyFile *topology_files(const Topology *topology, unsigned *count);

/* A network in SIM at its present time, nothing started yet. */
Network *network_build(Sim *sim, const Topology *topology);
/* Ends every connection and frees NETWORK: after it no packet, connection or
 * event of it is left in SIM. */
void network_free(Network *network);

#endif
