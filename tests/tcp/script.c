/* script.c - reads packet scripts. */
#include <stdlib.h>
#include <string.h>

#include "models/transport/tcp.h"
#include "script.h"
#include "sim/quantity.h"

static const struct {
    char letter;
    uint16_t flag;
} flag_letters[] = {
    {'S', TCP_SYN}, {'F', TCP_FIN}, {'R', TCP_RST}, {'P', TCP_PSH},
    {'U', TCP_URG}, {'E', TCP_ECE}, {'W', TCP_CWR}, {'.', TCP_ACK},
};

const char *const script_ecn[4] = {"[noecn]", "[ect1]", "[ect0]", "[ce]"};

const char *script_flags(uint16_t flags, char text[10])
{
    unsigned n = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(flag_letters); i++)
        if (flags & flag_letters[i].flag)
            text[n++] = flag_letters[i].letter;
    if (n == 0)
        text[n++] = '-';
    text[n] = '\0';
    return text;
}

static char *read_flags(const char *word, uint16_t *flags)
{
    *flags = 0;
    if (strcmp(word, "-") == 0)
        return NULL;
    for (; *word != '\0'; word++) {
        unsigned i = 0;

        while (i < G_N_ELEMENTS(flag_letters) &&
               flag_letters[i].letter != *word)
            i++;
        if (i == G_N_ELEMENTS(flag_letters))
            return g_strdup_printf("flag '%c'; one of SFRPUEW., or - for none",
                                   *word);
        *flags |= flag_letters[i].flag;
    }
    return NULL;
}

/* A whole number, all of TEXT. */
static bool read_whole(const char *text, int64_t min, int64_t max,
                       int64_t *value)
{
    return g_ascii_string_to_signed(text, 10, min, max, value, NULL);
}

/* N, #N, edge, edge+N or edge-N. */
static bool read_number(const char *text, ScriptNumber *number)
{
    *number = (ScriptNumber){.base = FROM_ISS};
    if (*text == '#') {
        number->base = FROM_ZERO;
        text++;
    } else if (g_str_has_prefix(text, "edge")) {
        number->base = FROM_EDGE;
        text += strlen("edge");
        if (*text == '\0')
            return true;
        if (*text == '+')
            text++;
        else if (*text != '-')
            return false;
    }
    return read_whole(text, INT32_MIN, UINT32_MAX, &number->value);
}

/* SEQ:END(LEN), where END is SEQ + LEN: SYN and FIN are not counted. */
static char *read_range(const char *word, ScriptSegment *segment)
{
    g_autofree char *copy = g_strdup(word);
    char *colon = strchr(copy, ':');
    char *open = strchr(copy, '(');
    ScriptNumber end;
    int64_t len;

    if (colon == NULL || open == NULL || open < colon ||
        !g_str_has_suffix(copy, ")"))
        return g_strdup_printf("'%s'; a range is SEQ:END(LEN)", word);
    copy[strlen(copy) - 1] = '\0';
    *colon = *open = '\0';
    if (!read_number(copy, &segment->seq) || !read_number(colon + 1, &end) ||
        !read_whole(open + 1, 0, 65535, &len))
        return g_strdup_printf("'%s'; a range is SEQ:END(LEN)", word);
    if (end.base != segment->seq.base || end.value - segment->seq.value != len)
        return g_strdup_printf("'%s'; END is not SEQ + LEN", word);
    segment->len = (uint32_t)len;
    return NULL;
}

static bool read_ts(char **words, ScriptSegment *segment)
{
    TcpHeader *header = &segment->header;
    int64_t val = 0, ecr = 0;
    const char *echo;

    if (words[1] == NULL || words[2] == NULL)
        return false;
    echo = words[2];
    segment->any_ts_val = strcmp(words[1], "*") == 0;
    segment->echo_ts = words[2][0] == '*';
    if (strcmp(words[2], "*") == 0)
        echo = "0";
    else if (g_str_has_prefix(words[2], "*-"))
        echo = words[2] + 2;
    if ((!segment->any_ts_val && !read_whole(words[1], 0, UINT32_MAX, &val)) ||
        !read_whole(echo, 0, UINT32_MAX, &ecr))
        return false;
    header->ts_val = (uint32_t)val;
    header->ts_ecr = (uint32_t)ecr;
    header->options |= TCP_OPT_TIMESTAMPS;
    return true;
}

