/* main.c - the command `firstbyte`: finds the verb and hands over to it. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

const CliVerb cli_verbs[] = {
    {"trace", "[URL]", "play one request and tell what happens, step by step",
     "firstbyte trace http://www.example.com/ --pcap t.pcap --at laptop",
     cli_trace},
    {"run", "EXPERIMENT", "run a sweep into a results folder, with its plot",
     "firstbyte run handshake-loss -o results -j 2", cli_run},
    {"merge", "SHARD...", "make one results folder of those of run --shard",
     "firstbyte merge -o results part1 part2", cli_merge},
    {"plot", "DIR", "draw again from a results folder",
     "firstbyte plot results", cli_plot},
    {"report", "DIR", "write a results folder as one HTML page",
     "firstbyte report results -o report.html", cli_report},
    {"verify", "DIR", "run again what DIR records, compare bit for bit",
     "firstbyte verify results", cli_verify},
    {"query", "DIR SQL", "ask a results folder in SQL",
     "firstbyte query results \"SELECT * FROM results WHERE metric = "
     "'tcp.handshake.latency'\"",
     cli_query},
    {"export", "DIR [summary|runs|samples|series]",
     "the tables of a results folder, as CSV or JSON",
     "firstbyte export results --json", cli_export},
    {"check", "FILE...", "read config files, say what is wrong and where",
     "firstbyte check my-network.ini my-experiment.ini", cli_check},
    {"describe", "[keys|metrics|records|units|results|experiments] [NAME]",
     "what may stand in a config file, what is measured, what is shipped",
     "firstbyte describe keys tcp", cli_describe},
    {NULL, NULL, NULL, NULL, NULL},
};

static const CliVerb *find_verb(const char *name)
{
    for (const CliVerb *v = cli_verbs; v->name != NULL; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

int cli_complain(GError *error, int status)
{
    char **lines = g_strsplit(error->message, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        fprintf(stderr, "firstbyte: %s\n", *line);
    g_strfreev(lines);
    g_error_free(error);
    return status;
}

/* What was printed has reached its reader: CLI_DONE, else complains. */
static int flush_output(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CLI_DONE;
    fprintf(stderr, "firstbyte: cannot write to standard output: %s\n",
            errno != 0 ? g_strerror(errno) : "the output is gone");
    return CLI_FAILED;
}

/* The entry whose short name begins ARG, "-j2", and takes a value; or NULL. */
static const GOptionEntry *entry_with_value(const GOptionEntry *entries,
                                            const char *arg)
{
    if (arg[0] != '-' || arg[1] == '-' || arg[1] == '\0' || arg[2] == '\0')
        return NULL;
    for (const GOptionEntry *e = entries; e->long_name != NULL; e++)
        if (e->short_name == arg[1] && e->arg != G_OPTION_ARG_NONE)
            return e;
    return NULL;
}

/* GOption wants a blank after a short option; everybody else takes "-j2".  What
 * is left of ARGV afterwards are the arguments that are no options. */
static bool parse(GOptionContext *context, const GOptionEntry *entries,
                  int *argc, char **argv, GError **error)
{
    g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func(g_free);
    g_autofree char **args = g_new(char *, (size_t)*argc + 1);
    bool options = true, good;

    for (int i = 0; i <= *argc; i++) {
        const GOptionEntry *entry = NULL;

        options = options && i < *argc && strcmp(argv[i], "--") != 0;
        if (options && i > 0)
            entry = entry_with_value(entries, argv[i]);
        args[i] = argv[i];
        if (entry != NULL) {
            args[i] = g_strdup_printf("--%s=%s", entry->long_name, argv[i] + 2);
            g_ptr_array_add(written, args[i]);
        }
    }
    good = g_option_context_parse(context, argc, &(char **){args}, error);
    if (good)
        memcpy(argv, args, ((size_t)*argc + 1) * sizeof *args);
    return good;
}

