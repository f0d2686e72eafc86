/* trace.c - reads traces/NAME.tsv; see trace.h. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

static const char *const ends[] = {"client", "server", NULL};
static const char *const whens[] = {"at",  "opened", "read",
                                    "end", "taken",  NULL};
static const char *const whats[] = {"connect", "write", "read no more",
                                    "close",   "abort", NULL};

/* --- fields --------------------------------------------------------------- */

/* Which of WORDS the field is, as far as its words go: "read 200" is "read". */
static uint8_t word(const char *field, const char *const *words)
{
    int found = -1;

    for (int i = 0; words[i] != NULL; i++)
        if (g_str_has_prefix(field, words[i]) &&
            (found < 0 || strlen(words[i]) > strlen(words[found])))
            found = i;
    ck_assert_msg(found >= 0, "no such word: %s", field);
    return (uint8_t)found;
}

/* The number at the end of "write 200", 0 when there is none. */
static uint32_t amount(const char *field)
{
    const char *blank = strrchr(field, ' ');

    return blank != NULL ? (uint32_t)strtoul(blank + 1, NULL, 10) : 0;
}

static SimTime milliseconds(const char *field)
{
    char *end;
    double ms = g_ascii_strtod(field, &end);

    ck_assert_msg(end != field && *end == '\0', "no time: %s", field);
    return (SimTime)(ms * SIM_MS + 0.5);
}

static uint16_t flag_bits(const char *field)
{
    static const char letters[] = "FSRP.UEW"; /* from bit 0 on */
    uint16_t flags = 0;

    for (; *field != '\0'; field++) {
        const char *letter = strchr(letters, *field);

        ck_assert_msg(letter != NULL, "no flag: %c", *field);
        flags |= (uint16_t)(1 << (letter - letters));
    }
    return flags;
}

static void key(LinkConfig *config, const char *name, const char *value)
{
    char *why = NULL;

    ck_assert_msg(
        config_parse(config_key(link_keys, name), value, config, &why), "%s",
        why);
}

/* --- lines ---------------------------------------------------------------- */

/* step: end, when, delay in ms, what */
static void read_step(Trace *trace, char **field)
{
    TraceStep step = {.end = word(field[0], ends),
                      .when = word(field[1], whens),
                      .delay = milliseconds(field[2]),
                      .what = word(field[3], whats),
                      .when_bytes = amount(field[1]),
                      .bytes = amount(field[3])};

    g_array_append_val(trace->steps, step);
}

/* ms, from, fate, flags, seq, ack, len, win, echo, SACK blocks "L:R L:R" */
static void read_packet(Trace *trace, char **field)
{
    TracePacket packet = {.sent = milliseconds(field[0]),
                          .from = word(field[1], ends),
                          .lost = strcmp(field[2], "lost") == 0,
                          .flags = flag_bits(field[3]),
                          .seq = (uint32_t)strtoul(field[4], NULL, 10),
                          .ack = (uint32_t)strtoul(field[5], NULL, 10),
                          .len = (uint32_t)strtoul(field[6], NULL, 10),
                          .window = (uint16_t)strtoul(field[7], NULL, 10),
                          .echo = (uint32_t)strtoul(field[8], NULL, 10)};
    char *at = field[9];

    if (packet.flags & TCP_SYN) {
        packet.mss = trace->syn[packet.from].mss;
        packet.wscale = trace->syn[packet.from].wscale;
    }

    while (at != NULL && *at != '\0') {
        TcpSackBlock *block = &packet.sack[packet.sack_count++];

        ck_assert_uint_le(packet.sack_count, TCP_SACK_BLOCKS_MAX);
        block->left = (uint32_t)strtoul(at, &at, 10);
        ck_assert_int_eq(*at++, ':');
        block->right = (uint32_t)strtoul(at, &at, 10);
    }
    g_array_append_val(trace->packets, packet);
}

/* end, mss, wscale */
static void read_syn(Trace *trace, char **field)
{
    trace->syn[word(field[0], ends)] =
        (TracePacket){.mss = (uint16_t)strtoul(field[1], NULL, 10),
                      .wscale = (uint8_t)strtoul(field[2], NULL, 10)};
}

/* ms, end, state */
static void read_state(Trace *trace, char **field)
{
    TraceState state = {.at = milliseconds(field[0]),
                        .end = word(field[1], ends)};

    while (strcmp(tcp_state_name(state.state), field[2]) != 0)
        ck_assert_uint_lt(++state.state, TCP_STATES);
    g_array_append_val(trace->states, state);
}