static bool read_sack(char **words, TcpHeader *header)
{
    for (words++; *words != NULL; words++) {
        char **ends = g_strsplit(*words, ":", 2);
        int64_t left, right;
        bool good = g_strv_length(ends) == 2 &&
                    header->sack_count < TCP_SACK_BLOCKS_MAX &&
                    read_whole(ends[0], INT32_MIN, UINT32_MAX, &left) &&
                    read_whole(ends[1], INT32_MIN, UINT32_MAX, &right);

        g_strfreev(ends);
        if (!good)
            return false;
        header->sack[header->sack_count++] =
            (TcpSackBlock){(uint32_t)left, (uint32_t)right};
    }
    return header->sack_count > 0;
}

/* "fo" asks for a cookie, "fo HEX" is one, "fo *" any; "foexp" the experimental
 * form. */
static bool read_cookie(char **words, ScriptSegment *segment)
{
    TcpHeader *header = &segment->header;
    const char *hex = words[1] != NULL ? words[1] : "";

    header->options |= TCP_OPT_FAST_OPEN;
    if (strcmp(words[0], "foexp") == 0)
        header->options |= TCP_OPT_FAST_OPEN_EXP;
    if (strcmp(hex, "*") == 0) {
        segment->any_cookie = true;
        return true;
    }
    if (strlen(hex) % 2 != 0 || strlen(hex) > 2 * TCP_COOKIE_MAX)
        return false;
    for (; *hex != '\0'; hex += 2) {
        if (!g_ascii_isxdigit(hex[0]) || !g_ascii_isxdigit(hex[1]))
            return false;
        header->cookie[header->cookie_len++] =
            (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 |
                      g_ascii_xdigit_value(hex[1]));
    }
    return true;
}

/* One option: "mss 1460", "sackOK", "wscale 7", "ts 1 0", "sack 1:11 21:31". */
static bool read_option(const char *text, ScriptSegment *segment)
{
    TcpHeader *header = &segment->header;
    char **words = g_strsplit(text, " ", -1);
    unsigned count = g_strv_length(words);
    int64_t value = 0;
    bool good = false;

    if (count == 1 && strcmp(words[0], "sackOK") == 0) {
        header->options |= TCP_OPT_SACK_OK;
        good = true;
    } else if (count == 2 && strcmp(words[0], "mss") == 0) {
        good = read_whole(words[1], 0, 65535, &value);
        header->mss = (uint16_t)value;
        header->options |= TCP_OPT_MSS;
    } else if (count == 2 && strcmp(words[0], "wscale") == 0) {
        good = read_whole(words[1], 0, 255, &value);
        header->wscale = (uint8_t)value;
        header->options |= TCP_OPT_WSCALE;
    } else if (count == 2 && strcmp(words[0], "uto") == 0) {
        good = read_whole(words[1], 0, 65535, &value);
        header->user_timeout = (uint16_t)value;
        header->options |= TCP_OPT_USER_TIMEOUT;
    } else if (count == 3 && strcmp(words[0], "ts") == 0) {
        good = read_ts(words, segment);
    } else if (count > 1 && strcmp(words[0], "sack") == 0) {
        good = read_sack(words, header);
    } else if (count <= 2 && words[0] != NULL &&
               (strcmp(words[0], "fo") == 0 ||
                strcmp(words[0], "foexp") == 0)) {
        good = read_cookie(words, segment);
    }
    g_strfreev(words);
    return good;
}

/* What stands between < and >, commas between options; "" means none. */
static char *read_options(char *text, ScriptSegment *segment)
{
    char *why = NULL;
    char **options;

    segment->has_options = true;
    options = g_strsplit(text, ",", -1);
    for (char **o = options; *o != NULL && why == NULL; o++)
        if (*g_strstrip(*o) != '\0' && !read_option(*o, segment))
            why =
                g_strdup_printf("option '%s'; one of mss N, sackOK, wscale "
                                "N, ts VAL ECR, sack L:R ..., uto N, fo [HEX]",
                                *o);
    g_strfreev(options);
    return why;
}

