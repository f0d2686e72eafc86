/* check_time_wait.c - what TIME-WAIT does with what may come, against a
 * measured kernel (tests/linux/README.md): crafted segments, and the same ports
 * again.  How long it lasts, a FIN that comes again, and ports that run out are
 * check_waiting.c's. */
#include <stdlib.h>
#include <string.h>

#include "models/sockets/sockets.h"
#include "models/transport/tcp_inside.h"
#include "tests/linux/lab.h"
#include "tests/linux/measured.h"
#include "tests/run_tests.h"
#include "tests/tcp/stage.h"

/* --- crafted segments ----------------------------------------------------- */

enum { CASES = 15, THEIR_ISS = 7000, THEIR_CLOCK = 100000 };

static Stage stage;

static void arrives(uint16_t flags, uint32_t seq, uint32_t len, uint32_t ack,
                    uint32_t clock)
{
    TcpHeader header = {.flags = flags,
                        .seq = seq,
                        .ack = ack,
                        .window = 1000,
                        .options = clock != 0 ? TCP_OPT_TIMESTAMPS : 0,
                        .ts_val = clock};

    stage_inject(&stage, &header, len, THEIR_ISS + 1);
}

static void forget_caught(void) { g_queue_clear_full(&stage.caught, g_free); }

/* The server, which has closed first, 2 s into TIME-WAIT; RCV.NXT is THEIR_ISS
 * + 2, SND.NXT ISS + 2. */
static void enter_time_wait(bool rfc1337)
{
    Tcb *tcb;

    stage_init(&stage);
    stage.tcp_config.timers = TCP_TIMERS_EXACT;
    stage.tcp_config.rfc1337 = rfc1337;
    stage_raise(&stage, 5000);
    stage_listen(&stage);
    arrives(TCP_SYN, THEIR_ISS, 0, 0, THEIR_CLOCK);
    arrives(TCP_ACK, THEIR_ISS + 1, 0, 5001, THEIR_CLOCK);
    tcb = stage.tcb;
    stage.tcb = NULL;
    tcp_close(tcb);
    stage_wait(&stage, 0);
    arrives(TCP_ACK | TCP_FIN, THEIR_ISS + 1, 0, 5002, THEIR_CLOCK);
    ck_assert_uint_eq(tcp_count(stage.tcp, TCP_TIME_WAIT), 1);
    forget_caught();
    stage_wait(&stage, 2 * SIM_S);
}

/* What follows PREFIX in TEXT as a number, or 0. */
static int number_after(const char *text, const char *prefix)
{
    const char *at = strstr(text, prefix);

    return at != NULL ? atoi(at + strlen(prefix)) : 0;
}

/* The segment that TEXT, a case's name, describes. */
static void inject(const char *text)
{
    uint32_t nxt = THEIR_ISS + 2;
    uint32_t clock =
        strstr(text, "no timestamp") != NULL      ? 0
        : strstr(text, "older timestamp") != NULL ? THEIR_CLOCK - 10
        : strstr(text, "equal timestamp") != NULL ? THEIR_CLOCK
                                                  : THEIR_CLOCK + 2000;

    if (g_str_has_prefix(text, "SYN"))
        arrives(TCP_SYN,
                nxt + (uint32_t)number_after(text, "SYN seq"), /* +1000 */
                0, 0, clock);
    else if (g_str_has_prefix(text, "RST"))
        arrives(TCP_RST, nxt + (uint32_t)number_after(text, "rcv_nxt+"), 0, 0,
                clock);
    else if (g_str_has_prefix(text, "duplicate FIN"))
        arrives(TCP_ACK | TCP_FIN, nxt - 1, 0, 5002, clock);
    else if (g_str_has_prefix(text, "old duplicate data"))
        arrives(TCP_ACK | TCP_PSH, nxt - 100, 50, 5002, clock);
    else if (g_str_has_prefix(text, "new data"))
        arrives(TCP_ACK | TCP_PSH, nxt, 50, 5002, clock);
    else if (g_str_has_prefix(text, "pure ACK"))
        arrives(TCP_ACK, nxt, 0, 5002, clock);
    else
        ck_abort_msg("no such segment: %s", text);
}

static void expect_answer(MeasuredFile *file, int number, const char *text)
{
    g_autofree char *list = g_strdup_printf("cases|%d|answer", number);
    unsigned count = measured_count(file, list);
    g_autofree char *flags = g_strconcat(list, "|0|flags", NULL);
    g_autofree char *ack = g_strconcat(list, "|0|ack_minus_rcv_nxt", NULL);
    g_autofree char *seq = g_strconcat(list, "|0|seq_minus_snd_nxt", NULL);
    const Caught *caught;

    ck_assert_msg(g_queue_get_length(&stage.caught) == count,
                  "%s: %u answers, not %u", text,
                  g_queue_get_length(&stage.caught), count);
    if (count == 0)
        return;
    caught = g_queue_peek_head(&stage.caught);
    ck_assert_uint_eq(caught->header.flags,
                      strcmp(measured_text(file, flags), "S.") == 0
                          ? TCP_SYN | TCP_ACK
                          : TCP_ACK);
    ck_assert_uint_eq(caught->header.ack,
                      THEIR_ISS + 2 +
                          (uint32_t)(int64_t)measured_number(file, ack));
    ck_assert_uint_eq(caught->header.seq,
                      5002 + (uint32_t)(int64_t)measured_number(file, seq));
}

