/* adapter.h - packetdrill's calls onto a host of the simulator; README.md says
 * how it is used.
 *
 * Two threads of packetdrill's come in: the driver, which plays the script, and
 * one that makes the calls of the script that may block.  One mutex lets one of
 * them in at a time.  The clock is the simulation's; it moves in clock.c only,
 * when the driver sleeps, waits for a packet or asks for the time.
 *
 * A blocked call is ended by what the driver does.  Then the clock stands still
 * until the thread that was blocked has read it (which packetdrill has it do
 * first of all): that reading is the time at which the call ended. */
#ifndef FIRSTBYTE_TESTS_PACKETDRILL_ADAPTER_H
#define FIRSTBYTE_TESTS_PACKETDRILL_ADAPTER_H

#include <pthread.h>

#include "interface.h"
#include "models/sockets/edge.h"
#include "models/sockets/sockets.h"

typedef struct Adapter {
    pthread_mutex_t lock;
    pthread_cond_t over;  /* the blocked call is */
    pthread_cond_t baton; /* the clock may go on */
    pthread_t driver;
    int driver_id;          /* of the thread, in /proc */
    unsigned entered, left; /* calls of the driver's: atomic */
    bool blocked;           /* the other thread is in a call */
    bool owed;              /* ... that is over, and has not read the clock */
    bool arrived;     /* a packet came in, and the clock was not read since */
    pthread_t waiter; /* the one that is or was blocked */
    int waiter_id;    /* in /proc */
    bool unfinished;  /* its call is over; packetdrill is not done with it */

    Sim sim;
    Edge edge;
    Sockets *sockets;
    GPtrArray *files;   /* of Socket *, by file descriptor; NULL: not ours */
    GHashTable *epolls; /* see epoll.c, by descriptor; never walked */
    GQueue sent;        /* of SentPacket *, oldest first */

    Observer observer;
    bool states_changed;   /* since the state file was written */
    char *state_file;      /* $PD_STATE_FILE, or NULL */
    char *counter_file;    /* $PD_COUNTER_FILE, or NULL */
    uint64_t stray_errors; /* as written there */
    char *settings_file;   /* $PD_SYSCTL_FILE, or NULL */
    long settings_read;    /* bytes of it */
} Adapter;

typedef struct SentPacket {
    SimTime at;
    size_t len;
    uint8_t bytes[];
} SentPacket;

/* --- adapter.c ------------------------------------------------------------ */

/* The one that packetdrill_interface_init() made, for what is interposed; NULL
 * before and after. */
extern Adapter *the_adapter;
/* The socket of FD; NULL when it is not one of ours. */
Socket *adapter_socket(const Adapter *adapter, int fd);
/* A descriptor of the process's own for SOCKET; -1 with errno. */
int adapter_add(Adapter *adapter, Socket *socket);

/* --- clock.c -------------------------------------------------------------- */

/* Every call is between these two. */
void adapter_enter(Adapter *adapter);
void adapter_leave(Adapter *adapter);
/* CALL goes on to its end, which it was given; -1 with errno, or its result. */
int64_t adapter_call(Adapter *adapter, SocketCall *call);
/* Everything that is due at this moment happens. */
void adapter_settle(Adapter *adapter);
/* Microseconds of the clock that packetdrill sees. */
int64_t adapter_usecs(SimTime at);

int clock_usleep(void *adapter, unsigned usecs);
int clock_gettimeofday(void *adapter, struct timeval *time,
                       struct timezone *zone);
int clock_netdev_send(void *adapter, const void *bytes, size_t len);
int clock_netdev_receive(void *adapter, void *bytes, size_t *len,
                         long long *usecs);

/* --- calls.c -------------------------------------------------------------- */

/* Fills in the socket calls. */
void calls_fill(PacketdrillOps *ops);

/* --- epoll.c -------------------------------------------------------------- */

int poll_call(void *adapter, struct pollfd *fds, nfds_t count, int timeout_ms);
int epoll_new(void *adapter, int size);
int epoll_control(void *adapter, int epfd, int op, int fd,
                  struct epoll_event *event);
int epoll_await(void *adapter, int epfd, struct epoll_event *events, int most,
                int timeout_ms);

/* --- options.c ------------------------------------------------------------ */

/* 0, or a negated errno. */
int options_get(Adapter *adapter, Socket *socket, int level, int name,
                void *value, socklen_t *len);
int options_set(Adapter *adapter, Socket *socket, int level, int name,
                const void *value, socklen_t len);

/* --- info.c --------------------------------------------------------------- */

/* struct tcp_info as Linux lays it out; as many bytes as *LEN has room for. */
void info_tcp(const Socket *socket, SimTime now, void *value, socklen_t *len);

/* The words of SO_MEMINFO; what our TCP does not keep is 0. */
void info_memory(Socket *socket, void *value, socklen_t *len);

/* --- settings.c ----------------------------------------------------------- */

/* The host's TCP goes by VALUE for the system's KEY ("net.ipv4.tcp_sack"). */
void settings_set(Adapter *adapter, const char *key, const char *value);
/* What was added to the settings file. */
void settings_read(Adapter *adapter);
/* Does what the shell text COMMAND asks for, where all of it is known here;
 * false: it is not. */
bool settings_command(Adapter *adapter, const char *command);

/* --- states.c ------------------------------------------------------------- */

/* Listens for changes of state. */
void states_watch(Adapter *adapter);
/* Writes the state file, if anything has changed. */
void states_write(Adapter *adapter);

#endif