/* [noecn], [ect1], [ect0] or [ce] before a segment: its IP header's ECN field.
 */
static bool read_ecn(const char *word, ScriptSegment *segment)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(script_ecn); i++)
        if (strcmp(word, script_ecn[i]) == 0) {
            segment->has_ecn = true;
            segment->ecn = (uint8_t)i;
            return true;
        }
    return false;
}

/* FLAGS SEQ:END(LEN) [ack N] [win N], already split at blanks. */
static char *read_words(char **words, ScriptSegment *segment)
{
    bool acks = false;
    char *why;

    if (words[0] != NULL && read_ecn(words[0], segment))
        words++;
    if (words[0] == NULL || words[1] == NULL)
        return g_strdup("a segment is FLAGS SEQ:END(LEN) [ack N] [win N]");
    why = read_flags(words[0], &segment->header.flags);
    if (why == NULL)
        why = read_range(words[1], segment);
    for (words += 2; *words != NULL && why == NULL; words += 2) {
        int64_t win = 0;

        if (words[1] == NULL) {
            why = g_strdup_printf("'%s' without a number", words[0]);
            break;
        } else if (strcmp(words[0], "ack") == 0 &&
                   read_number(words[1], &segment->ack)) {
            acks = true;
        } else if (strcmp(words[0], "win") == 0 &&
                   read_whole(words[1], 0, 65535, &win)) {
            segment->has_window = true;
            segment->header.window = (uint16_t)win;
        } else {
            why =
                g_strdup_printf("'%s %s'; ack N or win N", words[0], words[1]);
        }
    }
    if (why == NULL && acks != ((segment->header.flags & TCP_ACK) != 0))
        why = g_strdup("the flag . and 'ack N' go together");
    return why;
}

/* Splits at blanks and drops what is empty; the caller g_strfreev()s. */
static char **split_words(const char *text)
{
    GPtrArray *words = g_ptr_array_new();
    char **all = g_strsplit_set(text, " \t", -1);

    for (char **w = all; *w != NULL; w++)
        if (**w != '\0')
            g_ptr_array_add(words, g_strdup(*w));
    g_strfreev(all);
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static char *read_segment(const char *text, ScriptSegment *segment)
{
    g_autofree char *copy = g_strdup(text);
    char *open = strchr(copy, '<');
    char **words;
    char *why = NULL;

    if (open != NULL) {
        char *shut = strchr(open, '>');

        if (shut == NULL || shut[1] != '\0')
            return g_strdup("options that do not end with >");
        *open = *shut = '\0';
        why = read_options(open + 1, segment);
    }
    if (why != NULL)
        return why;
    words = split_words(copy);
    why = read_words(words, segment);
    g_strfreev(words);
    return why;
}

/* A duration without a blank, "+240s", or with one, "+240 s". */
static char *read_wait(const char *text, int64_t *ns)
{
    size_t digits = strspn(text, "0123456789.");
    g_autofree char *spaced =
        g_strdup_printf("%.*s %s", (int)digits, text, text + digits);
    char *why = NULL;

    if (!quantity_int(QUANTITY_TIME, g_strstrip(spaced), ns, &why))
        return why;
    return NULL;
}

static const struct {
    const char *word;
    StatementKind kind;
    unsigned arguments;
} calls[] = {
    {"listen", SAY_LISTEN, 0},     {"connect", SAY_CONNECT, 0},
    {"fastopen", SAY_FASTOPEN, 1}, {"write", SAY_WRITE, 1},
    {"read", SAY_READ, 1},         {"shutdown", SAY_SHUTDOWN, 0},
    {"close", SAY_CLOSE, 0},       {"abort", SAY_ABORT, 0},
    {"cork", SAY_CORK, 1},         {"nodelay", SAY_NODELAY, 1},
};

/* What follows "write N": how many of WORDS. */
static unsigned read_write(char **words, Statement *statement)
{
    statement->takes = -1;
    if (words[0] == NULL)
        return 0;
    if (strcmp(words[0], "takes") == 0 && words[1] != NULL &&
        read_whole(words[1], 0, 1 << 30, &statement->takes))
        return 2;
    if (strcmp(words[0], "more") == 0)
        statement->flags = TCP_WRITE_MORE;
    else if (strcmp(words[0], "eor") == 0)
        statement->flags = TCP_WRITE_EOR;
    return statement->flags != 0;
}

/* write N [more | eor | takes M], read N | end, cork 0 | 1, nodelay 0 | 1, and
 * the calls without an argument. */
static char *read_call(char **words, Statement *statement)
{
    unsigned count = g_strv_length(words), more = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(calls); i++) {
        if (strcmp(words[0], calls[i].word) != 0)
            continue;
        statement->kind = calls[i].kind;
        if (calls[i].kind == SAY_WRITE && count > 1)
            more = read_write(words + 2, statement);
        if (count != 1 + calls[i].arguments + more)
            return g_strdup_printf("%s takes %u argument(s)", words[0],
                                   calls[i].arguments);
        if (calls[i].kind == SAY_READ && strcmp(words[1], "end") == 0)
            statement->kind = SAY_READ_END;
        else if (count > 1 &&
                 !read_whole(words[1], 0, 1 << 30, &statement->number))
            return g_strdup_printf("'%s'; a number of bytes", words[1]);
        return NULL;
    }
    return g_strdup_printf("'%s' is no statement", words[0]);
}

