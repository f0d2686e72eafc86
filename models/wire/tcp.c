/* tcp.c - the TCP header and its options as bytes; see tcp.h. */
#include "tcp.h"

#include <glib.h>
#include <string.h>

#include "bytes.h"
#include "ip.h"

enum { /* kinds of options (the first three: MUST-4), and their lengths */
       KIND_END = 0,
       KIND_NOP = 1,
       KIND_MSS = 2,
       KIND_WSCALE = 3,
       KIND_SACK_OK = 4,
       KIND_SACK = 5,
       KIND_TIMESTAMPS = 8,
       KIND_USER_TIMEOUT = 28,
       KIND_FAST_OPEN = 34,
       KIND_EXPERIMENT = 254,    /* RFC 4727; then two bytes that say which */
       FAST_OPEN_MAGIC = 0xF989, /* RFC 7413 s4.1.1, note */
       MSS_LEN = 4,
       WSCALE_LEN = 3,
       SACK_OK_LEN = 2,
       SACK_LEN = 2, /* and for each block: */
       SACK_BLOCK_LEN = 8,
       TIMESTAMPS_LEN = 10,
       USER_TIMEOUT_LEN = 4,
       FAST_OPEN_LEN = 2, /* and the cookie's */
       EXPERIMENT_LEN = 4,
       OPTIONS_MAX = TCP_HEADER_MAX - TCP_HEADER_LEN,
};

/* --- lengths -------------------------------------------------------------- */

/* Bytes of the Fast Open option, which is there. */
static size_t fast_open_len(const TcpHeader *header)
{
    return (header->options & TCP_OPT_FAST_OPEN_EXP ? EXPERIMENT_LEN
                                                    : FAST_OPEN_LEN) +
           header->cookie_len;
}

/* Nops before a FreeBSD option that begins REST beyond a multiple of UNIT, when
 * LEN bytes of options are there. */
static size_t bsd_nops(size_t len, size_t unit, size_t rest)
{
    return (unit + rest - len % unit) % unit;
}

/* aligned_len() in FreeBSD's order. */
static size_t bsd_len(const TcpHeader *header)
{
    unsigned options = header->options;
    size_t len = 0;

    if (options & TCP_OPT_MSS)
        len += MSS_LEN;
    if (options & TCP_OPT_WSCALE)
        len += bsd_nops(len, 2, 1) + WSCALE_LEN;
    if (options & TCP_OPT_SACK_OK)
        len += bsd_nops(len, 2, 0) + SACK_OK_LEN;
    if (options & TCP_OPT_TIMESTAMPS)
        len += bsd_nops(len, 4, 2) + TIMESTAMPS_LEN;
    if (header->sack_count > 0)
        len += bsd_nops(len, 4, 2) + SACK_LEN +
               header->sack_count * SACK_BLOCK_LEN;
    if (options & TCP_OPT_USER_TIMEOUT)
        len += bsd_nops(len, 4, 0) + USER_TIMEOUT_LEN;
    if (options & TCP_OPT_FAST_OPEN)
        len += fast_open_len(header);
    return (len + 3) & ~(size_t)3;
}

/* Bytes of the options with the nops that align them. */
static size_t aligned_len(const TcpHeader *header)
{
    unsigned options = header->options;
    size_t len = 0;

    if (header->bsd_order)
        return bsd_len(header);

    if (options & TCP_OPT_MSS)
        len += MSS_LEN;
    if (options & TCP_OPT_TIMESTAMPS)
        len += TIMESTAMPS_LEN + 2; /* two nops, or sackOK in their place */
    else if (options & TCP_OPT_SACK_OK)
        len += SACK_OK_LEN + 2;
    if (options & TCP_OPT_WSCALE)
        len += WSCALE_LEN + 1;
    if (header->sack_count > 0)
        len += SACK_LEN + 2 + header->sack_count * SACK_BLOCK_LEN;
    if (options & TCP_OPT_USER_TIMEOUT)
        len += USER_TIMEOUT_LEN;
    if (options & TCP_OPT_FAST_OPEN)
        len += (fast_open_len(header) + 3) & ~(size_t)3;
    return len;
}

