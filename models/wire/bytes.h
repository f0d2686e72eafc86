/* bytes.h - numbers as a wire carries them: most significant byte first. */
#ifndef FIRSTBYTE_MODELS_WIRE_BYTES_H
#define FIRSTBYTE_MODELS_WIRE_BYTES_H

#include <stdint.h>

static inline uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}
static inline uint32_t get32(const uint8_t *bytes)
{
    return (uint32_t)get16(bytes) << 16 | get16(bytes + 2);
}
static inline uint64_t get48(const uint8_t *bytes)
{
    return (uint64_t)get16(bytes) << 32 | get32(bytes + 2);
}
static inline void put16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
}
static inline void put32(uint8_t *bytes, uint32_t value)
{
    put16(bytes, (uint16_t)(value >> 16));
    put16(bytes + 2, (uint16_t)value);
}
static inline void put48(uint8_t *bytes, uint64_t value)
{
    put16(bytes, (uint16_t)(value >> 32));
    put32(bytes + 2, (uint32_t)value);
}

#endif
