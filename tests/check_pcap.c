/* check_pcap.c - captures: what libpcap reads back is what was sent, Wireshark
 * finds nothing wrong in it, and a disk that is full is said. */
#include <glib/gstdio.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/observers/pcap.h"
#include "models/packet.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { NODE = 5, OTHER = 6, FRAMES = 200, BYTES_MAX = 2048 };

static Sim sim;
static char *file;

static void setup(void)
{
    int fd;

    sim_init(&sim, 1, 0);
    fd = g_file_open_tmp("check-pcap-XXXXXX", &file, NULL);
    ck_assert_int_ge(fd, 0);
    g_close(fd, NULL);
}

static void teardown(void)
{
    g_unlink(file);
    g_free(file);
    sim_clear(&sim);
}

static Packet *new_ip(uint8_t protocol, uint32_t payload)
{
    Packet *packet = packet_new(&sim);

    packet->ethernet =
        (EthernetHeader){{0x020000000002}, {0x020000000001}, ETHERTYPE_IPV4};
    packet->ip = (IpHeader){.source = ip_from_v4(0xc0000201),
                            .destination = ip_from_v4(0xc0000202),
                            .identification = (uint16_t)packet->id,
                            .ttl = 64,
                            .protocol = protocol};
    packet->payload.len = payload;
    return packet;
}

static void tell(const Packet *packet, RecordKind kind, uint32_t node,
                 SimTime at)
{
    sim.now = at;
    packet_tell(&sim, kind, node, packet, (PacketTold){.packet = packet}, 0);
}

/* --- read back ------------------------------------------------------------ */

static Packet *random_segment(Stream *stream)
{
    Packet *packet =
        new_ip(IP_PROTOCOL_TCP, (uint32_t)stream_below(stream, 1400));
    uint8_t bytes[1400];

    do
        packet->tcp = random_tcp(stream);
    while (tcp_header_len(&packet->tcp) > TCP_HEADER_MAX);
    random_bytes(stream, bytes, packet->payload.len);
    if (stream_u32(stream) & 1)
        packet->payload.bytes = g_bytes_new(bytes, packet->payload.len);
    return packet;
}

