/* check_packetdrill.c - the shared object for packetdrill, driven by hand
 * through its table: virtual time, calls that block in a second thread, what is
 * interposed.  Needs no packetdrill. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "models/packet.h"
#include "tests/packetdrill/interface.h"
#include "tests/run_tests.h"

enum { PORT = 8080, PEER_PORT = 40000, PACKET_MAX = 65536, TCP_INFO_LEN = 280 };
#define OBJECT "tests/packetdrill/firstbyte.so"

typedef struct Bench {
    PacketdrillOps ops;
    void *object;
    Sim sim; /* for packets only; its clock stands still */
    GString *log;
    uint32_t iss; /* of the object's last SYN */
} Bench;

static const char *const none[] = {NULL};

/* Loads the object with the names and values of ENVIRONMENT set. */
static void setup(Bench *bench, const char *flags,
                  const char *const *environment)
{
    PacketdrillInit *init;

    for (; environment[0] != NULL; environment += 2)
        setenv(environment[0], environment[1], 1);
    memset(bench, 0, sizeof *bench);
    sim_init(&bench->sim, 1, 0);
    bench->log = g_string_new(NULL);
    bench->object = dlopen(OBJECT, RTLD_NOW | RTLD_LOCAL);
    if (bench->object == NULL)
        ck_abort_msg("%s", dlerror());
    *(void **)&init = dlsym(bench->object, PACKETDRILL_ENTRY);
    ck_assert_ptr_nonnull(init);
    init(flags, &bench->ops);
}

static void teardown(Bench *bench)
{
    bench->ops.free(bench->ops.userdata); /* asserts that nothing is left */
    sim_clear(&bench->sim);
    g_string_free(bench->log, TRUE);
    dlclose(bench->object);
}

/* --- the clock and the line ----------------------------------------------- */

static int64_t now(Bench *bench)
{
    struct timeval time;

    bench->ops.gettimeofday(bench->ops.userdata, &time, NULL);
    return time.tv_sec * (int64_t)1000000 + time.tv_usec;
}

static void wait_us(Bench *bench, unsigned usecs)
{
    bench->ops.usleep(bench->ops.userdata, usecs);
}

/* The peer sends FLAGS with LEN zeros at SEQ (from 0), acknowledging ACK of the
 * object's numbers (from its ISS). */
static void inject(Bench *bench, uint16_t flags, uint32_t seq, uint32_t ack,
                   uint32_t len)
{
    Packet *packet = packet_new(&bench->sim);
    g_autofree uint8_t *bytes = g_malloc(PACKET_MAX);
    size_t size;

    packet->ethernet.type = ETHERTYPE_IPV4;
    packet->ip = (IpHeader){.source = ip_from_v4(0xc0000201),
                            .destination = ip_from_v4(0xc0a80001),
                            .ttl = IP_DEFAULT_TTL,
                            .protocol = IP_PROTOCOL_TCP};
    packet->tcp = (TcpHeader){.source_port = PEER_PORT,
                              .destination_port = PORT,
                              .seq = seq,
                              .ack = flags & TCP_ACK ? bench->iss + ack : 0,
                              .flags = flags,
                              .window = 60000};
    if (flags & TCP_SYN) {
        packet->tcp.options = TCP_OPT_MSS;
        packet->tcp.mss = 1000;
    }
    packet->payload.len = len;
    size = packet_emit(packet, true, bytes, PACKET_MAX);
    packet_free(&bench->sim, packet);
    ck_assert_int_eq(bench->ops.netdev_send(bench->ops.userdata, bytes, size),
                     0);
}

/* The next packet of the object's must have FLAGS, SEQ (from its ISS) and LEN;
 * when it was sent. */
static int64_t expect(Bench *bench, uint16_t flags, uint32_t seq, uint32_t len)
{
    g_autofree uint8_t *bytes = g_malloc(PACKET_MAX);
    size_t size = PACKET_MAX;
    long long at = 0;
    Packet *packet;

    ck_assert_int_eq(
        bench->ops.netdev_receive(bench->ops.userdata, bytes, &size, &at), 0);
    ck_assert_uint_gt(size, 0);
    packet = packet_parse(&bench->sim, true, bytes, size, NULL);
    ck_assert_ptr_nonnull(packet);
    if (packet->tcp.flags & TCP_SYN)
        bench->iss = packet->tcp.seq;
    ck_assert_uint_eq(packet->tcp.flags, flags);
    if (!(flags & TCP_SYN))
        ck_assert_uint_eq(packet->tcp.seq - bench->iss, seq);
    ck_assert_uint_eq(packet->payload.len, len);
    g_string_append_printf(bench->log, "%lld %x %u %u %u\n", at,
                           packet->tcp.flags, packet->tcp.seq,
                           packet->tcp.window, packet->payload.len);
    packet_free(&bench->sim, packet);
    return at;
}

