/* address.h - MAC and IP addresses.
 *
 * An IP address is 128 bits wide everywhere; IPv4 is written ::ffff:a.b.c.d
 * (RFC 4291 s2.5.5.2), so that IPv6 needs no second type.  Values are in host
 * order: the first bit on the wire is the highest bit. */
#ifndef FIRSTBYTE_MODELS_WIRE_ADDRESS_H
#define FIRSTBYTE_MODELS_WIRE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct IpAddress {
    uint64_t hi, lo;
} IpAddress;

typedef struct MacAddress {
    uint64_t value; /* the low 48 bits */
} MacAddress;

#define IP_NONE ((IpAddress){0, 0})
#define MAC_BROADCAST ((MacAddress){0xffffffffffffull})
#define MAC_NONE ((MacAddress){0})

/* Long enough for the text of either kind and its NUL. */
enum { IP_TEXT_MAX = 46, MAC_TEXT_MAX = 18 };

static inline IpAddress ip_from_v4(uint32_t v4)
{
    return (IpAddress){0, 0xffff00000000ull | v4};
}
static inline bool ip_is_v4(IpAddress a)
{
    return a.hi == 0 && a.lo >> 32 == 0xffff;
}
static inline uint32_t ip_to_v4(IpAddress a) { return (uint32_t)a.lo; }
static inline bool ip_equal(IpAddress a, IpAddress b)
{
    return a.hi == b.hi && a.lo == b.lo;
}
static inline bool ip_is_none(IpAddress a) { return (a.hi | a.lo) == 0; }
/* 255.255.255.255 or a multicast group (RFC 1112): never a connection's end. */
static inline bool ip_is_broadcast_or_multicast(IpAddress a)
{
    return ip_is_v4(a) ? ip_to_v4(a) >= 0xe0000000u : a.hi >> 56 == 0xff;
}
/* The first PREFIX_LEN (0 to 128) bits of A, the rest 0. */
static inline IpAddress ip_mask(IpAddress a, unsigned prefix_len)
{
    if (prefix_len == 0)
        return IP_NONE;
    if (prefix_len <= 64)
        return (IpAddress){a.hi & ~(uint64_t)0 << (64 - prefix_len), 0};
    return (IpAddress){a.hi, a.lo & ~(uint64_t)0 << (128 - prefix_len)};
}
static inline bool mac_equal(MacAddress a, MacAddress b)
{
    return a.value == b.value;
}

/* TEXT gets the usual form: dotted quad, RFC 5952, aa:bb:cc:dd:ee:ff. */
const char *ip_to_text(IpAddress a, char text[IP_TEXT_MAX]);
const char *mac_to_text(MacAddress a, char text[MAC_TEXT_MAX]);
/* False, and ADDRESS untouched, when TEXT is not one whole dotted quad. */
bool ip_from_text(const char *text, IpAddress *address);

#endif
