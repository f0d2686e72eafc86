/* manual.h - the manual page, from the same tables as everything else. */
#ifndef FIRSTBYTE_CLI_MANUAL_H
#define FIRSTBYTE_CLI_MANUAL_H

#include <glib.h>

#include "sim/describe.h"

/* The key tables by kind of group: the topology's, then the experiment's. */
typedef struct CliKeyGroup {
    const char *kind;
    const ConfigKey *keys;
} CliKeyGroup;

/* An array of CliKeyGroup; the caller unrefs. */
GArray *cli_key_groups(void);
Description *cli_describe_group(const CliKeyGroup *group);
/* Appends the whole page as roff. */
void manual_page(GString *out);

#endif
