/* coding.h - the bits of a frame as symbols on a line, and back.
 *
 * A frame on the line: seven octets 0x55 and the start delimiter 0xd5, then the
 * frame from its destination to its check sequence, each octet's lowest bit
 * first (IEEE 802.3 s3.1.1, s3.3).
 *
 * - Manchester (IEEE 802.3 s7.3.1.1): two symbols a bit, the first the bit's
 *   complement, so that a 1 rises and a 0 falls in the middle.
 * - NRZ: a symbol a bit, 1 is light.
 * - MLT-3 (IEEE 802.3 clauses 24 and 25, ANSI X3.263): each nibble, the lower
 *   one first, is a group of five bits (table 24-1); the delimiter J K stands
 * in place of the first octet, T R follows the frame, and idle is ones.  All of
 *   that is added to the scrambler's stream x[n] = x[n - 11] + x[n - 9]; a one
 *   moves the level to the next of 0, +, 0, -, a zero leaves it.
 *
 * Before the frame there is a lead: silence, or for MLT-3 idle. */
#ifndef FIRSTBYTE_MODELS_LINK_CODING_H
#define FIRSTBYTE_MODELS_LINK_CODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linecode.h"

enum {
    CODING_LEAD = 40, /* symbols before the preamble */
    CODING_TAIL = 10, /* after the last one: silence or idle */
};

/* The group of NIBBLE, its first bit highest; and the nibble that GROUP is, or
 * -1: it stands for no data. */
unsigned coding_group(unsigned nibble);
int coding_nibble(unsigned group);

/* Symbols of a frame of LEN bytes: all of them, with lead and tail; and those
 * before its first bit. */
size_t coding_symbols(LineCode code, size_t len);
size_t coding_symbols_before(LineCode code);
/* Symbols for each octet. */
unsigned coding_symbols_per_octet(LineCode code);
/* Writes coding_symbols() levels (-1, 0, 1) for FRAME.  SCRAMBLER: the eleven
 * bits before the first, not all zero; used by MLT-3. */
void coding_encode(LineCode code, unsigned scrambler, const uint8_t *frame,
                   size_t len, int8_t *levels);
/* Reads FRAME back from such symbols as a receiver has decided on them:
 * whatever else was sent at the place of a nibble reads as 0.  False when that
 * happened, or when something before or after the frame that the code checks is
 * not as it should be; FRAME is written in any case. */
bool coding_decode(LineCode code, unsigned scrambler, const int8_t *levels,
                   uint8_t *frame, size_t len);
/* Bits of the code for each octet: 8, or ten of 4B5B. */
unsigned coding_bits_per_octet(LineCode code);
/* Whether bit number BIT of the code, from the preamble's first on, is one
 * where the symbols are A and another where they are B. */
bool coding_bit_differs(LineCode code, const int8_t *a, const int8_t *b,
                        size_t bit);

#endif
