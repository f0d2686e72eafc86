/* noise.c - bit errors in frames; see noise.h. */
#include "noise.h"

#include <string.h>

G_STATIC_ASSERT(NOISE_FRAME_MAX * 8 < 1 << NOISE_DOUBLINGS);

/* --- chances -------------------------------------------------------------- */

/* The chance of an error in either of two parts. */
static double either(double a, double b) { return a + b - a * b; }

void noise_init(Noise *noise, double bit_error_rate)
{
    double damaged = bit_error_rate;

    noise->on = bit_error_rate > 0;
    for (unsigned k = 0; k < NOISE_DOUBLINGS; k++) {
        noise->damaged[k] = damaged;
        damaged = either(damaged, damaged);
    }
}

double noise_chance(const Noise *noise, uint64_t bits)
{
    double damaged = 0;

    g_assert(bits >> NOISE_DOUBLINGS == 0);
    for (unsigned k = 0; bits != 0; k++, bits >>= 1)
        if (bits & 1)
            damaged = either(damaged, noise->damaged[k]);
    return damaged;
}

/* True with the chance P, by a uniform 64-bit DRAW. */
static bool happens(double p, uint64_t draw)
{
    return p >= 1 || draw < (uint64_t)(p * 18446744073709551616.0);
}

bool noise_damages(const Noise *noise, uint64_t bits, uint64_t draw)
{
    return happens(noise_chance(noise, bits), draw);
}

/* --- which bits ----------------------------------------------------------- */

typedef struct Damage {
    const Noise *noise;
    StreamKey key;
    const uint32_t *counter;
    uint64_t block; /* of the draws: each has a key of its own */
    uint8_t *frame;
    unsigned changed;
} Damage;

static uint64_t next_draw(Damage *damage)
{
    uint32_t words[4];

    /* The counter is the packet's identity, so the number of the draw is in the
     * key; 0 is the draw that decided on loss and damage. */
    damage->block++;
    philox(damage->key + damage->block * 0x9e3779b97f4a7c15ull, damage->counter,
           words);
    return (uint64_t)words[1] << 32 | words[0];
}

/* One or more of the COUNT bits from FIRST are wrong: which?  Halving gives
 * each set of bits exactly the chance that independent errors give it, for a
 * cost that grows with the errors, not with the bits. */
static void change_some(Damage *damage, size_t first, size_t count)
{
    size_t half = count / 2;
    double left, right, any;
    bool left_changed;

    if (count == 1) {
        damage->frame[first / 8] ^= (uint8_t)(0x80 >> first % 8);
        damage->changed++;
        return;
    }
    left = noise_chance(damage->noise, half);
    right = noise_chance(damage->noise, count - half);
    any = either(left, right);
    left_changed = happens(left / any, next_draw(damage));
    if (left_changed)
        change_some(damage, first, half);
    if (!left_changed || happens(right, next_draw(damage)))
        change_some(damage, first + half, count - half);
}

unsigned noise_change(const Noise *noise, StreamKey key,
                      const uint32_t counter[4], uint8_t *frame, size_t len)
{
    Damage damage = {
        .noise = noise, .key = key, .counter = counter, .frame = frame};

    g_assert(noise->on && len > 0);
    change_some(&damage, 0, len * 8);
    return damage.changed;
}

/* --- at the receiver ------------------------------------------------------ */

void noise_emit(const Packet *packet, uint8_t *frame)
{
    size_t len = noise_frame_len(packet) - ETHERNET_FCS_LEN;
    size_t used = packet_emit(packet, false, frame, len);
    uint32_t fcs;

    g_assert(used != 0);
    memset(frame + used, 0, len - used);
    fcs = ethernet_fcs(frame, len);
    for (unsigned i = 0; i < ETHERNET_FCS_LEN; i++)
        frame[len + i] = (uint8_t)(fcs >> 8 * i);
}

bool noise_check_sequence_matches(const uint8_t *frame, size_t len)
{
    uint32_t fcs = ethernet_fcs(frame, len - ETHERNET_FCS_LEN);

    for (unsigned i = 0; i < ETHERNET_FCS_LEN; i++)
        if (frame[len - ETHERNET_FCS_LEN + i] != (uint8_t)(fcs >> 8 * i))
            return false;
    return true;
}

Packet *noise_receive(Sim *sim, const void *link, uint32_t node, Packet *packet,
                      const uint8_t *frame, size_t len)
{
    Packet *read;

    if (!noise_check_sequence_matches(frame, len)) {
        packet_drop_on(sim, link, node, packet, DROP_CHECK_SEQUENCE);
        return NULL;
    }
    /* One in 2^32 of the frames with more errors than CRC-32 is sure to find:
     * the receiver takes the bytes as they are. */
    read = packet_parse(sim, false, frame, len - ETHERNET_FCS_LEN, NULL);
    if (read == NULL) {
        packet_drop_on(sim, link, node, packet, DROP_MALFORMED);
        return NULL;
    }
    read->id = packet->id;
    read->flow = packet->flow;
    read->number = packet->number;
    packet_free(sim, packet);
    return read;
}
