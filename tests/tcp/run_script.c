/* run_script.c - plays packet scripts (README.md) against a real host.
 *
 * usage: run_script FILE.tcp...
 *
 * Promises: exit status 0 when everything happened as written, 1 with
 * "FILE:LINE: want ..., got ..." when something did not, 99 when a file is not
 * a script.  Each script is played at several pairs of initial sequence
 * numbers, so that 2^32 and 2^31 are crossed at the SYN, in the middle of the
 * text, and not at all. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "stage.h"

static const struct {
    uint32_t ours, peers;
} first_numbers[] = {
    {UINT32_MAX, UINT32_MAX - 50}, /* the SYN itself; within the text */
    {UINT32_MAX - 50, UINT32_MAX},
    {INT32_MAX - 50u, INT32_MAX}, /* the sign bit of a difference */
    {1000000, 2000000},
};

typedef struct Play {
    const Script *script;
    const Statement *now; /* being played */
    Stage stage;
    uint32_t iss, irs;    /* ours, the peer's */
    uint32_t edge;        /* the first number beyond the window offered last */
    uint32_t last_ts_val; /* sent last */
    uint8_t cookie_len, cookie[TCP_COOKIE_MAX]; /* sent last */
    uint8_t our_wscale, wscale;
    bool failed;
} Play;

