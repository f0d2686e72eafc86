/* check_page.c - pages as a browser reads them: what HTML refers to, whether a
 * PNG is whole, what a cache keeps. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "models/app/cache.h"
#include "models/app/html.h"
#include "models/app/png.h"
#include "tests/run_tests.h"

/* --- HTML ----------------------------------------------------------------- */

/* "title|kind reference|..." of TEXT. */
static char *parts_of(const char *text)
{
    static const char *const kinds[] = {"img", "css", "js"};
    GString *list;
    HtmlPage page;

    html_read(&page, (const uint8_t *)text, strlen(text));
    list = g_string_new(page.title);
    if (page.base != NULL)
        g_string_append_printf(list, "|base %s", page.base);
    for (guint i = 0; i < page.parts->len; i++) {
        const HtmlPart *part = &g_array_index(page.parts, HtmlPart, i);

        g_string_append_printf(list, "|%s %s", kinds[part->kind],
                               part->reference);
    }
    html_clear(&page);
    return g_string_free(list, FALSE);
}

static const struct {
    const char *html, *parts;
} pages[] = {
    {"", ""},
    {"nothing", ""},
    {"<title> A &amp; B </title><img src=a.png>", "A & B|img a.png"},
    {"<!DOCTYPE html><main><IMG SRC='a.png'><img src=\"b.png\"></main>",
     "|img a.png|img b.png"},
    {"<link rel=stylesheet href=s.css><script src=x.js></script>",
     "|css s.css|js x.js"},
    {"<link rel='icon' href=i.ico><link rel='Stylesheet x' href=s.css>"
     "<link rel='alternate stylesheet' href=t.css><link href=u.css>",
     "|css s.css"},
    {"<img src=a.png><img src=a.png><img src=' '><img>", "|img a.png"},
    {"<base href=/deep/><img src=a.png>", "|base /deep/|img a.png"},
    {"<!-- <img src=no.png> --><img src=yes.png>", "|img yes.png"},
    {"<p><img src=a.png", "|img a.png"},
    {"<script>document.write('<img src=no.png>')</script>", ""},
    {"<title>x</title><title>y</title>", "x"},
    {"<svg><title>n</title></svg><article><section><img src=a.png>",
     "n|img a.png"},
};

START_TEST(html_is_read_for_what_it_refers_to)
{
    char *parts = parts_of(pages[_i].html);

    ck_assert_str_eq(parts, pages[_i].parts);
    g_free(parts);
}
END_TEST

/* --- PNG ------------------------------------------------------------------ */

static void put_u32(GByteArray *png, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};

    g_byte_array_append(png, bytes, 4);
}

static void put_chunk(GByteArray *png, const char *type, const void *data,
                      unsigned len)
{
    guint begin;

    put_u32(png, len);
    begin = png->len;
    g_byte_array_append(png, (const guint8 *)type, 4);
    if (len != 0)
        g_byte_array_append(png, data, len);
    put_u32(png, (uint32_t)crc32(0, png->data + begin, len + 4));
}

