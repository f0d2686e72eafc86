/* query.c - firstbyte query: SQL over a results folder. */
#include "cli.h"

#include <stdio.h>

#include "experiments/store.h"
#include "experiments/store_query.h"

int cli_query(int argc, char **argv)
{
    gboolean csv = FALSE, json = FALSE;
    const GOptionEntry entries[] = {
        {"csv", 0, 0, G_OPTION_ARG_NONE, &csv,
         "Comma-separated values, numbers exact", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json,
         "An array of objects, numbers exact", NULL},
        G_OPTION_ENTRY_NULL,
    };
    StoreFormat format;
    GError *error = NULL;

    if (!cli_options("query", entries, &argc, &argv, 2, 2))
        return CLI_WRONG;
    if (csv && json) {
        fprintf(stderr, "firstbyte: query: --csv and --json; one of them "
                        "would be right\n");
        return CLI_WRONG;
    }
    format = json  ? STORE_FORMAT_JSON
             : csv ? STORE_FORMAT_CSV
                   : STORE_FORMAT_TEXT;
    if (!store_query(argv[1], argv[2], format, stdout, &error))
        return cli_complain(error, CLI_WRONG);
    return CLI_DONE;
}
