/* store_schema.c - the tables of results.sqlite. */
#include "store_schema.h"
#include "plan_select.h"

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
    {"kind", "TEXT",
     "total (a run has one number of it), population (samples are weighted by "
     "time) or sample."},
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
    {"converged", "INTEGER",
     "1: the stopping rule was satisfied, or there is none."},
    END,
};

static const StoreColumn point_value[] = {
    {"point", "INTEGER", "Number of the point; those to come are here too."},
    {"axis", "INTEGER", "Number of the axis."},
    {"value", "TEXT", "As in a config file: \"5 %\"."},
    END,
};

#define RUN_KEY                                                                \
    {                                                                          \
        "run", "INTEGER", "Which run: point times 2^32, plus replication."     \
    }

static const StoreColumn run[] = {
    RUN_KEY,
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER",
     "From 0; the same one sees the same random "
     "numbers at every point."},
    {"fingerprint", "TEXT", "Hash of everything that was told in the run."},
    {"records", "INTEGER", "How many records that was."},
    {"ended", "INTEGER", "Simulated time of the last event, ns."},
    {"lossy", "INTEGER", "1: a line loses packets at random."},
    {"random", "INTEGER", "1: random numbers decided something in it."},
    END,
};

/* Of metrics that count: one number for each run. */
static const StoreColumn run_of_total[] = {
    {"", "INTEGER", "How many, in this run; NULL: it was not measured."},
    END,
};

/* In the order of store_metrics.c's enum. */
static const StoreColumn run_of_other[] = {
    {"", "REAL", "Mean, base unit, as the six that follow; NULL: no sample."},
    {".variance", "REAL", "Unbiased, base unit squared."},
    {".min", "INTEGER", "The least sample."},
    {".max", "INTEGER", "The greatest sample."},
    {".p50", "INTEGER", "Median: within 0.8 % of a sample of that rank."},
    {".p90", "INTEGER", "Nine of ten samples are no greater."},
    {".p99", "INTEGER", "99 of 100 samples are no greater."},
    {".count", "INTEGER",
     "Samples; of a population: ns that were measured; NULL: nothing "
     "happened."},
    {".failures", "INTEGER", "What failed, and is in no other column."},
    {".histogram", "BLOB", "Count, extremes, exact sums, histogram."},
    END,
};

static const StoreColumn value[] = {
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"metric", "INTEGER", "Number of the metric; no row: nothing happened."},
    {"count", "INTEGER", "Samples; of a population: ns; of a total: 1."},
    {"failures", "INTEGER", "What failed, and is in no other column."},
    {"mean", "REAL", "Base unit, as the six that follow; NULL: no sample."},
    {"variance", "REAL", "Unbiased, base unit squared."},
    {"min", "INTEGER", "The least sample; of a total: it, as the four next."},
    {"max", "INTEGER", "The greatest sample."},
    {"p50", "INTEGER", "Median."},
    {"p90", "INTEGER", "Nine of ten samples are no greater."},
    {"p99", "INTEGER", "99 of 100 samples are no greater."},
    {"histogram", "BLOB",
     "As in the table run; of a total: its number, which the functions of "
     "histograms take as one sample."},
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
    RUN_KEY,
    {"point", "INTEGER", "Number of the point."},
    {"replication", "INTEGER", "Number of the replication."},
    {"seconds", "REAL", "Of CPU time that it took."},
    {"events", "INTEGER", "That the engine ran."},
    END,
};

static const StoreColumn build[] =
    PAIR("compiler, threads, begun (UTC; when it was last resumed).");

#define PLAIN STORE_FORM_PLAIN, false, NULL, NULL

const StoreTable store_tables[] = {
    {"meta", "What this is.", "key", meta, PLAIN},
    {"file", "Every file that was read beside the experiment.", "name", file,
     PLAIN},
    {"metric", "The vocabulary: `firstbyte describe metrics`.", "metric",
     metric, PLAIN},
    {"axis", "What is swept.", "axis", axis, PLAIN},
    {"point", "What is run at each point that is done.", "point", point, PLAIN},
    {"point_value", "Where each point lies.", "point, axis", point_value,
     PLAIN},
    {"run",
     "Every run: one replication of one point, and what was measured: TOTAL "
     "and METRIC stand for the names of metrics, \"tcp.handshake.latency\".",
     "run", run, STORE_FORM_BY_RUN, false, run_of_total, run_of_other},
    {"sample", "With --samples: every sample of every run.",
     "point, replication", sample, PLAIN},
    {"series", "With [measure] sample: what is sampled in time.", "series",
     series, PLAIN},
    {"series_sample", "Every time series of every run.",
     "point, replication, series", series_sample, PLAIN},
    {"steady", "With [run] kind = steady: what its batches begin with.",
     "point, replication", steady, PLAIN},
    {"batch", "What a steady run's intervals rest on.",
     "point, replication, metric", batch, PLAIN},
    {"clock", "What each run cost.", "run", clock_columns, STORE_FORM_BY_RUN,
     true, NULL, NULL},
    {"build", "By what it was made, and when.", "key", build, STORE_FORM_PLAIN,
     true, NULL, NULL},
    {"value",
     "The metrics of the table run one below the other: every metric of every "
     "run.",
     "point, replication, metric", value, STORE_FORM_VIEW, false, NULL, NULL},
    {NULL, NULL, NULL, NULL, PLAIN},
};

/* --- tables --------------------------------------------------------------- */

