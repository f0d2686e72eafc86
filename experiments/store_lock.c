/* store_lock.c - see store_lock.h. */
#include "store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"

/* PATH is still the file that LOCK is open on. */
static bool is_file(const char *path, int lock)
{
    struct stat there, here;

    return stat(path, &there) == 0 && fstat(lock, &here) == 0 &&
           there.st_ino == here.st_ino && there.st_dev == here.st_dev;
}

static void busy(const char *folder, int lock, GError **error)
{
    char who[128] = "";
    ssize_t len = pread(lock, who, sizeof who - 1, 0);

    who[MAX(len, 0)] = '\0';
    who[strcspn(who, "\n")] = '\0';
    g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
                "%s: %s is writing there; wait for it, or give another -o",
                folder, who[0] != '\0' ? who : "another process");
}

static void sign(int lock)
{
    char *who = g_strdup_printf("process %ld on %s\n", (long)getpid(),
                                g_get_host_name());
    size_t len = strlen(who);

    /* Only a message is poorer where this fails. */
    if (ftruncate(lock, 0) != 0 || pwrite(lock, who, len, 0) != (ssize_t)len)
        errno = 0;
    g_free(who);
}

int store_lock_take(const char *folder, GError **error)
{
    char *path = g_build_filename(folder, STORE_LOCK_NAME, NULL);
    int lock;

    /* Its last holder may remove the file between our opening and locking it:
     * then the lock is on no file, and worth nothing. */
    do {
        lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (lock < 0) {
            g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                        "%s: cannot write: %s", path, g_strerror(errno));
        } else if (flock(lock, LOCK_EX | LOCK_NB) != 0 &&
                   errno == EWOULDBLOCK) { /* else: there are no locks here */
            busy(folder, lock, error);
            close(lock);
            lock = -1;
        } else if (!is_file(path, lock)) {
            close(lock);
            continue;
        }
        break;
    } while (true);
    if (lock >= 0)
        sign(lock);
    g_free(path);
    return lock;
}

void store_lock_drop(int lock, const char *folder)
{
    char *path = g_build_filename(folder, STORE_LOCK_NAME, NULL);

    if (lock >= 0 && is_file(path, lock))
        unlink(path); /* before others can take it */
    if (lock >= 0)
        close(lock);
    g_free(path);
}
