/* story.c - the lines of the story and what it remembers; see story.h. */
#include "story_internal.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char *colour_of(const char *layer, uint16_t kind)
{
    static const struct {
        const char *layer, *code;
    } colours[] = {
        {"url", "\033[1m"},     {"cache", "\033[36m"}, {"dns", "\033[35m"},
        {"arp", "\033[33m"},    {"tcp", "\033[32m"},   {"http", "\033[34m"},
        {"page", "\033[1;34m"}, {"ip", "\033[90m"},    {"frame", "\033[90m"},
    };

    if (kind == REC_PACKET_DROPPED || kind == REC_TCP_RETRANSMIT ||
        kind == REC_TCP_RECOVERY || kind == REC_TCP_FAILED ||
        kind == REC_PAGE_FAILED || kind == REC_ARP_FAILED ||
        kind == REC_DNS_RETRY || kind == REC_HTTP_FAILED ||
        kind == REC_URL_REFUSED)
        return "\033[1;31m";
    for (size_t i = 0; i < G_N_ELEMENTS(colours); i++)
        if (strcmp(colours[i].layer, layer) == 0)
            return colours[i].code;
    return "";
}

static void print_json(Story *story, const Record *record, const char *layer,
                       const char *node, const char *text)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *json = NULL;

    json_builder_begin_object(b);
    json_builder_set_member_name(b, "time_ns");
    json_builder_add_int_value(b, record->at);
    json_builder_set_member_name(b, "node");
    json_builder_add_string_value(b, node);
    json_builder_set_member_name(b, "layer");
    json_builder_add_string_value(b, layer);
    json_builder_set_member_name(b, "kind");
    json_builder_add_string_value(b, record_kinds[record->kind].name);
    json_builder_set_member_name(b, "text");
    json_builder_add_string_value(b, text);
    json_builder_set_member_name(b, "id");
    json_builder_add_int_value(b, (gint64)record->id);
    json_builder_set_member_name(b, "cause");
    json_builder_add_int_value(b, (gint64)record->cause);
    json_builder_set_member_name(b, "bytes");
    json_builder_add_int_value(b, record->len);
    json_builder_end_object(b);
    root = json_builder_get_root(b);
    json = json_to_string(root, FALSE);
    fprintf(story->out, "%s\n", json);
}

static void print_text(Story *story, const Record *record, const char *layer,
                       const char *node, const char *text)
{
    bool colours = story->options.colours;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    fprintf(story->out, "%12.3f ms  %-9s %-6s %s%s%s\n",
            (double)record->at / 1e6, node, layer,
            colours ? colour_of(layer, record->kind) : "", lines[0],
            colours ? "\033[0m" : "");
    for (int i = 1; lines[i] != NULL; i++)
        fprintf(story->out, "%*s%s\n", 34, "", lines[i]);
}

/* Who tells records of KIND; NULL: nobody. */
static const StoryKind *kind_of(unsigned kind)
{
    const StoryKind *const tables[] = {story_packet_kinds, story_tcp_kinds,
                                       story_app_kinds};

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        if (tables[i][kind].tell != NULL)
            return &tables[i][kind];
    return NULL;
}

static void hear(Observer *observer, const Record *record)
{
    Story *story = sim_container_of(observer, Story, observer);
    const StoryKind *kind = kind_of(record->kind);
    const char *layer = record->kind == REC_PACKET_DROPPED
                            ? story_drop_layer(record->code)
                            : kind->layer;
    g_autoptr(GString) line = NULL;
    char node[NODE_NAME_MAX];

    line = g_string_new(NULL);
    kind->tell(story, record, line);
    if (line->len == 0)
        return;
    story_node(story, record->node, node);
    (story->options.json ? print_json : print_text)(story, record, layer, node,
                                                    line->str);
}

FlowStory *story_flow(Story *story, FlowId flow)
{
    gint64 key = (gint64)((uint64_t)flow.opener << 32 | flow.serial);
    FlowStory *told = g_hash_table_lookup(story->flows, &key);

    if (told == NULL) {
        told = g_new0(FlowStory, 1);
        told->node[0] = told->node[1] = RECORD_NO_NODE;
        told->state[1] = TCP_LISTEN;
        g_hash_table_insert(story->flows, g_memdup2(&key, sizeof key), told);
    }
    return told;
}

const char *story_node(const Story *story, uint32_t node,
                       char text[NODE_NAME_MAX])
{
    if (node >= story->network->node_count)
        return strcpy(text, "-");
    return network_node_name(story->network, node, text);
}

void story_address(const Story *story, GString *line, IpAddress address)
{
    char text[IP_TEXT_MAX], name[NODE_NAME_MAX];

    g_string_append(line, ip_to_text(address, text));
    for (uint32_t i = 0; i < story->network->interface_count; i++) {
        const Interface *interface = &story->network->interfaces[i];

        if (interface->host != NULL && ip_equal(interface->address, address)) {
            g_string_append_printf(
                line, " (%s)", story_node(story, interface->host->node, name));
            return;
        }
    }
}

Story *story_new(const Network *network, FILE *out, StoryOptions options)
{
    Story *story = g_new0(Story, 1);

    story->network = network;
    story->out = out;
    story->options = options;
    story->flows =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    story->drops =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    story->observer.hear = hear;
    for (unsigned k = 0; k < RECORD_KINDS; k++)
        if (kind_of(k) != NULL)
            story->observer.wants |= 1ull << k;
    sim_observe(network->sim, &story->observer);
    return story;
}

void story_free(Story *story)
{
    g_hash_table_unref(story->flows);
    g_hash_table_unref(story->drops);
    g_free(story);
}
