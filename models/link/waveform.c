/* waveform.c - the line and the receiver; see waveform.h. */
#include "waveform.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/wire/ethernet.h"

unsigned waveform_oversampling(LineCode code)
{
    return code == LINE_MANCHESTER ? 4 : 8;
}

/* The energy of a bit on average, in samples: levels of 1 for two symbols, for
 * half of one symbol, for half of a symbol and a quarter. */
static double bit_energy(LineCode code)
{
    static const double symbols[LINE_CODES] = {
        [LINE_MANCHESTER] = 2, [LINE_NRZ] = 0.5, [LINE_MLT3] = 0.625};

    return symbols[code] * waveform_oversampling(code);
}

void waveform_init(Waveform *waveform, LineCode code, double eb_n0,
                   double offset, double rise)
{
    *waveform = (Waveform){.code = code, .smoothing = 1};
    /* White noise of density N0 has the variance N0 / 2 in each sample.  In
     * single precision, as libm's last bits differ from machine to machine. */
    waveform->deviation = (double)(float)sqrt(bit_energy(code) / (2 * eb_n0));
    /* A pole rises from 10 % to 90 % in ln 9 of its time constants. */
    if (rise > 0)
        waveform->smoothing = (double)(float)-expm1(
            -log(9) / (rise * waveform_oversampling(code)));
    waveform->sample_step = (int64_t)(4294967296. / (1 + offset) + 0.5);
}

/* --- the line ------------------------------------------------------------- */

/* Adds noise to COUNT values. */
static void add_noise(double *values, size_t count, double deviation,
                      Stream *stream)
{
    double unit = deviation / 4294967296.;
    int64_t deviates[2];

    for (size_t i = 0; i < count; i++) {
        if (i % 2 == 0)
            stream_normal_pair(stream, deviates);
        values[i] += unit * (double)deviates[i % 2];
    }
}

/* Samples the COUNT LEVELS, the first after OFFSET (in 2^-32 of a sample). */
static void sample(const Waveform *waveform, const int8_t *levels, size_t count,
                   int64_t offset, Samples *samples)
{
    int64_t symbol = (int64_t)waveform_oversampling(waveform->code) << 32;
    int64_t at = -offset; /* the sender's time since its first symbol */
    double value = 0, sign = waveform->reversed ? -1 : 1;

    for (size_t i = 0; i < samples->count; i++) {
        double level = 0;

        if (at >= 0 && at / symbol < (int64_t)count)
            level = sign * levels[at / symbol];
        value += waveform->smoothing * (level - value);
        samples->values[i] = value;
        at += waveform->sample_step;
    }
}

void waveform_send(const Waveform *waveform, Stream *stream,
                   const uint8_t *frame, size_t len, Samples *samples)
{
    size_t count = coding_symbols(waveform->code, len);
    unsigned oversampling = waveform_oversampling(waveform->code);
    int8_t *levels = samples->sent = g_malloc0(count);
    /* The receiver begins somewhere in the symbol before the first. */
    int64_t offset = (int64_t)stream_u32(stream) * oversampling;

    samples->decided = NULL;
    samples->scrambler = 1 + (unsigned)stream_below(stream, 0x7ff);
    coding_encode(waveform->code, samples->scrambler, frame, len, levels);
    samples->count = (size_t)(((__int128)(count * oversampling) << 32) /
                              waveform->sample_step) +
                     2 * oversampling;
    samples->values = g_new(double, samples->count);
    samples->first = (double)offset / 4294967296.;
    sample(waveform, levels, count, offset, samples);
    if (waveform->deviation > 0)
        add_noise(samples->values, samples->count, waveform->deviation, stream);
}

void samples_clear(Samples *samples)
{
    g_free(samples->values);
    g_free(samples->sent);
    g_free(samples->decided);
    *samples = (Samples){0};
}

/* --- the receiver --------------------------------------------------------- */

typedef struct Receiver {
    LineCode code;
    unsigned oversampling;
    const double *sums; /* sums[i]: of the samples before I */
    size_t count;       /* of samples */
    double sign;        /* -1: the wires are swapped */
    int8_t *levels;     /* as decided */
    size_t begin;       /* the next symbol's first sample */
    double late, early; /* evidence that changes of level are */
    double squares;     /* sum of the squares of what each said */
    double changes;
} Receiver;

static double *sums_new(const Samples *samples)
{
    double *sums = g_new(double, samples->count + 1);

    sums[0] = 0;
    for (size_t i = 0; i < samples->count; i++)
        sums[i + 1] = sums[i] + samples->values[i];
    return sums;
}

/* The sum of COUNT samples from FIRST on; what is outside is none. */
static double sum_of(const Receiver *receiver, size_t first, size_t count)
{
    size_t end = MIN(first + count, receiver->count);

    return first < end ? receiver->sums[end] - receiver->sums[first] : 0;
}

