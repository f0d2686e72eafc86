/* stage.c - the host under test and its scripted peer. */
#include <string.h>

#include "stage.h"

enum { FRAME_MAX = 66000 };

static const IpAddress local_address = {0, 0xffffc0000201}; /* 192.0.2.1 */
static const IpAddress peer_address = {0, 0xffffc0000202};  /* 192.0.2.2 */
static const MacAddress local_mac = {0x020000000001};
static const MacAddress peer_mac = {0x020000000002};
static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

static void find_fault(Stage *stage, const char *fault)
{
    if (stage->fault == NULL)
        stage->fault = g_strdup(fault);
}

/* --- the user ------------------------------------------------------------- */

static void user_opened(Tcb *tcb, void *user)
{
    ((Stage *)user)->opened = true;
}

static void user_gone(Tcb *tcb, void *user, TcpEnd end)
{
    Stage *stage = user;

    stage->gone = true;
    stage->end = end;
    stage->tcb = NULL;
}

static const TcpUser user_functions = {.opened = user_opened,
                                       .gone = user_gone};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    Stage *stage = data;

    stage->accepted = true;
    stage->gone = false;
    stage->written = stage->read = 0;
    stage->tcb = tcb;
    *vtable = &user_functions;
    *user = stage;
}

void stage_listen(Stage *stage)
{
    stage->listener =
        tcp_listen(stage->tcp, STAGE_LOCAL_PORT, 0, accepted, stage);
}

bool stage_connect(Stage *stage)
{
    stage->gone = false;
    stage->written = stage->read = 0;
    stage->tcb =
        tcp_connect(stage->tcp, peer_address, STAGE_PEER_PORT, STAGE_LOCAL_PORT,
                    &user_functions, stage, &stage->end);
    return stage->tcb != NULL;
}

/* LEN bytes of a stream from byte FIRST on. */
static Slice make_text(uint32_t first, uint32_t len)
{
    uint8_t *bytes;

    if (len == 0)
        return (Slice){0};
    bytes = g_malloc(len);
    for (uint32_t i = 0; i < len; i++)
        bytes[i] = stage_byte(first + i);
    return (Slice){g_bytes_new_take(bytes, len), 0, len};
}

static bool is_text(const Slice *slice, uint32_t first)
{
    const uint8_t *bytes = slice_data(slice);

    if (bytes == NULL)
        return slice->len == 0;
    for (uint32_t i = 0; i < slice->len; i++)
        if (bytes[i] != stage_byte(first + i))
            return false;
    return true;
}

uint32_t stage_write(Stage *stage, uint32_t len, unsigned flags)
{
    Slice slice = make_text(stage->written, len);
    uint32_t taken = tcp_write(stage->tcb, &slice, flags);

    slice_clear(&slice);
    stage->written += taken;
    return taken;
}

bool stage_connect_fast(Stage *stage, uint32_t len)
{
    Slice slice = make_text(0, len);

    stage->gone = false;
    stage->read = 0;
    stage->tcb = tcp_connect_fast(
        stage->tcp, peer_address, STAGE_PEER_PORT, STAGE_LOCAL_PORT, NULL,
        &slice, &stage->written, &user_functions, stage, &stage->end);
    slice_clear(&slice);
    if (stage->tcb != NULL && stage->written < len)
        stage_write(stage, len - stage->written, false);
    return stage->tcb != NULL;
}

uint32_t stage_read(Stage *stage)
{
    Slice piece;
    uint32_t len = 0;

    while (tcp_read(stage->tcb, &piece)) {
        if (!is_text(&piece, stage->read))
            find_fault(stage, "the user was given bytes that were not sent");
        stage->read += piece.len;
        len += piece.len;
        slice_clear(&piece);
    }
    return len;
}

/* --- the peer ------------------------------------------------------------- */

/* What a receiver can complain of in a packet of the host under test. */
static void inspect(Stage *stage, const Packet *packet)
{
    uint32_t first; /* byte of the stream */

    if (packet->ethernet.type != ETHERTYPE_IPV4 ||
        packet->ip.protocol != IP_PROTOCOL_TCP) {
        find_fault(stage, "a packet that is not TCP was sent");
        return;
    }
    if (!mac_equal(packet->ethernet.destination, peer_mac) ||
        !ip_equal(packet->ip.source, local_address) ||
        !ip_equal(packet->ip.destination, peer_address) ||
        packet->tcp.source_port != STAGE_LOCAL_PORT ||
        packet->tcp.destination_port != STAGE_PEER_PORT)
        find_fault(stage, "a segment has a wrong address or port");
    if (packet->tcp.flags & TCP_SYN)
        stage->iss = packet->tcp.seq;
    first = packet->tcp.seq - stage->iss - !(packet->tcp.flags & TCP_SYN);
    if (!is_text(&packet->payload, first))
        find_fault(stage, "a segment has bytes that were not written");
}

static void trap_receives(Port *port, Packet *packet /* taken */)
{
    Stage *stage = sim_container_of(port, Stage, trap);
    g_autofree uint8_t *bytes = g_malloc(FRAME_MAX);
    size_t len = packet_emit(packet, false, bytes, FRAME_MAX);
    const char *why = NULL;
    Caught *caught;

    packet_free(&stage->sim, packet);
    packet = packet_parse(&stage->sim, false, bytes, len, &why);
    if (packet == NULL) {
        find_fault(stage, why);
        return;
    }
    inspect(stage, packet);
    caught = g_new(Caught, 1);
    *caught = (Caught){.at = sim_now(&stage->sim),
                       .header = packet->tcp,
                       .ecn = packet->ip.tos & IP_ECN,
                       .len = packet->payload.len};
    g_queue_push_tail(&stage->caught, caught);
    packet_free(&stage->sim, packet);
}

