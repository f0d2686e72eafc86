/* metric.c - exact sums, the histogram and its compact form; see metric.h. */
#include "metric.h"

#include <math.h>
#include <string.h>

typedef unsigned __int128 Wide;

enum {
    OCTAVE = 64,     /* buckets for each doubling */
    OCTAVE_BITS = 6, /* 2^6 = 64 */
    VERSION = 1,
};

/* --- buckets -------------------------------------------------------------- */

static uint64_t magnitude(int64_t sample)
{
    return sample < 0 ? -(uint64_t)sample : (uint64_t)sample;
}

int32_t metric_bucket(int64_t sample)
{
    uint64_t size = magnitude(sample);
    int shift = 63 - __builtin_clzll(size | 1) - OCTAVE_BITS;
    int32_t bucket;

    shift = MAX(shift, 0);
    bucket = shift * OCTAVE + (int32_t)(size >> shift);
    return sample < 0 ? -bucket : bucket;
}

int64_t metric_bucket_middle(int32_t bucket)
{
    int32_t size = ABS(bucket), shift = MAX(size / OCTAVE - 1, 0);
    uint64_t low = (uint64_t)(size - shift * OCTAVE) << shift;
    uint64_t middle = low + (((uint64_t)1 << shift) >> 1);

    /* Only the bucket of INT64_MIN itself reaches further. */
    middle = MIN(middle, (uint64_t)INT64_MAX);
    return bucket < 0 ? -(int64_t)middle : (int64_t)middle;
}

/* The least magnitude in bucket SIZE, which is not below zero. */
static uint64_t least_of(int32_t size)
{
    int32_t shift = MAX(size / OCTAVE - 1, 0);

    return (uint64_t)(size - shift * OCTAVE) << shift;
}

int64_t metric_bucket_low(int32_t bucket)
{
    return bucket < 0 ? -metric_bucket_high(-bucket)
                      : (int64_t)MIN(least_of(bucket), (uint64_t)INT64_MAX);
}

int64_t metric_bucket_high(int32_t bucket)
{
    return bucket < 0
               ? -metric_bucket_low(-bucket)
               : (int64_t)MIN(least_of(bucket + 1) - 1, (uint64_t)INT64_MAX);
}

/* Makes room for buckets LOW .. HIGH, in steps of half an octave. */
static void make_room(Metric *metric, int32_t low, int32_t high)
{
    int32_t first = low & ~31, end = (high | 31) + 1, len;
    uint64_t *buckets;

    if (metric->len != 0) {
        if (low >= metric->first && high < metric->first + metric->len)
            return;
        first = MIN(first, metric->first);
        end = MAX(end, metric->first + metric->len);
    }
    len = end - first;
    buckets = g_new0(uint64_t, len);
    if (metric->len != 0)
        memcpy(buckets + (metric->first - first), metric->buckets,
               (size_t)metric->len * sizeof *buckets);
    g_free(metric->buckets);
    metric->buckets = buckets;
    metric->first = first;
    metric->len = len;
}

/* --- samples -------------------------------------------------------------- */

void metric_init(Metric *metric) { *metric = (Metric){0}; }

void metric_clear(Metric *metric)
{
    g_free(metric->buckets);
    metric_init(metric);
}

static void widen(Metric *metric, int64_t min, int64_t max)
{
    if (metric->count == 0) {
        metric->min = min;
        metric->max = max;
    } else {
        metric->min = MIN(metric->min, min);
        metric->max = MAX(metric->max, max);
    }
}

void metric_add_many(Metric *metric, int64_t sample, uint64_t times)
{
    int32_t bucket = metric_bucket(sample);
    Wide size = magnitude(sample);

    if (times == 0)
        return;
    make_room(metric, bucket, bucket);
    metric->buckets[bucket - metric->first] += times;
    widen(metric, sample, sample);
    metric->count += times;
    metric->sum += (__int128)sample * (__int128)times;
    metric->squares += size * size * times;
}

void metric_add(Metric *metric, int64_t sample)
{
    metric_add_many(metric, sample, 1);
}

