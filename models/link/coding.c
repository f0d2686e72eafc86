/* coding.c - line codes; see coding.h. */
#include "coding.h"

#include <string.h>

#include "models/wire/ethernet.h"

enum {
    PREAMBLE = 0x55,
    DELIMITER = 0xd5,
    IDLE = 0x1f, /* groups of table 24-1 that are no data */
    GROUP_J = 0x18,
    GROUP_K = 0x11,
    GROUP_T = 0x0d,
    GROUP_R = 0x07,
    GROUP_BITS = 5,
};

/* --- 4B5B ----------------------------------------------------------------- */

/* IEEE 802.3 table 24-1. */
static const uint8_t groups[16] = {0x1e, 0x09, 0x14, 0x15, 0x0a, 0x0b,
                                   0x0e, 0x0f, 0x12, 0x13, 0x16, 0x17,
                                   0x1a, 0x1b, 0x1c, 0x1d};

unsigned coding_group(unsigned nibble) { return groups[nibble]; }

int coding_nibble(unsigned group)
{
    for (int nibble = 0; nibble < 16; nibble++)
        if (groups[nibble] == group)
            return nibble;
    return -1;
}

/* --- how many ------------------------------------------------------------- */

unsigned coding_symbols_per_octet(LineCode code)
{
    return code == LINE_MANCHESTER ? 16 : code == LINE_NRZ ? 8 : 2 * GROUP_BITS;
}

size_t coding_symbols_before(LineCode code)
{
    return CODING_LEAD +
           ETHERNET_PREAMBLE_LEN * (size_t)coding_symbols_per_octet(code);
}

size_t coding_symbols(LineCode code, size_t len)
{
    return coding_symbols_before(code) + len * coding_symbols_per_octet(code) +
           (code == LINE_MLT3 ? 2 * GROUP_BITS : 0) + CODING_TAIL;
}

unsigned coding_bits_per_octet(LineCode code)
{
    return code == LINE_MLT3 ? 2 * GROUP_BITS : 8;
}

/* The octet at place I of preamble, delimiter and FRAME. */
static uint8_t octet(const uint8_t *frame, size_t i)
{
    return i < ETHERNET_PREAMBLE_LEN - 1    ? PREAMBLE
           : i == ETHERNET_PREAMBLE_LEN - 1 ? DELIMITER
                                            : frame[i - ETHERNET_PREAMBLE_LEN];
}

/* --- two levels ----------------------------------------------------------- */

static void encode_octets(LineCode code, const uint8_t *frame, size_t len,
                          int8_t *levels)
{
    memset(levels, 0, CODING_LEAD);
    levels += CODING_LEAD;
    for (size_t i = 0; i < len + ETHERNET_PREAMBLE_LEN; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bool one = octet(frame, i) >> bit & 1;

            if (code == LINE_MANCHESTER)
                *levels++ = one ? -1 : 1;
            *levels++ = code == LINE_NRZ ? one : one ? 1 : -1;
        }
    memset(levels, 0, CODING_TAIL);
}

static bool decode_octets(LineCode code, const int8_t *levels, uint8_t *frame,
                          size_t len)
{
    unsigned step = code == LINE_MANCHESTER ? 2 : 1;

    levels += coding_symbols_before(code);
    for (size_t i = 0; i < len; i++) {
        frame[i] = 0;
        for (unsigned bit = 0; bit < 8; bit++, levels += step)
            frame[i] |= (uint8_t)((levels[step - 1] == 1) << bit);
    }
    return true;
}

/* --- scrambler and three levels ------------------------------------------- */

typedef struct Scrambler {
    unsigned last; /* eleven bits, the latest lowest */
} Scrambler;

static unsigned scrambler_next(Scrambler *scrambler)
{
    unsigned bit = (scrambler->last >> 10 ^ scrambler->last >> 8) & 1;

    scrambler->last = (scrambler->last << 1 | bit) & 0x7ff;
    return bit;
}

typedef struct Mlt3 {
    Scrambler scrambler;
    unsigned place; /* in the cycle 0, +, 0, - */
    int8_t *to;     /* encoding */
    const int8_t *from;
} Mlt3;

