/* fuzz_arrivals.c - any text as a file of arrivals (the first byte says what
 * its second column is): refused with a line, or times in order and columns
 * that a workload can use. */
#include <stdint.h>

#include <glib.h>

#include "models/app/url.h"
#include "models/nodes/arrival_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const ArrivalTrace *trace, ArrivalColumn column)
{
    g_assert(trace->count > 0);
    for (uint32_t i = 0; i < trace->count; i++) {
        const Arrival *arrival = &trace->lines[i];
        const char *why;
        Url url;

        g_assert(arrival->at >= 0);
        g_assert(i == 0 || arrival->at >= arrival[-1].at);
        g_assert(arrival->bytes == 0 || column == ARRIVAL_BYTES);
        if (arrival->url == NULL)
            continue;
        g_assert(column == ARRIVAL_URL);
        g_assert(url_parse(&url, arrival->url, &why));
        url_clear(&url);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    ArrivalColumn column;
    ArrivalTrace *trace;
    GError *error = NULL;

    if (len == 0)
        return 0;
    column = bytes[0] % (ARRIVAL_URL + 1);
    trace = arrival_trace_read((const char *)bytes + 1, len - 1, "fuzz", column,
                               &error);
    g_assert((trace != NULL) == (error == NULL));
    if (trace != NULL)
        check(trace, column);
    else
        g_assert(g_str_has_prefix(error->message, "fuzz:"));
    g_clear_error(&error);
    arrival_trace_free(trace);
    return 0;
}
