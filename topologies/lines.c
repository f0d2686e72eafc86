/* lines.c - the [link ...] groups of a topology, and the lines they make; see
 * parts.h.
 *
 * "A -- B" joins each member of a numbered group with the one node at the other
 * end; two numbered groups of one size are joined in pairs. */
#include "parts.h"

#include <string.h>

enum { LINES_MAX = 1 << 25 };

static bool fail(const ConfigGroup *source, const char *message, GError **error)
{
    char *text = config_group_text(source);

    config_fail(error, CONFIG_ERROR_NAME, source->origin, text, NULL, "%s",
                message);
    g_free(text);
    return false;
}

/* "A -- B" or "A -> B" of SOURCE's name as its two ends (g_free both). */
static bool split(const ConfigGroup *source, const char *arrow, char **a,
                  char **b)
{
    const char *found = strstr(source->name, arrow);
    size_t len = strlen(arrow);

    if (found == NULL || found == source->name || found[len] == '\0' ||
        strchr(found + len, ' ') != NULL ||
        memchr(source->name, ' ', (size_t)(found - source->name)) != NULL)
        return false;
    *a = g_strndup(source->name, (gsize)(found - source->name));
    *b = g_strdup(found + len);
    return true;
}

/* An end: a group, or with MEMBER from 1 one of its nodes. */
static bool read_end(const Topology *topology, const ConfigGroup *source,
                     const char *name, uint32_t *group, uint32_t *member,
                     GError **error)
{
    uint32_t node;

    *group = group_find(topology, name);
    *member = 0;
    if (*group != UINT32_MAX)
        return true;
    node = network_group_find(topology->names, topology->group_count, name);
    if (node == UINT32_MAX)
        return group_missing(topology, source, NULL, name, error);
    *group = topology->nodes[node].group;
    *member = node - topology->names[*group].first + 1;
    return true;
}

/* How many nodes an end stands for; only a whole numbered group fans out. */
static uint32_t end_count(const Topology *topology, uint32_t group,
                          uint32_t member)
{
    return member == 0 ? topology->names[group].count : 1;
}

static uint32_t end_node(const Topology *topology, uint32_t group,
                         uint32_t member, uint32_t i)
{
    const NetworkGroup *names = &topology->names[group];

    return names->first + (member != 0 ? member - 1 : names->count > 1 ? i : 0);
}

/* The line group that joins A and B; *SWAPPED when it is called "B -- A". */
static LineGroup *find_line_group(const Topology *topology, const char *a,
                                  const char *b, bool *swapped)
{
    char *name = g_strdup_printf("%s -- %s", a, b);
    char *other = g_strdup_printf("%s -- %s", b, a);
    LineGroup *found = NULL;

    for (uint32_t i = 0; i < topology->line_group_count && found == NULL; i++) {
        LineGroup *group = &topology->line_groups[i];

        *swapped = strcmp(group->name, other) == 0;
        if (*swapped || strcmp(group->name, name) == 0)
            found = group;
    }
    g_free(name);
    g_free(other);
    return found;
}

static bool check_line(const Topology *topology, const LineGroup *group,
                       GError **error)
{
    uint32_t as = end_count(topology, group->a, group->a_member);
    uint32_t bs = end_count(topology, group->b, group->b_member);

    if (group->a == group->b && group->a_member == group->b_member)
        return fail(group->source,
                    "a link of a node to itself; name two different nodes",
                    error);
    if (group->a == group->b && (group->a_member == 0 || group->b_member == 0))
        return fail(group->source,
                    "a link of a group of nodes to one of its own; name two "
                    "nodes, NAME.1 -- NAME.2",
                    error);
    if (as != bs && as != 1 && bs != 1)
        return fail(group->source,
                    "two groups of different sizes; both need the same count, "
                    "or one of them must be a single node",
                    error);
    if (MAX(as, bs) > LINES_MAX - topology->line_count)
        return fail(group->source, "too many links; at most 33554432", error);
    return true;
}

static bool read_ends(Topology *topology, LineGroup *group, char *a, char *b,
                      GError **error)
{
    bool good = read_end(topology, group->source, a, &group->a,
                         &group->a_member, error);

    good &= read_end(topology, group->source, b, &group->b, &group->b_member,
                     error);
    if (!good || !check_line(topology, group, error))
        return false;
    topology->line_count += MAX(end_count(topology, group->a, group->a_member),
                                end_count(topology, group->b, group->b_member));
    return true;
}

