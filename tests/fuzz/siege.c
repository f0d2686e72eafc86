/* siege.c - hostile_run() on random bytes, for a number of runs or for a time.
 *
 *   siege                          the short form of `make check`
 *   siege --seconds 3600 --seed 7  an hour
 *   siege --seed 7 --run 1234      that run alone, told step by step
 *   siege --story FILE             a fuzzer's finding, told step by step
 *   --write FILE                   with --run: its bytes, as a fuzzer's input
 *
 * A broken promise ends the program after the line that names seed and run. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/rng.h"
#include "tests/fuzz/hostile.h"

enum {
    SHORT_RUNS = 10000,
    LONG = 60, /* seconds after which no cell may be empty */
    RUN_BYTES_MAX = 4096,
    /* Of the processor, since others may want it: a run takes milliseconds, one
     * whose user waits a week while a segment is sent again each second a
     * million of them. */
    HANG_SECONDS = 120,
};

static char where[128]; /* what a signal's handler writes */

static void died(int number)
{
    ssize_t ignored = write(STDERR_FILENO, where, strlen(where));

    (void)ignored;
    signal(number, SIG_DFL);
    raise(number);
}

/* Read by the sanitizers where there are any: what they find ends by SIGABRT,
 * so that the line with the seed and the run is printed. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "abort_on_error=1"; }
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

/* The bytes of RUN: the lengths are many short ones, few long ones. */
static size_t bytes_of(uint64_t seed, uint32_t run, uint8_t *bytes)
{
    Stream stream;
    size_t len;
    Sim sim;

    sim_init(&sim, seed, run);
    stream_init(&stream, &sim, "siege", "bytes");
    sim_clear(&sim);
    len = (size_t)stream_below(&stream, 64) + 32;
    len <<= stream_below(&stream, 6);
    len = MIN(len, (size_t)RUN_BYTES_MAX);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)stream_u32(&stream);
    return len;
}

static void print_tally(const HostileTally *tally)
{
    unsigned cells = 0;

    printf("%" G_GUINT64_FORMAT " runs, %" G_GUINT64_FORMAT
           " steps, %" G_GUINT64_FORMAT " segments arrived, %" G_GUINT64_FORMAT
           " were sent, %" G_GUINT64_FORMAT " connections ended\n",
           tally->runs, tally->steps, tally->segments, tally->sent,
           tally->ended);
    printf("%-12s %10s %10s %10s %10s %10s %10s %10s %10s\n", "arrived in", "-",
           "SYN", "RST", "SYN,RST", "ACK", "SYN,ACK", "RST,ACK", "all");
    for (int s = 0; s < TCP_STATES; s++) {
        printf("%-12s", tcp_state_name((TcpState)s));
        for (int c = 0; c < 8; c++) {
            printf(" %10" G_GUINT64_FORMAT, tally->arrived[s][c]);
            cells += tally->arrived[s][c] > 0;
        }
        printf("\n");
    }
    printf("%u of %u cells\n", cells, TCP_STATES * 8);
}

/* Every state was reached, and but for MISSING every kind of segment arrived in
 * each. */
static bool complete(const HostileTally *tally, unsigned missing)
{
    unsigned empty = 0;

    for (int s = 0; s < TCP_STATES; s++) {
        uint64_t all = 0;

        for (int c = 0; c < 8; c++) {
            all += tally->arrived[s][c];
            empty += tally->arrived[s][c] == 0;
        }
        if (all == 0) {
            fprintf(stderr, "siege: nothing arrived in %s\n",
                    tcp_state_name((TcpState)s));
            return false;
        }
    }
    if (empty > missing)
        fprintf(stderr, "siege: %u cells are empty\n", empty);
    return empty <= missing;
}

static int besiege(uint64_t seed, gint64 seconds)
{
    gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    const struct itimerval hang = {.it_value.tv_sec = HANG_SECONDS};
    HostileTally tally = {0};
    uint8_t bytes[RUN_BYTES_MAX];
    uint32_t run = 0;

    while (seconds > 0 ? g_get_monotonic_time() < end : run < SHORT_RUNS) {
        size_t len = bytes_of(seed, run, bytes);

        g_snprintf(where, sizeof where,
                   "siege: --seed %" G_GUINT64_FORMAT " --run %u\n", seed, run);
        setitimer(ITIMER_PROF, &hang, NULL);
        hostile_run(bytes, len, &tally, NULL);
        run++;
    }
    print_tally(&tally);
    return complete(&tally, seconds >= LONG ? 0 : 8) ? EXIT_SUCCESS
                                                     : EXIT_FAILURE;
}

static int tell_run(uint64_t seed, uint32_t run, const char *file)
{
    uint8_t bytes[RUN_BYTES_MAX];
    size_t len = bytes_of(seed, run, bytes);

    if (file != NULL &&
        !g_file_set_contents(file, (const char *)bytes, (gssize)len, NULL))
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    hostile_run(bytes, len, NULL, stdout);
    return EXIT_SUCCESS;
}

static int tell_file(const char *file)
{
    gchar *text;
    gsize len;

    if (!g_file_get_contents(file, &text, &len, NULL))
        return EXIT_FAILURE;
    setvbuf(stdout, NULL, _IOLBF, 0);
    hostile_run((const uint8_t *)text, len, NULL, stdout);
    g_free(text);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    gint64 seconds = 0, seed = 1, run = -1;
    char *story = NULL, *file = NULL;
    const GOptionEntry options[] = {
        {"seconds", 0, 0, G_OPTION_ARG_INT64, &seconds, "How long", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of the random bytes", "N"},
        {"run", 0, 0, G_OPTION_ARG_INT64, &run, "One run, told", "N"},
        {"story", 0, 0, G_OPTION_ARG_FILENAME, &story, "A file, told", "FILE"},
        {"write", 0, 0, G_OPTION_ARG_FILENAME, &file, "Its bytes", "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    GOptionContext *context = g_option_context_new(NULL);
    GError *error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    g_option_context_free(context);
    signal(SIGABRT, died);
    signal(SIGTRAP, died);
    signal(SIGSEGV, died);
    signal(SIGFPE, died);
    signal(SIGPROF, died);
    if (story != NULL)
        return tell_file(story);
    if (run >= 0)
        return tell_run((uint64_t)seed, (uint32_t)run, file);
    return besiege((uint64_t)seed, seconds);
}
