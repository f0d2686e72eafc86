/* dns_authority.c - an authoritative name server: port 53, some zones, and a
 * moment to think. */
#include "dns_query.h"
#include "dns_zone.h"

/* A query while the server thinks about it. */
typedef struct Thinking {
    struct Thinking *next, **link;
    DnsAuthority *authority;
    DnsMessage *answer;
    DnsAsked asked;
    Event event;
    Parked parked;
} Thinking;

struct DnsAuthority {
    Host *host;
    const DnsConfig *config;
    UdpSocket *socket;
    const DnsZone **zones;
    unsigned zone_count;
    Thinking *thinking;
};

static void thinking_free(Thinking *thinking)
{
    Sim *sim = thinking->authority->host->sim;

    event_cancel(sim, &thinking->event);
    *thinking->link = thinking->next;
    if (thinking->next != NULL)
        thinking->next->link = thinking->link;
    dns_message_free(thinking->answer);
    slab_free(sim_slab(sim, SLAB_DNS_THINKING, sizeof *thinking), thinking);
}

static void thought(Sim *sim, Event *event)
{
    Thinking *thinking = sim_container_of(event, Thinking, event);

    sim_wake(sim, thinking->parked.cause, thinking->parked.since,
             "dns server thinks");
    dns_reply(thinking->authority->socket, &thinking->asked, thinking->answer);
    thinking_free(thinking);
}

static DnsMessage *answer_to(const DnsAuthority *authority,
                             const DnsMessage *query)
{
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);

    if (query->opcode != 0)
        answer->rcode = DNS_NOTIMP;
    else
        dns_zones_answer(authority->zones, authority->zone_count, answer);
    return answer;
}

static void received(UdpSocket *socket, void *user, const Packet *packet)
{
    DnsAuthority *authority = user;
    Sim *sim = authority->host->sim;
    DnsMessage *query = dns_query_of(packet);
    Thinking *thinking;

    if (query == NULL)
        return;
    thinking = slab_alloc(sim_slab(sim, SLAB_DNS_THINKING, sizeof *thinking));
    *thinking = (Thinking){
        .next = authority->thinking,
        .link = &authority->thinking,
        .authority = authority,
        .answer = answer_to(authority, query),
        .asked = dns_asked(packet),
        .parked = parked_now(sim),
    };
    if (thinking->next != NULL)
        thinking->next->link = &thinking->next;
    authority->thinking = thinking;
    event_init(&thinking->event, thought);
    event_schedule(sim, &thinking->event, authority->config->server_time);
    dns_message_free(query);
}

static const UdpUser authority_user = {.received = received};

DnsAuthority *dns_authority_new(Host *host, const DnsConfig *config,
                                const DnsZone *const *zones, unsigned count)
{
    DnsAuthority *authority = g_new0(DnsAuthority, 1);

    authority->host = host;
    authority->config = config;
    authority->zones = g_memdup2(zones, count * sizeof(DnsZone *));
    authority->zone_count = count;
    authority->socket =
        udp_open(udp_of(host), DNS_PORT, &authority_user, authority);
    g_assert(authority->socket != NULL);
    return authority;
}

void dns_authority_free(DnsAuthority *authority)
{
    while (authority->thinking != NULL)
        thinking_free(authority->thinking);
    udp_close(authority->socket);
    g_free(authority->zones);
    g_free(authority);
}