/* Bytes of the options without nops, before padding. */
static size_t packed_len(const TcpHeader *header)
{
    unsigned options = header->options;
    size_t len = 0;

    if (options & TCP_OPT_MSS)
        len += MSS_LEN;
    if (options & TCP_OPT_SACK_OK)
        len += SACK_OK_LEN;
    if (options & TCP_OPT_TIMESTAMPS)
        len += TIMESTAMPS_LEN;
    if (options & TCP_OPT_WSCALE)
        len += WSCALE_LEN;
    if (header->sack_count > 0)
        len += SACK_LEN + header->sack_count * SACK_BLOCK_LEN;
    if (options & TCP_OPT_USER_TIMEOUT)
        len += USER_TIMEOUT_LEN;
    if (options & TCP_OPT_FAST_OPEN)
        len += fast_open_len(header);
    return len;
}

size_t tcp_header_len(const TcpHeader *header)
{
    size_t len;

    /* Of nearly every segment. */
    if (header->options == TCP_OPT_TIMESTAMPS && header->sack_count == 0)
        return TCP_HEADER_LEN + TIMESTAMPS_LEN + 2;
    len = aligned_len(header);
    if (len > OPTIONS_MAX)
        len = (packed_len(header) + 3) & ~(size_t)3;
    return TCP_HEADER_LEN + len;
}

/* --- parse ---------------------------------------------------------------- */

static void parse_sack(const uint8_t *option, unsigned len, TcpHeader *header)
{
    unsigned count = (len - SACK_LEN) / SACK_BLOCK_LEN;

    if ((len - SACK_LEN) % SACK_BLOCK_LEN != 0 || count == 0)
        return;
    header->sack_count = (uint8_t)count;
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *block = option + SACK_LEN + i * SACK_BLOCK_LEN;

        header->sack[i] = (TcpSackBlock){get32(block), get32(block + 4)};
    }
}

/* RFC 7413 s4.1.1: on a SYN; a cookie of another length is none. */
static void parse_fast_open(const uint8_t *cookie, unsigned len,
                            bool experiment, TcpHeader *header)
{
    if (!(header->flags & TCP_SYN) || len % 2 != 0 || len > TCP_COOKIE_MAX ||
        (len != 0 && len < TCP_COOKIE_MIN))
        return;
    header->options |= TCP_OPT_FAST_OPEN;
    header->options &= (uint8_t)~TCP_OPT_FAST_OPEN_EXP;
    if (experiment)
        header->options |= TCP_OPT_FAST_OPEN_EXP;
    header->cookie_len = (uint8_t)len;
    memset(header->cookie, 0, sizeof header->cookie);
    memcpy(header->cookie, cookie, len);
}

/* The option of LEN (2 or more) bytes at OPTION. */
static void parse_option(const uint8_t *option, unsigned len, TcpHeader *header)
{
    unsigned kind = option[0];

    if (kind == KIND_MSS && len == MSS_LEN) {
        header->options |= TCP_OPT_MSS;
        header->mss = get16(option + 2);
    } else if (kind == KIND_WSCALE && len == WSCALE_LEN) {
        header->options |= TCP_OPT_WSCALE;
        header->wscale = option[2];
    } else if (kind == KIND_SACK_OK && len == SACK_OK_LEN) {
        header->options |= TCP_OPT_SACK_OK;
    } else if (kind == KIND_TIMESTAMPS && len == TIMESTAMPS_LEN) {
        header->options |= TCP_OPT_TIMESTAMPS;
        header->ts_val = get32(option + 2);
        header->ts_ecr = get32(option + 6);
    } else if (kind == KIND_SACK) {
        parse_sack(option, len, header);
    } else if (kind == KIND_USER_TIMEOUT && len == USER_TIMEOUT_LEN) {
        header->options |= TCP_OPT_USER_TIMEOUT;
        header->user_timeout = get16(option + 2);
    } else if (kind == KIND_FAST_OPEN) {
        parse_fast_open(option + FAST_OPEN_LEN, len - FAST_OPEN_LEN, false,
                        header);
    } else if (kind == KIND_EXPERIMENT && len >= EXPERIMENT_LEN &&
               get16(option + 2) == FAST_OPEN_MAGIC) {
        parse_fast_open(option + EXPERIMENT_LEN, len - EXPERIMENT_LEN, true,
                        header);
    }
}

