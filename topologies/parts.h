/* parts.h - what a Topology is made of; for the files of this room only.
 *
 * Read in this order: node groups (groups.c), lines between them (lines.c), the
 * interfaces and segments that follow (plan.c), addresses (addresses.c), routes
 * (paths.c), what each node's table holds of them (routes.c).
 * Everything is immutable once topology_new() has returned. */
#ifndef FIRSTBYTE_TOPOLOGIES_PARTS_H
#define FIRSTBYTE_TOPOLOGIES_PARTS_H

#include "topology.h"

/* Kinds of groups that hold settings, for all nodes ([tcp]) or those of one
 * group ([tcp web]). */
typedef enum SettingsKind {
    SETTINGS_TCP,
    SETTINGS_IP,
    SETTINGS_ARP,
    SETTINGS_DNS,
    SETTINGS_HTTP,
    SETTINGS_BROWSER,
    SETTINGS_KINDS
} SettingsKind;

typedef struct SettingsTable {
    const char *kind;
    const ConfigKey *keys;
    size_t size; /* of the struct */
} SettingsTable;
extern const SettingsTable settings_tables[SETTINGS_KINDS];

/* The keys of a [node ...] group. */
typedef struct NodeKeys {
    int kind;       /* NodeKind */
    uint32_t count; /* 0: one node, not numbered */
    char *address, *subnet, *resolver, *roots, *zones, *site;
    bool http;
    uint32_t port;
} NodeKeys;
extern const ConfigKey node_keys[];

typedef struct NodeGroup {
    NodeKeys keys;
    const ConfigGroup *source; /* valid while the topology is being read */
    bool good;                 /* its keys are: the kind is what was meant */
    void *own[SETTINGS_KINDS]; /* NULL: as everybody */
    const void *settings[SETTINGS_KINDS]; /* own, or the topology's */
    IpAddress address;                    /* IP_NONE: from the plan */
    IpAddress subnet;   /* of a switch's segment; IP_NONE: from the plan */
    uint8_t subnet_len; /* as Route.prefix_len */
    uint32_t resolver;  /* node, or UINT32_MAX */
    uint32_t *roots;    /* nodes */
    DnsZone **zones;
    HttpSite *site; /* NULL: no HTTP server */
    unsigned root_count, zone_count;
} NodeGroup;

/* A [link A -- B] group with its two directions. */
typedef struct LineGroup {
    char *name; /* "A -- B" */
    const ConfigGroup *source;
    uint32_t a, b;               /* node groups */
    uint32_t a_member, b_member; /* from 1; 0: all of the group */
    LinkConfig config[2];        /* a -> b, b -> a */
} LineGroup;

typedef struct Line {
    uint32_t node[2];      /* a, b */
    uint32_t interface[2]; /* theirs, in the plan; of a switch: its port */
    uint32_t group;
} Line;

typedef struct PlannedNode {
    uint32_t group;
    uint32_t first_interface, interface_count;
} PlannedNode;

typedef struct PlannedInterface {
    IpAddress address; /* IP_NONE: a switch's */
    uint32_t line : 31;
    uint32_t side : 1; /* of its line: 0 is a */
    uint32_t segment : 31;
    uint32_t alone : 1; /* its address is given: a prefix of its own */
} PlannedInterface;

/* What is reached without a router between: a line, or lines and switches. */
typedef struct Segment {
    uint32_t first, count; /* in Topology.segment_interfaces */
    uint32_t owner;        /* router whose block holds it, or UINT32_MAX */
    uint32_t gateway;      /* that router's interface there, or UINT32_MAX */
    IpAddress prefix;
    uint8_t prefix_len;
    bool switched;
    bool given; /* the prefix is a switch's `subnet` */
} Segment;

/* A prefix behind a router that is not in its block: a given subnet or address;
 * the address of a node with several links once for each, in their order. */
typedef struct Extra {
    IpAddress prefix;
    uint32_t segment;
    uint8_t prefix_len;
} Extra;