static void fail(Play *play, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void fail(Play *play, const char *format, ...)
{
    va_list args;

    play->failed = true;
    fprintf(stderr, "%s:%d: ", play->script->file, play->now->line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, " (ISS %u, the peer's %u)\n", play->iss, play->irs);
}

/* --- segments as text ----------------------------------------------------- */

/* How far NUMBER is from BASE, as a script writes it. */
static long from(uint32_t number, uint32_t base)
{
    return (long)(int32_t)(number - base);
}

static void print_options(const Play *play, const TcpHeader *h, GString *text)
{
    const char *between = " <";

    if (h->options & TCP_OPT_MSS) {
        g_string_append_printf(text, "%smss %u", between, h->mss);
        between = ", ";
    }
    if (h->options & TCP_OPT_SACK_OK) {
        g_string_append_printf(text, "%ssackOK", between);
        between = ", ";
    }
    if (h->options & TCP_OPT_TIMESTAMPS) {
        g_string_append_printf(text, "%sts %u %u", between, h->ts_val,
                               h->ts_ecr);
        between = ", ";
    }
    if (h->options & TCP_OPT_WSCALE) {
        g_string_append_printf(text, "%swscale %u", between, h->wscale);
        between = ", ";
    }
    if (h->options & TCP_OPT_USER_TIMEOUT) {
        g_string_append_printf(text, "%suto %u", between, h->user_timeout);
        between = ", ";
    }
    if (h->options & TCP_OPT_FAST_OPEN) {
        g_string_append_printf(text, "%s%s%s", between,
                               h->options & TCP_OPT_FAST_OPEN_EXP ? "foexp"
                                                                  : "fo",
                               h->cookie_len > 0 ? " " : "");
        for (unsigned i = 0; i < h->cookie_len; i++)
            g_string_append_printf(text, "%02x", h->cookie[i]);
        between = ", ";
    }
    for (unsigned i = 0; i < h->sack_count; i++)
        g_string_append_printf(text, "%s%ld:%ld",
                               i > 0             ? " "
                               : *between == ',' ? ", sack "
                                                 : " <sack ",
                               from(h->sack[i].left, play->irs),
                               from(h->sack[i].right, play->irs));
    if (h->options != 0 || h->sack_count > 0)
        g_string_append_c(text, '>');
}

/* A segment of ours as a script would expect it; the caller g_free()s. */
static char *print_segment(const Play *play, const Caught *got)
{
    const TcpHeader *h = &got->header;
    GString *text = g_string_new("> ");
    char flags[10];
    long seq = from(h->seq, play->iss);

    if (got->ecn != 0)
        g_string_append_printf(text, "%s ", script_ecn[got->ecn]);
    g_string_append_printf(text, "%s %ld:%ld(%u)",
                           script_flags(h->flags, flags), seq, seq + got->len,
                           got->len);
    if (h->flags & TCP_ACK)
        g_string_append_printf(text, " ack %ld", from(h->ack, play->irs));
    g_string_append_printf(text, " win %u", h->window);
    print_options(play, h, text);
    if (h->seq == 0)
        g_string_append(text, " (seq is #0)");
    return g_string_free(text, FALSE);
}

static uint32_t resolve(const Play *play, ScriptNumber number, uint32_t base)
{
    switch (number.base) {
    case FROM_ISS:
        return base + (uint32_t)number.value;
    case FROM_ZERO:
        return (uint32_t)number.value;
    case FROM_EDGE:
        return play->edge + (uint32_t)number.value;
    }
    g_assert_not_reached();
}

/* --- what was sent -------------------------------------------------------- */

static bool same_options(const Play *play, const ScriptSegment *want,
                         const TcpHeader *got)
{
    const TcpHeader *w = &want->header;

    if (w->options != got->options || w->sack_count != got->sack_count)
        return false;
    if (w->options & TCP_OPT_MSS && w->mss != got->mss)
        return false;
    if (w->options & TCP_OPT_WSCALE && w->wscale != got->wscale)
        return false;
    if (w->options & TCP_OPT_TIMESTAMPS &&
        ((!want->any_ts_val && w->ts_val != got->ts_val) ||
         w->ts_ecr != got->ts_ecr))
        return false;
    if (w->options & TCP_OPT_USER_TIMEOUT &&
        w->user_timeout != got->user_timeout)
        return false;
    if (w->options & TCP_OPT_FAST_OPEN && !want->any_cookie &&
        (w->cookie_len != got->cookie_len ||
         memcmp(w->cookie, got->cookie, sizeof w->cookie) != 0))
        return false;
    for (unsigned i = 0; i < w->sack_count; i++)
        if (w->sack[i].left + play->irs != got->sack[i].left ||
            w->sack[i].right + play->irs != got->sack[i].right)
            return false;
    return true;
}

static bool same_segment(const Play *play, const ScriptSegment *want,
                         const Caught *got)
{
    const TcpHeader *h = &got->header;

    return want->header.flags == h->flags && want->len == got->len &&
           resolve(play, want->seq, play->iss) == h->seq &&
           (!(h->flags & TCP_ACK) ||
            resolve(play, want->ack, play->irs) == h->ack) &&
           (!want->has_ecn || want->ecn == got->ecn) &&
           (!want->has_window || want->header.window == h->window) &&
           (!want->has_options || same_options(play, want, h));
}

/* Remembers of a segment of ours what the peer has to know to answer. */
static void note_sent(Play *play, const TcpHeader *h)
{
    if (h->flags & TCP_SYN)
        play->our_wscale = h->options & TCP_OPT_WSCALE ? h->wscale : 0;
    if (h->options & TCP_OPT_TIMESTAMPS)
        play->last_ts_val = h->ts_val;
    if (h->options & TCP_OPT_FAST_OPEN && h->cookie_len > 0) {
        play->cookie_len = h->cookie_len;
        memcpy(play->cookie, h->cookie, sizeof play->cookie);
    }
    if (h->flags & TCP_ACK && !(h->flags & TCP_RST))
        play->edge = h->ack + ((uint32_t)h->window
                               << (h->flags & TCP_SYN ? 0 : play->wscale));
}

static void expect_sent(Play *play)
{
    Caught *got = g_queue_pop_head(&play->stage.caught);

    if (got == NULL) {
        fail(play, "want a segment, got nothing");
        return;
    }
    if (!same_segment(play, &play->now->segment, got)) {
        g_autofree char *text = print_segment(play, got);

        fail(play, "want the segment of this line, got %s", text);
    }
    note_sent(play, &got->header);
    g_free(got);
}

/* Whatever was sent must have been expected before anything else happens. */
static void expect_silence(Play *play)
{
    Caught *got = g_queue_peek_head(&play->stage.caught);

    if (got != NULL) {
        g_autofree char *text = print_segment(play, got);

        fail(play, "want nothing more to be sent before this, got %s", text);
    }
    if (play->stage.fault != NULL)
        fail(play, "%s", play->stage.fault);
}

/* --- what arrives, and what the user does --------------------------------- */

static void arrive(Play *play)
{
    const ScriptSegment *segment = &play->now->segment;
    TcpHeader header = segment->header;

    header.seq = resolve(play, segment->seq, play->irs);
    header.ack =
        header.flags & TCP_ACK ? resolve(play, segment->ack, play->iss) : 0;
    if (segment->echo_ts)
        header.ts_ecr = play->last_ts_val - header.ts_ecr;
    if (segment->any_cookie) {
        header.cookie_len = play->cookie_len;
        memcpy(header.cookie, play->cookie, sizeof header.cookie);
    }
    for (unsigned i = 0; i < header.sack_count; i++) {
        header.sack[i].left += play->iss;
        header.sack[i].right += play->iss;
    }
    if (header.flags & TCP_SYN)
        play->wscale = header.options & TCP_OPT_WSCALE ? play->our_wscale : 0;
    play->stage.peer_ecn = segment->ecn;
    stage_inject(&play->stage, &header, segment->len, play->irs + 1);
}

static void expect_state(Play *play)
{
    Stage *stage = &play->stage;
    const char *want = play->now->text;
    const char *got = "CLOSED";
    uint32_t count = stage_connections(stage);

    if (count == 1 && stage->told)
        got = tcp_state_name(stage->told_state);
    else if (count == 0 && stage->listener != NULL)
        /* The listener never moves; to CLOSED comes the child that it made. */
        got = strcmp(want, "CLOSED") == 0 ? want : "LISTEN";
    if (count > 1)
        fail(play, "want one connection, got %u", count);
    else if (count == 1 && tcp_count(stage->tcp, stage->told_state) != 1)
        fail(play, "the state told last, %s, is no connection's", got);
    else if (strcmp(want, got) != 0)
        fail(play, "want %s, got %s", want, got);
}

/* ! opened, ! accepted, ! gone HOW.  Each is told once. */
static void expect_told(Play *play)
{
    Stage *stage = &play->stage;
    const char *want = play->now->text;

    if (strcmp(want, "opened") == 0) {
        if (!stage->opened)
            fail(play, "want the user told of the opening, got nothing");
        stage->opened = false;
    } else if (strcmp(want, "accepted") == 0) {
        if (!stage->accepted)
            fail(play, "want a connection accepted, got none");
        stage->accepted = false;
    } else if (g_str_has_prefix(want, "gone ")) {
        if (!stage->gone)
            fail(play, "want the user told '%s', got nothing", want);
        else if (strcmp(want + strlen("gone "), tcp_end_name(stage->end)) != 0)
            fail(play, "want '%s', got 'gone %s'", want,
                 tcp_end_name(stage->end));
        stage->gone = false;
    } else {
        fail(play, "want opened, accepted or gone HOW after !, got '%s'", want);
    }
}

static void read_text(Play *play)
{
    uint32_t got = stage_read(&play->stage);

    if (got != play->now->number)
        fail(play, "want %ld bytes to read, got %u", (long)play->now->number,
             got);
}

static void call(Play *play)
{
    Stage *stage = &play->stage;
    uint32_t taken;

    if (stage->tcb == NULL) {
        fail(play, "want a connection to call upon, got none");
        return;
    }
    switch (play->now->kind) {
    case SAY_WRITE:
        taken =
            stage_write(stage, (uint32_t)play->now->number, play->now->flags);
        if (taken !=
            (play->now->takes >= 0 ? play->now->takes : play->now->number))
            fail(play, "want other than %u bytes taken", taken);
        break;
    case SAY_CORK:
        tcp_cork(stage->tcb, play->now->number != 0);
        break;
    case SAY_NODELAY:
        tcp_no_delay(stage->tcb, play->now->number != 0);
        break;
    case SAY_READ:
        read_text(play);
        break;
    case SAY_READ_END:
        if (!tcp_at_end(stage->tcb))
            fail(play, "want the end of the stream, got none");
        break;
    case SAY_SHUTDOWN:
        tcp_shutdown(stage->tcb);
        break;
    case SAY_CLOSE:
        tcp_close(stage->tcb);
        stage->tcb = NULL;
        break;
    default:
        tcp_abort(stage->tcb);
        stage->tcb = NULL;
    }
    stage_wait(stage, 0);
}

static void play_statement(Play *play)
{
    Stage *stage = &play->stage;
    StatementKind kind = play->now->kind;

    if (kind != SAY_SENT)
        expect_silence(play);
    switch (kind) {
    case SAY_SET:
        break;
    case SAY_LISTEN:
        stage_listen(stage);
        break;
    case SAY_CONNECT:
        if (!stage_connect(stage))
            fail(play, "want to begin, got '%s'", tcp_end_name(stage->end));
        stage_wait(stage, 0);
        break;
    case SAY_FASTOPEN:
        if (!stage_connect_fast(stage, (uint32_t)play->now->number))
            fail(play, "want to begin, got '%s'", tcp_end_name(stage->end));
        stage_wait(stage, 0);
        break;
    case SAY_ARRIVES:
        arrive(play);
        break;
    case SAY_SENT:
        expect_sent(play);
        break;
    case SAY_STATE:
        expect_state(play);
        break;
    case SAY_WAIT:
        stage_wait(stage, play->now->number);
        break;
    case SAY_TOLD:
        expect_told(play);
        break;
    default:
        call(play);
    }
}

/* --- a whole script ------------------------------------------------------- */

/* Takes the settings of SCRIPT; false when one is wrong. */
static bool settle(const Script *script, Stage *stage)
{
    for (guint i = 0; i < script->statements->len; i++) {
        Statement *s = &g_array_index(script->statements, Statement, i);
        char *why = NULL;

        if (s->kind != SAY_SET)
            continue;
        if (!stage_set(stage, s->text, s->value, &why)) {
            fprintf(stderr, "%s:%d: %s\n", script->file, s->line, why);
            g_free(why);
            return false;
        }
    }
    return true;
}

/* 0: all as written; 1: not; 99: a wrong setting. */
static int play_once(const Script *script, uint32_t iss, uint32_t irs)
{
    Play *play = g_new0(Play, 1);
    int status = 99;

    play->script = script;
    play->iss = iss;
    play->irs = irs;
    stage_init(&play->stage);
    if (settle(script, &play->stage)) {
        stage_raise(&play->stage, iss);
        for (guint i = 0; i < script->statements->len && !play->failed; i++) {
            play->now = &g_array_index(script->statements, Statement, i);
            play_statement(play);
        }
        if (!play->failed)
            expect_silence(play);
        if (!play->failed && play->stage.gone &&
            play->stage.end != TCP_END_CLOSED)
            fail(play, "want no more, got 'gone %s' at the end",
                 tcp_end_name(play->stage.end));
        stage_clear(&play->stage);
        status = play->failed ? 1 : 0;
    }
    g_free(play);
    return status;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: run_script FILE.tcp...\n");
        return 99;
    }
    for (int i = 1; i < argc; i++) {
        char *why = NULL;
        Script *script = script_read(argv[i], &why);

        if (script == NULL) {
            fprintf(stderr, "%s\n", why);
            g_free(why);
            return 99;
        }
        for (guint n = 0; n < G_N_ELEMENTS(first_numbers); n++)
            status = MAX(status, play_once(script, first_numbers[n].ours,
                                           first_numbers[n].peers));
        script_free(script);
    }
    return status;
}
