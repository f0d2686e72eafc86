/* workload_check.c - who does it and where to: a workload's keys held against
 * the network that it is to run in. */
#include "workload_parts.h"

#include <string.h>

#include "models/app/url.h"

bool workload_fault(WorkloadFault *fault, const char *key, char *text)
{
    if (fault != NULL)
        *fault = (WorkloadFault){key, text};
    else
        g_free(text);
    return false;
}

/* --- who ------------------------------------------------------------------ */

/* The node called NAME, or the members of the group NAME. */
static void find_nodes(Workload *workload, Network *network, const char *name)
{
    GPtrArray *nodes = g_ptr_array_new();
    Node *node = network_node(network, name);

    if (node != NULL)
        g_ptr_array_add(nodes, node);
    for (unsigned i = 1; nodes->len == i - 1; i++) {
        char *member = g_strdup_printf("%s.%u", name, i);

        node = network_node(network, member);
        g_free(member);
        if (node != NULL)
            g_ptr_array_add(nodes, node);
    }
    workload->node_count = nodes->len;
    workload->nodes = (Node **)g_ptr_array_free(nodes, FALSE);
}

/* What NODE lacks to do it; NULL: nothing. */
static const char *lacks(WorkloadKind kind, const Node *node)
{
    switch (kind) {
    case WORKLOAD_CONNECT:
    case WORKLOAD_SEND:
        return node->host.tcp != NULL ? NULL : "TCP; name a client";
    case WORKLOAD_FETCH:
    case WORKLOAD_PAGE:
        return node->client != NULL ? NULL : "browser; name a client";
    case WORKLOAD_DATAGRAM:
        return node->host.upper != NULL && node->host.upper->udp != NULL
                   ? NULL
                   : "UDP; name a host";
    case WORKLOAD_FLOOD:
        return node->host.interface_count != 0 ? NULL : "address; name a host";
    }
    g_assert_not_reached();
}

static bool check_nodes(const Workload *workload, WorkloadFault *fault)
{
    const WorkloadConfig *config = workload->config;

    if (workload->node_count == 0)
        return workload_fault(
            fault, "node",
            g_strdup_printf("no node is called \"%s\"", config->node));
    for (unsigned i = 0; i < workload->node_count; i++) {
        const char *what = lacks(config->kind, workload->nodes[i]);

        if (what != NULL)
            return workload_fault(
                fault, "node",
                g_strdup_printf("\"%s\" has no %s", config->node, what));
    }
    return true;
}

/* --- where to ------------------------------------------------------------- */

/* Of itself, not through a browser. */
static bool names_a_port(const WorkloadConfig *config)
{
    return config->kind != WORKLOAD_FETCH && config->kind != WORKLOAD_PAGE;
}

/* Takes "web:80" apart. */
static bool find_port(Workload *workload, Network *network,
                      WorkloadFault *fault)
{
    const char *to = workload->config->to;
    const char *colon = strrchr(to, ':');
    guint64 port;
    char *host;
    bool found;

    if (colon == NULL ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL))
        return workload_fault(
            fault, "to",
            g_strdup_printf(
                "\"%s\" names no port; write NODE:PORT, such as web:80", to));
    workload->port = (uint16_t)port;
    host = g_strndup(to, (gsize)(colon - to));
    workload->address = network_address(network, workload->nodes[0], host);
    found = !ip_is_none(workload->address) ||
            ip_from_text(host, &workload->address);
    if (!found)
        workload_fault(
            fault, "to",
            g_strdup_printf("no node is called \"%s\", and it is no address",
                            host));
    else if (workload->config->kind == WORKLOAD_SEND)
        found = send_listen(workload, network_node(network, host), fault);
    else if (workload->config->kind == WORKLOAD_DATAGRAM)
        found = datagram_open(workload, network_node(network, host), fault);
    g_free(host);
    return found;
}

static bool check_url(const char *text, WorkloadFault *fault)
{
    const char *why;
    Url url;

    if (!url_parse(&url, text, &why))
        return workload_fault(
            fault, "to",
            g_strdup_printf("\"%s\" is no URL to open: %s; such as "
                            "http://www.example.com/ would be right",
                            text, why));
    url_clear(&url);
    return true;
}

/* Takes "http://a/ http://b/" apart. */
static bool find_urls(Workload *workload, WorkloadFault *fault)
{
    char **words = g_strsplit_set(workload->config->to, " \t", -1);
    GPtrArray *urls = g_ptr_array_new();
    bool good = true;

    for (unsigned i = 0; words[i] != NULL; i++) {
        if (words[i][0] == '\0')
            g_free(words[i]);
        else
            g_ptr_array_add(urls, words[i]);
    }
    g_free(words);
    g_ptr_array_add(urls, NULL);
    workload->urls = (char **)g_ptr_array_free(urls, FALSE);
    for (unsigned i = 0; good && workload->urls[i] != NULL; i++)
        good = check_url(workload->urls[i], fault);
    return good;
}

/* --- when ----------------------------------------------------------------- */

static bool check_arrivals(const Workload *workload, WorkloadFault *fault)
{
    const WorkloadConfig *config = workload->config;

    if (config->until != 0 && config->until <= config->start)
        return workload_fault(
            fault, "until",
            g_strdup("not after start; a later time would be right"));
    /* What fails at once would be tried for ever at one instant. */
    if (config->arrivals.kind == ARRIVE_USERS && config->think.time == 0 &&
        config->count == 0)
        return workload_fault(
            fault, "think",
            g_strdup("users who do not think may do without end; a time to "
                     "think, or a count, would be right"));
    return true;
}

/* What nobody waits for has no users and no sessions. */
static bool check_alone(const Workload *workload, WorkloadFault *fault)
{
    const WorkloadConfig *config = workload->config;
    const char *what = config->kind == WORKLOAD_FLOOD ? "flood" : "datagram";

    if (config->arrivals.kind == ARRIVE_USERS)
        return workload_fault(
            fault, "arrivals",
            g_strdup_printf("a %s has no users; every TIME or poisson RATE "
                            "would be right",
                            what));
    if (workload->pages > 1)
        return workload_fault(
            fault, "pages",
            g_strdup_printf("a %s has no sessions; 1 would be right", what));
    return true;
}

static void count_pages(Workload *workload)
{
    const WorkloadConfig *config = workload->config;

    if (config->pages != 0)
        workload->pages = config->pages;
    else
        workload->pages =
            workload->urls != NULL ? g_strv_length(workload->urls) : 1;
}

bool workload_find(Workload *workload, Network *network, WorkloadFault *fault)
{
    const WorkloadConfig *config = workload->config;

    find_nodes(workload, network, config->node);
    if (!check_arrivals(workload, fault) || !check_nodes(workload, fault))
        return false;
    if (names_a_port(config) ? !find_port(workload, network, fault)
                             : !find_urls(workload, fault))
        return false;
    count_pages(workload);
    if ((config->kind == WORKLOAD_FLOOD || config->kind == WORKLOAD_DATAGRAM) &&
        !check_alone(workload, fault))
        return false;
    return config->kind != WORKLOAD_FLOOD ||
           flood_check(workload, network, fault);
}
