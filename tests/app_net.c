/* app_net.c - see app_net.h. */
#include "tests/app_net.h"

#include <check.h>
#include <string.h>

static void line_init(AppNet *net, unsigned i, SimTime delay)
{
    LinkConfig *config = &net->lines[i];

    config_defaults(link_keys, 0, config);
    config->rate = 100000000;
    config->delay = delay;
    link_config_finish(config);
    link_init(&net->up[i], &net->sim, config, "up", net->hosts[i].node,
              &net->ports[i].port, net->router.node);
    link_init(&net->down[i], &net->sim, config, "down", net->router.node,
              &net->leaves[i].port, net->hosts[i].node);
}

static void leaf_init(AppNet *net, unsigned i, IpAddress address, SimTime delay,
                      const HostUpper *upper)
{
    Host *host = &net->hosts[i];
    char name[16];

    g_snprintf(name, sizeof name, "host %u", i);
    host_init(host, &net->sim, i, (uint32_t)hash_text(0, name), &net->ip,
              &net->arp, false);
    host->interfaces = &net->leaves[i];
    host->interface_count = 1;
    host->upper = upper;
    interface_init(&net->leaves[i], host, 0, address, 128,
                   (MacAddress){0x020000000000 + i});
    interface_init(&net->ports[i], &net->router, i, ip_from_v4(0x0a000001 + i),
                   128, (MacAddress){0x020000000100 + i});
    line_init(net, i, delay);
    net->leaves[i].out = &net->up[i];
    net->ports[i].out = &net->down[i];
    net->leaves[i].peer = &net->ports[i];
    net->ports[i].peer = &net->leaves[i];
    net->leaves[i].point_to_point = net->ports[i].point_to_point = true;
    route_add(&host->routes, (Route){.next_hop = net->ports[i].address});
    route_add(&net->router.routes, (Route){.prefix = address,
                                           .prefix_len = 128,
                                           .interface = (uint16_t)i});
    udp_new(host);
    if (upper->tcp != NULL)
        tcp_new(host, &net->tcp);
}

void app_net_init(AppNet *net, const char *const *addresses, unsigned count,
                  SimTime delay, const HostUpper *upper)
{
    memset(net, 0, sizeof *net);
    ck_assert_uint_le(count, APP_NET_HOSTS);
    sim_init(&net->sim, 1, 0);
    config_defaults(ip_keys, 0, &net->ip);
    config_defaults(arp_keys, 0, &net->arp);
    config_defaults(tcp_keys, 0, &net->tcp);
    net->arp.mode = ARP_STATIC;
    net->count = count;
    host_init(&net->router, &net->sim, count, 77, &net->ip, &net->arp, true);
    net->router.interfaces = net->ports;
    net->router.interface_count = count;
    for (unsigned i = 0; i < count; i++) {
        IpAddress address;

        ck_assert(ip_from_text(addresses[i], &address));
        leaf_init(net, i, address, delay, upper);
    }
    net->told = g_string_new(NULL);
}

void app_net_clear(AppNet *net)
{
    for (unsigned i = 0; i < net->count; i++) {
        if (net->hosts[i].tcp != NULL)
            tcp_free(net->hosts[i].tcp);
        udp_free(net->hosts[i].udp);
        link_clear(&net->up[i]);
        link_clear(&net->down[i]);
        host_clear(&net->hosts[i]);
    }
    host_clear(&net->router);
    sim_clear(&net->sim);
    g_string_free(net->told, TRUE);
}

void app_net_cut(AppNet *net, unsigned index, bool cut)
{
    net->lines[index].loss = cut ? 1 : 0;
    link_config_finish(&net->lines[index]);
}

/* --- records as text ------------------------------------------------------ */

static void note_dns(GString *told, const DnsTold *what, int code)
{
    char ip[IP_TEXT_MAX];

    g_string_append_printf(told, " %s %s code %d", what->name, what->type,
                           code);
    if (!ip_is_none(what->server))
        g_string_append_printf(told, " %s", ip_to_text(what->server, ip));
    if (what->text[0] != '\0')
        g_string_append_printf(told, " (%s)", what->text);
}

static void note_http(GString *told, const HttpTold *what, int code)
{
    g_string_append_printf(told, " %s %s", what->method, what->url);
    if (what->status != 0)
        g_string_append_printf(told, " %d", what->status);
    if (code != 0)
        g_string_append_printf(told, " code %d", code);
    if (what->note != NULL && what->note[0] != '\0')
        g_string_append_printf(told, " (%s)", what->note);
}

static void note_page(GString *told, const PageTold *what)
{
    g_string_append_printf(told, " %s parts %u", what->url, what->parts);
    if (what->object != NULL)
        g_string_append_printf(told, " %s", what->object);
    if (what->why != NULL)
        g_string_append_printf(told, " (%s)", what->why);
}

static void hear(Observer *observer, const Record *record)
{
    AppNet *net = sim_container_of(observer, AppNet, observer);
    GString *told = net->told;

    g_string_append_printf(told, "%s %u", record_kinds[record->kind].name,
                           record->node);
    if (record->kind >= REC_DNS_QUERY && record->kind <= REC_DNS_DONE)
        note_dns(told, record->what, record->code);
    else if (record->kind >= REC_CACHE_LOOKUP &&
             record->kind <= REC_HTTP_FAILED)
        note_http(told, record->what, record->code);
    else if (record->kind >= REC_PAGE_STARTED &&
             record->kind <= REC_PAGE_FAILED)
        note_page(told, record->what);
    g_string_append_c(told, '\n');
}

void app_net_watch(AppNet *net, uint64_t wants)
{
    net->observer = (Observer){.wants = wants, .hear = hear};
    sim_observe(&net->sim, &net->observer);
}