/* profile NAME, set tcp.KEY VALUE, or a user's call. */
static char *read_sentence(const char *text, Statement *statement)
{
    char **words = split_words(text);
    char *why = NULL;

    if (strcmp(words[0], "profile") == 0 && g_strv_length(words) == 2) {
        statement->kind = SAY_SET;
        statement->text = g_strdup("profile");
        statement->value = g_strdup(words[1]);
    } else if (strcmp(words[0], "set") == 0) {
        statement->kind = SAY_SET;
        if (g_strv_length(words) < 3 || !g_str_has_prefix(words[1], "tcp.")) {
            why = g_strdup("set tcp.KEY VALUE");
        } else {
            statement->text = g_strdup(words[1] + strlen("tcp."));
            statement->value = g_strjoinv(" ", words + 2);
        }
    } else {
        why = read_call(words, statement);
    }
    g_strfreev(words);
    return why;
}

static char *read_statement(const char *text, Statement *statement)
{
    const char *rest = text + 1;

    while (*rest == ' ' || *rest == '\t')
        rest++;
    switch (*text) {
    case '<':
    case '>':
        statement->kind = *text == '<' ? SAY_ARRIVES : SAY_SENT;
        return read_segment(rest, &statement->segment);
    case '=':
    case '!':
        statement->kind = *text == '=' ? SAY_STATE : SAY_TOLD;
        statement->text = g_strdup(rest);
        return NULL;
    case '+':
        statement->kind = SAY_WAIT;
        return read_wait(rest, &statement->number);
    default:
        return read_sentence(text, statement);
    }
}

Script *script_read(const char *file, char **why)
{
    g_autofree char *text = NULL;
    GError *error = NULL;
    char **lines;
    Script *script;
    char *complaint = NULL;

    if (!g_file_get_contents(file, &text, NULL, &error)) {
        *why = g_strdup(error->message);
        g_error_free(error);
        return NULL;
    }
    script = g_new0(Script, 1);
    script->file = g_strdup(file);
    script->statements = g_array_new(FALSE, FALSE, sizeof(Statement));
    lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL && complaint == NULL; i++) {
        Statement statement = {.line = i + 1};
        char *line = g_strstrip(lines[i]);

        if (*line == '\0' || *line == '#')
            continue;
        complaint = read_statement(line, &statement);
        g_array_append_val(script->statements, statement);
        if (complaint != NULL)
            *why = g_strdup_printf("%s:%d: %s", file, i + 1, complaint);
    }
    g_strfreev(lines);
    if (complaint == NULL)
        return script;
    g_free(complaint);
    script_free(script);
    return NULL;
}

void script_free(Script *script)
{
    for (guint i = 0; i < script->statements->len; i++) {
        Statement *s = &g_array_index(script->statements, Statement, i);

        g_free(s->text);
        g_free(s->value);
    }
    g_array_free(script->statements, TRUE);
    g_free(script->file);
    g_free(script);
}