void stage_inject(Stage *stage, const TcpHeader *header, uint32_t len,
                  uint32_t first)
{
    g_autofree uint8_t *bytes = g_malloc(FRAME_MAX);
    Packet *packet = packet_new(&stage->sim);
    size_t frame_len;

    packet->ethernet = (EthernetHeader){local_mac, peer_mac, ETHERTYPE_IPV4};
    packet->ip = (IpHeader){.source = peer_address,
                            .destination = local_address,
                            .ttl = IP_DEFAULT_TTL,
                            .tos = stage->peer_ecn,
                            .protocol = IP_PROTOCOL_TCP,
                            .dont_fragment = true};
    packet->tcp = *header;
    packet->tcp.source_port = STAGE_PEER_PORT;
    packet->tcp.destination_port = STAGE_LOCAL_PORT;
    packet->payload =
        make_text(header->seq + ((header->flags & TCP_SYN) != 0) - first, len);
    frame_len = packet_emit(packet, false, bytes, FRAME_MAX);
    packet_free(&stage->sim, packet);

    packet = packet_parse(&stage->sim, false, bytes, frame_len, NULL);
    g_assert(packet != NULL);
    packet->flow = (FlowId){.opener = 1, .serial = 1};
    packet->number = PACKET_OF_OPENER;
    stage->sim.cause = packet->id;
    host_receive(&stage->interface.port, packet);
    stage_wait(stage, 0);
}

/* --- the host ------------------------------------------------------------- */

static void hear_state(Observer *observer, const Record *record)
{
    Stage *stage = sim_container_of(observer, Stage, observer);
    const TcpStateTold *told = record->what;

    stage->told = true;
    stage->told_state = told->to;
}

static void nothing_happens(Sim *sim, Event *event) { (void)event; }

void stage_wait(Stage *stage, SimTime delay)
{
    Event end;

    /* sim_run() leaves the clock at the last event: here is one at the end. */
    event_init(&end, nothing_happens);
    event_schedule(&stage->sim, &end, delay);
    sim_run(&stage->sim, sim_now(&stage->sim) + delay);
    stage->sim.cause = 0;
}

void stage_init(Stage *stage)
{
    memset(stage, 0, sizeof(*stage));
    config_defaults(ip_keys, 0, &stage->ip);
    config_defaults(arp_keys, 0, &stage->arp);
    config_defaults(link_keys, 0, &stage->line);
    config_defaults(tcp_keys, TCP_PROFILE_LINUX, &stage->tcp_config);
    stage->arp.mode = ARP_STATIC;
    stage->line.rate = 0;
    stage->line.delay = 0;
    stage->line.loss = 0;
    link_config_finish(&stage->line);
    g_queue_init(&stage->caught);
}

bool stage_set(Stage *stage, const char *key, const char *value, char **why)
{
    ConfigEntry entry = {(char *)key, (char *)value, {NULL, 0}, false};
    GError *error = NULL;

    if (!config_apply_one(tcp_keys, "tcp", &entry, &stage->tcp_config,
                          &error)) {
        *why = g_strdup(error->message);
        g_error_free(error);
        return false;
    }
    /* A profile is a column of defaults; `set` comes after it. */
    if (strcmp(key, "profile") == 0) {
        int profile = stage->tcp_config.profile;

        config_defaults(tcp_keys, (unsigned)profile, &stage->tcp_config);
        stage->tcp_config.profile = profile;
    }
    return true;
}

void stage_raise(Stage *stage, uint32_t iss)
{
    Host *host = &stage->host;

    sim_init(&stage->sim, 1, 0);
    stage->trap.receive = trap_receives;
    link_init(&stage->out, &stage->sim, &stage->line, "host -> peer", 0,
              &stage->trap, 1);
    host_init(host, &stage->sim, 0, 1, &stage->ip, &stage->arp, false);
    interface_init(&stage->interface, host, 0, local_address, 96 + 24,
                   local_mac);
    stage->interface.point_to_point = true;
    stage->interface.out = &stage->out;
    stage->interface.peer = &stage->peer;
    stage->peer.address = peer_address;
    stage->peer.mac = peer_mac;
    host->interfaces = &stage->interface;
    host->interface_count = 1;
    host->routes.has_fallback = true;
    host->upper = &upper;
    stage->tcp_config.iss_fixed = true;
    stage->tcp_config.iss = stage->iss = iss;
    stage->tcp = tcp_new(host, &stage->tcp_config);
    stage->observer =
        (Observer){.wants = (uint64_t)1 << REC_TCP_STATE, .hear = hear_state};
    sim_observe(&stage->sim, &stage->observer);
}

void stage_clear(Stage *stage)
{
    tcp_free(stage->tcp);
    link_clear(&stage->out);
    host_clear(&stage->host);
    sim_clear(&stage->sim);
    g_queue_clear_full(&stage->caught, g_free);
    g_free(stage->fault);
    config_clear_struct(tcp_keys, &stage->tcp_config);
}

uint32_t stage_connections(const Stage *stage)
{
    uint32_t count = 0;

    for (int s = TCP_SYN_SENT; s < TCP_STATES; s++)
        count += tcp_count(stage->tcp, (TcpState)s);
    return count;
}
