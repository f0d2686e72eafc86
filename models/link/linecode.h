/* linecode.h - bits on a line: the codes, and what noise does to each.
 *
 * Manchester is that of 10 Mbit/s Ethernet, MLT-3 over 4B5B that of 100BASE-TX;
 * NRZ (light on, light off) stands for what is faster.  coding.h has the codes
 * themselves, waveform.h the receiver whose errors are meant here: it adds up
 * each symbol's samples (a matched filter, for pulses are rectangular) and
 * decides at once, in white Gaussian noise.
 *
 * Manchester (antipodal) Q(sqrt(2 Eb/N0)), unipolar NRZ (the distance of
 * orthogonal signals) Q(sqrt(Eb/N0)): Proakis, Digital Communications, s4.2.
 *
 * MLT-3: a one is a change of level, so the receiver asks of each symbol
 * whether it is zero or not, with thresholds in the middle, at a = sqrt(0.8
 * Eb/N0) deviations from the levels (the scrambler makes half of the symbols
 * zero, and five carry four bits).  A zero is taken for a level by 2 Q(a), a
 * level for a zero by Q(a) - Q(3 a): on average 3/2 Q(a) - 1/2 Q(3 a) of the
 * symbols, p, are wrong.  A code bit is read from two symbols, and is wrong
 * when one of them is: 2 p (1 - p), whatever the data, as they are scrambled.
 *
 * Not modelled: codes of more levels and error correction (IEEE 802.3 clauses
 * 40, 65), baseline wander, near-end crosstalk. */
#ifndef FIRSTBYTE_MODELS_LINK_LINECODE_H
#define FIRSTBYTE_MODELS_LINK_LINECODE_H

typedef enum LineCode {
    LINE_MANCHESTER,
    LINE_NRZ,
    LINE_MLT3,
    LINE_CODES
} LineCode;

extern const char *const linecode_names[LINE_CODES]; /* "Manchester" */

/* The share of a frame's bits as the code has them (of MLT-3: the bits of
 * 4B5B's groups, five for four) that are read wrong.  EB_N0 is a ratio (not
 * dB), 0 or more; with noise alone, at 0, half of the bits are. */
double linecode_bit_error_rate(LineCode code, double eb_n0);
/* The chance per bit of data that spoils frames as often as they are spoilt, if
 * bits are spoilt independently of each other: errors of MLT-3 come in pairs,
 * and a wrong symbol spoils the frame whatever its group is read as. */
double linecode_damage_rate(LineCode code, double eb_n0);
/* Bits, besides those of the frame, that spoil it as well: MLT-3's delimiters
 * and preamble, each group of which the receiver checks. */
unsigned linecode_framing_bits(LineCode code);

#endif
