/* png.c - see png.h. */
#include "png.h"

#include <string.h>
#include <zlib.h>

enum { CHUNK_OVERHEAD = 12 /* length, type, CRC */, FILTERS = 5 };

/* Reading the chunks, and the rows that their data inflate to. */
typedef struct Reader {
    PngInfo *info;
    z_stream zlib;
    bool zlib_open;     /* inflateInit() was called */
    bool data_ended;    /* the end of the stream was seen */
    bool palette, data; /* PLTE, IDAT seen */
    bool after_data;    /* a chunk followed the IDATs */
    /* The image as passes of rows: what is left of the present row and pass. */
    unsigned pass;
    uint64_t row_len, row_left; /* bytes, the filter's included */
    uint32_t rows_left;
    const char *why;
} Reader;

static bool fail(Reader *reader, const char *why)
{
    reader->why = why;
    return false;
}

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* --- the header ----------------------------------------------------------- */

/* Samples of a pixel, 0: no such colour type; *DEPTHS the depths it may
 * have. */
static unsigned samples_of(uint8_t color, const char **depths)
{
    switch (color) {
    case 0:
        *depths = "\1\2\4\10\20";
        return 1;
    case 3:
        *depths = "\1\2\4\10";
        return 1;
    case 2:
        *depths = "\10\20";
        return 3;
    case 4:
        *depths = "\10\20";
        return 2;
    case 6:
        *depths = "\10\20";
        return 4;
    default:
        return 0;
    }
}

static bool read_header(Reader *reader, const uint8_t *data, uint32_t len)
{
    PngInfo *info = reader->info;
    const char *depths;

    if (len != 13)
        return fail(reader, "its IHDR has the wrong length");
    *info = (PngInfo){read_u32(data), read_u32(data + 4), data[8], data[9],
                      data[12] == 1};
    if (info->width == 0 || info->height == 0 || info->width >> 31 != 0 ||
        info->height >> 31 != 0)
        return fail(reader, "its IHDR gives it no size");
    if (samples_of(info->color, &depths) == 0 || info->depth == 0 ||
        strchr(depths, info->depth) == NULL)
        return fail(reader, "its IHDR has a colour that does not exist");
    if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        return fail(reader, "its IHDR names an unknown method");
    return true;
}

/* --- the image ------------------------------------------------------------ */

/* Adam7 (PNG s8.2): where the pixels of each pass begin, and their distance. */
static const uint8_t adam7[7][4] = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
};

/* Pixels of a line of LEN that a pass which begins at START takes. */
static uint32_t taken(uint32_t len, uint32_t start, uint32_t step)
{
    return len > start ? (len - start + step - 1) / step : 0;
}

/* Goes to the next pass that has pixels; false: there is none left. */
static bool next_pass(Reader *reader)
{
    const PngInfo *info = reader->info;
    unsigned passes = info->interlaced ? 7 : 1;
    const char *depths;
    uint64_t bits = (uint64_t)samples_of(info->color, &depths) * info->depth;

    while (reader->pass < passes) {
        const uint8_t whole[4] = {0, 0, 1, 1};
        const uint8_t *p = info->interlaced ? adam7[reader->pass] : whole;
        uint32_t width = taken(info->width, p[0], p[2]);
        uint32_t height = taken(info->height, p[1], p[3]);

        reader->pass++;
        if (width == 0 || height == 0)
            continue;
        reader->row_len = 1 + (width * bits + 7) / 8;
        reader->row_left = reader->row_len;
        reader->rows_left = height;
        return true;
    }
    return false;
}

/* LEN inflated bytes are rows, each with its filter before it. */
static bool take_rows(Reader *reader, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        uint64_t part;

        if (reader->rows_left == 0 && !next_pass(reader))
            return fail(reader, "its data are longer than the image");
        if (reader->row_left == reader->row_len && bytes[0] >= FILTERS)
            return fail(reader, "a row has an unknown filter");
        part = len < reader->row_left ? len : reader->row_left;
        bytes += part;
        len -= (size_t)part;
        reader->row_left -= part;
        if (reader->row_left == 0) {
            reader->rows_left--;
            reader->row_left = reader->row_len;
        }
    }
    return true;
}

