/* scope.c - draws a waveform as SVG; see scope.h. */
#include "scope.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "frame_fields.h"
#include "write_file.h"

struct Scope {
    Observer observer;
    const Network *network;
    const Link *link; /* the SYN's; NULL: there was none */
    uint8_t *frame;
    size_t len;
    Samples samples;
};

/* --- hearing -------------------------------------------------------------- */

static void hear(Observer *observer, const Record *record)
{
    Scope *scope = sim_container_of(observer, Scope, observer);
    const PacketTold *told = record->what;
    const Interface *interface = told->interface;
    const Packet *packet = told->packet;
    Stream stream;

    if (scope->link != NULL || interface == NULL || interface->out == NULL ||
        packet->ethernet.type != ETHERTYPE_IPV4 ||
        packet->ip.protocol != IP_PROTOCOL_TCP ||
        !(packet->tcp.flags & TCP_SYN))
        return;
    scope->link = interface->out;
    scope->len = noise_frame_len(packet);
    scope->frame = g_malloc(scope->len);
    noise_emit(packet, scope->frame);
    stream = link_waveform_stream(scope->link, packet);
    waveform_send(&scope->link->config->waveform, &stream, scope->frame,
                  scope->len, &scope->samples);
}

Scope *scope_new(const Network *network)
{
    Scope *scope = g_new0(Scope, 1);

    scope->network = network;
    scope->observer =
        (Observer){.wants = UINT64_C(1) << REC_PACKET_SENT, .hear = hear};
    sim_observe(network->sim, &scope->observer);
    return scope;
}

void scope_free(Scope *scope)
{
    samples_clear(&scope->samples);
    g_free(scope->frame);
    g_free(scope);
}

/* --- drawing -------------------------------------------------------------- */

enum {
    OCTETS = 8, /* in a row */
    CELL = 152, /* width of one, pixels */
    LEFT = 74,  /* of the first */
    WIDTH = LEFT + OCTETS * CELL + 16,
    TOP = 76, /* of the first row */
    ROW = 160,
    MIDDLE = 58,    /* of a row: where level 0 is */
    AMPLITUDE = 26, /* of level 1 */
    CLIP = 42,      /* no sample is drawn farther from the middle */
    BITS = 117,     /* base lines of text */
    FIELDS = 124,
};

/* Light fills that stay apart in grey. */
static const struct {
    const char *name, *fill;
} layers[FRAME_LAYERS] = {
    [LAYER_PHYSICAL] = {"physical layer", "#e6e6e6"},
    [LAYER_ETHERNET] = {"Ethernet", "#cfe3f5"},
    [LAYER_IP] = {"IP", "#fde3c0"},
    [LAYER_TCP] = {"TCP", "#d3edd5"},
    [LAYER_DATA] = {"data", "#ffffff"},
};

typedef struct Picture {
    const Scope *scope;
    LineCode code;
    unsigned symbols; /* an octet */
    size_t octets;    /* with preamble and, for MLT-3, T R */
    bool good;
    GString *svg;
} Picture;

static double row_top(size_t row) { return TOP + (double)row * ROW; }

static void text(Picture *picture, double x, double y, const char *style,
                 const char *words)
{
    g_autofree char *escaped = g_markup_escape_text(words, -1);

    g_string_append_printf(picture->svg,
                           "<text x='%.1f' y='%.1f' %s>%s</text>\n", x, y,
                           style, escaped);
}

/* The octet at place I, as it was sent. */
static uint8_t octet_at(const Picture *picture, size_t i)
{
    return i < ETHERNET_PREAMBLE_LEN - 1 ? 0x55
           : i == ETHERNET_PREAMBLE_LEN - 1
               ? 0xd5
               : picture->scope->frame[i - ETHERNET_PREAMBLE_LEN];
}

/* --- the samples ---------------------------------------------------------- */

/* Those of the octets from FIRST to END. */
static void draw_samples(Picture *picture, size_t row, size_t first, size_t end)
{
    const Samples *samples = &picture->scope->samples;
    const Waveform *waveform = &picture->scope->link->config->waveform;
    double step = (double)waveform->sample_step / 4294967296. /
                  waveform_oversampling(picture->code);
    double width = (double)CELL / picture->symbols;
    double begin = CODING_LEAD + (double)(first * picture->symbols);
    double last = CODING_LEAD + (double)(end * picture->symbols);

    g_string_append(picture->svg, "<polyline fill='none' stroke='#0072B2' "
                                  "stroke-width='1.3' points='");
    for (size_t i = 0; i < samples->count; i++) {
        /* When it was taken, in symbols. */
        double at = ((double)i - samples->first) * step;
        double value = CLAMP(samples->values[i] * AMPLITUDE, -CLIP, CLIP);

        if (at >= begin && at < last)
            g_string_append_printf(picture->svg, "%.1f,%.1f ",
                                   LEFT + (at - begin) * width,
                                   row_top(row) + MIDDLE - value);
    }
    g_string_append(picture->svg, "'/>\n");
}