/* Of any segment (MUST-5), at any offset (MUST-64). */
static void parse_options(const uint8_t *bytes, size_t len, TcpHeader *header)
{
    while (len > 0 && bytes[0] != KIND_END) {
        size_t option_len = 1;

        if (bytes[0] != KIND_NOP) {
            if (len < 2 || bytes[1] < 2 || bytes[1] > len)
                return; /* MUST-7: a length that cannot be */
            option_len = bytes[1];
            parse_option(bytes, (unsigned)option_len, header);
        }
        bytes += option_len;
        len -= option_len;
    }
}

static uint16_t checksum(const uint8_t *bytes, size_t len, IpAddress source,
                         IpAddress destination)
{
    uint64_t sum = checksum_pseudo(source, destination, IP_PROTOCOL_TCP, len);

    return checksum_end(checksum_add(sum, bytes, len));
}

static void read_fixed(const uint8_t *bytes, TcpHeader *header)
{
    *header = (TcpHeader){.source_port = get16(bytes),
                          .destination_port = get16(bytes + 2),
                          .seq = get32(bytes + 4),
                          .ack = get32(bytes + 8),
                          .flags = bytes[13],
                          .window = get16(bytes + 14),
                          .urgent = get16(bytes + 18)};
}

bool tcp_parse(const uint8_t *bytes, size_t len, IpAddress source,
               IpAddress destination, TcpHeader *header, size_t *header_len)
{
    size_t own_len;

    if (len < TCP_HEADER_LEN)
        return false;
    own_len = (bytes[12] >> 4) * 4u;
    if (own_len < TCP_HEADER_LEN || own_len > len ||
        checksum(bytes, len, source, destination) != 0) /* MUST-3 */
        return false;
    read_fixed(bytes, header);
    parse_options(bytes + TCP_HEADER_LEN, own_len - TCP_HEADER_LEN, header);
    *header_len = own_len;
    return true;
}

bool tcp_parse_quoted(const uint8_t *bytes, size_t len, TcpHeader *header)
{
    if (len < TCP_QUOTED_LEN)
        return false;
    *header = (TcpHeader){.source_port = get16(bytes),
                          .destination_port = get16(bytes + 2),
                          .seq = get32(bytes + 4)};
    return true;
}

/* --- emit ----------------------------------------------------------------- */

/* Where the next option goes, and whether nops align it. */
typedef struct OptionWriter {
    uint8_t *start, *at;
    bool aligned;
} OptionWriter;

/* Begins an option after NOPS nops; its content is for the caller to write. */
static uint8_t *put_option(OptionWriter *writer, unsigned nops, uint8_t kind,
                           size_t len)
{
    uint8_t *option;

    for (; writer->aligned && nops > 0; nops--)
        *writer->at++ = KIND_NOP;
    option = writer->at;
    option[0] = kind;
    option[1] = (uint8_t)len;
    writer->at += len;
    return option + 2;
}

/* The nops before an option in FreeBSD's order: see bsd_nops(). */
static unsigned bsd_gap(const OptionWriter *writer, size_t unit, size_t rest)
{
    return (unsigned)bsd_nops((size_t)(writer->at - writer->start), unit, rest);
}

static void put_timestamps(OptionWriter *writer, unsigned nops,
                           const TcpHeader *header)
{
    uint8_t *content =
        put_option(writer, nops, KIND_TIMESTAMPS, TIMESTAMPS_LEN);

    put32(content, header->ts_val);
    put32(content + 4, header->ts_ecr);
}

static void put_sack(OptionWriter *writer, unsigned nops,
                     const TcpHeader *header)
{
    size_t len = SACK_LEN + header->sack_count * (size_t)SACK_BLOCK_LEN;
    uint8_t *block = put_option(writer, nops, KIND_SACK, len);

    for (unsigned i = 0; i < header->sack_count; i++) {
        put32(block, header->sack[i].left);
        put32(block + 4, header->sack[i].right);
        block += SACK_BLOCK_LEN;
    }
}

