/* trace_summary.c - see trace_summary.h. */
#include "trace_summary.h"

#include <json-glib/json-glib.h>

static void tally_hear(Observer *observer, const Record *record)
{
    Tally *tally = sim_container_of(observer, Tally, observer);

    switch (record->kind) {
    case REC_TCP_OPENED:
        tally->connections++;
        break;
    case REC_TCP_FAILED:
        tally->failed++;
        break;
    case REC_TCP_RETRANSMIT:
        tally->repeats[record->code]++;
        break;
    case REC_TCP_RECOVERY:
        tally->steps[record->code]++;
        break;
    case REC_PACKET_SENT:
        tally->frames++;
        break;
    case REC_PACKET_DROPPED:
        tally->drops[record->code]++;
        break;
    case REC_PAGE_STARTED:
        tally->started = record->at;
        break;
    case REC_PAGE_COMPLETE:
    case REC_PAGE_FAILED:
        tally->ended = record->at;
        tally->cause = record->cause;
        break;
    default:
        break;
    }
}

void tally_observe(Tally *tally, Sim *sim)
{
    tally->observer = (Observer){
        .wants = 1ull << REC_TCP_OPENED | 1ull << REC_TCP_FAILED |
                 1ull << REC_TCP_RETRANSMIT | 1ull << REC_TCP_RECOVERY |
                 1ull << REC_PACKET_SENT | 1ull << REC_PACKET_DROPPED |
                 1ull << REC_PAGE_STARTED | 1ull << REC_PAGE_COMPLETE |
                 1ull << REC_PAGE_FAILED,
        .hear = tally_hear,
    };
    sim_observe(sim, &tally->observer);
}

static bool is_whole(const TraceSummary *summary)
{
    return summary->page != NULL && summary->page->whole;
}

static const char *why_not(const TraceSummary *summary)
{
    return summary->page != NULL ? summary->page->why
                                 : "the run ended before it did";
}

/* The way back from the page's end to the key press: an array of Span. */
static GArray *walk(const TraceSummary *summary)
{
    const Tally *tally = summary->tally;

    return timeline_walk(summary->timeline, tally->cause, tally->started,
                         tally->ended);
}

/* --- text ------------------------------------------------------------------
 */

static double ms(SimTime time) { return (double)time / 1e6; }

/* "1 connection", "4 connections". */
static void print_count(FILE *out, uint64_t count, const char *what)
{
    fprintf(out, "%" G_GUINT64_FORMAT " %s%s", count, what,
            count == 1 ? "" : "s");
}

static void print_outcome(const TraceSummary *summary, FILE *out)
{
    const PageResult *page = summary->page;

    fprintf(out, "\n%s: ", summary->url);
    if (!is_whole(summary)) {
        fprintf(out, "did not arrive: %s\n", why_not(summary));
        return;
    }
    fprintf(out, "whole; ");
    print_count(out, page->objects, "object");
    fprintf(out,
            ", %" G_GUINT64_FORMAT " bytes; first byte %.3f ms, first paint "
            "%.3f ms, complete %.3f ms\n",
            page->bytes, ms(page->first_byte), ms(page->first_paint),
            ms(page->complete));
}

static uint64_t sum_of(const uint64_t *counts, int n)
{
    uint64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += counts[i];
    return sum;
}

/* A line for each of the N words that were counted: how many WHAT, and why. */
static void print_reasons(FILE *out, const uint64_t *counts, const Word *words,
                          int n, const char *what, const char *verb)
{
    for (int i = 0; i < n; i++)
        if (counts[i] > 0) {
            fprintf(out, "  ");
            print_count(out, counts[i], what);
            fprintf(out, "%s: %s\n", verb, words[i].sentence);
        }
}

static void print_counts(const Tally *tally, FILE *out)
{
    print_count(out, tally->connections, "connection");
    if (tally->failed > 0)
        fprintf(out, " (%" G_GUINT64_FORMAT " more failed)", tally->failed);
    fprintf(out, ", ");
    print_count(out, tally->frames, "frame");
    fprintf(out, " sent, every hop counted, ");
    print_count(out, sum_of(tally->repeats, REPEAT_REASONS), "segment");
    fprintf(out, " sent again\n");
    print_reasons(out, tally->drops, drop_reasons, DROP_REASONS, "packet",
                  " dropped");
    print_reasons(out, tally->repeats, repeat_reasons, REPEAT_REASONS,
                  "segment", " sent again");
    print_reasons(out, tally->steps, recovery_steps, RECOVERY_OVER, "time", "");
}