/* NAME and SUFFIX together, "link a -- b.loss", as SQL writes a name. */
static void add_name(GString *sql, const char *name, const char *suffix)
{
    g_string_append_c(sql, '"');
    for (; *name != '\0'; name++) {
        if (*name == '"')
            g_string_append_c(sql, '"');
        g_string_append_c(sql, *name);
    }
    g_string_append_printf(sql, "%s\"", suffix);
}

static const StoreColumn *columns_of(const Plan *plan, const StoreTable *table,
                                     MetricId id)
{
    return plan_metric_is_total(plan, id) ? table->of_total : table->of_other;
}

static void add_table(GString *sql, const Plan *plan, const StoreTable *table)
{
    g_string_append_printf(sql, "CREATE TABLE %s(", table->name);
    for (const StoreColumn *c = table->columns; c->name != NULL; c++)
        g_string_append_printf(sql, "%s %s, ", c->name, c->type);
    for (MetricId id = 0; table->of_total != NULL && id < plan_metrics(plan);
         id++)
        for (const StoreColumn *c = columns_of(plan, table, id);
             c->name != NULL; c++) {
            add_name(sql, plan_metric_key(plan, id)->name, c->name);
            g_string_append_printf(sql, " %s, ", c->type);
        }
    g_string_append_printf(sql, "PRIMARY KEY(%s))%s;\n", table->key,
                           table->form == STORE_FORM_PLAIN ? " WITHOUT ROWID"
                                                           : "");
}

/* --- views ---------------------------------------------------------------- */

/* The column SUFFIX of run whose metric m.metric says; of a total TOTAL, or the
 * number itself if NULL. */
static void add_case(GString *sql, const Plan *plan, const char *suffix,
                     const char *total)
{
    g_string_append(sql, "CASE m.metric");
    for (MetricId id = 0; id < plan_metrics(plan); id++) {
        bool is_total = plan_metric_is_total(plan, id);

        if (is_total && total != NULL)
            continue;
        g_string_append_printf(sql, " WHEN %d THEN ", (int)id);
        add_name(sql, plan_metric_key(plan, id)->name, is_total ? "" : suffix);
    }
    if (total != NULL)
        g_string_append_printf(sql, " ELSE %s", total);
    g_string_append(sql, " END");
}

/* The columns of the view value after `metric`. */
static void add_values(GString *sql, const Plan *plan)
{
    static const struct {
        const char *name, *suffix, *total;
    } columns[] = {
        {"count", ".count", "1"}, {"failures", ".failures", "0"},
        {"mean", "", NULL},       {"variance", ".variance", "0.0"},
        {"min", ".min", NULL},    {"max", ".max", NULL},
        {"p50", ".p50", NULL},    {"p90", ".p90", NULL},
        {"p99", ".p99", NULL},    {"histogram", ".histogram", NULL},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++) {
        bool real = strcmp(columns[i].name, "mean") == 0;

        g_string_append(sql, real ? ", CAST(" : ", ");
        add_case(sql, plan, columns[i].suffix, columns[i].total);
        g_string_append_printf(sql, "%s AS %s", real ? " AS REAL)" : "",
                               columns[i].name);
    }
    g_string_append(sql, " FROM run r CROSS JOIN metric m WHERE ");
    add_case(sql, plan, ".count", NULL);
    g_string_append(sql, " IS NOT NULL;\n");
}

/* A row of SQLite has 2000 columns at most; the axes that are too many for the
 * view are in point_value like all others. */
enum { AXES_MOST = 1900 };

/* The long form with the metrics' names, and the swept keys as columns of their
 * own. */
static void add_results(GString *sql, const Plan *plan)
{
    g_string_append(sql, "CREATE VIEW results AS SELECT point, replication, ");
    for (unsigned i = 0; i < MIN(plan->axes->len, AXES_MOST); i++) {
        g_string_append_printf(sql,
                               "(SELECT a.value FROM point_value a WHERE "
                               "a.point = r.point AND a.axis = %u) AS ",
                               i);
        add_name(sql, plan_axis(plan, i)->target, "");
        g_string_append(sql, ", ");
    }
    g_string_append(sql, "m.name AS metric, m.unit AS unit");
    add_values(sql, plan);
}

char *store_schema_sql(const Plan *plan)
{
    GString *sql = g_string_new(NULL);

    g_string_append_printf(sql,
                           "PRAGMA application_id = %d;\n"
                           "PRAGMA user_version = %d;\n",
                           STORE_APPLICATION, STORE_SCHEMA);
    for (const StoreTable *table = store_tables; table->name != NULL; table++)
        if (table->form != STORE_FORM_VIEW)
            add_table(sql, plan, table);
    g_string_append(sql,
                    "CREATE UNIQUE INDEX metric_by_name ON metric(name);\n"
                    "CREATE VIEW value AS SELECT point, replication, m.metric "
                    "AS metric");
    add_values(sql, plan);
    add_results(sql, plan);
    return g_string_free(sql, FALSE);
}

const char store_index_sql[] =
    "CREATE UNIQUE INDEX IF NOT EXISTS run_by_point ON run(point, replication)";

char *store_insert_sql(const Plan *plan, const char *name)
{
    GString *sql = g_string_new(NULL);
    const StoreTable *table = store_tables;

    while (strcmp(table->name, name) != 0)
        table++;
    g_string_append_printf(sql, "INSERT INTO %s VALUES(?", name);
    for (const StoreColumn *c = table->columns + 1; c->name != NULL; c++)
        g_string_append(sql, ", ?");
    for (MetricId id = 0; table->of_total != NULL && id < plan_metrics(plan);
         id++)
        for (const StoreColumn *c = columns_of(plan, table, id);
             c->name != NULL; c++)
            g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}