/* What became of the connection, and whether its 60 s began again. */
static void expect_after(MeasuredFile *file, int number, const char *text)
{
    g_autofree char *list = g_strdup_printf("cases|%d|after", number);
    g_autofree char *state = g_strconcat(list, "|0|0", NULL);
    g_autofree char *left = g_strconcat(list, "|0|1", NULL);
    bool gone = measured_count(file, list) == 0, again;

    ck_assert_msg((stage_connections(&stage) == 0) == gone, "%s: %u left", text,
                  stage_connections(&stage));
    if (gone)
        return;
    if (strcmp(measured_text(file, state), "SYN_RECV") == 0) {
        ck_assert_uint_eq(tcp_count(stage.tcp, TCP_SYN_RECEIVED), 1);
        return;
    }
    /* 2.2 s before, its timer had 57.8 s to run. */
    again = measured_number(file, left) > 57.8;
    stage_wait(&stage, 58 * SIM_S);
    ck_assert_msg((tcp_count(stage.tcp, TCP_TIME_WAIT) == 1) == again,
                  "%s: the time begins again, or not", text);
    stage_wait(&stage, 2 * SIM_S);
    ck_assert_uint_eq(tcp_count(stage.tcp, TCP_TIME_WAIT), 0);
}

START_TEST(segments_in_time_wait_do_what_they_did_to_the_kernel)
{
    MeasuredFile *file = measured_open("time_wait_injection");
    g_autofree char *path = g_strdup_printf("cases|%d|case", _i);
    const char *text = measured_text(file, path);

    ck_assert_uint_eq(measured_count(file, "cases"), CASES);
    enter_time_wait(strstr(text, "rfc1337=1") != NULL);
    inject(text);
    expect_answer(file, _i, text);
    expect_after(file, _i, text);
    ck_assert_msg(stage.fault == NULL, "%s", stage.fault);
    stage_clear(&stage);
    measured_close(file);
}
END_TEST

/* --- the same ports again ------------------------------------------------- */

enum { RECONNECTIONS = 24, OLD_PORT = 20000 };

static Lab lab;

static void close_end(int end)
{
    Tcb *tcb = lab.ends[end].tcb;

    lab.ends[end].tcb = NULL;
    tcp_close(tcb);
}

/* A connection whose end FIRST has closed first is in TIME-WAIT there. */
static void leave_time_wait(int first)
{
    lab_init(&lab, 0);
    lab.ends[CLIENT].config.port_first = OLD_PORT;
    lab.ends[CLIENT].config.port_last = OLD_PORT;
    lab.ends[!first].closes = true;
    lab_raise(&lab);
    lab_connect(&lab);
    lab_run(&lab, SIM_S);
    close_end(first);
    lab_run(&lab, SIM_S);
    ck_assert_uint_eq(tcp_count(lab.ends[first].tcp, TCP_TIME_WAIT), 1);
    lab_forget_log(&lab);
}

static void opened(Tcb *tcb, void *user)
{
    *(SimTime *)user = tcb->conn.tcp->sim->now;
}

/* connect() from the same port, as after bind() with SO_REUSEADDR. */
static void expect_connected(MeasuredFile *file, const char *at)
{
    static const TcpUser user = {.opened = opened};
    g_autofree char *result = g_strconcat(at, "|result", NULL);
    g_autofree char *syns = g_strconcat(at, "|syn_packets", NULL);
    const char *text = measured_text(file, result);
    SimTime now = sim_now(&lab.sim), open_at = 0;
    unsigned sent = 0;
    TcpEnd why;
    Tcb *tcb =
        tcp_connect(lab.ends[CLIENT].tcp, lab.ends[SERVER].interface.address,
                    LAB_PORT, OLD_PORT, &user, &open_at, &why);

    ck_assert_ptr_nonnull(tcb);
    lab_run(&lab, SIM_S);
    for (guint i = 0; i < lab.log->len; i++)
        sent += (g_array_index(lab.log, Crossing, i).flags &
                 (TCP_SYN | TCP_ACK)) == TCP_SYN;
    ck_assert_uint_eq(sent, (unsigned)measured_number(file, syns));
    ck_assert_double_eq_tol(
        (double)(open_at - now) / (double)SIM_MS,
        g_ascii_strtod(text + strlen("connected in "), NULL), 0.3);
    tcp_abort(tcb);
}

START_TEST(the_same_ports_again_while_the_old_connection_waits)
{
    MeasuredFile *file = measured_open("time_wait_reconnect");
    g_autofree char *at = g_strdup_printf("cases|%d", _i);
    g_autofree char *end = g_strconcat(at, "|time_wait_at", NULL);
    g_autofree char *result = g_strconcat(at, "|result", NULL);
    g_autofree char *waited = g_strconcat(at, "|waited_s", NULL);
    int first = strcmp(measured_text(file, end), "client") ? SERVER : CLIENT;
    double seconds = measured_number(file, waited);

    ck_assert_uint_eq(measured_count(file, "cases"), RECONNECTIONS);
    leave_time_wait(first);
    lab_run(&lab, (SimTime)(seconds * (double)SIM_S));
    if (strcmp(measured_text(file, result), "EADDRINUSE at bind") == 0) {
        Sockets *sockets =
            sockets_new(&lab.ends[CLIENT].host, &socket_rules_linux);
        Socket *socket = socket_new(sockets);

        ck_assert_int_eq(
            socket_bind(socket, (SocketAddress){IP_NONE, OLD_PORT}),
            -EADDRINUSE);
        socket_close(socket);
        sockets_free(sockets);
    } else {
        expect_connected(file, at);
    }
    lab_clear(&lab);
    measured_close(file);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("time wait");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(
        tcase, segments_in_time_wait_do_what_they_did_to_the_kernel, 0, CASES);
    tcase_add_loop_test(tcase,
                        the_same_ports_again_while_the_old_connection_waits, 0,
                        RECONNECTIONS);
    return run_tests("time wait", tcase, NULL);
}