/* --- calls ---------------------------------------------------------------- */

static struct sockaddr_in address(const char *text, uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};

    inet_pton(AF_INET, text, &in.sin_addr);
    return in;
}

static int listener(Bench *bench)
{
    struct sockaddr_in in = address("192.168.0.1", PORT);
    PacketdrillOps *ops = &bench->ops;
    int fd = ops->socket(ops->userdata, AF_INET, SOCK_STREAM, IPPROTO_TCP);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(
        ops->bind(ops->userdata, fd, (struct sockaddr *)&in, sizeof in), 0);
    ck_assert_int_eq(ops->listen(ops->userdata, fd, 1), 0);
    return fd;
}

static void shake(Bench *bench)
{
    inject(bench, TCP_SYN, 0, 0, 0);
    expect(bench, TCP_SYN | TCP_ACK, 0, 0);
    wait_us(bench, 10000);
    inject(bench, TCP_ACK, 1, 1, 0);
}

static int accepted(Bench *bench, int fd)
{
    struct sockaddr_in peer = {0};
    socklen_t len = sizeof peer;
    int got = bench->ops.accept(bench->ops.userdata, fd,
                                (struct sockaddr *)&peer, &len);

    ck_assert_int_ge(got, 0);
    ck_assert_int_eq(ntohs(peer.sin_port), PEER_PORT);
    return got;
}

/* A whole connection: handshake, a lost segment, both ways of closing. */
static void play(Bench *bench)
{
    PacketdrillOps *ops = &bench->ops;
    int from = listener(bench), fd;
    int64_t sent, again;
    char bytes[2000];

    shake(bench);
    fd = accepted(bench, from);
    ck_assert_int_eq(ops->write(ops->userdata, fd, bytes, 1000), 1000);
    sent = expect(bench, TCP_ACK | TCP_PSH, 1, 1000);
    again = expect(bench, TCP_ACK | TCP_PSH, 1, 1000); /* nobody answered */
    ck_assert_int_ge(again - sent, 100000);
    inject(bench, TCP_ACK, 1, 1001, 500);
    expect(bench, TCP_ACK, 1001, 0);
    ck_assert_int_eq(ops->read(ops->userdata, fd, bytes, sizeof bytes), 500);
    for (int i = 0; i < 500; i++)
        ck_assert_int_eq(bytes[i], 0);
    ck_assert_int_eq(ops->close(ops->userdata, fd), 0);
    expect(bench, TCP_ACK | TCP_FIN, 1001, 0);
    inject(bench, TCP_ACK | TCP_FIN, 501, 1002, 0);
    expect(bench, TCP_ACK, 1002, 0);
    ck_assert_int_eq(ops->close(ops->userdata, from), 0);
}

START_TEST(a_connection_is_played_and_again_the_same)
{
    g_autofree char *first = NULL;
    Bench bench;

    for (int round = 0; round < 2; round++) {
        setup(&bench, "linux", none);
        play(&bench);
        if (round == 0)
            first = g_strdup(bench.log->str);
        else
            ck_assert_str_eq(bench.log->str, first);
        teardown(&bench);
    }
}
END_TEST

START_TEST(the_clock_moves_by_itself_and_as_told)
{
    Bench bench;
    int64_t start;

    setup(&bench, NULL, none);
    start = now(&bench);
    ck_assert_int_gt(start, 0);
    ck_assert_int_eq(now(&bench), start + 1);
    wait_us(&bench, 1234);
    ck_assert_int_eq(now(&bench), start + 1 + 1234 + 1);
    teardown(&bench);
}
END_TEST

START_TEST(a_line_on_which_nothing_comes_says_so)
{
    Bench bench;
    uint8_t bytes[100];
    size_t len = sizeof bytes;
    long long at = 0;

    setup(&bench, NULL, none);
    ck_assert_int_eq(
        bench.ops.netdev_receive(bench.ops.userdata, bytes, &len, &at), 0);
    ck_assert_uint_eq(len, 0);
    teardown(&bench);
}
END_TEST