/* A router's way to a neighbouring router. */
typedef struct Hop {
    uint32_t interface; /* of the router, in the plan */
    uint32_t to;        /* router number */
    IpAddress address;  /* of the neighbour there */
    uint64_t cost;      /* ns */
} Hop;

typedef struct Router {
    uint32_t node;
    uint32_t first_hop, hop_count; /* in Topology.hops */
    IpAddress block;               /* holds what it owns */
    uint8_t block_len;             /* as Route.prefix_len; 0: owns nothing */
} Router;

struct Topology {
    char *title;
    void *settings[SETTINGS_KINDS];
    NodeGroup *groups;
    NetworkGroup *names; /* beside `groups` */
    uint32_t group_count;
    PlannedNode *nodes;
    uint32_t node_count;
    LineGroup *line_groups;
    uint32_t line_group_count;
    Line *lines;
    uint32_t line_count;
    PlannedInterface *interfaces;
    uint32_t interface_count;
    Segment *segments;
    uint32_t segment_count;
    uint32_t *segment_interfaces; /* of segment 0, 1... without switches' */
    GArray *extras;               /* of Extra */
    Router *routers;
    uint32_t router_count;
    Hop *hops;
    uint32_t hop_count;
    uint32_t *next_hop; /* [from * router_count + to]: in hops, or UINT32_MAX */
    GArray *files;      /* of TopologyFile */
};

enum { V4 = 96 }; /* Route.prefix_len of an IPv4 /0 */

/* groups.c */
/* Whether a node like NODE may have KEY. */
bool node_key_applies(const NodeKeys *node, const char *key);
bool groups_read(Topology *topology, const Config *config, GError **error);
void groups_clear(Topology *topology);
/* settings.c */
bool settings_read(Topology *topology, const Config *config, GError **error);
void settings_clear(Topology *topology);
/* services.c: resolvers, roots, zones, sites of the node groups */
bool services_read(Topology *topology, GError **error);
void services_clear(NodeGroup *group);
/* files.c: every file below the folder FOLDER, found as topology_find_file()
 * finds files, is handed to EACH with its path from there ("/index.html") and
 * WHERE it was found, in the order of the names' bytes. */
typedef void EachFile(void *data, const char *path, const char *where,
                      GBytes *bytes);
bool files_each(const char *folder, const char *beside, EachFile *each,
                void *data, GError **error);
/* lines.c */
bool lines_read(Topology *topology, const Config *config, GError **error);
void lines_clear(Topology *topology);
/* plan.c: interfaces and segments */
bool plan_make(Topology *topology, GError **error);
void plan_clear(Topology *topology);
/* addresses.c */
bool addresses_give(Topology *topology, GError **error);
/* paths.c */
void paths_find(Topology *topology);
/* routes.c */
void routes_build(Network *network);
/* The address of node TO that node FROM would be given to reach it: of those it
 * can reach, the one on a segment that both are on, else the first; where it
 * reaches none, the first of all.  IP_NONE: TO has no address. */
IpAddress routes_address(const Topology *topology, uint32_t from, uint32_t to);

/* How long the prefix of INTERFACE's address is, as Route.prefix_len. */
static inline uint8_t planned_prefix_len(const Topology *topology,
                                         const PlannedInterface *interface)
{
    return interface->alone ? 128
                            : topology->segments[interface->segment].prefix_len;
}
/* Where the group of node N was declared, for messages. */
static inline NodeKind planned_kind(const Topology *topology, uint32_t node)
{
    return (NodeKind)topology->groups[topology->nodes[node].group].keys.kind;
}
/* The group called NAME; UINT32_MAX when there is none. */
uint32_t group_find(const Topology *topology, const char *name);
/* Sets ERROR: KEY of SOURCE names a node NAME that is not there; says which
 * name is near. */
bool group_missing(const Topology *topology, const ConfigGroup *source,
                   const ConfigEntry *entry, const char *name, GError **error);

#endif
