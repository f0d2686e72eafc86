/* run_bytes.c - writes and reads a result, field by field. */
#include "run_bytes.h"

#include <string.h>

enum { MAGIC = 0x31524246 }; /* "FBR1" */

/* --- writing -------------------------------------------------------------- */

static void put_bytes(GByteArray *out, const void *bytes, size_t len)
{
    g_byte_array_append(out, bytes, (guint)len);
}

static void put(GByteArray *out, uint64_t value)
{
    uint64_t little = GUINT64_TO_LE(value);

    put_bytes(out, &little, sizeof little);
}

static void put_double(GByteArray *out, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put(out, bits);
}

/* A length, then so many bytes. */
static void put_metric(GByteArray *out, const Metric *metric)
{
    GBytes *bytes = metric_to_bytes(metric);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);

    put(out, len);
    put_bytes(out, data, len);
    g_bytes_unref(bytes);
}

static void put_samples(GByteArray *out, const GArray *samples)
{
    put(out, samples != NULL);
    if (samples == NULL)
        return;
    put(out, samples->len);
    for (unsigned i = 0; i < samples->len; i++) {
        const MeasureSample *one = &g_array_index(samples, MeasureSample, i);

        put(out, one->metric);
        put(out, (uint64_t)one->value);
    }
}

/* How many there are, then each. */
static void put_doubles(GByteArray *out, const GArray *values)
{
    put(out, values->len);
    for (unsigned i = 0; i < values->len; i++)
        put_double(out, g_array_index(values, double, i));
}

/* How many arrays, then each. */
static void put_series(GByteArray *out, const GPtrArray *series)
{
    put(out, series != NULL);
    if (series == NULL)
        return;
    put(out, series->len);
    for (unsigned i = 0; i < series->len; i++)
        put_doubles(out, g_ptr_array_index(series, i));
}

static void put_steady(GByteArray *out, const Steady *steady)
{
    put(out, steady != NULL);
    if (steady == NULL)
        return;
    put(out, (uint64_t)steady->warmup);
    put(out, steady->settled);
    put(out, steady->metrics->len);
    for (unsigned i = 0; i < steady->metrics->len; i++) {
        const SteadyMetric *one =
            &g_array_index(steady->metrics, SteadyMetric, i);

        put(out, one->metric);
        put(out, one->batches.size);
        put(out, one->batches.separate);
        put_double(out, one->batches.correlation);
        put_doubles(out, one->batches.means);
    }
}

GByteArray *run_result_to_bytes(const RunResult *result)
{
    GByteArray *out = g_byte_array_new();

    put(out, MAGIC);
    put(out, result->point);
    put(out, result->replication);
    put_bytes(out, result->fingerprint, sizeof result->fingerprint);
    put(out, result->records);
    put(out, (uint64_t)result->ended);
    put(out, result->lossy);
    put(out, result->random);
    put(out, result->events);
    put_double(out, result->seconds);
    put(out, result->metric_count);
    for (MetricId id = 0; id < result->metric_count; id++) {
        put(out, result->failures[id]);
        put_metric(out, &result->metrics[id]);
    }
    put_samples(out, result->samples);
    put_series(out, result->series);
    put_steady(out, result->steady);
    return out;
}

/* --- reading -------------------------------------------------------------- */

/* What is left to read; `bad` when it was too little. */
typedef struct Reader {
    const uint8_t *at;
    size_t left;
    bool bad;
} Reader;

static const uint8_t *get_bytes(Reader *in, size_t len)
{
    const uint8_t *at = in->at;

    if (in->bad || len > in->left) {
        in->bad = true;
        return NULL;
    }
    in->at += len;
    in->left -= len;
    return at;
}

static uint64_t get(Reader *in)
{
    const uint8_t *bytes = get_bytes(in, sizeof(uint64_t));
    uint64_t little = 0;

    if (bytes != NULL)
        memcpy(&little, bytes, sizeof little);
    return GUINT64_FROM_LE(little);
}

static double get_double(Reader *in)
{
    uint64_t bits = get(in);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void get_metric(Reader *in, Metric *metric)
{
    size_t len = get(in);
    const uint8_t *bytes = get_bytes(in, len);

    if (bytes != NULL && !metric_from_bytes(metric, bytes, len))
        in->bad = true;
}

/* RESULT has none so far. */
static void get_metrics(Reader *in, RunResult *result)
{
    uint64_t count = get(in);

    if (count > in->left / sizeof(uint64_t)) { /* each takes more than that */
        in->bad = true;
        return;
    }
    result->metric_count = (unsigned)count;
    result->metrics = g_renew(Metric, result->metrics, count);
    result->failures = g_renew(uint64_t, result->failures, count);
    for (uint64_t id = 0; id < count; id++) {
        metric_init(&result->metrics[id]);
        result->failures[id] = get(in);
        get_metric(in, &result->metrics[id]);
    }
}

static GArray *get_samples(Reader *in)
{
    GArray *samples;
    uint64_t count;

    if (get(in) == 0)
        return NULL;
    samples = g_array_new(FALSE, FALSE, sizeof(MeasureSample));
    count = get(in);
    for (uint64_t i = 0; i < count && !in->bad; i++) {
        MeasureSample one = {0};

        one.metric = (uint16_t)get(in);
        one.value = (int64_t)get(in);
        g_array_append_val(samples, one);
    }
    return samples;
}

static GArray *get_doubles(Reader *in)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    uint64_t count = get(in);

    for (uint64_t i = 0; i < count && !in->bad; i++) {
        double value = get_double(in);

        g_array_append_val(values, value);
    }
    return values;
}

static GPtrArray *get_series(Reader *in)
{
    GPtrArray *series;
    uint64_t arrays;

    if (get(in) == 0)
        return NULL;
    series = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    arrays = get(in);
    for (uint64_t i = 0; i < arrays && !in->bad; i++)
        g_ptr_array_add(series, get_doubles(in));
    return series;
}

static Steady *get_steady(Reader *in)
{
    Steady *steady;
    SimTime warmup;
    uint64_t count;

    if (get(in) == 0)
        return NULL;
    warmup = (SimTime)get(in);
    steady = steady_empty(warmup, get(in) != 0);
    count = get(in);
    for (uint64_t i = 0; i < count && !in->bad; i++) {
        SteadyMetric one = {.metric = (MetricId)get(in)};

        one.batches.size = (unsigned)get(in);
        one.batches.separate = get(in) != 0;
        one.batches.correlation = get_double(in);
        one.batches.means = get_doubles(in);
        steady_add(steady, one);
    }
    return steady;
}

static void get_result(Reader *in, RunResult *result)
{
    const uint8_t *text;

    in->bad = get(in) != MAGIC;
    result->point = (unsigned)get(in);
    result->replication = (uint32_t)get(in);
    text = get_bytes(in, sizeof result->fingerprint);
    if (text != NULL)
        memcpy(result->fingerprint, text, sizeof result->fingerprint);
    result->records = get(in);
    result->ended = (SimTime)get(in);
    result->lossy = get(in) != 0;
    result->random = get(in) != 0;
    result->events = get(in);
    result->seconds = get_double(in);
    get_metrics(in, result);
    result->samples = get_samples(in);
    result->series = get_series(in);
    result->steady = get_steady(in);
    in->bad = in->bad || in->left > 0;
}

RunResult *run_result_from_bytes(const uint8_t *bytes, size_t len)
{
    RunResult *result = run_result_new(0, 0, 0);
    Reader in = {.at = bytes, .left = len};

    get_result(&in, result);
    if (!in.bad)
        return result;
    run_result_free(result);
    return NULL;
}
