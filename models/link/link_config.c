/* link_config.c - the keys of a [link ...] group, and what follows from them;
 * see link.h. */
#include "link.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define KEY(field) offsetof(LinkConfig, field)

/* --- queue: "droptail 100 packets", "droptail 64 KiB", "none" ------------- */

static const char queue_forms[] = "\"droptail 100 packets\", \"droptail 64 "
                                  "KiB\", or \"none\" for one without end";

static bool parse_queue(const char *text, void *field, char **why)
{
    LinkConfig *config = sim_container_of(field, LinkConfig, queue_packets);
    static const char discipline[] = "droptail ";
    const char *limit = text + strlen(discipline);
    int64_t value;
    char *reason = NULL;
    bool packets;

    config->queue_packets = config->queue_bytes = 0;
    if (strcmp(text, "none") == 0)
        return true;
    if (!g_str_has_prefix(text, discipline)) {
        *why = g_strdup_printf("\"%s\" is not a queue; write %s", text,
                               queue_forms);
        return false;
    }
    packets = g_str_has_suffix(limit, "packets");
    if (!quantity_int(packets ? QUANTITY_PACKETS : QUANTITY_BYTES, limit,
                      &value, &reason) ||
        value < 1 || value > UINT32_MAX) {
        *why = g_strdup_printf("\"%s\" is not a queue's limit from 1 to "
                               "4294967295 packets or bytes; write %s",
                               limit, queue_forms);
        g_free(reason);
        return false;
    }
    *(packets ? &config->queue_packets : &config->queue_bytes) =
        (uint64_t)value;
    return true;
}

static char *format_queue(const void *field)
{
    const LinkConfig *config =
        sim_container_of(field, const LinkConfig, queue_packets);
    bool packets = config->queue_packets != 0;
    char *limit, *text;

    if (!packets && config->queue_bytes == 0)
        return g_strdup("none");
    limit = quantity_format_int(
        packets ? QUANTITY_PACKETS : QUANTITY_BYTES,
        (int64_t)(packets ? config->queue_packets : config->queue_bytes));
    text = g_strconcat("droptail ", limit, NULL);
    g_free(limit);
    return text;
}

/* --- snr: "12 dB", "none" ------------------------------------------------- */

static bool parse_snr(const char *text, void *field, char **why)
{
    double db;

    if (strcmp(text, "none") == 0) {
        *(double *)field = INFINITY;
        return true;
    }
    if (!quantity_real(QUANTITY_DECIBEL, text, &db, why))
        return false;
    if (!(db >= -30 && db <= 60)) {
        *why = g_strdup_printf("%s is out of range; -30 dB to 60 dB, or "
                               "\"none\" for a line without noise",
                               text);
        return false;
    }
    *(double *)field = db;
    return true;
}

static char *format_snr(const void *field)
{
    double db = *(const double *)field;

    return isinf(db) ? g_strdup("none")
                     : quantity_format_real(QUANTITY_DECIBEL, db);
}

/* --- attenuation: "3 dB" ---------------------------------------------------
 */

static bool parse_attenuation(const char *text, void *field, char **why)
{
    double db;

    if (!quantity_real(QUANTITY_DECIBEL, text, &db, why))
        return false;
    if (!(db >= 0 && db <= 90)) {
        *why = g_strdup_printf("%s is out of range; 0 dB to 90 dB", text);
        return false;
    }
    *(double *)field = db;
    return true;
}

static char *format_attenuation(const void *field)
{
    return quantity_format_real(QUANTITY_DECIBEL, *(const double *)field);
}

/* --- drop: "SYN 1, data 5, data 7-9", "none" ------------------------------ */

static const char *const rule_names[RULE_CLASSES + 1] = {
    [RULE_SYN] = "SYN", [RULE_SYN_ACK] = "SYN-ACK",
    [RULE_ACK] = "ACK", [RULE_DATA] = "data",
    [RULE_FIN] = "FIN", [RULE_ACK_OF_FIN] = "ACK-of-FIN",
    [RULE_RST] = "RST", [RULE_ARP] = "ARP",
    [RULE_UDP] = "UDP", [RULE_ANY] = "any",
};

