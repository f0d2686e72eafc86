/* clock.c - virtual time, and how two threads share it; see adapter.h. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "adapter.h"

/* Where the clock begins: no time is zero. */
#define EPOCH_USECS ((int64_t)1000000000)
/* packetdrill waits for a packet without a limit: nothing later than this comes
 * to it (of virtual time). */
#define LONGEST_WAIT (3 * 3600 * SIM_S)

enum {
    SELF_DRIVE_MS = 20,  /* real time without a call of the driver's */
    FINISH_US = 5000000, /* real time, see let_finish() */
    BATON_S = 10,        /* real time in which a thread that was woken reads */
};

int64_t adapter_usecs(SimTime at) { return EPOCH_USECS + at / SIM_US; }

static bool is_driver(const Adapter *adapter)
{
    return pthread_equal(pthread_self(), adapter->driver);
}

void adapter_enter(Adapter *adapter)
{
    if (is_driver(adapter))
        __atomic_add_fetch(&adapter->entered, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&adapter->lock);
}

/* A call that is over hands the clock to the thread that was blocked, which
 * reads it; it goes on then. */
static void hand_over(Adapter *adapter)
{
    struct timespec end;

    if (!adapter->owed || pthread_equal(pthread_self(), adapter->waiter))
        return;
    pthread_cond_signal(&adapter->over);
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += BATON_S;
    while (adapter->owed)
        if (pthread_cond_timedwait(&adapter->baton, &adapter->lock, &end) ==
            ETIMEDOUT)
            adapter->owed = false;
}

void adapter_leave(Adapter *adapter)
{
    hand_over(adapter);
    states_write(adapter);
    pthread_mutex_unlock(&adapter->lock);
    if (is_driver(adapter))
        __atomic_add_fetch(&adapter->left, 1, __ATOMIC_SEQ_CST);
}

/* The clock moves to UNTIL, with a stop wherever a blocked call ends. */
static void move_to(Adapter *adapter, SimTime until)
{
    while (!edge_run_until(&adapter->edge, until))
        hand_over(adapter);
    hand_over(adapter);
}

void adapter_settle(Adapter *adapter)
{
    move_to(adapter, sim_now(&adapter->sim));
}

/* --- a call that blocks --------------------------------------------------- */

/* The simulation stands still where a blocked call ends. */
static void call_is_over(SocketCall *call)
{
    Adapter *adapter = call->data;

    adapter->owed = adapter->unfinished = adapter->blocked;
    sim_stop(&adapter->sim);
}

/* Whether the thread ID sleeps, or is gone, according to the system. */
static bool thread_sleeps(int id)
{
    char path[64], line[512] = "";
    const char *state;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", id);
    file = fopen(path, "r");
    if (file == NULL)
        return true;
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    state = strrchr(line, ')'); /* the name before it may hold anything */
    return state != NULL && strncmp(state, ") S", 3) == 0;
}

static bool driver_sleeps(Adapter *adapter)
{
    return __atomic_load_n(&adapter->entered, __ATOMIC_SEQ_CST) ==
               __atomic_load_n(&adapter->left, __ATOMIC_SEQ_CST) &&
           thread_sleeps(adapter->driver_id);
}

/* A thread whose call is over still has to write down what came of it, for
 * which it needs packetdrill's lock.  The driver does not have it while it
 * sleeps: the thread is given the time, until it waits for the next call. */
static void let_finish(Adapter *adapter)
{
    gint64 end = g_get_monotonic_time() + FINISH_US;

    while (!thread_sleeps(adapter->waiter_id) && g_get_monotonic_time() < end)
        sched_yield();
    adapter->unfinished = false;
}

/* Waits a little for the driver; true when it has done nothing and waits itself
 * (packetdrill: for this thread to be done). */
static bool nobody_drives(Adapter *adapter)
{
    unsigned before = __atomic_load_n(&adapter->entered, __ATOMIC_SEQ_CST);
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += SELF_DRIVE_MS * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        end.tv_sec++;
    }
    return pthread_cond_timedwait(&adapter->over, &adapter->lock, &end) ==
               ETIMEDOUT &&
           before == __atomic_load_n(&adapter->entered, __ATOMIC_SEQ_CST) &&
           driver_sleeps(adapter);
}

