/* store_schema.c - the tables of results.sqlite. */
#include "store_schema.h"

#include <string.h>

#define END                                                                    \
    {                                                                          \
        NULL, NULL, NULL                                                       \
    }
#define PAIR(what)                                                             \
    {                                                                          \
        {"key", "TEXT", what}, {"value", "TEXT", "Its value."}, END            \
    }

static const StoreColumn meta[] =
    PAIR("schema (this one's number), version (of firstbyte), title, seed, "
         "experiment (SHA-256 of experiment.ini without its heading), samples "
         "(yes: the table sample is filled), whole (yes: every run was made).");

static const StoreColumn file[] = {
    {"name", "TEXT", "The file, in the results folder."},
    {"sha256", "TEXT", "Of its content, in hexadecimal."},
    {"bytes", "INTEGER", "Its length."},
    END,
};

static const StoreColumn metric[] = {
    {"metric", "INTEGER", "Number of the metric, in this database."},
    {"name", "TEXT", "\"tcp.handshake.latency\"."},
    {"unit", "TEXT",
     "What kind of quantity: a time is in ns, a rate in bit/s, bytes in B."},
    {"sentence", "TEXT", "What is measured."},
    {"source", "TEXT", "Where it is defined, or empty."},
    END,
};

static const StoreColumn axis[] = {
    {"axis", "INTEGER", "Number of the axis; the last varies fastest."},
    {"target", "TEXT", "The key that is swept: \"link home -- isp.loss\"."},
    END,
};

static const StoreColumn point[] = {
    {"point", "INTEGER", "Number of the point; a row appears when it is done."},
    {"config", "TEXT", "Every key of topology and workloads at this point."},
    {"replications", "INTEGER", "How many runs it was given."},
    {"lossy", "INTEGER", "1: a line loses packets at random."},
    {"converged", "INTEGER", "1: the stopping rule was satisfied."},
    END,
};

static const StoreColumn point_value[] = {
    {"point", "INTEGER", "Number of the point; those to come are here too."},
    {"axis", "INTEGER", "Number of the axis."},
    {"value", "TEXT", "As in a config file: \"5 %\"."},
    END,
};

static const StoreColumn run[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER",
     "From 0; the same one sees the same random "
     "numbers at every point."},
    {"fingerprint", "TEXT", "Hash of everything that was told in the run."},
    {"records", "INTEGER", "How many records that was."},
    {"ended", "INTEGER", "Simulated time of the last event, ns."},
    {"lossy", "INTEGER", "1: a line loses packets at random."},
    END,
};

static const StoreColumn value[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"metric", "INTEGER", "Number of the metric; no row: nothing happened."},
    {"count", "INTEGER", "Samples; of a population: ns that were measured."},
    {"failures", "INTEGER", "What failed, and is in no other column."},
    {"mean", "REAL", "Base unit, as the six that follow; NULL: no sample."},
    {"variance", "REAL", "Unbiased, base unit squared."},
    {"min", "INTEGER", "The least sample."},
    {"max", "INTEGER", "The greatest sample."},
    {"p50", "INTEGER", "Median: within 0.8 % of a sample of that rank."},
    {"p90", "INTEGER", "Nine of ten samples are no greater."},
    {"p99", "INTEGER", "99 of 100 samples are no greater."},
    {"histogram", "BLOB", "Count, extremes, exact sums, histogram."},
    END,
};

static const StoreColumn sample[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"samples", "BLOB",
     "Pairs of int64, little-endian: metric, value, in the "
     "order in which they came."},
    END,
};

static const StoreColumn series[] = {
    {"series", "INTEGER", "Number of the time series."},
    {"name", "TEXT", "\"tcp.cwnd(web:80)\"."},
    {"unit", "TEXT", "What kind of quantity, as in the table metric."},
    {"sentence", "TEXT", "What is sampled."},
    {"every", "INTEGER", "Distance of its values, ns."},
    {"first", "INTEGER", "Simulated time of the first of them, ns."},
    END,
};

static const StoreColumn series_sample[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"series", "INTEGER", "Number of the time series."},
    {"samples", "BLOB",
     "Its values one after the other, IEEE 754 doubles, "
     "little-endian; NaN: nothing was there."},
    END,
};

static const StoreColumn steady[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"warmup", "INTEGER", "Simulated time from which on it was measured, ns."},
    {"settled", "INTEGER", "0: mser-5 has found no end of the warm-up."},
    END,
};