/* The line is there after a mistake in it, too: a direction may name it. */
static bool read_line(Topology *topology, const ConfigGroup *source, char *a,
                      char *b, GError **error)
{
    LineGroup *group = &topology->line_groups[topology->line_group_count];
    bool swapped, good;

    if (find_line_group(topology, a, b, &swapped) != NULL)
        return fail(source,
                    "these two are linked already; one group says it for both "
                    "directions",
                    error);
    *group = (LineGroup){.name = g_strdup(source->name), .source = source};
    topology->line_group_count++;
    good = read_ends(topology, group, a, b, error);
    config_defaults(link_keys, 0, &group->config[0]);
    good &= config_apply(link_keys, source, &group->config[0], error);
    group->config[1] = group->config[0];
    return good;
}

static bool read_direction(Topology *topology, const ConfigGroup *source,
                           char *a, char *b, GError **error)
{
    bool swapped;
    LineGroup *group = find_line_group(topology, a, b, &swapped);

    if (group == NULL) {
        char *text = config_group_text(source);

        config_fail(error, CONFIG_ERROR_NAME, source->origin, text, NULL,
                    "overrides a link that is not there; add [link %s -- %s]",
                    a, b);
        g_free(text);
        return false;
    }
    return config_apply(link_keys, source, &group->config[swapped], error);
}

/* Every [link ...] group whose name has ARROW. */
static bool read_all(Topology *topology, const Config *config,
                     const char *arrow,
                     bool (*read)(Topology *, const ConfigGroup *, char *,
                                  char *, GError **),
                     GError **error)
{
    bool good = true;

    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *source = config->groups->pdata[i];
        char *a, *b;

        if (strcmp(source->kind, "link") != 0)
            continue;
        if (!split(source, " -- ", &a, &b) && !split(source, " -> ", &a, &b)) {
            good = fail(source,
                        "not a link's name; write [link A -- B] for both "
                        "directions, [link A -> B] for one of them",
                        error);
            continue;
        }
        if (strstr(source->name, arrow) != NULL)
            good &= read(topology, source, a, b, error);
        g_free(a);
        g_free(b);
    }
    return good;
}

/* Each direction's settings as a whole; what was set for one direction alone is
 * told of the pair's group. */
static bool check_settings(const LineGroup *group, GError **error)
{
    const char *key;
    bool good = true;

    for (unsigned side = 0; good && side < 2; side++) {
        g_autofree char *why = link_config_wrong(&group->config[side], &key);
        const ConfigEntry *entry =
            why != NULL ? config_entry(group->source, key) : NULL;
        g_autofree char *text = config_group_text(group->source);

        good = why == NULL;
        if (!good)
            config_fail(error, CONFIG_ERROR_VALUE,
                        entry != NULL ? entry->origin : group->source->origin,
                        text, key, "%s", why);
    }
    return good;
}

static bool make_lines(Topology *topology, GError **error)
{
    uint32_t next = 0;
    bool good = true;

    for (uint32_t i = 0; i < topology->line_group_count; i++)
        good &= check_settings(&topology->line_groups[i], error);
    if (!good)
        return false;
    topology->lines = g_new0(Line, topology->line_count);
    for (uint32_t i = 0; i < topology->line_group_count; i++) {
        LineGroup *group = &topology->line_groups[i];
        uint32_t as = end_count(topology, group->a, group->a_member);
        uint32_t bs = end_count(topology, group->b, group->b_member);

        for (uint32_t j = 0; j < MAX(as, bs); j++)
            topology->lines[next++] = (Line){
                .node = {end_node(topology, group->a, group->a_member, j),
                         end_node(topology, group->b, group->b_member, j)},
                .group = i,
            };
        link_config_finish(&group->config[0]);
        link_config_finish(&group->config[1]);
    }
    return true;
}

bool lines_read(Topology *topology, const Config *config, GError **error)
{
    bool good;

    topology->line_groups = g_new0(LineGroup, config->groups->len);
    good = read_all(topology, config, " -- ", read_line, error);
    good &= read_all(topology, config, " -> ", read_direction, error);
    return good && make_lines(topology, error);
}

void lines_clear(Topology *topology)
{
    for (uint32_t i = 0; i < topology->line_group_count; i++)
        g_free(topology->line_groups[i].name);
    g_free(topology->line_groups);
    g_free(topology->lines);
}
