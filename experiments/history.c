/* history.c - rows and their buckets. */
#include "history.h"

History *history_new(void)
{
    History *history = g_new(History, 1);

    history->rows = g_array_new(FALSE, FALSE, sizeof(HistoryRow));
    history->bins = g_array_new(FALSE, FALSE, sizeof(HistoryBin));
    history->single = true;
    return history;
}

void history_free(History *history)
{
    if (history == NULL)
        return;
    g_array_free(history->rows, TRUE);
    g_array_free(history->bins, TRUE);
    g_free(history);
}

static void add_bins(History *history, HistoryRow *row, const Metric *metric)
{
    int32_t low = metric_bucket(metric->min), high = metric_bucket(metric->max);
    const uint64_t *counts = metric->buckets + (low - metric->first);

    row->first = history->bins->len;
    for (int32_t i = 0; i <= high - low; i++)
        if (counts[i] > 0) {
            HistoryBin bin = {low + i, counts[i]};

            g_array_append_val(history->bins, bin);
        }
    row->bins = history->bins->len - row->first;
}

void history_add(History *history, uint32_t replication, const Metric *metric,
                 uint64_t failures)
{
    HistoryRow row = {.replication = replication,
                      .count = metric->count,
                      .failures = failures,
                      .mean = metric_mean(metric)};

    if (metric->count > 1) {
        history->single = false;
        add_bins(history, &row, metric);
    }
    g_array_append_val(history->rows, row);
}

unsigned history_rows(const History *history, unsigned replications)
{
    unsigned low = 0, high = history->rows->len;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (history_row(history, middle)->replication < replications)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void history_pool(const History *history, unsigned replications, Metric *pooled)
{
    unsigned rows = history_rows(history, replications);

    for (unsigned r = 0; r < rows; r++) {
        const HistoryRow *row = history_row(history, r);

        if (row->count == 1)
            metric_add(pooled, (int64_t)row->mean);
        for (uint32_t i = 0; i < row->bins; i++) {
            const HistoryBin *bin =
                &g_array_index(history->bins, HistoryBin, row->first + i);

            metric_add_many(pooled, metric_bucket_middle(bin->bucket),
                            bin->count);
        }
    }
}