/* In the thread for calls that block: asleep, until the driver has made it
 * over; or to the end that it has set for itself. */
static void sleep_through(Adapter *adapter, SocketCall *call)
{
    adapter->blocked = true;
    adapter->waiter = pthread_self();
    adapter->waiter_id = (int)syscall(SYS_gettid);
    while (call->pending)
        if (nobody_drives(adapter) && socket_call_ends(call) != SIM_NEVER)
            while (call->pending)
                edge_run_until(&adapter->edge, socket_call_ends(call));
    adapter->blocked = false;
}

/* In the driver itself: it has to move the clock. */
static void drive_through(Adapter *adapter, SocketCall *call)
{
    SimTime until = sim_now(&adapter->sim) + LONGEST_WAIT;

    while (call->pending && edge_step(&adapter->edge, until))
        continue;
    if (call->pending) {
        socket_call_cancel(call);
        call->result = -EDEADLK; /* it would wait for ever */
    }
}

int64_t adapter_call(Adapter *adapter, SocketCall *call)
{
    call->data = adapter;
    call->done = call_is_over;
    if (!socket_call_begin(call, adapter->sockets)) {
        if (is_driver(adapter))
            drive_through(adapter, call);
        else
            sleep_through(adapter, call);
    }
    if (is_driver(adapter))
        adapter_settle(adapter);
    if (call->result >= 0)
        return call->result;
    errno = (int)-call->result;
    return -1;
}

/* --- what packetdrill asks of the clock and the line ---------------------- */

int clock_usleep(void *user, unsigned usecs)
{
    Adapter *adapter = user;

    if (is_driver(adapter) && adapter->unfinished && !adapter->owed)
        let_finish(adapter);
    adapter_enter(adapter);
    move_to(adapter, sim_now(&adapter->sim) + usecs * SIM_US);
    adapter_leave(adapter);
    return 0;
}

/* Each reading takes a microsecond: packetdrill waits for the last 20 before an
 * event by reading the clock.  The reading that a blocked thread owes takes
 * none; nor does the one after a packet came in, which packetdrill takes for
 * the time of its coming: an answer must not be earlier than that. */
int clock_gettimeofday(void *user, struct timeval *time, struct timezone *zone)
{
    Adapter *adapter = user;
    int64_t usecs;

    adapter_enter(adapter);
    if (adapter->owed && pthread_equal(pthread_self(), adapter->waiter)) {
        adapter->owed = false;
        pthread_cond_signal(&adapter->baton);
    } else if (adapter->arrived) {
        adapter->arrived = false;
    } else {
        move_to(adapter, sim_now(&adapter->sim) + SIM_US);
    }
    usecs = adapter_usecs(sim_now(&adapter->sim));
    time->tv_sec = usecs / 1000000;
    time->tv_usec = usecs % 1000000;
    adapter_leave(adapter);
    return 0;
}

int clock_netdev_send(void *user, const void *bytes, size_t len)
{
    Adapter *adapter = user;

    adapter_enter(adapter);
    edge_receive(&adapter->edge, bytes, len, NULL); /* a bad one is lost */
    adapter->arrived = true;
    adapter_settle(adapter);
    adapter_leave(adapter);
    return 0;
}

int clock_netdev_receive(void *user, void *bytes, size_t *len, long long *usecs)
{
    Adapter *adapter = user;
    SentPacket *packet;
    SimTime until;

    adapter_enter(adapter);
    until = sim_now(&adapter->sim) + LONGEST_WAIT;
    while (g_queue_is_empty(&adapter->sent) && edge_step(&adapter->edge, until))
        hand_over(adapter);
    packet = g_queue_pop_head(&adapter->sent);
    if (packet == NULL) {
        *len = 0;
        *usecs = adapter_usecs(sim_now(&adapter->sim));
    } else {
        *len = MIN(*len, packet->len);
        memcpy(bytes, packet->bytes, *len);
        *usecs = adapter_usecs(packet->at);
        g_free(packet);
    }
    adapter_leave(adapter);
    return 0;
}
