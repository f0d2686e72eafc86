/* check_urgent.c - urgent text (RFC 9293 s3.8.5) between two hosts: what is on
 * the wire, and when the reader hears of it. */
#include <stdlib.h>

#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

enum { SEEN_MAX = 64 };

typedef struct Reader {
    Tcb *tcb;
    unsigned told;     /* times that it heard of urgent text */
    uint32_t left;     /* how much there was to read then */
    uint32_t received; /* bytes */
} Reader;

/* What the client sent, in order, seen on its way. */
typedef struct Tap {
    Port port;
    Port *to;
    TcpHeader seen[SEEN_MAX];
    unsigned count;
} Tap;

static Pair pair;
static Reader reader;
static Tap tap;

static void passes(Port *port, Packet *packet /* taken */)
{
    if (packet->ethernet.type == ETHERTYPE_IPV4 && tap.count < SEEN_MAX)
        tap.seen[tap.count++] = packet->tcp;
    tap.to->receive(tap.to, packet);
}

static void is_told(Tcb *tcb, void *user)
{
    reader.told++;
    reader.left = tcp_urgent_left(tcb);
}

static const TcpUser readers = {.urgent = is_told};
static const TcpUser nobodys;

static void accepts(TcpListener *listener, void *data, Tcb *tcb,
                    const TcpUser **vtable, void **user)
{
    reader.tcb = tcb;
    *vtable = &readers;
}

/* A connection by PROFILE, with a tap on the way to the server; the client's.
 */
static Tcb *opened(TcpProfile profile)
{
    TcpEnd end;
    Tcb *tcb;

    reader = (Reader){0};
    pair_init(&pair, profile, 40);
    pair_start(&pair);
    tap = (Tap){.port.receive = passes, .to = pair.manglers[SERVER].to};
    pair.manglers[SERVER].to = &tap.port;
    tcp_listen(pair.tcp[SERVER], PAIR_PORT, 0, accepts, NULL);
    tcb = tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT, 0,
                      &nobodys, NULL, &end);
    sim_run(&pair.sim, SIM_S);
    tap.count = 0;
    return tcb;
}

static void writes(Tcb *tcb, uint32_t len, unsigned flags)
{
    Slice slice = {.len = len};

    ck_assert_uint_eq(tcp_write(tcb, &slice, flags), len);
}

/* Reads one piece: how many bytes. */
static uint32_t reads(void)
{
    Slice piece;
    uint32_t len;

    if (!tcp_read(reader.tcb, &piece))
        return 0;
    len = piece.len;
    slice_clear(&piece);
    reader.received += len;
    return len;
}

static void over(Tcb *tcb)
{
    while (reads() > 0)
        ;
    tcp_close(tcb);
    tcp_close(reader.tcb);
    pair_finish(&pair);
    pair_clear(&pair);
}

/* MUST-30, MUST-62: from the first segment on, and in no other, URG and the
 * distance to the byte after the urgent text; MUST-32, MUST-33: the reader is
 * told at once, and how much there is. */
START_TEST(the_pointer_is_to_the_byte_after_urgent_text)
{
    Tcb *tcb = opened(_i);

    writes(tcb, 100, 0);
    sim_run(&pair.sim, 2 * SIM_S);
    ck_assert(!(tap.seen[0].flags & TCP_URG) && reader.told == 0);
    tap.count = 0;
    writes(tcb, 10, TCP_WRITE_URGENT);
    ck_assert_uint_eq(tcp_urgent_left(reader.tcb), 0);
    sim_run(&pair.sim, 3 * SIM_S);
    ck_assert(tap.seen[0].flags & TCP_URG);
    ck_assert_uint_eq(tap.seen[0].urgent, 10);
    ck_assert_uint_eq(reader.told, 1);
    ck_assert_uint_eq(reader.left, 110); /* 100 bytes are before it */
    tap.count = 0;
    writes(tcb, 100, 0);
    sim_run(&pair.sim, 4 * SIM_S);
    ck_assert(!(tap.seen[0].flags & TCP_URG));
    ck_assert_uint_eq(reader.told, 1);
    while (reader.received < 110)
        ck_assert_uint_gt(reads(), 0);
    ck_assert_uint_eq(tcp_urgent_left(reader.tcb), 0);
    over(tcb);
}
END_TEST

/* MUST-31: of any length: each segment of 100000 urgent bytes points to their
 * end, or as far as 16 bits reach. */
START_TEST(urgent_text_may_be_long)
{
    enum { LONG = 100000 };
    Tcb *tcb = opened(_i);
    uint32_t first = tcb->snd.nxt;

    tcp_own_settings(tcb)->send_buffer = 4 * LONG;
    tcp_own_settings(tcb)->send_buffer_first = 0;
    writes(tcb, LONG, TCP_WRITE_URGENT);
    for (unsigned i = 1; i < 600 && reader.received < LONG; i++) {
        sim_run(&pair.sim, SIM_S + i * 10 * SIM_MS);
        while (reader.tcb != NULL && reads() > 0)
            ;
    }
    ck_assert_uint_eq(reader.received, LONG);
    ck_assert_uint_ge(reader.told, 2); /* when it got further than 16 bits */
    ck_assert_uint_gt(tap.count, 8);
    for (unsigned i = 0; i < tap.count; i++) {
        uint32_t left = first + LONG - tap.seen[i].seq;

        if (left == 0)
            continue;
        ck_assert(tap.seen[i].flags & TCP_URG);
        ck_assert_uint_eq(tap.seen[i].urgent, MIN(left, 65535));
    }
    over(tcb);
}
END_TEST

/* MUST-66: the reader hears of it though there is no room for the text. */
START_TEST(urgent_text_is_announced_into_a_closed_window)
{
    Tcb *tcb;
    Packet *packet;
    Port *port;

    tcb = opened(_i);
    reader.tcb->rcv.right = reader.tcb->rcv.nxt; /* as after a full buffer */
    packet = packet_new(&pair.sim);
    packet->ethernet.destination = pair.interfaces[SERVER].mac;
    packet->ethernet.type = ETHERTYPE_IPV4;
    packet->ip.source = pair_address(CLIENT);
    packet->ip.destination = pair_address(SERVER);
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->tcp.source_port = tcb->conn.local_port;
    packet->tcp.destination_port = PAIR_PORT;
    packet->tcp.seq = tcb->snd.nxt;
    packet->tcp.ack = tcb->rcv.nxt;
    packet->tcp.flags = TCP_ACK | TCP_URG;
    packet->tcp.urgent = 5;
    port = &pair.interfaces[SERVER].port;
    port->receive(port, packet);
    ck_assert_uint_eq(reader.told, 1);
    ck_assert_uint_eq(reader.left, 5);
    over(tcb);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("urgent text");

    tcase_add_loop_test(tcase, the_pointer_is_to_the_byte_after_urgent_text, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, urgent_text_may_be_long, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, urgent_text_is_announced_into_a_closed_window, 0,
                        TCP_PROFILES);
    return run_tests("urgent text", tcase, NULL);
}