bool cli_options(const char *verb, const GOptionEntry *entries, int *argc,
                 char ***argv, int min, int max)
{
    const CliVerb *v = find_verb(verb);
    g_autofree char *name = g_strdup_printf("firstbyte %s", verb);
    g_autofree char *summary = g_strdup_printf(
        "%c%s.", g_ascii_toupper(v->sentence[0]), v->sentence + 1);
    g_autofree char *example = g_strdup_printf("Example:\n  %s", v->example);
    GOptionContext *context = g_option_context_new(v->arguments);
    GError *error = NULL;
    bool good;

    g_set_prgname(name);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, example);
    g_option_context_add_main_entries(context, entries, NULL);
    good = parse(context, entries, argc, *argv, &error);
    g_option_context_free(context);
    if (!good) {
        cli_complain(error, CLI_WRONG);
    } else if (*argc - 1 < min || *argc - 1 > max) {
        good = false;
        fprintf(stderr,
                *argc - 1 < min ? "firstbyte: %s: too few arguments; "
                                : "firstbyte: %s: too many arguments; ",
                verb);
        fprintf(stderr, "usage: firstbyte %s %s [OPTION...]\n", verb,
                v->arguments);
    }
    return good;
}

bool cli_apply_sets(Config *config, char **sets, GError **error)
{
    bool good = true;

    for (int i = 0; sets != NULL && sets[i] != NULL; i++)
        good &=
            config_set(config, sets[i], (ConfigOrigin){"--set", i + 1}, error);
    return good;
}

bool cli_seed(const char *text, uint64_t fallback, uint64_t *seed,
              GError **error)
{
    char *end;

    *seed = fallback;
    if (text == NULL)
        return true;
    errno = 0;
    *seed = g_ascii_strtoull(text, &end, 10);
    if (errno == 0 && g_ascii_isdigit(text[0]) && *end == '\0')
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                "--seed: \"%s\" is no seed; a whole number from 0 to "
                "18446744073709551615 would be",
                text);
    return false;
}

bool cli_colours(int fd)
{
    const char *no = g_getenv("NO_COLOR"); /* https://no-color.org */

    return isatty(fd) && (no == NULL || no[0] == '\0');
}

static void usage(FILE *out)
{
    fprintf(out, "firstbyte - what happens after you press Enter, simulated "
                 "packet by packet\n\nUsage: firstbyte VERB [ARGUMENT...]\n\n");
    for (const CliVerb *v = cli_verbs; v->name != NULL; v++)
        fprintf(out, "  %-9s %s\n", v->name, v->sentence);
    fprintf(out, "\nfirstbyte VERB --help tells more.  Begin with:\n\n"
                 "  firstbyte trace www.example.com\n");
}

static int run_verb(int argc, char **argv)
{
    const CliVerb *verb;

    if (argc < 2) {
        usage(stderr);
        return CLI_WRONG;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        usage(stdout);
        return CLI_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("firstbyte %s\n", PACKAGE_VERSION);
        return CLI_DONE;
    }
    verb = find_verb(argv[1]);
    if (verb == NULL) {
        const char *names[G_N_ELEMENTS(cli_verbs)], *near;
        size_t n = 0;

        for (const CliVerb *v = cli_verbs; v->name != NULL; v++)
            names[n++] = v->name;
        names[n] = NULL;
        near = config_did_you_mean(argv[1], names);
        fprintf(stderr, "firstbyte: there is no verb \"%s\"%s%s%s\n", argv[1],
                near != NULL ? "; did you mean \"" : "; see firstbyte --help",
                near != NULL ? near : "", near != NULL ? "\"?" : "");
        return CLI_WRONG;
    }
    return verb->run(argc - 1, argv + 1);
}

/* A standard stream that was closed would become the first file that is opened:
 * the pipe to gnuplot, or what it is told lands in the results.  Nothing is
 * read there, and what is written to standard output fails as before. */
static void keep_standard_streams(void)
{
    static const int flags[] = {O_RDONLY, O_RDONLY, O_WRONLY};

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", flags[fd]); /* the lowest: FD */
}

int main(int argc, char **argv)
{
    int status;

    keep_standard_streams();
    setlocale(LC_CTYPE, "");
    status = run_verb(argc, argv);
    return status != CLI_DONE ? status : flush_output();
}