static const StoreColumn batch[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"metric", "INTEGER", "Number of the metric."},
    {"size", "INTEGER", "Observations in each batch."},
    {"separate", "INTEGER", "0: neighbouring batches are still alike."},
    {"correlation", "REAL", "Of neighbouring means, estimated."},
    {"means", "BLOB",
     "The batches' means in the order of the run, IEEE 754 doubles, "
     "little-endian."},
    END,
};

static const StoreColumn clock_columns[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"seconds", "REAL", "That the computer took."},
    {"events", "INTEGER", "That the engine ran."},
    END,
};

static const StoreColumn build[] =
    PAIR("compiler, threads, begun (UTC; when it was last resumed).");

const StoreTable store_tables[] = {
    {"meta", "What this is.", "key", meta, false},
    {"file", "Every file that was read beside the experiment.", "name", file,
     false},
    {"metric", "The vocabulary: `firstbyte describe metrics`.", "metric",
     metric, false},
    {"axis", "What is swept.", "axis", axis, false},
    {"point", "What is run at each point that is done.", "point", point, false},
    {"point_value", "Where each point lies.", "point, axis", point_value,
     false},
    {"run", "Every run: one replication of one point.", "point, replication",
     run, false},
    {"value", "Every metric of every run.", "point, replication, metric", value,
     false},
    {"sample", "With --samples: every sample of every run.",
     "point, replication", sample, false},
    {"series", "With [measure] sample: what is sampled in time.", "series",
     series, false},
    {"series_sample", "Every time series of every run.",
     "point, replication, series", series_sample, false},
    {"steady", "With [run] kind = steady: what its batches begin with.",
     "point, replication", steady, false},
    {"batch", "What a steady run's intervals rest on.",
     "point, replication, metric", batch, false},
    {"clock", "What each run cost.", "point, replication", clock_columns, true},
    {"build", "By what it was made, and when.", "key", build, true},
    {NULL, NULL, NULL, NULL, false},
};

static void add_table(GString *sql, const StoreTable *table)
{
    g_string_append_printf(sql, "CREATE TABLE %s(", table->name);
    for (const StoreColumn *c = table->columns; c->name != NULL; c++)
        g_string_append_printf(sql, "%s %s, ", c->name, c->type);
    g_string_append_printf(sql, "PRIMARY KEY(%s)) WITHOUT ROWID;\n",
                           table->key);
}

/* "link a -- b.loss" as SQL writes a name. */
static void add_name(GString *sql, const char *name)
{
    g_string_append_c(sql, '"');
    for (; *name != '\0'; name++) {
        if (*name == '"')
            g_string_append_c(sql, '"');
        g_string_append_c(sql, *name);
    }
    g_string_append_c(sql, '"');
}

/* Each metric of each run, the swept keys as columns of their own. */
static void add_view(GString *sql, const Plan *plan)
{
    g_string_append(sql, "CREATE VIEW results AS SELECT point, replication, ");
    for (unsigned i = 0; i < plan->axes->len; i++) {
        g_string_append_printf(sql,
                               "(SELECT a.value FROM point_value a WHERE "
                               "a.point = v.point AND a.axis = %u) AS ",
                               i);
        add_name(sql, plan_axis(plan, i)->target);
        g_string_append(sql, ", ");
    }
    g_string_append(sql,
                    "m.name AS metric, m.unit AS unit, count, failures, mean, "
                    "variance, min, max, p50, p90, p99, histogram "
                    "FROM value v JOIN metric m ON m.metric = v.metric;\n");
}

char *store_schema_sql(const Plan *plan)
{
    GString *sql = g_string_new(NULL);

    g_string_append_printf(sql,
                           "PRAGMA application_id = %d;\n"
                           "PRAGMA user_version = %d;\n",
                           STORE_APPLICATION, STORE_SCHEMA);
    for (const StoreTable *table = store_tables; table->name != NULL; table++)
        add_table(sql, table);
    g_string_append(sql,
                    "CREATE UNIQUE INDEX metric_by_name ON metric(name);\n");
    add_view(sql, plan);
    return g_string_free(sql, FALSE);
}

const char store_index_sql[] =
    "CREATE INDEX IF NOT EXISTS value_by_metric ON value(metric)";

char *store_insert_sql(const char *table)
{
    GString *sql = g_string_new(NULL);
    const StoreTable *found = store_tables;

    while (strcmp(found->name, table) != 0)
        found++;
    g_string_append_printf(sql, "INSERT INTO %s VALUES(?", table);
    for (const StoreColumn *c = found->columns + 1; c->name != NULL; c++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}
