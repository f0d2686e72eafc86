/* waveform.h - a frame as the samples of a voltage: what a line makes of a
 * frame's symbols, and how a receiver finds its bits in that again.
 *
 * The line: rectangular pulses between -1 and 1 (as they arrive: attenuation is
 * in the ratio to the noise), smoothed by a low-pass of one pole, plus white
 * Gaussian noise.  The receiver's clock samples WAVEFORM_OVERSAMPLING times a
 * symbol; it is faster or slower than the sender's by an offset, and where in a
 * symbol it begins is drawn.
 *
 * The receiver:
 * - finds where in a symbol it is by where the samples agree best with what is
 *   known to be sent before the frame (correlation; reversed wires show, too);
 * - adds up each symbol's samples and decides at once: Manchester by which half
 *   of a bit is higher, NRZ by half of the light, MLT-3 by half of a level;
 * - follows the clock by the samples just before and after each change of
 *   level, which say whether it comes a sample earlier or later than thought.
 *   These are noisy: it moves by a sample when what they say, less half a
 * sample each time, has grown to WAVEFORM_SURE times its variance (Page's
 * cumulative sum, Biometrika 1954).
 *
 * All arithmetic is integers, and doubles that are added, multiplied and
 * divided: the same bits on every machine.
 *
 * Known to the receiver beforehand: the level of the signal (gain control),
 * which symbol is the first of the preamble and which the last of the frame
 * (the beginning and the end of the carrier), MLT-3's scrambler and place in
 * the cycle, which real ones find in the idle stream.
 *
 * Not modelled: echo, crosstalk, baseline wander, equalisation, jitter of the
 * sender's clock. */
#ifndef FIRSTBYTE_MODELS_LINK_WAVEFORM_H
#define FIRSTBYTE_MODELS_LINK_WAVEFORM_H

#include "coding.h"
#include "sim/rng.h"

enum {
    WAVEFORM_SURE = 16, /* a false move in e^16 changes */
};

/* What one direction of a line does to a signal. */
typedef struct Waveform {
    LineCode code;
    bool reversed;       /* the two wires are swapped */
    double deviation;    /* of the noise in one sample */
    double smoothing;    /* weight of a new sample: 1 with all frequencies */
    int64_t sample_step; /* the sender's time between samples: 2^32 when both
                            clocks agree */
} Waveform;

/* Eb/N0 as a ratio (INFINITY: no noise), the receiver's clock faster than the
 * sender's by the share OFFSET, and RISE: the time from 10 % to 90 % of a
 * change of level, of a symbol's. */
void waveform_init(Waveform *waveform, LineCode code, double eb_n0,
                   double offset, double rise);

unsigned waveform_oversampling(LineCode code); /* samples a symbol */

/* A frame that is on its way. */
typedef struct Samples {
    double *values; /* owned */
    size_t count;
    double first;       /* where the first symbol begins, in samples */
    unsigned scrambler; /* as it was at the first symbol */
    int8_t *sent;    /* the symbols, which the receiver does not know; owned */
    int8_t *decided; /* those that it has decided on; owned, or NULL */
} Samples;

/* FRAME of LEN bytes as it arrives; draws from STREAM. */
void waveform_send(const Waveform *waveform, Stream *stream,
                   const uint8_t *frame, size_t len, Samples *samples);
/* Reads a frame of LEN bytes out of SAMPLES.  False: something around the frame
 * is not as it should be; FRAME is written in any case. */
bool waveform_receive(const Waveform *waveform, Samples *samples,
                      uint8_t *frame, size_t len);
/* How many of the bits, as the code has them, of the LEN bytes of a received
 * frame are wrong. */
uint32_t waveform_bit_errors(const Waveform *waveform, const Samples *samples,
                             size_t len);
void samples_clear(Samples *samples);

#endif
