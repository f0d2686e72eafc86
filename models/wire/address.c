/* address.c - addresses as text; see address.h. */
#include "address.h"

#include <glib.h>
#include <stdio.h>

/* Where the longest run of two or more zero words begins (the first of equal
 * ones), and its length: what "::" stands for (RFC 5952 s4.2). */
static unsigned zero_run(const uint16_t words[8], unsigned *run_len)
{
    unsigned best = 8, best_len = 1;

    for (unsigned i = 0; i < 8; i++) {
        unsigned len = 0;

        while (i + len < 8 && words[i + len] == 0)
            len++;
        if (len > best_len) {
            best = i;
            best_len = len;
        }
    }
    *run_len = best_len;
    return best;
}

static void ipv6_to_text(IpAddress a, char text[IP_TEXT_MAX])
{
    uint16_t words[8];
    unsigned run, run_len;
    char *end = text;

    for (unsigned i = 0; i < 4; i++) {
        words[i] = (uint16_t)(a.hi >> (48 - 16 * i));
        words[4 + i] = (uint16_t)(a.lo >> (48 - 16 * i));
    }
    run = zero_run(words, &run_len);
    for (unsigned i = 0; i < 8; i++) {
        if (i == run) {
            end += sprintf(end, "::");
            i += run_len - 1;
            continue;
        }
        end +=
            sprintf(end, i == 0 || i == run + run_len ? "%x" : ":%x", words[i]);
    }
}

const char *ip_to_text(IpAddress a, char text[IP_TEXT_MAX])
{
    uint32_t v4 = ip_to_v4(a);

    if (ip_is_v4(a))
        snprintf(text, IP_TEXT_MAX, "%u.%u.%u.%u", v4 >> 24, v4 >> 16 & 255,
                 v4 >> 8 & 255, v4 & 255);
    else
        ipv6_to_text(a, text);
    return text;
}

const char *mac_to_text(MacAddress a, char text[MAC_TEXT_MAX])
{
    snprintf(text, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x",
             (unsigned)(a.value >> 40 & 255), (unsigned)(a.value >> 32 & 255),
             (unsigned)(a.value >> 24 & 255), (unsigned)(a.value >> 16 & 255),
             (unsigned)(a.value >> 8 & 255), (unsigned)(a.value & 255));
    return text;
}

bool ip_from_text(const char *text, IpAddress *address)
{
    uint32_t v4 = 0;

    for (int i = 0; i < 4; i++) {
        unsigned part = 0;
        const char *first = text;

        /* A leading 0 means octal to some readers: refused. */
        while (g_ascii_isdigit(*text) && text - first < 3)
            part = part * 10 + (unsigned)(*text++ - '0');
        if (text == first || part > 255 || (*first == '0' && text - first > 1))
            return false;
        if (*text != (i < 3 ? '.' : '\0'))
            return false;
        text++;
        v4 = v4 << 8 | part;
    }
    *address = ip_from_v4(v4);
    return true;
}
