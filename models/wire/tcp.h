/* tcp.h - the TCP header and its options as a struct (RFC 9293 s3.1, 7323,
 * 2018, 7413, 5482).
 *
 * The options are written in Linux's order: mss, sackOK, timestamps, nop,
 * wscale on a SYN (without timestamps: mss, nop, nop, sackOK, nop, wscale);
 * nop, nop, timestamps and nop, nop, sack on other segments; then the user
 * time-out; Fast Open last,
 * with the nops that it needs after it.  Or, where `bsd_order` says so, in
 * FreeBSD's: mss, wscale, sackOK, timestamps, sack, Fast Open, each after the
 * nops that put its content on a boundary (tcp_addoptions()), the rest filled
 * with EOL.  A set that would pass 40 bytes that way is written without the
 * nops. */
#ifndef FIRSTBYTE_MODELS_WIRE_TCP_H
#define FIRSTBYTE_MODELS_WIRE_TCP_H

#include <stddef.h>

#include "address.h"

enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
    TCP_HEADER_LEN = 20, /* without options */
    TCP_HEADER_MAX = 60,
    TCP_QUOTED_LEN = 8,      /* what an ICMP error quotes at least (RFC 792) */
    TCP_SACK_BLOCKS_MAX = 4, /* 3 beside timestamps (RFC 2018 s3) */
    TCP_COOKIE_MIN = 4,      /* bytes of a Fast Open cookie, an even number */
    TCP_COOKIE_MAX = 16,     /* (RFC 7413 s4.1.1) */
};

/* Which options a header carries: bits of TcpHeader.options. */
enum {
    TCP_OPT_MSS = 1 << 0,
    TCP_OPT_WSCALE = 1 << 1,
    TCP_OPT_SACK_OK = 1 << 2,
    TCP_OPT_TIMESTAMPS = 1 << 3,
    TCP_OPT_FAST_OPEN = 1 << 4,     /* RFC 7413: on segments with SYN only */
    TCP_OPT_FAST_OPEN_EXP = 1 << 5, /* with it: as experiment F989 (RFC 6994) */
    TCP_OPT_USER_TIMEOUT = 1 << 6,
    /* SACK blocks are there when sack_count > 0 */
};

typedef struct TcpSackBlock {
    uint32_t left, right; /* sequence numbers; right is not in it */
} TcpSackBlock;

typedef struct TcpHeader {
    uint16_t source_port, destination_port;
    uint32_t seq, ack;
    uint16_t flags;  /* TCP_FIN ... */
    uint16_t window; /* as on the wire, not scaled */
    uint16_t urgent;
    uint8_t options;         /* TCP_OPT_* */
    bool bsd_order;          /* for tcp_emit(); tcp_parse() does not ask */
    uint8_t wscale;          /* shift, with TCP_OPT_WSCALE */
    uint32_t ts_val, ts_ecr; /* with TCP_OPT_TIMESTAMPS; any clock */
    uint16_t mss;            /* bytes, with TCP_OPT_MSS */
    uint8_t sack_count;      /* 0 to TCP_SACK_BLOCKS_MAX */
    TcpSackBlock sack[TCP_SACK_BLOCKS_MAX];
    uint16_t user_timeout; /* RFC 5482 s3: bit 15: in minutes, else seconds */
    uint8_t cookie_len; /* with TCP_OPT_FAST_OPEN; 0: a cookie is asked for */
    uint8_t cookie[TCP_COOKIE_MAX];
} TcpHeader;

/* Bytes of the header with its options: 20 to 60, a multiple of 4.  More is the
 * caller's mistake: tcp_emit() asserts that the options fit. */
size_t tcp_header_len(const TcpHeader *header);
/* Reads the segment in the LEN bytes at BYTES (header and payload), sent from
 * SOURCE to DESTINATION; HEADER_LEN gets the bytes before the payload.  Unknown
 * options, and known ones of a wrong length, are skipped by their length (RFC
 * 9293 MUST-6, MUST-68); a length below 2 or past the header ends the options
 * (MUST-7). False when the bytes are too few, contradict each other or fail the
 * checksum; nothing is then touched. */
bool tcp_parse(const uint8_t *bytes, size_t len, IpAddress source,
               IpAddress destination, TcpHeader *header, size_t *header_len);
/* Ports and sequence number from the first TCP_QUOTED_LEN bytes of a segment,
 * the rest of HEADER zero; false when LEN is less. */
bool tcp_parse_quoted(const uint8_t *bytes, size_t len, TcpHeader *header);
/* Writes the header into the first tcp_header_len() of the LEN bytes at BYTES,
 * whose payload is already there; the checksum covers all. */
void tcp_emit(const TcpHeader *header, IpAddress source, IpAddress destination,
              uint8_t *bytes, size_t len);

#endif