START_TEST(errors_are_errno)
{
    struct sockaddr_in there = address("192.0.2.1", PEER_PORT);
    Bench bench;
    PacketdrillOps *ops = &bench.ops;
    char bytes[8];
    int fd;

    setup(&bench, NULL, none);
    ck_assert_int_eq(ops->read(ops->userdata, 99, bytes, 1), -1);
    ck_assert_int_eq(errno, EBADF);
    fd = ops->socket(ops->userdata, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(ops->fcntl(ops->userdata, fd, F_GETFL),
                     O_RDWR | O_NONBLOCK);
    ck_assert_int_eq(ops->read(ops->userdata, fd, bytes, 1), -1);
    ck_assert_int_eq(errno, ENOTCONN);
    ck_assert_int_eq(ops->connect(ops->userdata, fd, (struct sockaddr *)&there,
                                  sizeof there),
                     -1);
    ck_assert_int_eq(errno, EINPROGRESS);
    ck_assert_int_eq(ops->write(ops->userdata, fd, bytes, 1), -1);
    ck_assert_int_eq(errno, EAGAIN);
    close(fd); /* as packetdrill does with what a script leaves open */
    teardown(&bench);
}
END_TEST

/* --- calls that block ----------------------------------------------------- */

typedef struct Blocked {
    Bench *bench;
    int fd, timeout_ms;
    int result;
    int64_t ended;
    bool over; /* atomic */
    int id;    /* of the thread, in /proc; atomic */
    pthread_t thread;
} Blocked;

static void *accept_thread(void *data)
{
    Blocked *blocked = data;

    __atomic_store_n(&blocked->id, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    blocked->result = accepted(blocked->bench, blocked->fd);
    blocked->ended = now(blocked->bench);
    __atomic_store_n(&blocked->over, true, __ATOMIC_SEQ_CST);
    return NULL;
}

static void *poll_thread(void *data)
{
    Blocked *blocked = data;
    struct pollfd poll = {.fd = blocked->fd, .events = POLLIN};
    PacketdrillOps *ops = &blocked->bench->ops;

    __atomic_store_n(&blocked->id, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    blocked->result = ops->poll(ops->userdata, &poll, 1, blocked->timeout_ms);
    blocked->ended = now(blocked->bench);
    __atomic_store_n(&blocked->over, true, __ATOMIC_SEQ_CST);
    return NULL;
}

static bool sleeps(int id)
{
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/stat", id);
    g_autofree char *line = NULL;
    const char *state;

    if (id == 0 || !g_file_get_contents(path, &line, NULL, NULL))
        return false;
    state = strrchr(line, ')');
    return state != NULL && g_str_has_prefix(state, ") S");
}

/* Begins, and waits until the thread has fallen asleep in its call, as
 * packetdrill does. */
static void block(Blocked *blocked, void *(*function)(void *))
{
    pthread_create(&blocked->thread, NULL, function, blocked);
    while (!sleeps(__atomic_load_n(&blocked->id, __ATOMIC_SEQ_CST)))
        g_usleep(1000);
}

START_TEST(a_blocked_call_ends_when_the_packet_comes)
{
    Bench bench;
    Blocked call = {.bench = &bench};
    int64_t arrived;

    setup(&bench, NULL, none);
    call.fd = listener(&bench);
    block(&call, accept_thread);
    inject(&bench, TCP_SYN, 0, 0, 0);
    expect(&bench, TCP_SYN | TCP_ACK, 0, 0);
    wait_us(&bench, 250000);
    ck_assert(!__atomic_load_n(&call.over, __ATOMIC_SEQ_CST));
    arrived = now(&bench);
    inject(&bench, TCP_ACK, 1, 1, 0);
    wait_us(&bench, 1000000); /* the clock goes on without it */
    pthread_join(call.thread, NULL);
    ck_assert_int_eq(call.ended, arrived);
    teardown(&bench);
}
END_TEST

START_TEST(a_call_that_time_ends_stops_the_clock_there)
{
    Bench bench;
    Blocked call = {.bench = &bench, .timeout_ms = 300};
    int64_t start;

    setup(&bench, NULL, none);
    call.fd = listener(&bench);
    start = now(&bench);
    block(&call, poll_thread);
    wait_us(&bench, 1000000);
    pthread_join(call.thread, NULL);
    ck_assert_int_eq(call.result, 0);
    ck_assert_int_eq(call.ended - start, 300000);
    ck_assert_int_eq(now(&bench) - start, 1000000 + 1);
    teardown(&bench);
}
END_TEST

START_TEST(a_call_that_time_ends_needs_no_driver)
{
    Bench bench;
    Blocked call = {.bench = &bench, .timeout_ms = 60000};
    int64_t start, real = g_get_monotonic_time();

    setup(&bench, NULL, none);
    call.fd = listener(&bench);
    start = now(&bench);
    block(&call, poll_thread);
    pthread_join(call.thread, NULL); /* nothing moves the clock */
    ck_assert_int_eq(call.result, 0);
    ck_assert_int_eq(call.ended - start, 60000000);
    ck_assert_int_lt(g_get_monotonic_time() - real, 10000000);
    teardown(&bench);
}
END_TEST

START_TEST(the_driver_itself_may_block)
{
    Bench bench;
    Blocked call = {.bench = &bench, .timeout_ms = 500};
    int64_t start;

    setup(&bench, NULL, none);
    call.fd = listener(&bench);
    start = now(&bench);
    poll_thread(&call);
    ck_assert_int_eq(call.ended - start, 500001);
    teardown(&bench);
}
END_TEST

/* --- beside the table ----------------------------------------------------- */

typedef int GetOption(int, int, int, void *, socklen_t *);
typedef int System(const char *);

START_TEST(what_is_interposed_reaches_the_host)
{
    Bench bench;
    uint8_t info[TCP_INFO_LEN];
    socklen_t len = sizeof info;
    GetOption *get;
    System *run;
    int fd;

    setup(&bench, NULL, none);
    *(void **)&get = dlsym(bench.object, "getsockopt");
    *(void **)&run = dlsym(bench.object, "system");
    ck_assert(get != NULL && run != NULL);
    fd = listener(&bench);
    ck_assert_int_eq(get(fd, IPPROTO_TCP, 11 /* TCP_INFO */, info, &len), 0);
    ck_assert_uint_eq(len, TCP_INFO_LEN);
    ck_assert_uint_eq(info[0], 10); /* Linux's number of LISTEN */
    ck_assert_int_eq(get(-1, IPPROTO_TCP, 11, info, &len), -1);
    ck_assert_int_eq(errno, EBADF); /* the system's own answer */
    ck_assert_int_eq(run("sysctl -q net.ipv4.tcp_rmem='4096 9000 10000'"), 0);
    ck_assert_int_eq(run("exit 3") >> 8, 3); /* unknown: a real shell's */
    teardown(&bench);
}
END_TEST

START_TEST(settings_and_states_pass_through_files)
{
    g_autofree char *settings = g_strdup_printf("pd-%d.set", getpid());
    g_autofree char *states = g_strdup_printf("pd-%d.states", getpid());
    const char *const environment[] = {
        "PD_SYSCTL_FILE", settings, "PD_STATE_FILE", states, "PD_MTU",
        "1400",           NULL};
    g_autofree char *table = NULL;
    Bench bench;
    Packet *packet;
    uint8_t bytes[200];
    size_t len = sizeof bytes;
    long long at;

    g_file_set_contents(settings, "net.ipv4.tcp_window_scaling=1\n", -1, NULL);
    setup(&bench, "rfc", environment);
    listener(&bench);
    inject(&bench, TCP_SYN, 0, 0, 0);
    bench.ops.netdev_receive(bench.ops.userdata, bytes, &len, &at);
    packet = packet_parse(&bench.sim, true, bytes, len, NULL);
    ck_assert_uint_eq(packet->tcp.mss, 1360);
    packet_free(&bench.sim, packet);
    ck_assert(g_file_get_contents(states, &table, NULL, NULL));
    ck_assert_str_eq(table, "packetdril 192.168.0.1:8080 192.0.2.1:40000 "
                            "SYN_RCVD\n");
    teardown(&bench);
    unlink(settings);
    unlink(states);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("packetdrill");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_connection_is_played_and_again_the_same);
    tcase_add_test(tcase, the_clock_moves_by_itself_and_as_told);
    tcase_add_test(tcase, a_line_on_which_nothing_comes_says_so);
    tcase_add_test(tcase, errors_are_errno);
    tcase_add_test(tcase, a_blocked_call_ends_when_the_packet_comes);
    tcase_add_test(tcase, a_call_that_time_ends_stops_the_clock_there);
    tcase_add_test(tcase, a_call_that_time_ends_needs_no_driver);
    tcase_add_test(tcase, the_driver_itself_may_block);
    tcase_add_test(tcase, what_is_interposed_reaches_the_host);
    tcase_add_test(tcase, settings_and_states_pass_through_files);
    return run_tests("packetdrill", tcase, NULL);
}