/* Reads a number from 1 at *TEXT and moves past it. */
static bool parse_number(const char **text, uint32_t *number)
{
    char *end;
    uint64_t value;

    if (!g_ascii_isdigit(**text))
        return false;
    value = g_ascii_strtoull(*text, &end, 10);
    if (value < 1 || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    *text = end;
    return true;
}

/* "data 7-9", without blanks around it. */
static bool parse_rule(const char *text, DropRule *rule)
{
    size_t name_len = strcspn(text, " ");
    unsigned class = 0;

    while (class < RULE_CLASSES &&
           (strlen(rule_names[class]) != name_len ||
            g_ascii_strncasecmp(text, rule_names[class], name_len) != 0))
        class ++;
    if (class == RULE_CLASSES)
        return false;
    rule->class = (DropRuleClass) class;
    text += name_len;
    text += strspn(text, " ");
    if (!parse_number(&text, &rule->first))
        return false;
    rule->last = rule->first;
    if (*text == '-' && (text++, !parse_number(&text, &rule->last)))
        return false;
    return *text == '\0' && rule->last >= rule->first;
}

static bool parse_drop(const char *text, void *field, char **why)
{
    LinkConfig *config = sim_container_of(field, LinkConfig, rule_count);
    char **parts;
    bool good = true;

    config->rule_count = 0;
    if (strcmp(text, "none") == 0)
        return true;
    parts = g_strsplit(text, ",", -1);
    for (unsigned i = 0; good && parts[i] != NULL; i++) {
        g_strstrip(parts[i]);
        if (i == DROP_RULES_MAX) {
            *why = g_strdup_printf("more than %d rules; use ranges, such as "
                                   "\"data 5-20\"",
                                   DROP_RULES_MAX);
            good = false;
        } else if (!parse_rule(parts[i], &config->rules[i])) {
            char *names = g_strjoinv(", ", (char **)rule_names);

            *why = g_strdup_printf(
                "\"%s\" names no packet; write a class and which of them, "
                "counted from 1, such as \"SYN 1\" or \"data 7-9\" (classes: "
                "%s)",
                parts[i], names);
            g_free(names);
            good = false;
        } else {
            config->rule_count = i + 1;
        }
    }
    g_strfreev(parts);
    return good;
}

static char *format_drop(const void *field)
{
    const LinkConfig *config =
        sim_container_of(field, const LinkConfig, rule_count);
    GString *text = g_string_new(config->rule_count == 0 ? "none" : NULL);

    for (unsigned i = 0; i < config->rule_count; i++) {
        const DropRule *rule = &config->rules[i];

        g_string_append_printf(text, "%s%s %" PRIu32, i == 0 ? "" : ", ",
                               rule_names[rule->class], rule->first);
        if (rule->last != rule->first)
            g_string_append_printf(text, "-%" PRIu32, rule->last);
    }
    return g_string_free(text, FALSE);
}

/* --- the table ------------------------------------------------------------ */

const ConfigKey link_keys[] = {
    {.key = "rate",
     .type = CONFIG_RATE,
     .offset = KEY(rate),
     .def = "1 Gbit/s",
     .min = 1,
     .max = 1e13,
     .sentence = "Bits that the line carries in a second.",
     .source = ""},
    {.key = "delay",
     .type = CONFIG_TIME,
     .offset = KEY(delay),
     .def = "1 ms",
     .min = 0,
     .max = 86400,
     .sentence =
         "Propagation: from the last bit sent to the last bit received.",
     .source = ""},
    {.key = "jitter",
     .type = CONFIG_TIME,
     .offset = KEY(jitter),
     .def = "0 s",
     .min = 0,
     .max = 86400,
     .sentence = "Propagation takes up to so much longer, each packet's by "
                 "itself and every time as likely.",
     .source = ""},
    {.key = "reorder",
     .type = CONFIG_BOOL,
     .offset = KEY(reorder),
     .def = "no",
     .sentence = "Jitter lets packets overtake each other, as on paths of "
                 "several lengths; otherwise those that are less late wait.",
     .source = ""},
    {.key = "loss",
     .type = CONFIG_FRACTION,
     .offset = KEY(loss),
     .def = "0 %",
     .min = 0,
     .max = 1,
     .sentence = "Chance that a packet is lost on the line, independent of all "
                 "others, or with loss_burst the mean of it.",
     .source = ""},
    {.key = "loss_burst",
     .type = CONFIG_CUSTOM,
     .offset = KEY(burst.time),
     .def = "none",
     .sentence =
         "Losses come together, in bad periods of this mean length: a time "
         "(\"50 ms\", exponential, the same periods whatever is sent) or "
         "\"5 packets\" (geometric); between them the line is good for as long "
         "as the mean loss needs.",
     .source = "Gilbert 1960, Elliott 1963; netem's gemodel",
     .parse = burst_parse,
     .format = burst_format},
    {.key = "loss_in_burst",
     .type = CONFIG_FRACTION,
     .offset = KEY(burst.inside),
     .def = "100 %",
     .min = 0,
     .max = 1,
     .sentence = "Chance that a packet is lost in a bad period.",
     .source = "Gilbert 1960: 1 - h"},
    {.key = "loss_between_bursts",
     .type = CONFIG_FRACTION,
     .offset = KEY(burst.between),
     .def = "0 %",
     .min = 0,
     .max = 1,
     .sentence = "Chance that a packet is lost in a good period.",
     .source = "Elliott 1963: 1 - k"},
    {.key = "duplicate",
     .type = CONFIG_FRACTION,
     .offset = KEY(duplicate),
     .def = "0 %",
     .min = 0,
     .max = 1,
     .sentence = "Chance that a packet that arrives arrives twice, the copy "
                 "with a jitter of its own.",
     .source = ""},
    {.key = "detour",
     .type = CONFIG_FRACTION,
     .offset = KEY(detour),
     .def = "0 %",
     .min = 0,
     .max = 1,
     .sentence = "Chance that a packet takes a longer way, on which others "
                 "overtake it.",
     .source = ""},
    {.key = "detour_delay",
     .type = CONFIG_TIME,
     .offset = KEY(detour_delay),
     .def = "1 s",
     .min = 0,
     .max = 86400,
     .sentence = "That way takes up to so much longer, every time as likely.",
     .source = "RFC 9293 s3.4.2: a segment lives 2 min at most"},
    {.key = "queue",
     .type = CONFIG_CUSTOM,
     .offset = KEY(queue_packets),
     .def = "droptail 1000 packets",
     .sentence = "Most packets, or bytes, that wait for the line, without the "
                 "one being sent: \"droptail 100 packets\", \"droptail 64 "
                 "KiB\", or \"none\" for one without end.",
     .source = "Linux: 1000 packets (txqueuelen of Ethernet)",
     .parse = parse_queue,
     .format = format_queue},
    {.key = "ecn_threshold",
     .type = CONFIG_COUNT,
     .offset = KEY(ecn_threshold),
     .def = "off",
     .min = 0,
     .max = 4294967295.0,
     .choices = "off",
     .sentence = "A packet that says ECT and finds so many others waiting is "
                 "marked CE, congestion experienced.",
     .source = "RFC 3168 s5"},
    {.key = "mtu",
     .type = CONFIG_BYTES,
     .offset = KEY(mtu),
     .def = "1500 B",
     .min = 68,
     .max = 65535,
     .sentence = "Longest IP packet that the line carries.",
     .source = "RFC 894; 68 B: RFC 791 s3.2"},
    {.key = "snr",
     .type = CONFIG_CUSTOM,
     .offset = KEY(snr),
     .def = "none",
     .sentence = "Energy of a bit over the noise density, Eb/N0; \"none\": no "
                 "noise.",
     .source = "Proakis, Digital Communications, s4.2",
     .parse = parse_snr,
     .format = format_snr},
    {.key = "line_code",
     .type = CONFIG_CHOICE,
     .offset = KEY(line_code),
     .def = "nrz",
     .choices = "manchester|nrz|mlt3",
     .sentence = "How bits become a signal, which decides what noise does: "
                 "manchester is that of 10 Mbit/s Ethernet, mlt3 (with 4B5B) "
                 "that of 100BASE-TX, nrz stands for what is faster.",
     .source = "IEEE 802.3 s7.3.1.1 (Manchester), clauses 24 and 25 (MLT-3)"},
    {.key = "attenuation",
     .type = CONFIG_CUSTOM,
     .offset = KEY(attenuation),
     .def = "0 dB",
     .sentence = "How much weaker the signal is at the far end: taken off snr.",
     .source = "",
     .parse = parse_attenuation,
     .format = format_attenuation},
    {.key = "signal",
     .type = CONFIG_CHOICE,
     .offset = KEY(signal),
     .def = "formula",
     .choices = "formula|sampled",
     .sentence = "How noise is brought about: as often as the formula of the "
                 "line code says; or by sending every frame as the samples of "
                 "its waveform and reading it from them, which takes a "
                 "thousand times as long.",
     .source = ""},
    {.key = "clock_offset",
     .type = CONFIG_FRACTION,
     .offset = KEY(clock_offset),
     .def = "0 %",
     .min = -0.001,
     .max = 0.001,
     .sentence = "Of a sampled signal: the receiver's clock is faster than the "
                 "sender's by this share (0.01 % is 100 ppm).",
     .source = "IEEE 802.3 s7.3.2: each clock within 0.01 %"},
    {.key = "rise_time",
     .type = CONFIG_FRACTION,
     .offset = KEY(rise_time),
     .def = "0 %",
     .min = 0,
     .max = 2,
     .sentence = "Of a sampled signal: from 10 % to 90 % of a change of level, "
                 "as a share of a symbol; the low-pass of one pole that the "
                 "line is.",
     .source = ""},
    {.key = "crossed",
     .type = CONFIG_BOOL,
     .offset = KEY(crossed),
     .def = "no",
     .sentence = "Of a sampled signal: the two wires are swapped, which the "
                 "receiver finds out.",
     .source = ""},
    {.key = "overhead",
     .type = CONFIG_CHOICE,
     .offset = KEY(overhead),
     .def = "ethernet+gap",
     .choices = "ip|ethernet|ethernet+gap",
     .sentence = "Which bytes rate and queue count: the IP packet; with "
                 "Ethernet header, padding and check sequence; with preamble "
                 "and gap too.",
     .source = "IEEE 802.3 s3.1.1, s4.4.2"},
    {.key = "drop",
     .type = CONFIG_CUSTOM,
     .offset = KEY(rule_count),
     .def = "none",
     .sentence =
         "Packets that are dropped on entry, by class and number from "
         "1: \"SYN 1, data 7-9\"; classes SYN, SYN-ACK, ACK, data, FIN, "
         "ACK-of-FIN, RST, ARP, UDP, any.",
     .source = "",
     .parse = parse_drop,
     .format = format_drop},
    {.key = NULL},
};

char *link_config_wrong(const LinkConfig *config, const char **key)
{
    return burst_config_wrong(&config->burst, config->loss, key);
}

double link_eb_n0(const LinkConfig *config)
{
    return isinf(config->snr)
               ? INFINITY
               : pow(10, (config->snr - config->attenuation) / 10);
}

static void finish_signal(LinkConfig *config)
{
    double eb_n0 = link_eb_n0(config);
    double rate =
        isinf(eb_n0) ? 0 : linecode_damage_rate(config->line_code, eb_n0);

    /* In single precision: the last bits of libm's results differ from machine
     * to machine, and must not decide what is damaged. */
    noise_init(&config->noise, (double)(float)rate);
    config->framing_bits = linecode_framing_bits(config->line_code);
    waveform_init(&config->waveform, config->line_code, eb_n0,
                  config->clock_offset, config->rise_time);
    config->waveform.reversed = config->crossed;
}

void link_config_finish(LinkConfig *config)
{
    uint64_t ns = config->rate != 0 ? 8000000000u / config->rate : 0;
    config->loss_threshold = probability_u32(config->loss);
    burst_config_finish(&config->burst, config->loss);
    config->duplicate_threshold = probability_u32(config->duplicate);
    config->detour_threshold = probability_u32(config->detour);
    config->tarries = config->jitter > 0 || config->duplicate_threshold > 0 ||
                      config->detour_threshold > 0;
    config->ns_per_byte = ns * config->rate == 8000000000u ? (uint32_t)ns : 0;
    finish_signal(config);
    config->risky = config->loss_threshold != 0 || config->noise.on ||
                    config->signal == SIGNAL_SAMPLED;
}