START_TEST(captures_hold_what_the_node_saw)
{
    Stream stream = random_stream("capture");
    PcapFile *capture = pcap_file_open(file, &sim, NODE, NULL);
    Packet *sent[FRAMES];
    char why[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr header;
    pcap_t *read;

    for (unsigned i = 0; i < FRAMES; i++) {
        sent[i] = random_segment(&stream);
        tell(sent[i], i % 2 ? REC_PACKET_SENT : REC_PACKET_RECEIVED, NODE,
             (SimTime)i * 123456789);
        tell(sent[i], REC_PACKET_SENT, OTHER, sim.now); /* another node's */
        tell(sent[i], REC_PACKET_DELIVERED, NODE, sim.now);
    }
    ck_assert(pcap_file_close(capture, NULL));
    ck_assert(!sim_wants(&sim, REC_PACKET_SENT));
    read = pcap_open_offline_with_tstamp_precision(
        file, PCAP_TSTAMP_PRECISION_NANO, why);
    ck_assert_msg(read != NULL, "%s", why);
    ck_assert_int_eq(pcap_datalink(read), DLT_EN10MB);
    for (unsigned i = 0; i < FRAMES; i++) {
        const u_char *bytes = pcap_next(read, &header);
        uint8_t want[BYTES_MAX];

        ck_assert_ptr_nonnull(bytes);
        ck_assert_uint_eq(header.caplen, packet_frame_len(sent[i]));
        ck_assert_uint_eq(header.len, header.caplen);
        packet_emit(sent[i], false, want, sizeof want);
        ck_assert_mem_eq(bytes, want, header.len);
        ck_assert_int_eq((SimTime)header.ts.tv_sec * SIM_S + header.ts.tv_usec,
                         (SimTime)i * 123456789);
        packet_free(&sim, sent[i]);
    }
    ck_assert_ptr_null(pcap_next(read, &header));
    pcap_close(read);
}
END_TEST

/* --- what Wireshark says -------------------------------------------------- */

static void tell_and_free(Packet *packet)
{
    tell(packet, REC_PACKET_SENT, NODE, sim.now + SIM_MS);
    packet_free(&sim, packet);
}

static void tell_handshake(void)
{
    TcpHeader options = {.options = TCP_OPT_MSS | TCP_OPT_WSCALE |
                                    TCP_OPT_SACK_OK | TCP_OPT_TIMESTAMPS,
                         .mss = 1460,
                         .wscale = 7,
                         .ts_val = 1};
    Packet *packet = new_ip(IP_PROTOCOL_TCP, 0);

    packet->tcp = options;
    packet->tcp.source_port = 50000;
    packet->tcp.destination_port = 80;
    packet->tcp.seq = 0xffffffff;
    packet->tcp.flags = TCP_SYN;
    packet->tcp.window = 64240;
    tell_and_free(packet);
    packet = new_ip(IP_PROTOCOL_TCP, 0);
    packet->ip.source = ip_from_v4(0xc0000202);
    packet->ip.destination = ip_from_v4(0xc0000201);
    packet->tcp = options;
    packet->tcp.source_port = 80;
    packet->tcp.destination_port = 50000;
    packet->tcp.flags = TCP_SYN | TCP_ACK;
    packet->tcp.seq = 1000;
    packet->tcp.window = 65160;
    tell_and_free(packet);
    for (uint32_t i = 0; i < 3; i++) { /* an ACK, odd and even synthetic data */
        packet = new_ip(IP_PROTOCOL_TCP, i == 0 ? 0 : 100 + i);
        packet->tcp = (TcpHeader){.source_port = 50000,
                                  .destination_port = 80,
                                  .seq = i < 2 ? 0 : 101,
                                  .ack = 1001,
                                  .flags = TCP_ACK,
                                  .window = 502,
                                  .options = TCP_OPT_TIMESTAMPS,
                                  .ts_val = 2};
        tell_and_free(packet);
    }
}

static void tell_others(void)
{
    Packet *packet = packet_new(&sim), *error;
    uint8_t bytes[BYTES_MAX];

    packet->ethernet =
        (EthernetHeader){MAC_BROADCAST, {0x020000000001}, ETHERTYPE_ARP};
    packet->arp = (ArpHeader){.operation = ARP_REQUEST,
                              .sender_mac = {0x020000000001},
                              .sender_ip = ip_from_v4(0xc0000201),
                              .target_ip = ip_from_v4(0xc0000202)};
    tell_and_free(packet);
    packet = new_ip(IP_PROTOCOL_UDP, 33);
    packet->udp = (UdpHeader){50001, 9999};
    packet_emit(packet, true, bytes, sizeof bytes);
    tell_and_free(packet);
    error = new_ip(IP_PROTOCOL_ICMP, IPV4_HEADER_LEN + 8);
    error->icmp = (IcmpHeader){ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 0};
    error->payload.bytes = g_bytes_new(bytes, IPV4_HEADER_LEN + 8);
    tell_and_free(error);
}

/* How many frames of the capture tshark's FILTER names. */
static unsigned frames(const char *filter)
{
    const char *command[] = {"tshark",
                             "-r",
                             file,
                             "-o",
                             "ip.check_checksum:TRUE",
                             "-o",
                             "tcp.check_checksum:TRUE",
                             "-o",
                             "udp.check_checksum:TRUE",
                             "-Y",
                             filter,
                             NULL};
    char *out = NULL;
    unsigned count = 0;
    int status = -1;

    ck_assert(g_spawn_sync(NULL, (char **)command, NULL,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                           NULL, NULL, &out, NULL, &status, NULL));
    ck_assert_int_eq(status, 0);
    for (const char *at = out; *at != '\0'; at++)
        count += *at == '\n';
    g_free(out);
    return count;
}

START_TEST(wireshark_finds_nothing_wrong)
{
    PcapFile *capture;
    char *tshark = g_find_program_in_path("tshark");

    if (tshark == NULL) {
        fprintf(stderr, "check_pcap: SKIPPED wireshark_finds_nothing_wrong: "
                        "tshark is not installed\n");
        return;
    }
    g_free(tshark);
    capture = pcap_file_open(file, &sim, NODE, NULL);
    tell_handshake();
    tell_others();
    ck_assert(pcap_file_close(capture, NULL));
    ck_assert_uint_eq(frames("frame"), 8);
    ck_assert_uint_eq(frames("ip.checksum.status == Good && "
                             "(tcp.checksum.status == Good || "
                             "udp.checksum.status == Good || "
                             "icmp.checksum.status == Good)"),
                      7);
    ck_assert_uint_eq(frames("arp.opcode == 1"), 1);
    ck_assert_uint_eq(frames("_ws.malformed || tcp.analysis.flags || "
                             "_ws.expert.severity >= 0x600000"),
                      0);
}
END_TEST

/* --- files that cannot be written ----------------------------------------- */

START_TEST(files_that_cannot_be_made_are_refused)
{
    GError *error = NULL;

    ck_assert_ptr_null(
        pcap_file_open("/nonexistent/x.pcap", &sim, NODE, &error));
    ck_assert_str_eq(error->message, "/nonexistent/x.pcap: cannot be written: "
                                     "No such file or directory");
    g_error_free(error);
}
END_TEST

START_TEST(a_full_disk_is_said)
{
    GError *error = NULL;
    unsigned many = _i == 0 ? 1 : 1000; /* found at the end; on the way */
    PcapFile *capture = pcap_file_open("/dev/full", &sim, NODE, &error);
    Packet *packet = new_ip(IP_PROTOCOL_UDP, 1000);

    g_assert_no_error(error);
    for (unsigned i = 0; i < many; i++)
        tell(packet, REC_PACKET_SENT, NODE, sim.now);
    packet_free(&sim, packet);
    ck_assert(!pcap_file_close(capture, &error));
    ck_assert_str_eq(error->message,
                     "/dev/full: cannot be written: No space left on device");
    g_error_free(error);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("pcap");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* tshark takes its time to start */
    tcase_add_test(tcase, captures_hold_what_the_node_saw);
    tcase_add_test(tcase, wireshark_finds_nothing_wrong);
    tcase_add_test(tcase, files_that_cannot_be_made_are_refused);
    tcase_add_loop_test(tcase, a_full_disk_is_said, 0, 2);
    return run_tests("pcap", tcase, NULL);
}