/* end, which of the text, ms */
static void read_odd(Trace *trace, char **field, bool twice)
{
    ck_assert_str_eq(field[0], "server");
    trace->odd = amount(field[1]);
    trace->delay = milliseconds(field[2]);
    trace->twice = twice;
}

static void read_line(Trace *trace, const char *line)
{
    char **field = g_strsplit(line, "\t", -1);
    unsigned n = g_strv_length(field);

    if (strcmp(field[0], "do") == 0 && n == 5) {
        read_step(trace, field + 1);
    } else if (strcmp(field[0], "packet") == 0 && (n == 10 || n == 11)) {
        read_packet(trace, field + 1);
    } else if (strcmp(field[0], "syn") == 0 && n == 4) {
        read_syn(trace, field + 1);
    } else if (strcmp(field[0], "state") == 0 && n == 4) {
        read_state(trace, field + 1);
    } else if (strcmp(field[0], "drop") == 0 && n == 3) {
        key(&trace->lines[word(field[1], ends)], "drop", field[2]);
    } else if ((strcmp(field[0], "late") == 0 ||
                strcmp(field[0], "twice") == 0) &&
               n == 4) {
        read_odd(trace, field + 1, field[0][0] == 't');
    } else if (n == 2) { /* rate, queue: of both directions */
        key(&trace->lines[CLIENT], field[0], field[1]);
        key(&trace->lines[SERVER], field[0], field[1]);
    } else {
        ck_abort_msg("no line of a trace: %s", line);
    }
    g_strfreev(field);
}

Trace *trace_open(const char *name)
{
    Trace *trace = g_new0(Trace, 1);
    char *path = g_strdup_printf(TESTDIR "/linux/traces/%s.tsv", name);
    char *text, **lines;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
    trace->steps = g_array_new(FALSE, FALSE, sizeof(TraceStep));
    trace->states = g_array_new(FALSE, FALSE, sizeof(TraceState));
    trace->packets = g_array_new(FALSE, FALSE, sizeof(TracePacket));
    for (int e = 0; e < 2; e++) {
        config_defaults(link_keys, 0, &trace->lines[e]);
        key(&trace->lines[e], "overhead", "ip");
        key(&trace->lines[e], "delay", "10.05 ms");
    }
    lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i] != NULL; i++)
        if (lines[i][0] != '\0' && lines[i][0] != '#')
            read_line(trace, lines[i]);
    g_strfreev(lines);
    g_free(text);
    g_free(path);
    return trace;
}

void trace_close(Trace *trace)
{
    g_array_free(trace->steps, TRUE);
    g_array_free(trace->packets, TRUE);
    g_array_free(trace->states, TRUE);
    g_free(trace);
}

/* --- packets -------------------------------------------------------------- */

char *trace_packet_text(const TracePacket *packet)
{
    GString *text = g_string_new(NULL);

    g_string_printf(text, "%.3f ms, %s%s: ", (double)packet->sent / SIM_MS,
                    ends[packet->from], packet->lost ? ", lost" : "");
    for (unsigned bit = 0; bit < 8; bit++)
        if (packet->flags >> bit & 1)
            g_string_append_c(text, "FSRP.UEW"[bit]);
    g_string_append_printf(text, " seq %u ack %u len %u win %u echo %u",
                           packet->seq, packet->ack, packet->len,
                           packet->window, packet->echo);
    if (packet->mss != 0)
        g_string_append_printf(text, " mss %u wscale %u", packet->mss,
                               packet->wscale);
    for (unsigned i = 0; i < packet->sack_count; i++)
        g_string_append_printf(text, " %u:%u", packet->sack[i].left,
                               packet->sack[i].right);
    return g_string_free(text, FALSE);
}

bool trace_packet_same(const TracePacket *a, const TracePacket *b)
{
    if (a->from != b->from || a->lost != b->lost || a->flags != b->flags ||
        a->seq != b->seq || a->ack != b->ack || a->len != b->len ||
        a->window != b->window || a->mss != b->mss || a->wscale != b->wscale ||
        a->sack_count != b->sack_count)
        return false;
    for (unsigned i = 0; i < a->sack_count; i++)
        if (a->sack[i].left != b->sack[i].left ||
            a->sack[i].right != b->sack[i].right)
            return false;
    return true;
}
