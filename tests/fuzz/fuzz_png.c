/* fuzz_png.c - any bytes as a PNG image: not whole, with a reason, or whole.
 * Check sums are put right first when the first byte says so, to get behind
 * them. */
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <glib.h>

#include "models/app/png.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put_sums_right(uint8_t *bytes, size_t len)
{
    for (size_t at = 8; len - at >= 12 && at < len;) {
        uint32_t chunk = read_u32(bytes + at), sum;

        if (chunk > len - at - 12)
            return;
        sum = (uint32_t)crc32(0, bytes + at + 4, chunk + 4);
        for (int i = 0; i < 4; i++)
            bytes[at + 8 + chunk + i] = (uint8_t)(sum >> (24 - 8 * i));
        at += (size_t)chunk + 12;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *why = NULL;
    uint8_t *copy;
    PngInfo info;

    if (len == 0)
        return 0;
    copy = g_memdup2(bytes + 1, len - 1);
    if ((bytes[0] & 1) != 0 && len > 9)
        put_sums_right(copy, len - 1);
    if (png_check(copy, len - 1, &info, &why))
        g_assert(info.width != 0 && info.height != 0 && info.depth != 0);
    else
        g_assert(why != NULL);
    g_free(copy);
    return 0;
}