/* Where in a symbol the samples agree best with COUNT LEVELS, and with which
 * sign. */
static void find_phase(Receiver *receiver, const int8_t *levels, size_t count)
{
    double mean = 0, best = 0;

    for (size_t i = 0; i < count; i++)
        mean += levels[i];
    mean /= (double)count;
    for (size_t lag = 0; lag <= receiver->oversampling; lag++) {
        double agreement = 0;

        for (size_t i = 0; i < count; i++)
            agreement += (levels[i] - mean) *
                         sum_of(receiver, lag + i * receiver->oversampling,
                                receiver->oversampling);
        if (fabs(agreement) > fabs(best)) {
            best = agreement;
            receiver->begin = lag;
        }
    }
    receiver->sign = best < 0 ? -1 : 1;
}

/* Symbol I, and for Manchester the one after it, whose sums these are. */
static void decide(Receiver *receiver, size_t i, double first, double second)
{
    double half = 0.5 * receiver->oversampling;

    switch (receiver->code) {
    case LINE_MANCHESTER:
        receiver->levels[i] = first > second ? 1 : -1;
        receiver->levels[i + 1] = (int8_t)-receiver->levels[i];
        break;
    case LINE_NRZ:
        receiver->levels[i] = first > half;
        break;
    case LINE_MLT3:
        receiver->levels[i] = (int8_t)(first > half    ? 1
                                       : first < -half ? -1
                                                       : 0);
        break;
    case LINE_CODES:
        g_assert_not_reached();
    }
}

/* The level has changed from BEFORE to AFTER, at sample AT as the receiver has
 * it.  If it is a sample later in truth, the sample at AT is still BEFORE; if
 * earlier, the one before AT is AFTER already. */
static void follow_clock(Receiver *receiver, int before, int after, size_t at)
{
    double sum = receiver->sign * sum_of(receiver, at - 1, 2);
    double apart = (sum - (before + after)) / (before - after);
    double sure;

    receiver->changes++;
    receiver->squares += apart * apart;
    receiver->late = MAX(0, receiver->late + apart - 0.5);
    receiver->early = MAX(0, receiver->early - apart - 0.5);
    sure = WAVEFORM_SURE * receiver->squares / receiver->changes;
    if (MAX(receiver->late, receiver->early) < MAX(sure, 1))
        return;
    receiver->begin += receiver->late > receiver->early ? 1 : -1;
    receiver->late = receiver->early = 0;
}

/* Decides on COUNT symbols from FIRST on, the first at `begin`. */
static void read_symbols(Receiver *receiver, size_t first, size_t count)
{
    unsigned step = receiver->code == LINE_MANCHESTER ? 2 : 1;
    size_t long_symbol = receiver->oversampling;

    for (size_t i = first; i < first + count; i += step) {
        size_t at = receiver->begin;
        double sum = receiver->sign * sum_of(receiver, at, long_symbol);
        double next =
            receiver->sign * sum_of(receiver, at + long_symbol, long_symbol);
        const int8_t *level = &receiver->levels[i];

        decide(receiver, i, sum, next);
        receiver->begin += step * long_symbol;
        if (step == 2)
            follow_clock(receiver, level[0], level[1], at + long_symbol);
        else if (i > first && level[-1] != level[0])
            follow_clock(receiver, level[-1], level[0], at);
    }
}

bool waveform_receive(const Waveform *waveform, Samples *samples,
                      uint8_t *frame, size_t len)
{
    size_t count = coding_symbols(waveform->code, len) - CODING_TAIL;
    size_t before = coding_symbols_before(waveform->code);
    /* Silence holds nothing to be read. */
    size_t silence = waveform->code == LINE_MLT3 ? 0 : CODING_LEAD;
    int8_t *levels = g_malloc0(count + CODING_TAIL);
    double *sums = sums_new(samples);
    Receiver receiver = {.code = waveform->code,
                         .oversampling = waveform_oversampling(waveform->code),
                         .sums = sums,
                         .count = samples->count,
                         .levels = levels};
    bool good;

    coding_encode(waveform->code, samples->scrambler, NULL, 0, levels);
    find_phase(&receiver, levels, before);
    receiver.begin += silence * receiver.oversampling;
    read_symbols(&receiver, silence, count - silence);
    good =
        coding_decode(waveform->code, samples->scrambler, levels, frame, len);
    g_free(samples->decided);
    samples->decided = levels;
    g_free(sums);
    return good;
}

uint32_t waveform_bit_errors(const Waveform *waveform, const Samples *samples,
                             size_t len)
{
    unsigned bits = coding_bits_per_octet(waveform->code);
    uint32_t count = 0;

    for (size_t bit = ETHERNET_PREAMBLE_LEN * bits;
         bit < (ETHERNET_PREAMBLE_LEN + len) * bits; bit++)
        count += coding_bit_differs(waveform->code, samples->sent,
                                    samples->decided, bit);
    return count;
}
