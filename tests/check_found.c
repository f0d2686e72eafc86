/* check_found.c - what hostile peers and users (tests/fuzz) have found, each as
 * a conversation of its own: it failed before it was put right. */
#include <stdlib.h>

#include "models/transport/tcp_inside.h"
#include "tests/run_tests.h"
#include "tests/tcb_check.h"
#include "tests/tcp/stage.h"

enum { ISS = 5000, THEIR_ISS = 1000 };

static Stage stage;

/* The peer sends FLAGS and LEN bytes; numbers are counted from the initial
 * ones. */
static void arrives(uint16_t flags, uint32_t seq, uint32_t len, uint32_t ack,
                    uint16_t window)
{
    TcpHeader header = {.flags = flags,
                        .seq = THEIR_ISS + seq,
                        .ack = flags & TCP_ACK ? stage.iss + ack : 0,
                        .window = window};

    stage_inject(&stage, &header, len, THEIR_ISS + 1);
    tcb_check_all(stage.tcp);
}

static void begin(TcpProfile profile)
{
    stage_init(&stage);
    config_defaults(tcp_keys, profile, &stage.tcp_config);
    stage_raise(&stage, ISS);
}

static void end(void)
{
    ck_assert_msg(stage.fault == NULL, "%s", stage.fault);
    stage_clear(&stage);
}

static void listens_and_opens(uint16_t window)
{
    stage_listen(&stage);
    arrives(TCP_SYN, 0, 0, 0, window);
    arrives(TCP_ACK, 1, 0, 1, window);
    ck_assert(stage.accepted);
}

/* Our side closes first, with 100 bytes of the peer's that nobody has read. */
static Tcb *waits_with_text_unread(void)
{
    arrives(TCP_ACK, 1, 100, 1, 1000);
    tcp_shutdown(stage.tcb);
    arrives(TCP_ACK | TCP_FIN, 101, 0, 2, 1000);
    ck_assert_int_eq(stage.told_state, TCP_TIME_WAIT);
    ck_assert(!stage.gone);
    return stage.tcb;
}

static const TcpUser nobody;

START_TEST(a_user_may_read_what_came_before_its_port_was_used_again)
{
    Tcb *old, *tcb;
    TcpEnd why;

    begin((TcpProfile)_i);
    listens_and_opens(1000);
    old = waits_with_text_unread();
    tcb = tcp_connect(stage.tcp, old->conn.remote, STAGE_PEER_PORT,
                      STAGE_LOCAL_PORT, &nobody, NULL, &why);
    ck_assert_ptr_nonnull(tcb);
    tcb_check_all(stage.tcp);
    ck_assert_uint_eq(stage_read(&stage), 100);
    ck_assert(tcp_at_end(old));
    stage_wait(&stage, 0);
    ck_assert(stage.gone);
    ck_assert_int_eq(stage.end, TCP_END_CLOSED);
    tcp_abort(tcb);
    end();
}
END_TEST

START_TEST(a_new_syn_opens_beside_a_user_who_still_reads)
{
    Tcb *old;

    begin((TcpProfile)_i);
    listens_and_opens(1000);
    old = waits_with_text_unread();
    arrives(TCP_SYN, 5000, 0, 0, 1000);
    ck_assert_int_eq(stage.told_state, TCP_SYN_RECEIVED);
    ck_assert_uint_eq(stage_read(&stage), 100);
    ck_assert(tcp_at_end(old));
    end();
}
END_TEST

START_TEST(a_listener_that_goes_takes_every_half_open_connection_along)
{
    TcpHeader syn = {.flags = TCP_SYN,
                     .seq = THEIR_ISS,
                     .window = 1000,
                     .options = TCP_OPT_SACK_OK};

    begin((TcpProfile)_i);
    stage_listen(&stage);
    stage_inject(&stage, &syn, 0, THEIR_ISS + 1);
    /* Text that is old in part, without an ACK: dropped, but a duplicate is to
     * be reported, and the connection is not parked. */
    arrives(TCP_PSH, 0u - 5, 20, 0, 1000);
    ck_assert_uint_eq(stage_connections(&stage), 1);
    tcp_unlisten(stage.listener);
    ck_assert_uint_eq(stage_connections(&stage), 0);
    end();
}
END_TEST

