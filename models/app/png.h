/* png.h - is a PNG image whole?  (PNG, W3C Recommendation, Second Edition.)
 *
 * Signature, order and check sums of the chunks, and image data that inflate to
 * exactly as many bytes as the header promises: what a browser needs to paint
 * it. The pixels themselves are not kept. */
#ifndef FIRSTBYTE_MODELS_APP_PNG_H
#define FIRSTBYTE_MODELS_APP_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct PngInfo {
    uint32_t width, height; /* pixels */
    uint8_t depth;          /* bits of a sample */
    uint8_t color;          /* colour type: 0, 2, 3, 4, 6 */
    bool interlaced;
} PngInfo;

/* False, with the reason (static text) in *WHY, when the LEN bytes at BYTES are
 * not one whole PNG image. */
bool png_check(const uint8_t *bytes, size_t len, PngInfo *info,
               const char **why);

#endif