static void put_header(GByteArray *png, uint8_t width, uint8_t height,
                       uint8_t depth, uint8_t color, uint8_t interlace)
{
    uint8_t header[13] = {0,      0,     0,     width, 0, 0,        0,
                          height, depth, color, 0,     0, interlace};

    g_byte_array_append(png, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    put_chunk(png, "IHDR", header, sizeof header);
}

/* IDAT with RAW_LEN zeros deflated. */
static void put_data(GByteArray *png, unsigned raw_len)
{
    uint8_t *raw = g_malloc0(raw_len), *packed;
    uLongf len = compressBound(raw_len);

    packed = g_malloc(len);
    ck_assert_int_eq(compress(packed, &len, raw, raw_len), Z_OK);
    put_chunk(png, "IDAT", packed, (unsigned)len);
    g_free(raw);
    g_free(packed);
}

/* What png_check() says of PNG (freed): "whole" or the reason. */
static const char *verdict(GByteArray *png)
{
    const char *why = NULL;
    PngInfo info;
    bool whole = png_check(png->data, png->len, &info, &why);

    g_byte_array_unref(png);
    ck_assert(whole == (why == NULL));
    return whole ? "whole" : why;
}

/* Every kind of image, and the bytes that its rows take. */
static const struct {
    uint8_t width, height, depth, color, interlace;
    unsigned raw_len;
} images[] = {
    {4, 2, 8, 2, 0, 2 * 13},
    {4, 2, 8, 6, 0, 2 * 17},
    {9, 3, 1, 0, 0, 3 * 3},
    {3, 3, 16, 4, 0, 3 * 13},
    /* Adam7 of 8 x 8: 1x1, 1x1, 2x1, 2x2, 4x2, 4x4, 8x4 pixels. */
    {8, 8, 8, 0, 1, 2 + 2 + 3 + 2 * 3 + 2 * 5 + 4 * 5 + 4 * 9},
    {1, 1, 8, 0, 1, 2},
    {200, 200, 16, 6, 0, 200 * 1601},
};

START_TEST(an_image_of_the_right_size_is_whole)
{
    for (int off = -1; off <= 1; off++) {
        GByteArray *png = g_byte_array_new();

        put_header(png, images[_i].width, images[_i].height, images[_i].depth,
                   images[_i].color, images[_i].interlace);
        put_data(png, images[_i].raw_len + (unsigned)off);
        put_chunk(png, "IEND", NULL, 0);
        ck_assert_str_eq(verdict(png),
                         off < 0   ? "its data are shorter than the image"
                         : off > 0 ? "its data are longer than the image"
                                   : "whole");
    }
}
END_TEST

static GByteArray *good_image(void)
{
    GByteArray *png = g_byte_array_new();

    put_header(png, 4, 2, 8, 3, 0);
    put_chunk(png, "PLTE", "abc", 3);
    put_chunk(png, "tEXt", "a\0b", 3);
    put_data(png, 10);
    put_chunk(png, "IEND", NULL, 0);
    return png;
}

START_TEST(every_cut_and_every_flipped_bit_is_found)
{
    GByteArray *png = good_image();
    const char *why;
    PngInfo info;

    ck_assert(png_check(png->data, png->len, &info, &why));
    ck_assert_uint_eq(info.width, 4);
    ck_assert_uint_eq(info.height, 2);
    for (guint cut = 0; cut < png->len; cut++)
        ck_assert(!png_check(png->data, cut, &info, &why));
    for (guint bit = 0; bit < png->len * 8; bit++) {
        png->data[bit / 8] ^= (guint8)(1 << bit % 8);
        ck_assert_msg(!png_check(png->data, png->len, &info, &why), "bit %u",
                      bit);
        png->data[bit / 8] ^= (guint8)(1 << bit % 8);
    }
    g_byte_array_append(png, (const guint8 *)"x", 1);
    ck_assert_str_eq(verdict(png), "bytes follow its end");
}
END_TEST

START_TEST(chunks_have_an_order)
{
    GByteArray *png = g_byte_array_new();

    put_header(png, 4, 2, 8, 3, 0);
    put_data(png, 10);
    put_chunk(png, "IEND", NULL, 0);
    ck_assert_str_eq(verdict(png), "it has no palette");

    png = g_byte_array_new();
    put_header(png, 4, 2, 8, 0, 0);
    put_chunk(png, "IEND", NULL, 0);
    ck_assert_str_eq(verdict(png), "it has no image data");

    png = g_byte_array_new();
    put_header(png, 4, 2, 8, 0, 0);
    put_chunk(png, "ABCD", NULL, 0);
    ck_assert_str_eq(verdict(png),
                     "it has a critical chunk of an unknown type");

    png = g_byte_array_new();
    put_header(png, 4, 2, 7, 0, 0);
    ck_assert_str_eq(verdict(png), "its IHDR has a colour that does not exist");

    png = g_byte_array_new();
    put_header(png, 4, 0, 8, 0, 0);
    ck_assert_str_eq(verdict(png), "its IHDR gives it no size");

    png = g_byte_array_new();
    put_header(png, 4, 2, 8, 0, 0);
    put_data(png, 10);
    put_chunk(png, "tIME", NULL, 0);
    put_data(png, 10);
    ck_assert_str_eq(verdict(png), "its image data are in two places");
}
END_TEST

START_TEST(the_images_of_the_default_site_are_whole)
{
    static const char *const names[] = {"route", "handshake", "signal"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *file = g_strconcat(TESTDIR "/../topologies/sites/www.example.com"
                                         "/images/",
                                 names[i], ".png", NULL);
        const char *why = NULL;
        PngInfo info;
        char *bytes;
        gsize len;

        ck_assert(g_file_get_contents(file, &bytes, &len, NULL));
        ck_assert_msg(png_check((const uint8_t *)bytes, len, &info, &why),
                      "%s: %s", names[i], why);
        ck_assert_uint_eq(info.width, 320);
        g_free(bytes);
        g_free(file);
    }
}
END_TEST

/* --- cache ---------------------------------------------------------------- */

START_TEST(a_cache_keeps_what_can_be_of_use)
{
    Cache cache = {0};
    CacheEntry entry = {.fresh_until = 10 * SIM_S};
    const CacheEntry *found;

    ck_assert_int_eq(cache_find(&cache, 0, "u", &found), CACHE_MISS);
    cache_put(&cache, 0, "u", &entry);
    ck_assert_int_eq(cache_find(&cache, 9 * SIM_S, "u", &found), CACHE_FRESH);
    ck_assert_int_eq(cache_find(&cache, 10 * SIM_S, "u", &found), CACHE_STALE);
    cache_freshen(&cache, "u", 20 * SIM_S);
    ck_assert_int_eq(cache_find(&cache, 10 * SIM_S, "u", &found), CACHE_FRESH);
    /* Neither fresh nor with a validator: of no use, nor is the old one. */
    entry = (CacheEntry){.fresh_until = 5 * SIM_S};
    cache_put(&cache, 10 * SIM_S, "u", &entry);
    ck_assert_int_eq(cache_find(&cache, 10 * SIM_S, "u", &found), CACHE_MISS);
    entry = (CacheEntry){.etag = g_strdup("\"x\"")};
    cache_put(&cache, 10 * SIM_S, "u", &entry);
    ck_assert_int_eq(cache_find(&cache, 10 * SIM_S, "u", &found), CACHE_STALE);
    ck_assert_str_eq(found->etag, "\"x\"");
    cache_clear(&cache);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("page");

    tcase_add_loop_test(tcase, html_is_read_for_what_it_refers_to, 0,
                        G_N_ELEMENTS(pages));
    tcase_add_loop_test(tcase, an_image_of_the_right_size_is_whole, 0,
                        G_N_ELEMENTS(images));
    tcase_add_test(tcase, every_cut_and_every_flipped_bit_is_found);
    tcase_add_test(tcase, chunks_have_an_order);
    tcase_add_test(tcase, the_images_of_the_default_site_are_whole);
    tcase_add_test(tcase, a_cache_keeps_what_can_be_of_use);
    return run_tests("page", tcase, NULL);
}
