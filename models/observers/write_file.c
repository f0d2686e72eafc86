/* write_file.c - see write_file.h. */
#include "write_file.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>

bool write_file(const char *file, const char *text, GError **error)
{
    FILE *stream = g_fopen(file, "wb");
    bool written = stream != NULL && fputs(text, stream) >= 0;
    int wrong = errno;

    /* What is buffered is written by fclose(). */
    if (stream != NULL && fclose(stream) != 0 && written) {
        written = false;
        wrong = errno;
    }
    if (!written)
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(wrong),
                    "%s: cannot be written: %s", file, g_strerror(wrong));
    return written;
}
