/* write_file.h - text into a file, into the very one that is named: a device or
 * a link stays what it is. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_WRITE_FILE_H
#define FIRSTBYTE_MODELS_OBSERVERS_WRITE_FILE_H

#include <glib.h>
#include <stdbool.h>

/* Makes or overwrites FILE.  False, with its name and the reason, when not all
 * of TEXT could be written. */
bool write_file(const char *file, const char *text, GError **error);

#endif
