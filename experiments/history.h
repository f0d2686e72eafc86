/* history.h - what each replication of a point said of one metric, in their
 * order: what pairing and resampling need.  Kept while the point is open; its
 * size is that of the replications' histograms without their empty buckets. */
#ifndef FIRSTBYTE_EXPERIMENTS_HISTORY_H
#define FIRSTBYTE_EXPERIMENTS_HISTORY_H

#include "sim/metric.h"

/* A bucket of sim/metric.h that is not empty. */
typedef struct HistoryBin {
    int32_t bucket;
    uint64_t count;
} HistoryBin;

/* A replication that has samples or failures. */
typedef struct HistoryRow {
    uint32_t replication;
    uint32_t first, bins; /* of History.bins; none for a single sample */
    uint64_t count, failures;
    double mean; /* of its samples; 0 without */
} HistoryRow;

typedef struct History {
    GArray *rows; /* of HistoryRow, by replication */
    GArray *bins; /* of HistoryBin */
    bool single;  /* no replication has more than one sample */
} History;

History *history_new(void);
void history_free(History *history); /* NULL: no-op */
/* Adds REPLICATION, which is later than all others. */
void history_add(History *history, uint32_t replication, const Metric *metric,
                 uint64_t failures);
/* How many of the rows are of the first REPLICATIONS. */
unsigned history_rows(const History *history, unsigned replications);
/* Adds the samples of the first REPLICATIONS to POOLED, to within a bucket. */
void history_pool(const History *history, unsigned replications,
                  Metric *pooled);
static inline const HistoryRow *history_row(const History *history, unsigned i)
{
    return &g_array_index(history->rows, HistoryRow, i);
}

#endif