static void draw_grid(Picture *picture, size_t row, size_t octets)
{
    unsigned bits = picture->code == LINE_MLT3 ? 10 : 8;
    double top = row_top(row);

    for (size_t bit = 0; bit <= octets * bits; bit++) {
        double x = LEFT + (double)bit * CELL / bits;

        g_string_append_printf(picture->svg,
                               "<line x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f' "
                               "stroke='%s'/>\n",
                               x, x, top + (bit % bits == 0 ? 0 : 8),
                               top + BITS - (bit % bits == 0 ? 0 : 14),
                               bit % bits == 0 ? "#888888" : "#dddddd");
    }
    for (int level = -1; level <= 1; level++)
        g_string_append_printf(
            picture->svg,
            "<line x1='%d' x2='%.1f' y1='%.1f' y2='%.1f' stroke='#bbbbbb' "
            "stroke-dasharray='2 3'/>\n",
            LEFT, LEFT + (double)octets * CELL,
            top + MIDDLE - level * AMPLITUDE, top + MIDDLE - level * AMPLITUDE);
}

/* --- what they mean ------------------------------------------------------- */

/* The bits of octet I as they are sent: of data from the lowest on, of MLT-3
 * the code groups before they are scrambled. */
static void bits_of(const Picture *picture, size_t i, char bits[11])
{
    static const char *const around[] = {"1100010001", "0110100111"};
    uint8_t octet;

    if (picture->code == LINE_MLT3 && (i == 0 || i + 1 == picture->octets)) {
        strcpy(bits, around[i != 0]);
        return;
    }
    octet = octet_at(picture, i);
    bits[picture->code == LINE_MLT3 ? 10 : 8] = '\0';
    for (unsigned bit = 0; bit < 8 && picture->code != LINE_MLT3; bit++)
        bits[bit] = octet >> bit & 1 ? '1' : '0';
    for (unsigned bit = 0; bit < 10 && picture->code == LINE_MLT3; bit++) {
        unsigned group = coding_group(bit < 5 ? octet & 15 : octet >> 4);

        bits[bit] = group >> (4 - bit % 5) & 1 ? '1' : '0';
    }
}

/* Whether bit number BIT, as sent, of octet I was read wrong. */
static bool is_wrong(const Picture *picture, size_t i, unsigned bit)
{
    const Samples *samples = &picture->scope->samples;

    return coding_bit_differs(picture->code, samples->sent, samples->decided,
                              i * coding_bits_per_octet(picture->code) + bit);
}

static void draw_bits(Picture *picture, size_t row, size_t i)
{
    double left = LEFT + (double)(i % OCTETS) * CELL;
    char bits[11], hex[32];
    size_t count;

    bits_of(picture, i, bits);
    count = strlen(bits);
    for (unsigned bit = 0; bit < count; bit++) {
        char one[2] = {bits[bit], '\0'};

        text(picture, left + (bit + 0.5) * CELL / (double)count,
             row_top(row) + BITS - 2,
             is_wrong(picture, i, bit) ? "class='bit wrong'" : "class='bit'",
             one);
    }
    if (picture->code == LINE_MLT3 && i == 0)
        strcpy(hex, "J K");
    else if (picture->code == LINE_MLT3 && i + 1 == picture->octets)
        strcpy(hex, "T R");
    else
        g_snprintf(hex, sizeof hex, "0x%02x", octet_at(picture, i));
    text(picture, left + 4, row_top(row) + 12, "class='hex'", hex);
}

/* The part of FIELD that lies in ROW: a bar with its name and value. */
static void draw_field(Picture *picture, size_t row, const FrameField *field)
{
    size_t first = MAX(field->first, row * OCTETS);
    size_t end = MIN(field->first + field->len, (row + 1) * OCTETS);
    double x = LEFT + (double)(first % OCTETS) * CELL;
    double width = (double)(end - first) * CELL;
    g_autofree char *words = NULL;

    if (first >= end)
        return;
    words = g_strdup_printf("%s%s%s", first > field->first ? "... " : "",
                            field->name,
                            end < field->first + field->len ? " ..." : "");
    g_string_append_printf(picture->svg,
                           "<rect x='%.1f' y='%.1f' width='%.1f' height='17' "
                           "fill='%s' stroke='#555555'/>\n",
                           x, row_top(row) + FIELDS, width,
                           layers[field->layer].fill);
    if (end - first > 1 && *field->value != '\0') {
        g_autofree char *both = g_strdup_printf("%s  %s", words, field->value);

        text(picture, x + width / 2, row_top(row) + FIELDS + 13,
             "class='field'", both);
    } else {
        g_autofree char *both =
            *field->value != '\0'
                ? g_strdup_printf("%s %s", words, field->value)
                : g_strdup(words);

        text(picture, x + width / 2, row_top(row) + FIELDS + 13,
             "class='field'", both);
    }
}

