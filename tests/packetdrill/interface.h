/* interface.h - the table of functions through which packetdrill drives a TCP
 * in a shared object.
 *
 * Declared from the contract, as facts: the exported entry point, and one
 * pointer for each call, in this order, each with the arguments of the libc
 * function of its name after a `void *userdata`.  There is no version: a table
 * of another order or size would not be noticed. */
#ifndef FIRSTBYTE_TESTS_PACKETDRILL_INTERFACE_H
#define FIRSTBYTE_TESTS_PACKETDRILL_INTERFACE_H

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

typedef struct PacketdrillOps {
    void *userdata;
    void (*free)(void *);
    int (*socket)(void *, int domain, int type, int protocol);
    int (*bind)(void *, int fd, const struct sockaddr *, socklen_t);
    int (*listen)(void *, int fd, int backlog);
    int (*accept)(void *, int fd, struct sockaddr *, socklen_t *);
    int (*connect)(void *, int fd, const struct sockaddr *, socklen_t);
    ssize_t (*read)(void *, int fd, void *, size_t);
    ssize_t (*readv)(void *, int fd, const struct iovec *, int count);
    ssize_t (*recv)(void *, int fd, void *, size_t, int flags);
    ssize_t (*recvfrom)(void *, int fd, void *, size_t, int flags,
                        struct sockaddr *, socklen_t *);
    ssize_t (*recvmsg)(void *, int fd, struct msghdr *, int flags);
    ssize_t (*write)(void *, int fd, const void *, size_t);
    ssize_t (*writev)(void *, int fd, const struct iovec *, int count);
    ssize_t (*send)(void *, int fd, const void *, size_t, int flags);
    ssize_t (*sendto)(void *, int fd, const void *, size_t, int flags,
                      const struct sockaddr *, socklen_t);
    ssize_t (*sendmsg)(void *, int fd, const struct msghdr *, int flags);
    int (*fcntl)(void *, int fd, int command, ...);
    int (*ioctl)(void *, int fd, unsigned long request, ...);
    int (*close)(void *, int fd);
    int (*shutdown)(void *, int fd, int how);
    int (*getsockopt)(void *, int fd, int level, int name, void *, socklen_t *);
    int (*setsockopt)(void *, int fd, int level, int name, const void *,
                      socklen_t);
    int (*poll)(void *, struct pollfd *, nfds_t, int timeout_ms);
    /* A raw IP packet for the TCP under test; 0 or -1. */
    int (*netdev_send)(void *, const void *bytes, size_t len);
    /* The next packet that it sends: *LEN is the room on entry; *USECS when it
     * was sent, on the clock of gettimeofday.  *LEN 0: there is none. */
    int (*netdev_receive)(void *, void *bytes, size_t *len, long long *usecs);
    int (*usleep)(void *, unsigned usecs);
    int (*gettimeofday)(void *, struct timeval *, struct timezone *);
    int (*epoll_create)(void *, int size);
    int (*epoll_ctl)(void *, int epfd, int op, int fd, struct epoll_event *);
    int (*epoll_wait)(void *, int epfd, struct epoll_event *, int most,
                      int timeout_ms);
    int (*pipe)(void *, int fds[2]);
    ssize_t (*splice)(void *, int from, loff_t *, int to, loff_t *, size_t,
                      unsigned flags);
} PacketdrillOps;

#define PACKETDRILL_ENTRY "packetdrill_interface_init"
/* FLAGS: the text of --so_flags, or NULL; OPS: all zero, to be filled. */
typedef void PacketdrillInit(const char *flags, PacketdrillOps *ops);

#endif
