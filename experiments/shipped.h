/* shipped.h - the experiments that come with the program, by name.
 *
 * Each is a folder NAME with the file NAME.ini in it and its golden figures,
 * installed with the program, or in the source tree that it was built from. */
#ifndef FIRSTBYTE_EXPERIMENTS_SHIPPED_H
#define FIRSTBYTE_EXPERIMENTS_SHIPPED_H

#include <glib.h>

typedef struct ShippedExperiment {
    char *name, *file;      /* "handshake-loss", and where its file is */
    char *title, *question; /* as the file has them */
} ShippedExperiment;

/* The experiment file that NAME means: a file; a folder with the file of its
 * own name in it; else a shipped experiment, with or without ".ini".  The
 * caller g_free()s.  NULL: ERROR names what is near. */
char *shipped_find(const char *name, GError **error);
/* Of ShippedExperiment *, by name; those whose file cannot be read are left
 * out.  The caller g_ptr_array_unref()s. */
GPtrArray *shipped_list(void);

#endif
