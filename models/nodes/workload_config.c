/* workload_config.c - the keys of a [workload NAME], and the texts that only
 * they have: arrivals, times to think, prefixes. */
#include "workload.h"

#include <string.h>

/* --- arrivals ------------------------------------------------------------- */

static bool parse_gap(ArrivalKind kind, const char *text, Arrivals *arrivals,
                      char **why)
{
    static const double longest = 1e6 * SIM_S;
    int64_t time;
    double rate, gap;

    if (strchr(text, '/') == NULL) {
        if (!quantity_int(QUANTITY_TIME, text, &time, why))
            return false;
        gap = (double)time;
    } else {
        if (!quantity_real(QUANTITY_FREQUENCY, text, &rate, why))
            return false;
        gap = rate > 0 ? 1e9 / rate + 0.5 : 0;
    }
    if (gap < 1 || gap > longest) {
        *why = g_strdup_printf("\"%s\" is no gap between arrivals; a time from "
                               "1 ns to 1000000 s, or a rate such as 10 /s, "
                               "would be",
                               text);
        return false;
    }
    arrivals->kind = kind;
    arrivals->gap = (SimTime)gap;
    return true;
}

static bool parse_users(const char *text, Arrivals *arrivals, char **why)
{
    guint64 users;

    if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000, &users, NULL)) {
        *why = g_strdup_printf("\"%s\" is no number of users; a whole number "
                               "from 1 to 1000000 would be",
                               text);
        return false;
    }
    *arrivals = (Arrivals){.kind = ARRIVE_USERS, .users = (uint32_t)users};
    return true;
}

static bool parse_arrivals(const char *text, void *field, char **why)
{
    Arrivals *arrivals = field, parsed = {.kind = ARRIVE_ONCE};
    bool good = true;

    if (g_str_has_prefix(text, "every ")) {
        good = parse_gap(ARRIVE_EVERY, text + strlen("every "), &parsed, why);
    } else if (g_str_has_prefix(text, "poisson ")) {
        good =
            parse_gap(ARRIVE_POISSON, text + strlen("poisson "), &parsed, why);
    } else if (g_str_has_prefix(text, "users ")) {
        good = parse_users(text + strlen("users "), &parsed, why);
    } else if (g_str_has_prefix(text, "trace ")) {
        parsed.kind = ARRIVE_TRACE;
        parsed.file = g_intern_string(text + strlen("trace "));
    } else if (strcmp(text, "once") != 0) {
        *why = g_strdup_printf("\"%s\" is no way to arrive; one of: once, "
                               "every 100 ms, poisson 10 /s, users 5, trace "
                               "FILE",
                               text);
        return false;
    }
    if (good)
        *arrivals = parsed;
    return good;
}

static char *format_arrivals(const void *field)
{
    const Arrivals *arrivals = field;
    char *gap, *text;

    switch (arrivals->kind) {
    case ARRIVE_ONCE:
        return g_strdup("once");
    case ARRIVE_USERS:
        return g_strdup_printf("users %u", arrivals->users);
    case ARRIVE_TRACE:
        return g_strconcat("trace ", arrivals->file, NULL);
    case ARRIVE_EVERY:
    case ARRIVE_POISSON:
        break;
    }
    /* As a gap, which is exact; a rate need not be. */
    gap = quantity_format_int(QUANTITY_TIME, arrivals->gap);
    text = g_strconcat(arrivals->kind == ARRIVE_EVERY ? "every " : "poisson ",
                       gap, NULL);
    g_free(gap);
    return text;
}

/* --- think ---------------------------------------------------------------- */

static const char exponential[] = "exponential ";

static bool parse_think(const char *text, void *field, char **why)
{
    Think think = {.exponential = g_str_has_prefix(text, exponential)};
    int64_t time;

    if (!quantity_int(QUANTITY_TIME,
                      think.exponential ? text + strlen(exponential) : text,
                      &time, why))
        return false;
    if (time < 0 || time > 1000000 * SIM_S) {
        *why = g_strdup_printf("\"%s\" is no time to think; 0 s to 1000000 s, "
                               "or exponential 5 s, would be",
                               text);
        return false;
    }
    think.time = time;
    *(Think *)field = think;
    return true;
}

static char *format_think(const void *field)
{
    const Think *think = field;
    char *time = quantity_format_int(QUANTITY_TIME, think->time);
    char *text = g_strconcat(think->exponential ? exponential : "", time, NULL);

    g_free(time);
    return text;
}

/* --- spoof ---------------------------------------------------------------- */

enum { V4_IN_V6 = 96 }; /* bits before an IPv4 address */

static bool parse_prefix(const char *text, void *field, char **why)
{
    const char *slash = strchr(text, '/');
    char *address = g_strndup(text, slash != NULL ? (gsize)(slash - text) : 0);
    IpPrefix prefix;
    guint64 len = 0;
    bool good = slash != NULL && ip_from_text(address, &prefix.address) &&
                g_ascii_string_to_unsigned(slash + 1, 10, 0, 32, &len, NULL);

    prefix.len = (uint8_t)(V4_IN_V6 + len);
    if (good && !ip_equal(ip_mask(prefix.address, prefix.len), prefix.address))
        good = false;
    if (good)
        *(IpPrefix *)field = prefix;
    else
        *why = g_strdup_printf("\"%s\" is no prefix of addresses; such as "
                               "198.18.0.0/15, with nothing but zeros behind "
                               "its length, would be",
                               text);
    g_free(address);
    return good;
}