static bool take_data(Reader *reader, const uint8_t *data, uint32_t len)
{
    uint8_t buffer[8192];

    if (!reader->zlib_open) {
        if (inflateInit(&reader->zlib) != Z_OK)
            return fail(reader, "no memory to inflate it");
        reader->zlib_open = true;
    }
    reader->data = true;
    reader->zlib.next_in = (Bytef *)data;
    reader->zlib.avail_in = len;
    if (reader->data_ended && len != 0)
        return fail(reader, "bytes follow its data");
    do {
        int result;

        reader->zlib.next_out = buffer;
        reader->zlib.avail_out = sizeof buffer;
        result = inflate(&reader->zlib, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return fail(reader, "its data cannot be inflated");
        if (!take_rows(reader, buffer, sizeof buffer - reader->zlib.avail_out))
            return false;
        if (result == Z_STREAM_END) {
            reader->data_ended = true;
            return reader->zlib.avail_in == 0 ||
                   fail(reader, "bytes follow its data");
        }
        /* A full buffer may have more behind it. */
    } while (reader->zlib.avail_in > 0 || reader->zlib.avail_out == 0);
    return true;
}

static bool image_ends(Reader *reader, uint32_t len)
{
    if (len != 0)
        return fail(reader, "its IEND is not empty");
    if (!reader->data)
        return fail(reader, "it has no image data");
    if (!reader->data_ended || reader->rows_left != 0 || next_pass(reader))
        return fail(reader, "its data are shorter than the image");
    if (reader->info->color == 3 && !reader->palette)
        return fail(reader, "it has no palette");
    return true;
}

/* --- chunks --------------------------------------------------------------- */

/* One chunk whose check sum is right; *END: it was the last. */
static bool take_chunk(Reader *reader, const uint8_t *type, const uint8_t *data,
                       uint32_t len, bool first, bool *end)
{
    bool is_data = memcmp(type, "IDAT", 4) == 0;

    if (first != (memcmp(type, "IHDR", 4) == 0))
        return fail(reader, "it does not begin with its one IHDR");
    if (first)
        return read_header(reader, data, len);
    if (!is_data && reader->data)
        reader->after_data = true;
    if (is_data) {
        if (reader->after_data)
            return fail(reader, "its image data are in two places");
        return take_data(reader, data, len);
    }
    if (memcmp(type, "IEND", 4) == 0) {
        *end = true;
        return image_ends(reader, len);
    }
    if (memcmp(type, "PLTE", 4) == 0) {
        if (reader->data || reader->palette || len == 0 || len % 3 != 0 ||
            len > 3 * 256)
            return fail(reader, "its palette is wrong");
        reader->palette = true;
        return true;
    }
    /* PNG s5.4: a chunk whose first letter is a capital must be understood. */
    if ((type[0] & 0x20) == 0)
        return fail(reader, "it has a critical chunk of an unknown type");
    return true;
}

static bool read_chunks(Reader *reader, const uint8_t *bytes, size_t len)
{
    bool first = true, end = false;
    size_t at = 0;

    while (!end) {
        uint32_t chunk;

        if (len - at < CHUNK_OVERHEAD)
            return fail(reader, "it is cut off");
        chunk = read_u32(bytes + at);
        if (chunk > len - at - CHUNK_OVERHEAD)
            return fail(reader, "it is cut off");
        if (crc32(0, bytes + at + 4, chunk + 4) !=
            read_u32(bytes + at + 8 + chunk))
            return fail(reader, "a chunk has a bad check sum");
        if (!take_chunk(reader, bytes + at + 4, bytes + at + 8, chunk, first,
                        &end))
            return false;
        first = false;
        at += (size_t)chunk + CHUNK_OVERHEAD;
    }
    return at == len || fail(reader, "bytes follow its end");
}

bool png_check(const uint8_t *bytes, size_t len, PngInfo *info,
               const char **why)
{
    static const uint8_t signature[8] = "\x89PNG\r\n\x1a\n";
    Reader reader = {.info = info};
    bool whole;

    if (len < sizeof signature ||
        memcmp(bytes, signature, sizeof signature) != 0) {
        *why = "it is not a PNG image";
        return false;
    }
    whole =
        read_chunks(&reader, bytes + sizeof signature, len - sizeof signature);
    if (reader.zlib_open)
        inflateEnd(&reader.zlib);
    *why = reader.why;
    return whole;
}