static void put_user_timeout(OptionWriter *writer, unsigned nops,
                             const TcpHeader *header)
{
    put16(put_option(writer, nops, KIND_USER_TIMEOUT, USER_TIMEOUT_LEN),
          header->user_timeout);
}

static void put_fast_open(OptionWriter *writer, const TcpHeader *header)
{
    bool experiment = (header->options & TCP_OPT_FAST_OPEN_EXP) != 0;
    size_t len = fast_open_len(header);
    uint8_t *content = put_option(
        writer, 0, experiment ? KIND_EXPERIMENT : KIND_FAST_OPEN, len);

    if (experiment) {
        put16(content, FAST_OPEN_MAGIC);
        content += 2;
    }
    memcpy(content, header->cookie, header->cookie_len);
    for (; writer->aligned && !header->bsd_order && len % 4 != 0; len++)
        *writer->at++ = KIND_NOP;
}

static void emit_linux(OptionWriter *writer, const TcpHeader *header)
{
    unsigned options = header->options;
    bool timestamps = (options & TCP_OPT_TIMESTAMPS) != 0;
    bool sack_ok = (options & TCP_OPT_SACK_OK) != 0;

    if (options & TCP_OPT_MSS)
        put16(put_option(writer, 0, KIND_MSS, MSS_LEN), header->mss);
    if (sack_ok)
        put_option(writer, timestamps ? 0 : 2, KIND_SACK_OK, SACK_OK_LEN);
    if (timestamps)
        put_timestamps(writer, sack_ok ? 0 : 2, header);
    if (options & TCP_OPT_WSCALE)
        *put_option(writer, 1, KIND_WSCALE, WSCALE_LEN) = header->wscale;
    if (header->sack_count > 0)
        put_sack(writer, 2, header);
    if (options & TCP_OPT_USER_TIMEOUT)
        put_user_timeout(writer, 0, header);
    if (options & TCP_OPT_FAST_OPEN)
        put_fast_open(writer, header);
}

static void emit_bsd(OptionWriter *writer, const TcpHeader *header)
{
    unsigned options = header->options;

    if (options & TCP_OPT_MSS)
        put16(put_option(writer, 0, KIND_MSS, MSS_LEN), header->mss);
    if (options & TCP_OPT_WSCALE)
        *put_option(writer, bsd_gap(writer, 2, 1), KIND_WSCALE, WSCALE_LEN) =
            header->wscale;
    if (options & TCP_OPT_SACK_OK)
        put_option(writer, bsd_gap(writer, 2, 0), KIND_SACK_OK, SACK_OK_LEN);
    if (options & TCP_OPT_TIMESTAMPS)
        put_timestamps(writer, bsd_gap(writer, 4, 2), header);
    if (header->sack_count > 0)
        put_sack(writer, bsd_gap(writer, 4, 2), header);
    if (options & TCP_OPT_USER_TIMEOUT)
        put_user_timeout(writer, bsd_gap(writer, 4, 0), header);
    if (options & TCP_OPT_FAST_OPEN)
        put_fast_open(writer, header);
}

static void emit_options(const TcpHeader *header, uint8_t *bytes, size_t len)
{
    OptionWriter writer = {bytes, bytes, aligned_len(header) <= OPTIONS_MAX};

    memset(bytes, KIND_END, len); /* MUST-69 */
    if (header->bsd_order)
        emit_bsd(&writer, header);
    else
        emit_linux(&writer, header);
}

void tcp_emit(const TcpHeader *header, IpAddress source, IpAddress destination,
              uint8_t *bytes, size_t len)
{
    size_t header_len = tcp_header_len(header);

    g_assert(header_len <= TCP_HEADER_MAX && header_len <= len);
    put16(bytes, header->source_port);
    put16(bytes + 2, header->destination_port);
    put32(bytes + 4, header->seq);
    put32(bytes + 8, header->ack);
    bytes[12] = (uint8_t)(header_len / 4 << 4);
    bytes[13] = (uint8_t)header->flags;
    put16(bytes + 14, header->window);
    put16(bytes + 16, 0);
    put16(bytes + 18, header->urgent);
    emit_options(header, bytes + TCP_HEADER_LEN, header_len - TCP_HEADER_LEN);
    put16(bytes + 16, checksum(bytes, len, source, destination)); /* MUST-2 */
}