static char *format_prefix(const void *field)
{
    const IpPrefix *prefix = field;
    char text[IP_TEXT_MAX];

    return g_strdup_printf("%s/%u", ip_to_text(prefix->address, text),
                           prefix->len - V4_IN_V6);
}

/* --- the table ------------------------------------------------------------ */

#define KEY(field) offsetof(WorkloadConfig, field)
const ConfigKey workload_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .def = NULL,
     .choices = "connect|fetch|page|send|flood|datagram",
     .sentence = "What an item is: connect opens a TCP connection and closes "
                 "it as soon as it is established; fetch gets one URL, with "
                 "nothing cached; page opens a URL in a browser; send opens a "
                 "TCP connection and sends `bytes`, which the other end "
                 "reads; flood sends a SYN from an address of `spoof`, and "
                 "has no outcome; datagram sends a UDP datagram, likewise.",
     .source = ""},
    {.key = "node",
     .type = CONFIG_TEXT,
     .offset = KEY(node),
     .def = NULL,
     .sentence = "The node that does it, or a group of nodes that take turns.",
     .source = ""},
    {.key = "to",
     .type = CONFIG_TEXT,
     .offset = KEY(to),
     .def = NULL,
     .sentence = "Where to: NODE:PORT or ADDRESS:PORT for connect and flood, "
                 "NODE:PORT (a port that is free) for send and datagram, else "
                 "a URL, or "
                 "several with blanks between them, which a session opens in "
                 "turn.",
     .source = ""},
    {.key = "bytes",
     .type = CONFIG_BYTES,
     .offset = KEY(bytes),
     .def = "1 MB",
     .min = 1,
     .max = 1e12,
     .sentence = "What an item of kind send sends; of kind datagram, how "
                 "long it is, IP header and all.",
     .source = ""},
    {.key = "sizes",
     .type = CONFIG_CHOICE,
     .offset = KEY(sizes),
     .def = "constant",
     .choices = "constant|exponential",
     .sentence = "How long datagrams are: all `bytes`, or exponentially "
                 "distributed with that mean, as far as headers and the way's "
                 "MTU allow.",
     .source = ""},
    {.key = "arrivals",
     .type = CONFIG_CUSTOM,
     .offset = KEY(arrivals),
     .def = "once",
     .sentence =
         "When sessions begin: once (all together), every TIME, poisson RATE "
         "(exponential gaps; a mean gap is as good), users N (so many people "
         "who think, do a session, think, do the next), or trace FILE (a line "
         "for each: its time after `start`, and, for send, how many bytes, "
         "for fetch and page, which URL).",
     .source = "",
     .parse = parse_arrivals,
     .format = format_arrivals},
    {.key = "count",
     .type = CONFIG_COUNT,
     .offset = KEY(count),
     .def = "auto",
     .min = 1,
     .max = 1e9,
     .choices = "auto",
     .sentence = "How many sessions a run has, at most; auto: one (once), one "
                 "for each line (trace), else as many as begin before `until` "
                 "or the end of the run.",
     .source = ""},
    {.key = "start",
     .type = CONFIG_TIME,
     .offset = KEY(start),
     .def = "0 s",
     .min = 0,
     .max = 1e6,
     .sentence = "When the first session begins (poisson: the first gap; "
                 "users: the first thinking; trace: 0 s of the file).",
     .source = ""},
    {.key = "until",
     .type = CONFIG_TIME,
     .offset = KEY(until),
     .def = "never",
     .min = 1e-9,
     .max = 1e6,
     .choices = "never",
     .sentence = "No item begins at this time or later.",
     .source = ""},
    {.key = "pages",
     .type = CONFIG_COUNT,
     .offset = KEY(pages),
     .def = "auto",
     .min = 1,
     .max = 1e6,
     .choices = "auto",
     .sentence = "Items of a session, one after another, on the same node; "
                 "auto: as many as `to` has URLs.",
     .source = ""},
    {.key = "think",
     .type = CONFIG_CUSTOM,
     .offset = KEY(think),
     .def = "0 s",
     .sentence = "How long a user thinks between the outcome of one item and "
                 "the next of the session (users: and before each session): a "
                 "time, or exponential TIME (its mean).",
     .source = "",
     .parse = parse_think,
     .format = format_think},
    {.key = "spoof",
     .type = CONFIG_CUSTOM,
     .offset = KEY(spoof),
     .def = "198.18.0.0/15",
     .sentence = "The prefix of the addresses from which a flood says that "
                 "it comes; of no node of the network.",
     .source = "RFC 2544 appendix C.2.2: for tests, routed nowhere",
     .parse = parse_prefix,
     .format = format_prefix},
    {.key = NULL},
};
#undef KEY

uint32_t workload_sessions(const WorkloadConfig *config)
{
    uint32_t most = config->count != 0 ? config->count : UINT32_MAX;

    if (config->arrivals.kind == ARRIVE_TRACE && config->trace != NULL)
        return MIN(most, config->trace->count);
    if (config->arrivals.kind == ARRIVE_ONCE && config->count == 0)
        return 1;
    return most;
}
