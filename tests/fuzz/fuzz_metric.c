/* fuzz_metric.c - any bytes as a metric out of a database: refused, or the very
 * bytes that the metric they give is written as. */
#include <math.h>
#include <stdint.h>

#include <glib.h>

#include "sim/metric.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    Metric metric, twice;
    GBytes *back, *given;

    if (!metric_from_bytes(&metric, bytes, len)) {
        g_assert(metric.count == 0 && metric.buckets == NULL);
        return 0;
    }
    given = g_bytes_new_static(bytes, len);
    back = metric_to_bytes(&metric);
    g_assert(g_bytes_equal(given, back));
    g_bytes_unref(back);
    g_bytes_unref(given);
    for (int i = 0; i <= 10; i++) {
        int64_t quantile = metric_quantile(&metric, i / 10.0);

        g_assert(quantile >= metric.min && quantile <= metric.max);
    }
    g_assert(isfinite(metric_mean(&metric)));
    g_assert(isfinite(metric_variance(&metric)));
    metric_init(&twice);
    metric_merge(&twice, &metric);
    back = metric_to_bytes(&twice);
    given = g_bytes_new_static(bytes, len);
    g_assert(g_bytes_equal(given, back));
    g_bytes_unref(given);
    g_bytes_unref(back);
    metric_clear(&twice);
    metric_clear(&metric);
    return 0;
}