void metric_merge(Metric *into, const Metric *from)
{
    int32_t low = metric_bucket(from->min), high = metric_bucket(from->max);
    const uint64_t *add;
    uint64_t *sum;

    if (from->count == 0)
        return;
    make_room(into, low, high);
    add = from->buckets + (low - from->first);
    sum = into->buckets + (low - into->first);
    for (int32_t i = 0; i <= high - low; i++)
        sum[i] += add[i];
    widen(into, from->min, from->max);
    into->count += from->count;
    into->sum += from->sum;
    into->squares += from->squares;
}

/* --- what they say -------------------------------------------------------- */

/* The mean is QUOTIENT + REST / count, 0 <= REST < count. */
static __int128 floor_mean(const Metric *metric, uint64_t *rest)
{
    __int128 count = metric->count, quotient = metric->sum / count;
    __int128 left = metric->sum - quotient * count;

    if (left < 0) {
        left += count;
        quotient--;
    }
    *rest = (uint64_t)left;
    return quotient;
}

double metric_mean(const Metric *metric)
{
    uint64_t rest;
    __int128 quotient;

    if (metric->count == 0)
        return 0;
    quotient = floor_mean(metric, &rest);
    return (double)quotient + (double)rest / (double)metric->count;
}

double metric_variance(const Metric *metric)
{
    Wide n = metric->count, q, around_q;
    uint64_t rest;
    double n_real = (double)metric->count;

    if (metric->count < 2)
        return 0;
    /* With the mean q + r / n, the squared distances from q add up to
     * squares - n q^2 - 2 q r, which is right modulo 2^128 and fits. */
    q = (Wide)floor_mean(metric, &rest);
    around_q = metric->squares - n * q * q - 2 * q * rest;
    return ((double)around_q - (double)rest * ((double)rest / n_real)) /
           (n_real - 1);
}

int64_t metric_quantile(const Metric *metric, double p)
{
    /* 0.07 * 100 is a little more than 7 and means 7. */
    double wanted = ceil(p * (double)metric->count * (1 - 1e-12));
    uint64_t seen = 0;

    if (metric->count == 0)
        return 0;
    if (wanted <= 1)
        return metric->min;
    if (wanted >= (double)metric->count)
        return metric->max;
    for (int32_t i = 0; i < metric->len; i++) {
        seen += metric->buckets[i];
        if (seen >= (uint64_t)wanted)
            return CLAMP(metric_bucket_middle(metric->first + i), metric->min,
                         metric->max);
    }
    g_assert_not_reached();
}

bool metric_next(const Metric *metric, int32_t *bucket, int64_t *sample,
                 uint64_t *count)
{
    for (; *bucket < metric->len; ++*bucket) {
        *count = metric->buckets[*bucket];
        if (*count == 0)
            continue;
        *sample = CLAMP(metric_bucket_middle(metric->first + *bucket),
                        metric->min, metric->max);
        ++*bucket;
        return true;
    }
    return false;
}

/* --- the compact form ----------------------------------------------------- */

enum {
    SHORT_MOST = (64 + 6) / 7, /* bytes of a number of 64 bits, of 128 */
    LONG_MOST = (128 + 6) / 7,
};

/* Both write NUMBER to AT, and give what is behind it. */
static uint8_t *write_short(uint8_t *at, uint64_t number)
{
    for (; number >= 128; number >>= 7)
        *at++ = (uint8_t)(number | 128);
    *at++ = (uint8_t)number;
    return at;
}

static uint8_t *write_number(uint8_t *at, Wide number)
{
    for (; number > UINT64_MAX; number >>= 7)
        *at++ = (uint8_t)((uint8_t)number | 128);
    return write_short(at, (uint64_t)number);
}

static uint8_t *write_signed(uint8_t *at, __int128 number)
{
    return write_number(at, (Wide)number << 1 ^ (number < 0 ? ~(Wide)0 : 0));
}

static uint8_t *write_buckets(uint8_t *at, const Metric *metric)
{
    int32_t last = -1;

    for (int32_t i = 0; i < metric->len; i++) {
        if (metric->buckets[i] == 0)
            continue;
        if (last < 0)
            at = write_signed(at, metric->first + i);
        else
            at = write_short(at, (uint64_t)(i - last));
        at = write_short(at, metric->buckets[i]);
        last = i;
    }
    return at;
}

