/* siphash.h - SipHash-2-4: a keyed hash of short texts whose results somebody
 * without the key cannot foresee (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012). */
#ifndef FIRSTBYTE_SIM_SIPHASH_H
#define FIRSTBYTE_SIM_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* KEY: its 16 bytes as two words, little-endian. */
uint64_t siphash(const uint64_t key[2], const void *bytes, size_t len);

#endif
