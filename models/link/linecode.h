/* linecode.h - bits on a line: what noise does to them.
 *
 * Bit error rate from the energy per bit over the noise density, for coherent
 * detection in white Gaussian noise (Proakis, Digital Communications, s4.2):
 * Manchester (antipodal) Q(sqrt(2 Eb/N0)), unipolar NRZ (the distance of
 * orthogonal signals) Q(sqrt(Eb/N0)).
 *
 * Not modelled: the waveform, attenuation with length, clock recovery, codes of
 * more than two levels, error correction (IEEE 802.3 clauses 40, 65). */
#ifndef FIRSTBYTE_MODELS_LINK_LINECODE_H
#define FIRSTBYTE_MODELS_LINK_LINECODE_H

typedef enum LineCode { LINE_MANCHESTER, LINE_NRZ } LineCode;

/* EB_N0 is a ratio (not dB), 0 or more; 0 (noise alone) gives 1/2. */
double linecode_bit_error_rate(LineCode code, double eb_n0);

#endif