START_TEST(keepalive_does_not_count_for_zero_window_probes)
{
    Tcb *tcb;

    begin((TcpProfile)_i);
    stage.tcp_config.keepalive_idle = SIM_S;
    listens_and_opens(0);
    stage_write(&stage, 100, false);
    tcb = stage.tcb;
    stage.tcb = NULL;
    tcp_close(tcb);
    stage_wait(&stage, 3600 * SIM_S); /* the peer is silent */
    ck_assert_uint_eq(stage_connections(&stage), 0);
    end();
}
END_TEST

START_TEST(keepalive_may_be_turned_off_under_way)
{
    begin((TcpProfile)_i);
    stage.tcp_config.keepalive_idle = SIM_S;
    listens_and_opens(1000);
    tcp_own_settings(stage.tcb)->keepalive_idle = 0;
    stage_write(&stage, 100, false);
    arrives(TCP_ACK, 1, 0, 101, 1000);
    g_queue_clear_full(&stage.caught, g_free);
    stage_wait(&stage, 3600 * SIM_S);
    ck_assert_uint_eq(g_queue_get_length(&stage.caught), 0);
    ck_assert(!stage.gone);
    end();
}
END_TEST

START_TEST(what_is_added_to_the_rto_may_be_more_than_the_first_one)
{
    begin((TcpProfile)_i);
    stage.tcp_config.synack_retries = 9;
    stage.tcp_config.rto_slop = 10 * SIM_S;
    stage.tcp_config.rto_max = 4 * SIM_S;
    stage_listen(&stage);
    arrives(TCP_SYN, 0, 0, 0, 1000);
    stage_wait(&stage, 20 * SIM_S); /* no sample: the SYN,ACK goes out again */
    arrives(TCP_ACK, 1, 0, 1, 1000);
    ck_assert(stage.accepted);
    stage_write(&stage, 100, false);
    for (int second = 0; second < 60; second++) {
        stage_wait(&stage, SIM_S);
        tcb_check_all(stage.tcp);
    }
    end();
}
END_TEST

/* Opens from our side, by a peer that agrees to SACK and offers WINDOW. */
static void opens(uint16_t window)
{
    TcpHeader header = {.flags = TCP_SYN | TCP_ACK,
                        .seq = THEIR_ISS,
                        .window = window,
                        .options = TCP_OPT_SACK_OK | TCP_OPT_MSS,
                        .mss = 1460};

    header.ack = stage.iss + 1;
    stage_inject(&stage, &header, 0, THEIR_ISS + 1);
    ck_assert(stage.opened);
    tcb_check_all(stage.tcp);
}

/* Three writes in a window of WINDOW, acknowledged as they go out. */
static void writes_and_hears(uint32_t len, uint16_t window)
{
    ck_assert(stage_connect(&stage));
    stage_wait(&stage, 0);
    opens(window);
    for (int n = 0; n < 3; n++)
        stage_write(&stage, len, false);
    for (int n = 0; n < 12; n++) {
        tcb_check_all(stage.tcp);
        arrives(TCP_ACK, 1, 0, stage.tcb->snd.nxt - stage.iss,
                (uint16_t)(window - 777 * (n % 4)));
    }
    tcp_abort(stage.tcb);
}

START_TEST(bursts_may_end_anywhere_in_what_was_written)
{
    for (uint32_t len = 700; len < 20000; len += 1900)
        for (uint16_t window = 3000; window < 30000; window += 3100) {
            begin((TcpProfile)_i);
            writes_and_hears(len, window);
            end();
        }
}
END_TEST

START_TEST(a_receive_buffer_of_a_byte_offers_a_byte)
{
    begin((TcpProfile)_i);
    stage.tcp_config.receive_buffer_first = 1;
    stage.tcp_config.receive_buffer = 1;
    listens_and_opens(1000);
    for (uint32_t n = 0; n < 20; n++) {
        arrives(TCP_ACK, n + 1, 1, 1, 1000);
        stage_read(&stage);
        stage_wait(&stage, SIM_S);
    }
    ck_assert_uint_le(stage.read, 20);
    end();
}
END_TEST

