/* store_lock.h - one process at a time writes into a results folder.
 *
 * The lock is flock(2) on FOLDER/results.lock: the kernel drops it when its
 * holder dies, however it dies, so that a file left behind bars nobody.  The
 * file holds the name of who has the lock, for the message to others. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_LOCK_H
#define FIRSTBYTE_EXPERIMENTS_STORE_LOCK_H

#include <glib.h>

#define STORE_LOCK_NAME "results.lock"

/* Takes the lock of FOLDER, which must exist.  A file descriptor, or -1:
 * somebody else has it (STORE_ERROR_BUSY, who is named), or the folder cannot
 * be written (STORE_ERROR_WRITE). */
int store_lock_take(const char *folder, GError **error);
/* Gives LOCK (-1: nothing) back and removes the file, unless FOLDER has become
 * another one. */
void store_lock_drop(int lock, const char *folder);

#endif
