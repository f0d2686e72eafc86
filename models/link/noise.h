/* noise.h - bit errors in frames: how many frames noise damages, which bits it
 * changes, and what the check sequence makes of it.
 *
 * Errors are independent, each bit's chance the same.  The chance that a frame
 * of N bits is damaged, 1 - (1 - p)^N, is built by doubling, q(2n) = q(n)(2 -
 * q(n)), in double precision without libm: exact to some 1e-15 of itself even
 * where p is 1e-15, and the same on every machine.
 *
 * A damaged frame is damaged in earnest: its bytes are written, bits are
 * changed in them, and the CRC-32 is computed and compared. */
#ifndef FIRSTBYTE_MODELS_LINK_NOISE_H
#define FIRSTBYTE_MODELS_LINK_NOISE_H

#include "models/packet.h"
#include "sim/rng.h"

enum {
    NOISE_DOUBLINGS = 20, /* frames of up to 2^20 - 1 bits: 128 KiB */
    /* The longest frame: IPv4's 65,535 bytes and what Ethernet adds. */
    NOISE_FRAME_MAX = ETHERNET_HEADER_LEN + 65535 + ETHERNET_FCS_LEN,
};

typedef struct Noise {
    bool on;
    double damaged[NOISE_DOUBLINGS]; /* chance of an error in 2^k bits */
} Noise;

void noise_init(Noise *noise, double bit_error_rate);
/* The chance that one or more of BITS bits are wrong. */
double noise_chance(const Noise *noise, uint64_t bits);
/* Whether a frame of BITS bits is damaged, by a 64-bit DRAW. */
bool noise_damages(const Noise *noise, uint64_t bits, uint64_t draw);
/* Bytes of PACKET's frame on the line, padding and check sequence included. */
static inline uint32_t noise_frame_len(const Packet *packet)
{
    uint32_t len = packet_len(packet);

    return ETHERNET_HEADER_LEN + ETHERNET_FCS_LEN +
           (len < ETHERNET_MIN_PAYLOAD ? ETHERNET_MIN_PAYLOAD : len);
}
/* Writes that frame into FRAME (noise_frame_len() bytes). */
void noise_emit(const Packet *packet, uint8_t *frame);
/* Changes bits among the LEN bytes of FRAME as noise does that changes one or
 * more, by draws from KEY and COUNTER (the packet's).  How many. */
unsigned noise_change(const Noise *noise, StreamKey key,
                      const uint32_t counter[4], uint8_t *frame, size_t len);
/* Whether the last four of the LEN bytes of FRAME are the check sequence of the
 * others. */
bool noise_check_sequence_matches(const uint8_t *frame, size_t len);
/* What the receiver of FRAME, which came over LINK (const Link *, told where it
 * is dropped), does with PACKET (taken): the packet that the bytes hold if the
 * check sequence matches; NULL, dropped at NODE, if not. */
Packet *noise_receive(Sim *sim, const void *link, uint32_t node, Packet *packet,
                      const uint8_t *frame, size_t len);

#endif