START_TEST(text_of_a_syn_that_met_ours_is_read_once)
{
    TcpHeader syn = {.flags = TCP_SYN, .seq = THEIR_ISS, .window = 1000};

    begin((TcpProfile)_i);
    stage.tcp_config.syn_ack_text = true;
    ck_assert(stage_connect(&stage));
    stage_wait(&stage, 0);
    stage_inject(&stage, &syn, 500, THEIR_ISS);
    arrives(TCP_ACK, 1, 100, 1, 1000);
    ck_assert(stage.opened);
    ck_assert_uint_eq(stage.tcb->rcv.queued, 500);
    tcp_abort(stage.tcb);
    end();
}
END_TEST

START_TEST(what_is_too_large_for_the_path_has_not_arrived)
{
    TcpHeader header = {.flags = TCP_SYN | TCP_ACK,
                        .seq = THEIR_ISS,
                        .window = 60000,
                        .options = TCP_OPT_MSS,
                        .mss = 1460};
    Packet quoted = {.ip = {.protocol = IP_PROTOCOL_TCP}};

    begin((TcpProfile)_i);
    ck_assert(stage_connect(&stage));
    stage_wait(&stage, 0);
    header.ack = stage.iss + 1;
    stage_inject(&stage, &header, 0, THEIR_ISS + 1);
    stage_write(&stage, 2000, false);
    stage_wait(&stage, 0);
    arrives(TCP_ACK, 1, 0, 1, 60000); /* a segment has arrived, says this */
    arrives(TCP_ACK, 1, 0, 1, 60000);
    quoted.ip.source = stage.tcb->conn.local;
    quoted.ip.destination = stage.tcb->conn.remote;
    quoted.tcp.source_port = stage.tcb->conn.local_port;
    quoted.tcp.destination_port = stage.tcb->conn.remote_port;
    quoted.tcp.seq = stage.tcb->snd.una;
    tcp_error(&stage.host, &quoted, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED,
              296);
    tcb_check_all(stage.tcp);
    tcp_abort(stage.tcb);
    end();
}
END_TEST

/* An announced size of 12 bytes left no room for the timestamps: the first
 * window was rounded to whole segments of nothing. */
START_TEST(the_least_segment_has_room_for_options_and_text)
{
    const ConfigKey *key = config_key(tcp_keys, "mss");
    char *why = NULL;

    begin((TcpProfile)_i);
    ck_assert(!config_parse(key, "12", &stage.tcp_config, &why));
    ck_assert_str_eq(why, "\"12\" is out of range; write 88 to 65495, or mtu");
    g_free(why);
    ck_assert(config_parse(key, "88", &stage.tcp_config, &why));
    listens_and_opens(60000);
    stage_write(&stage, 200, false);
    stage_wait(&stage, 0);
    arrives(TCP_ACK, 1, 88, 1, 60000);
    tcp_abort(stage.tcb);
    end();
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("found");

    tcase_add_loop_test(
        tcase, a_user_may_read_what_came_before_its_port_was_used_again, 0,
        TCP_PROFILES);
    tcase_add_loop_test(tcase, a_new_syn_opens_beside_a_user_who_still_reads, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(
        tcase, a_listener_that_goes_takes_every_half_open_connection_along, 0,
        TCP_PROFILES);
    tcase_add_loop_test(tcase, keepalive_does_not_count_for_zero_window_probes,
                        0, TCP_PROFILES);
    tcase_add_loop_test(tcase, keepalive_may_be_turned_off_under_way, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase,
                        what_is_added_to_the_rto_may_be_more_than_the_first_one,
                        0, TCP_PROFILES);
    tcase_add_loop_test(tcase, bursts_may_end_anywhere_in_what_was_written, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, a_receive_buffer_of_a_byte_offers_a_byte, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, text_of_a_syn_that_met_ours_is_read_once, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, what_is_too_large_for_the_path_has_not_arrived,
                        0, TCP_PROFILES);
    tcase_add_loop_test(tcase, the_least_segment_has_room_for_options_and_text,
                        0, TCP_PROFILES);
    return run_tests("found", tcase, NULL);
}