/* The sums by kind, and each time-out by itself, the earliest first. */
static void print_spans(const TraceSummary *summary, FILE *out)
{
    SimTime whole = summary->tally->ended - summary->tally->started;
    SimTime sums[SPAN_KINDS];
    GArray *spans = walk(summary);

    timeline_sum(spans, sums);
    fprintf(out, "\nWhere %.3f ms went, back along the chain of causes:\n",
            ms(whole));
    for (int k = 0; k < SPAN_KINDS; k++)
        if (sums[k] > 0)
            fprintf(out, "  %-9s %10.3f ms %5.1f %%  %s\n", span_kinds[k].name,
                    ms(sums[k]), 100.0 * (double)sums[k] / (double)whole,
                    span_kinds[k].sentence);
    for (guint i = spans->len; i-- > 0;) {
        const Span *span = &g_array_index(spans, Span, i);

        if (span->kind == SPAN_TIMERS)
            fprintf(out, "            from %.3f to %.3f ms: %s\n",
                    ms(span->from), ms(span->to), span->what);
    }
    g_array_unref(spans);
}

void trace_summary_text(const TraceSummary *summary, FILE *out)
{
    char text[FINGERPRINT_TEXT_MAX];

    print_outcome(summary, out);
    print_counts(summary->tally, out);
    if (summary->tally->ended > summary->tally->started)
        print_spans(summary, out);
    fprintf(out,
            "\nEverything was closed after %.3f s.  Seed %" G_GUINT64_FORMAT
            ", fingerprint %s\n",
            (double)summary->end / 1e9, summary->seed,
            fingerprint_text(summary->fingerprint, text));
}

/* --- JSON ------------------------------------------------------------------
 */

static void string(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_string_value(b, value);
}

static void number(JsonBuilder *b, const char *name, uint64_t value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_int_value(b, (gint64)value);
}

static void add_outcome(JsonBuilder *b, const TraceSummary *summary)
{
    const PageResult *page = summary->page;

    string(b, "url", summary->url);
    json_builder_set_member_name(b, "whole");
    json_builder_add_boolean_value(b, is_whole(summary));
    if (!is_whole(summary)) {
        string(b, "why", why_not(summary));
        return;
    }
    number(b, "objects", page->objects);
    number(b, "bytes", page->bytes);
    number(b, "first_byte_ns", (uint64_t)page->first_byte);
    number(b, "first_paint_ns", (uint64_t)page->first_paint);
    number(b, "complete_ns", (uint64_t)page->complete);
}

/* An object with the N words that were counted. */
static void add_reasons(JsonBuilder *b, const char *name,
                        const uint64_t *counts, const Word *words, int n)
{
    json_builder_set_member_name(b, name);
    json_builder_begin_object(b);
    for (int i = 0; i < n; i++)
        if (counts[i] > 0)
            number(b, words[i].name, counts[i]);
    json_builder_end_object(b);
}

static void add_counts(JsonBuilder *b, const Tally *tally)
{
    number(b, "connections", tally->connections);
    number(b, "connections_failed", tally->failed);
    number(b, "frames", tally->frames);
    number(b, "retransmissions", sum_of(tally->repeats, REPEAT_REASONS));
    add_reasons(b, "dropped", tally->drops, drop_reasons, DROP_REASONS);
    add_reasons(b, "sent_again", tally->repeats, repeat_reasons,
                REPEAT_REASONS);
    add_reasons(b, "recovery", tally->steps, recovery_steps, RECOVERY_STEPS);
}

/* The spans, earliest first; they touch each other. */
static void add_spans(JsonBuilder *b, const TraceSummary *summary)
{
    GArray *spans = walk(summary);

    json_builder_set_member_name(b, "spans");
    json_builder_begin_array(b);
    for (guint i = spans->len; i-- > 0;) {
        const Span *span = &g_array_index(spans, Span, i);

        json_builder_begin_object(b);
        string(b, "kind", span_kinds[span->kind].name);
        number(b, "from_ns", (uint64_t)span->from);
        number(b, "to_ns", (uint64_t)span->to);
        number(b, "id", span->id);
        string(b, "what", span->what);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
    g_array_unref(spans);
}

void trace_summary_json(const TraceSummary *summary, FILE *out)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *json = NULL;
    char text[FINGERPRINT_TEXT_MAX];

    json_builder_begin_object(b);
    number(b, "time_ns", (uint64_t)summary->end);
    string(b, "kind", "summary");
    add_outcome(b, summary);
    add_counts(b, summary->tally);
    add_spans(b, summary);
    number(b, "seed", summary->seed);
    string(b, "fingerprint", fingerprint_text(summary->fingerprint, text));
    json_builder_end_object(b);
    root = json_builder_get_root(b);
    json = json_to_string(root, FALSE);
    fprintf(out, "%s\n", json);
}
