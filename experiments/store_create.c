/* store_create.c - makes a results folder, or takes one that is there. */
#include "store_internal.h"

#include <string.h>

#include "build.h"
#include "plan_select.h"

/* --- what is there before the first run ----------------------------------- */

/* One row of key and value into TABLE. */
static bool add_pair(const Store *store, const char *table, const char *key,
                     const char *value, GError **error)
{
    char *sql =
        g_strdup_printf("INSERT OR REPLACE INTO %s VALUES(?, ?)", table);
    sqlite3_stmt *statement = store_prepare(store, sql, error);
    bool good = statement != NULL;

    g_free(sql);
    if (good) {
        store_bind_text(statement, 1, key);
        store_bind_text(statement, 2, value);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

static const char *kind_of(const Plan *plan, MetricId id)
{
    if (plan_metric_is_total(plan, id))
        return "total";
    return plan_metric_is_population(plan, id) ? "population" : "sample";
}

static bool add_metrics(const Store *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare_insert(store, "metric", error);
    bool good = statement != NULL;

    for (MetricId id = 0; good && id < plan_metrics(store->plan); id++) {
        const MetricKey *key = plan_metric_key(store->plan, id);

        sqlite3_bind_int(statement, 1, (int)id);
        store_bind_text(statement, 2, key->name);
        store_bind_text(statement, 3, kind_of(store->plan, id));
        store_bind_text(statement, 4, quantity_kind_name(key->unit));
        store_bind_text(statement, 5, key->sentence);
        store_bind_text(statement, 6, key->source);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool add_axes(const Store *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare_insert(store, "axis", error);
    bool good = statement != NULL;

    for (unsigned i = 0; good && i < store->plan->axes->len; i++) {
        sqlite3_bind_int(statement, 1, (int)i);
        store_bind_text(statement, 2, plan_axis(store->plan, i)->target);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

bool store_set_meta(const Store *store, const char *key, const char *value,
                    GError **error)
{
    return add_pair(store, "meta", key, value, error);
}

static bool add_meta(const Store *store, const char *digest, GError **error)
{
    const ExperimentConfig *experiment = &store->plan->experiment;
    char *schema = g_strdup_printf("%d", STORE_SCHEMA);
    char *seed =
        g_strdup_printf("%" G_GUINT64_FORMAT, store->plan->replicate.seed);
    const char *const pairs[][2] = {
        {"schema", schema},
        {"version", build_version()},
        {"title", experiment->title != NULL ? experiment->title : ""},
        {"question", experiment->question != NULL ? experiment->question : ""},
        {"seed", seed},
        {"experiment", digest},
        {"samples", store->samples ? "yes" : "no"},
        {"whole", "no"},
    };
    bool good = true;

    for (unsigned i = 0; good && i < G_N_ELEMENTS(pairs); i++)
        good = store_set_meta(store, pairs[i][0], pairs[i][1], error);
    g_free(schema);
    g_free(seed);
    return good;
}

static bool add_build(const Store *store, unsigned threads, GError **error)
{
    GDateTime *now = g_date_time_new_now_utc();
    char *when = g_date_time_format_iso8601(now);
    char *count = g_strdup_printf("%u", threads);
    bool good = add_pair(store, "build", "compiler", build_compiler(), error) &&
                add_pair(store, "build", "threads", count, error) &&
                add_pair(store, "build", "begun", when, error);

    g_free(count);
    g_free(when);
    g_date_time_unref(now);
    return good;
}

static bool add_point_values(const Store *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare_insert(store, "point_value", error);
    bool good = statement != NULL;

    for (unsigned number = 0; good && number < store->plan->points; number++)
        for (unsigned i = 0; good && i < store->plan->axes->len; i++) {
            sqlite3_bind_int64(statement, 1, number);
            sqlite3_bind_int(statement, 2, (int)i);
            store_bind_text(statement, 3, plan_value(store->plan, number, i));
            good = store_step(store, statement, error);
        }
    sqlite3_finalize(statement);
    return good;
}

static bool fill_new(Store *store, const char *text, const char *digest,
                     GError **error)
{
    char *schema = store_schema_sql(store->plan);
    bool good =
        store_write_files(store, text, error) && store_begin(store, error) &&
        store_execute(store, schema, error) && add_meta(store, digest, error) &&
        add_metrics(store, error) && add_axes(store, error) &&
        add_point_values(store, error) && store_series_add_keys(store, error) &&
        store_add_file_rows(store, error) &&
        store_execute(store, "COMMIT", error);

    g_free(schema);
    return good;
}

/* --- taking it ------------------------------------------------------------ */

static bool prepare_all(Store *store, GError **error)
{
    return (store->add_run = store_prepare_insert(store, "run", error)) &&
           (store->add_sample = store_prepare_insert(store, "sample", error)) &&
           (store->add_clock = store_prepare_insert(store, "clock", error)) &&
           (store->add_point = store_prepare_insert(store, "point", error)) &&
           (store->find_point = store_prepare(
                store, "SELECT 1 FROM point WHERE point = ?", error));
}

static bool open_to_write(Store *store, GError **error)
{
    return store_open_database(
        store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
}

/* With the lock: nobody else writes. */
static bool take(Store *store, const StoreOptions *options, GError **error)
{
    char *text = store_experiment_text(store->plan);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    StoreFound found = open_to_write(store, error)
                           ? store_look(store, text, digest, options, error)
                           : STORE_FOUND_REFUSED;
    bool good = found != STORE_FOUND_REFUSED;

    if (found == STORE_FOUND_OLD) {
        sqlite3_close(store->db);
        store->db = NULL;
        store_remove_results(store->folder);
        good = open_to_write(store, error);
    }
    if (good && found != STORE_FOUND_RESUMED)
        good = fill_new(store, text, digest, error);
    good = good && store_begin(store, error) &&
           add_build(store, options->threads, error) &&
           prepare_all(store, error);
    if (good && found == STORE_FOUND_RESUMED)
        store->samples = store_meta_is(store, "samples", "yes");
    good = good && (store_prepare_finds(store) ||
                    store_fail(store, "cannot be read", error));
    g_free(text);
    g_free(digest);
    return good;
}

Store *store_create(const char *folder, const Plan *plan,
                    const StoreOptions *options, GError **error)
{
    Store *store = g_new0(Store, 1);

    store->folder = g_strdup(folder);
    store->plan = plan;
    store->samples = options->samples;
    store->lock = -1;
    if (store_may_use(folder, error) && store_make_folder(folder, error) &&
        (store->lock = store_lock_take(folder, error)) >= 0 &&
        take(store, options, error))
        return store;
    store_free(store);
    return NULL;
}