static void put_group(Mlt3 *mlt3, unsigned group)
{
    static const int8_t cycle[4] = {0, 1, 0, -1};

    for (unsigned bit = GROUP_BITS; bit-- > 0;) {
        mlt3->place += (group >> bit & 1) ^ scrambler_next(&mlt3->scrambler);
        *mlt3->to++ = cycle[mlt3->place % 4];
    }
}

/* A one is where there was a zero and is none, or the other way round. */
static unsigned get_group(Mlt3 *mlt3)
{
    unsigned group = 0;

    for (unsigned i = 0; i < GROUP_BITS; i++, mlt3->from++) {
        unsigned changed = (mlt3->from[0] != 0) != (mlt3->from[-1] != 0);

        group = group << 1 | (changed ^ scrambler_next(&mlt3->scrambler));
    }
    return group;
}

static void encode_mlt3(unsigned scrambler, const uint8_t *frame, size_t len,
                        int8_t *levels)
{
    Mlt3 mlt3 = {.scrambler = {scrambler}, .to = levels};

    for (unsigned i = 0; i < CODING_LEAD / GROUP_BITS; i++)
        put_group(&mlt3, IDLE);
    put_group(&mlt3, GROUP_J);
    put_group(&mlt3, GROUP_K);
    for (size_t i = 1; i < len + ETHERNET_PREAMBLE_LEN; i++) {
        put_group(&mlt3, groups[octet(frame, i) & 15]);
        put_group(&mlt3, groups[octet(frame, i) >> 4]);
    }
    put_group(&mlt3, GROUP_T);
    put_group(&mlt3, GROUP_R);
    for (unsigned i = 0; i < CODING_TAIL / GROUP_BITS; i++)
        put_group(&mlt3, IDLE);
}

/* The delimiter, and the preamble after it. */
static bool get_preamble(Mlt3 *mlt3)
{
    bool good = true;

    good &= get_group(mlt3) == GROUP_J;
    good &= get_group(mlt3) == GROUP_K;
    for (unsigned i = 1; i < ETHERNET_PREAMBLE_LEN; i++) {
        uint8_t want = octet(NULL, i);

        good &= get_group(mlt3) == groups[want & 15];
        good &= get_group(mlt3) == groups[want >> 4];
    }
    return good;
}

static bool decode_mlt3(unsigned scrambler, const int8_t *levels,
                        uint8_t *frame, size_t len)
{
    Mlt3 mlt3 = {.scrambler = {scrambler}, .from = levels + CODING_LEAD};
    bool good;

    for (unsigned i = 0; i < CODING_LEAD; i++)
        scrambler_next(&mlt3.scrambler);
    good = get_preamble(&mlt3);
    for (size_t i = 0; i < len; i++) {
        int low = coding_nibble(get_group(&mlt3));
        int high = coding_nibble(get_group(&mlt3));

        good &= low >= 0 && high >= 0;
        frame[i] = (uint8_t)((low < 0 ? 0 : low) | (high < 0 ? 0 : high) << 4);
    }
    good &= get_group(&mlt3) == GROUP_T;
    good &= get_group(&mlt3) == GROUP_R;
    return good;
}

/* What bit number BIT of the code is, but for the scrambler. */
static bool code_bit(LineCode code, const int8_t *levels, size_t bit)
{
    levels += CODING_LEAD;
    if (code == LINE_MLT3)
        return (levels[bit] != 0) != (levels[(ptrdiff_t)bit - 1] != 0);
    return levels[code == LINE_MANCHESTER ? 2 * bit + 1 : bit] == 1;
}

bool coding_bit_differs(LineCode code, const int8_t *a, const int8_t *b,
                        size_t bit)
{
    return code_bit(code, a, bit) != code_bit(code, b, bit);
}

/* --- any code ------------------------------------------------------------- */

void coding_encode(LineCode code, unsigned scrambler, const uint8_t *frame,
                   size_t len, int8_t *levels)
{
    if (code == LINE_MLT3)
        encode_mlt3(scrambler, frame, len, levels);
    else
        encode_octets(code, frame, len, levels);
}

bool coding_decode(LineCode code, unsigned scrambler, const int8_t *levels,
                   uint8_t *frame, size_t len)
{
    return code == LINE_MLT3 ? decode_mlt3(scrambler, levels, frame, len)
                             : decode_octets(code, levels, frame, len);
}