/* When the row begins, after the first bit of the preamble. */
static void draw_time(Picture *picture, size_t row)
{
    uint64_t rate = picture->scope->link->config->rate;
    char words[64];

    if (rate == 0)
        g_snprintf(words, sizeof words, "octet %zu", row * OCTETS);
    else
        g_snprintf(words, sizeof words, "%.2f us",
                   (double)(row * OCTETS * 8) * 1e6 / (double)rate);
    text(picture, LEFT - 8, row_top(row) + MIDDLE + 4, "class='time'", words);
}

/* --- the whole ------------------------------------------------------------ */

static void draw_title(Picture *picture)
{
    const Link *link = picture->scope->link;
    const LinkConfig *config = link->config;
    char from[NODE_NAME_MAX], to[NODE_NAME_MAX], words[512];
    g_autofree char *rate =
        config->rate == 0
            ? g_strdup("unlimited")
            : quantity_format_int(QUANTITY_RATE, (int64_t)config->rate);
    unsigned wrong = waveform_bit_errors(
        &config->waveform, &picture->scope->samples, picture->scope->len);
    size_t bits = picture->scope->len * coding_bits_per_octet(picture->code);
    double x = LEFT;

    network_node_name(picture->scope->network, link->from_node, from);
    network_node_name(picture->scope->network, link->to_node, to);
    g_snprintf(words, sizeof words, "The first SYN from %s to %s: %s, %s", from,
               to, linecode_names[picture->code], rate);
    text(picture, LEFT, 26, "class='title'", words);
    if (config->noise.on)
        g_snprintf(words, sizeof words,
                   "Eb/N0 = %.1f dB: %u of %zu bits are read wrong, the frame "
                   "is %s. A bit is wrong with the chance %.2g.",
                   10 * log10(link_eb_n0(config)), wrong, bits,
                   picture->good ? "taken" : "dropped",
                   linecode_bit_error_rate(picture->code, link_eb_n0(config)));
    else
        g_snprintf(words, sizeof words,
                   "No noise: %u of %zu bits are read "
                   "wrong, the frame is %s.",
                   wrong, bits, picture->good ? "taken" : "dropped");
    if (picture->code == LINE_MLT3)
        g_strlcat(words, " Bits: the code groups, before they are scrambled.",
                  sizeof words);
    text(picture, LEFT, 46, "class='note'", words);
    for (unsigned layer = 0; layer < LAYER_DATA; layer++, x += 130) {
        g_string_append_printf(picture->svg,
                               "<rect x='%.1f' y='54' width='14' height='11' "
                               "fill='%s' stroke='#555555'/>\n",
                               x, layers[layer].fill);
        text(picture, x + 20, 64, "class='note'", layers[layer].name);
    }
}

static void draw(Picture *picture)
{
    GArray *fields = frame_fields(picture->scope->frame, picture->scope->len);
    size_t rows = (picture->octets + OCTETS - 1) / OCTETS;

    g_string_append_printf(
        picture->svg,
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%.0f' "
        "font-family='DejaVu Sans, Helvetica, sans-serif' font-size='11'>\n"
        "<style>.bit { text-anchor: middle; font-family: 'DejaVu Sans Mono', "
        "monospace } .wrong { fill: #D55E00; font-weight: bold; "
        "text-decoration: underline } .hex { fill: #777777; font-size: 9px } "
        ".field { text-anchor: middle; font-size: 10.5px } .time { "
        "text-anchor: end; fill: #555555 } .title { font-size: 17px; "
        "font-weight: bold } .note { font-size: 12px }</style>\n"
        "<rect width='100%%' height='100%%' fill='white'/>\n",
        WIDTH, row_top(rows));
    draw_title(picture);
    for (size_t row = 0; row < rows; row++) {
        size_t first = row * OCTETS;
        size_t end = MIN(first + OCTETS, picture->octets);

        draw_grid(picture, row, end - first);
        draw_samples(picture, row, first, end);
        draw_time(picture, row);
        for (size_t i = first; i < end; i++)
            draw_bits(picture, row, i);
        for (guint f = 0; f < fields->len; f++)
            draw_field(picture, row, &g_array_index(fields, FrameField, f));
    }
    g_string_append(picture->svg, "</svg>\n");
    g_array_unref(fields);
}

bool scope_write(Scope *scope, const char *file, GError **error)
{
    Picture picture = {.scope = scope};
    uint8_t *read;
    bool good;

    if (scope->link == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s: there is nothing to draw: no SYN was sent", file);
        return false;
    }
    picture.code = scope->link->config->line_code;
    picture.symbols = coding_symbols_per_octet(picture.code);
    picture.octets = scope->len + ETHERNET_PREAMBLE_LEN +
                     (picture.code == LINE_MLT3 ? 1 : 0);
    read = g_malloc(scope->len);
    picture.good = waveform_receive(&scope->link->config->waveform,
                                    &scope->samples, read, scope->len);
    picture.good &= noise_check_sequence_matches(read, scope->len);
    picture.svg = g_string_new(NULL);
    draw(&picture);
    good = write_file(file, picture.svg->str, error);
    g_string_free(picture.svg, TRUE);
    g_free(read);
    return good;
}