void metric_append_bytes(const Metric *metric, GByteArray *to)
{
    guint before = to->len;
    /* Version, count, min, max; sum, squares; distances and counts. */
    guint most =
        4 * SHORT_MOST + 2 * LONG_MOST + (guint)metric->len * 2 * SHORT_MOST;
    uint8_t *at;

    g_byte_array_set_size(to, before + most);
    at = write_short(to->data + before, VERSION);
    at = write_short(at, metric->count);
    if (metric->count != 0) {
        at = write_signed(at, metric->min);
        at = write_signed(at, metric->max);
        at = write_signed(at, metric->sum);
        at = write_number(at, metric->squares);
        at = write_buckets(at, metric);
    }
    g_byte_array_set_size(to, (guint)(at - to->data));
}

GBytes *metric_to_bytes(const Metric *metric)
{
    GByteArray *to = g_byte_array_new();

    metric_append_bytes(metric, to);
    return g_byte_array_free_to_bytes(to);
}

typedef struct Reader {
    const uint8_t *at, *end;
    bool good; /* no number was cut short or too great so far */
} Reader;

/* A number up to LIMIT; 0 when there is none. */
static Wide read_number(Reader *from, Wide limit)
{
    Wide number = 0;

    for (unsigned shift = 0; from->at < from->end && shift < 128; shift += 7) {
        uint8_t byte = *from->at++;

        number |= (Wide)(byte & 127) << shift;
        if (byte >> 7)
            continue;
        /* Too great, or with zeros in front: not what we write. */
        if (number > limit || (shift == 126 && byte > 3) ||
            (shift != 0 && byte == 0))
            break;
        return number;
    }
    from->good = false;
    return 0;
}

/* A signed number from LOW to HIGH. */
static __int128 read_signed(Reader *from, __int128 low, __int128 high)
{
    Wide zigzag = read_number(from, ~(Wide)0);
    __int128 number = (__int128)(zigzag >> 1 ^ (zigzag & 1 ? ~(Wide)0 : 0));

    if (number >= low && number <= high)
        return number;
    from->good = false;
    return 0;
}

/* The buckets, which must lie between those of min and max, both of these not
 * empty, and hold what `count` says. */
static bool read_buckets(Reader *from, Metric *metric)
{
    int32_t low = metric_bucket(metric->min), high = metric_bucket(metric->max);
    int32_t b = (int32_t)read_signed(from, low, low);
    uint64_t left = metric->count;

    make_room(metric, low, high);
    while (from->good) {
        uint64_t count = (uint64_t)read_number(from, left);

        if (count == 0)
            return false;
        metric->buckets[b - metric->first] = count;
        left -= count;
        if (from->at == from->end)
            return from->good && left == 0 && b == high;
        b += (int32_t)read_number(from, (Wide)(high - b));
        if (metric->buckets[b - metric->first] != 0)
            return false;
    }
    return false;
}

static bool read_metric(Reader *from, Metric *metric)
{
    const __int128 most = (__int128)(~(Wide)0 >> 1);

    if (read_number(from, VERSION) != VERSION)
        return false;
    metric->count = (uint64_t)read_number(from, UINT64_MAX);
    if (metric->count == 0)
        return from->good && from->at == from->end;
    metric->min = (int64_t)read_signed(from, INT64_MIN, INT64_MAX);
    metric->max = (int64_t)read_signed(from, metric->min, INT64_MAX);
    metric->sum = read_signed(from, -most - 1, most);
    metric->squares = read_number(from, ~(Wide)0);
    return from->good && metric->sum >= (__int128)metric->min * metric->count &&
           metric->sum <= (__int128)metric->max * metric->count &&
           read_buckets(from, metric);
}

bool metric_from_bytes(Metric *metric, const uint8_t *bytes, size_t len)
{
    Reader from = {bytes, bytes + len, true};

    metric_init(metric);
    if (read_metric(&from, metric))
        return true;
    metric_clear(metric);
    return false;
}
