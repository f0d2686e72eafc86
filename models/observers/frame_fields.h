/* frame_fields.h - which bytes of a TCP segment's frame are which field, and
 * what they say: for pictures of a frame. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_FRAME_FIELDS_H
#define FIRSTBYTE_MODELS_OBSERVERS_FRAME_FIELDS_H

#include <glib.h>
#include <stdint.h>

typedef enum FrameLayer {
    LAYER_PHYSICAL, /* preamble, delimiters */
    LAYER_ETHERNET,
    LAYER_IP,
    LAYER_TCP,
    LAYER_DATA,
    FRAME_LAYERS
} FrameLayer;

typedef struct FrameField {
    const char *name;
    size_t first, len; /* octets from the preamble's first on */
    FrameLayer layer;
    char *value; /* in words; owned by the array */
} FrameField;

/* The fields, in order and without a gap, of preamble, start delimiter and
 * FRAME (LEN bytes: TCP in IPv4, no IP options), to its check sequence: a
 * GArray of FrameField, which the caller unrefs. */
GArray *frame_fields(const uint8_t *frame, size_t len);

#endif
