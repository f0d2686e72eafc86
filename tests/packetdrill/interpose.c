/* interpose.c - functions of the C library that packetdrill calls directly and
 * that have to reach the adapter.  They take effect when the object is also
 * preloaded (LD_PRELOAD names the same file, so that there is one copy of it).
 *
 * getsockopt: scripts ask for TCP_INFO behind the table's back.  system: what a
 * script sets is set here, and nothing of the machine's is.  times: packetdrill
 * burns real time until it moves.  mlockall, sched_setscheduler: not needed
 * here, and refused to ordinary users. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <unistd.h>

#include "adapter.h"

/* Children are not to be preloaded. */
__attribute__((constructor)) static void loaded(void)
{
    unsetenv("LD_PRELOAD");
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    Adapter *adapter = the_adapter;
    Socket *socket;
    int result;

    if (adapter == NULL || adapter_socket(adapter, fd) == NULL)
        return (int)syscall(SYS_getsockopt, fd, level, name, value, len);
    adapter_enter(adapter);
    socket = adapter_socket(adapter, fd);
    result = socket != NULL
                 ? options_get(adapter, socket, level, name, value, len)
                 : -EBADF;
    adapter_leave(adapter);
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

int system(const char *command)
{
    int (*real)(const char *) =
        (int (*)(const char *))dlsym(RTLD_NEXT, "system");
    Adapter *adapter = the_adapter;
    bool known;

    if (adapter != NULL && command != NULL) {
        adapter_enter(adapter);
        known = settings_command(adapter, command);
        adapter_leave(adapter);
        if (known)
            return 0;
    }
    return real(command);
}

/* A hundred ticks of a second each, one more at each call. */
clock_t times(struct tms *buffer)
{
    static clock_t ticks;

    if (buffer != NULL)
        *buffer = (struct tms){0};
    return __atomic_add_fetch(&ticks, 1, __ATOMIC_SEQ_CST);
}

int mlockall(int flags) { return 0; }

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
    return 0;
}
