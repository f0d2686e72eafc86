/* settings.c - the host's settings, as scripts ask for them: sysctl names of
 * Linux and FreeBSD onto the keys of tcp_keys[].
 *
 * A name that stands here for a key which TCP does not have changes nothing;
 * nor does a name that is not here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter.h"

/* How a system's value becomes the text of a key's. */
typedef enum SettingForm {
    AS_IT_IS,
    YES_NO, /* 0: no */
    ECN,    /* 0: no, 1: offered, 2: accepted */
    IN_MS,
    IN_S,
    IN_BYTES,
    IN_BYTES_OR_ALL, /* all bits set: no limit, 0 */
    LARGEST,         /* the third of three sizes */
    MIDDLE,          /* the second of three */
    BLIND,           /* 0: rfc5961; else rfc793 */
    SYN_FIN,         /* 0: taken; else dropped */
    COOKIES,         /* 0, 1, 2: no, when_full, always */
} SettingForm;

static const struct Setting {
    const char *name, *key;
    SettingForm form;
} settings[] = {
    {"net.ipv4.tcp_congestion_control", "congestion", AS_IT_IS},
    {"net.ipv4.tcp_dsack", "dsack", YES_NO},
    {"net.ipv4.tcp_ecn", "ecn", ECN},
    {"net.ipv4.tcp_early_retrans", "tail_loss_probe", YES_NO},
    {"net.ipv4.tcp_fastopen_blackhole_timeout_sec", "fast_open_blackhole",
     IN_S},
    {"net.ipv4.tcp_fin_timeout", "fin_timeout", IN_S},
    {"net.ipv4.tcp_frto", "frto", YES_NO},
    {"net.ipv4.tcp_keepalive_intvl", "keepalive_interval", IN_S},
    {"net.ipv4.tcp_keepalive_probes", "keepalive_probes", AS_IT_IS},
    {"net.ipv4.tcp_min_tso_segs", "burst_least", AS_IT_IS},
    {"net.ipv4.tcp_notsent_lowat", "notsent_lowat", IN_BYTES_OR_ALL},
    {"net.ipv4.tcp_recovery", "rack", YES_NO},
    {"net.ipv4.tcp_reordering", "reordering", AS_IT_IS},
    {"net.ipv4.tcp_retries2", "retries2", AS_IT_IS},
    {"net.ipv4.tcp_rfc1337", "rfc1337", YES_NO},
    {"net.ipv4.tcp_rmem", "receive_buffer", LARGEST},
    {"net.ipv4.tcp_rmem", "receive_buffer_first", MIDDLE},
    {"net.ipv4.tcp_sack", "sack", YES_NO},
    {"net.ipv4.tcp_slow_start_after_idle", "idle_restart", YES_NO},
    {"net.ipv4.tcp_syn_retries", "syn_retries", AS_IT_IS},
    {"net.ipv4.tcp_synack_retries", "synack_retries", AS_IT_IS},
    {"net.ipv4.tcp_syncookies", "syn_cookies", COOKIES},
    {"net.ipv4.tcp_timestamps", "timestamps", YES_NO},
    {"net.ipv4.tcp_tso_win_divisor", "burst_share", AS_IT_IS},
    {"net.ipv4.tcp_window_scaling", "window_scaling", YES_NO},
    {"net.ipv4.tcp_wmem", "send_buffer", LARGEST},
    {"net.ipv4.tcp_wmem", "send_buffer_first", MIDDLE},
    {"fin_beyond_window", "fin_beyond_window", YES_NO},
    {"hystart_rounds", "hystart_rounds", AS_IT_IS},
    {"tcp_cubic.parameters.hystart_detect", "hystart", YES_NO},
    {"net.inet.tcp.delacktime", "delayed_ack", IN_MS},
    {"net.inet.tcp.drop_synfin", "syn_fin", SYN_FIN},
    {"net.inet.tcp.icmp_may_rst", "icmp_hard", YES_NO},
    {"net.inet.tcp.insecure_rst", "reset_rule", BLIND},
    {"net.inet.tcp.insecure_syn", "syn_rule", BLIND},
    {"net.inet.tcp.keepcnt", "keepalive_probes", AS_IT_IS},
    {"net.inet.tcp.keepidle", "keepalive_idle", IN_MS},
    {"net.inet.tcp.keepinit", "open_timeout", IN_MS},
    {"net.inet.tcp.ecn.enable", "ecn", ECN},
    {"net.inet.tcp.ecn.maxretries", "ecn_syn_retries", AS_IT_IS},
    {"net.inet.tcp.fastopen.client_enable", "fast_open_client", YES_NO},
    {"net.inet.tcp.keepintvl", "keepalive_interval", IN_MS},
    {"net.inet.tcp.recvspace", "receive_buffer", IN_BYTES},
    {"net.inet.tcp.rexmit_initial", "rto_initial", IN_MS},
    {"net.inet.tcp.rexmit_slop", "rto_slop", IN_MS},
    {"net.inet.tcp.rfc1323", "timestamps", YES_NO},
    {"net.inet.tcp.rfc1323", "window_scaling", YES_NO},
    {"net.inet.tcp.sack.enable", "sack", YES_NO},
    {"net.inet.tcp.sendspace", "send_buffer", IN_BYTES},
};

/* What common/defaults.sh of Google's suite sets. */
static const char *const google_defaults[][2] = {
    {"net.ipv4.tcp_rmem", "4096 540000 15728640"},
    {"net.ipv4.tcp_wmem", "4096 262144 4194304"},
    {"net.ipv4.tcp_timestamps", "1"},
    {"net.ipv4.tcp_syn_retries", "5"},
    {"net.ipv4.tcp_synack_retries", "5"},
    {"net.ipv4.tcp_frto", "2"},
    {"net.ipv4.tcp_sack", "1"},
    {"net.ipv4.tcp_dsack", "1"},
    {"net.ipv4.tcp_reordering", "3"},
    {"net.ipv4.tcp_congestion_control", "cubic"},
    {"net.ipv4.tcp_slow_start_after_idle", "0"},
    {"net.ipv4.tcp_early_retrans", "4"},
    {"net.ipv4.tcp_recovery", "1"},
    {"net.ipv4.tcp_tso_win_divisor", "3"},
    {"net.ipv4.tcp_ecn", "0"},
    {"net.ipv4.tcp_pacing_ss_ratio", "200"},
    {"net.ipv4.tcp_pacing_ca_ratio", "120"},
    {"net.ipv4.tcp_notsent_lowat", "4294967295"},
    {"net.ipv4.tcp_fastopen", "0x70403"},
    {"net.ipv4.tcp_fastopen_key", "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4"},
    {"net.ipv4.tcp_syncookies", "1"},
    /* not there: the suite was written for kernels in which this was so */
    {"fin_beyond_window", "1"},
    {"hystart_rounds", "large"},
};

/* --- one setting ---------------------------------------------------------- */

/* Sets KEY to TEXT, as a user would write it; no-op without such a key. */
static void set_key(Adapter *adapter, const char *key, const char *text)
{
    const ConfigKey *known = config_key(tcp_keys, key);
    char *why = NULL;

    if (known == NULL)
        return;
    if (g_str_has_prefix(text, "0 ") && config_zero_word(known) != NULL)
        text = config_zero_word(known);
    if (!config_parse(known, text, &adapter->edge.tcp, &why))
        fprintf(stderr, "firstbyte: %s = %s: %s\n", key, text, why);
    g_free(why);
}

/* Word number N of TEXT, from 0; the caller g_free()s. */
static char *word(const char *text, unsigned n)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);

    for (char **w = words; *w != NULL; w++)
        if (**w != '\0' && n-- == 0)
            return g_strdup(*w);
    return g_strdup("0");
}

static char *text_of(SettingForm form, const char *value)
{
    g_autofree char *part = NULL;

    switch (form) {
    case AS_IT_IS:
        return g_strdup(value);
    case YES_NO:
        return g_strdup(strtol(value, NULL, 0) != 0 ? "yes" : "no");
    case COOKIES:
        return g_strdup(strtol(value, NULL, 0) == 0   ? "no"
                        : strtol(value, NULL, 0) == 1 ? "when_full"
                                                      : "always");
    case ECN:
        if (strtol(value, NULL, 0) == 0)
            return g_strdup("no");
        return g_strdup(strtol(value, NULL, 0) == 1 ? "offer" : "accept");
    case IN_MS:
        return g_strdup_printf("%s ms", value);
    case IN_S:
        return g_strdup_printf("%s s", value);
    case IN_BYTES_OR_ALL:
        if (strtoul(value, NULL, 0) == UINT32_MAX)
            return g_strdup("0 B");
        return g_strdup_printf("%s B", value);
    case IN_BYTES:
        return g_strdup_printf("%s B", value);
    case LARGEST:
    case MIDDLE:
        part = word(value, form == LARGEST ? 2 : 1);
        return g_strdup_printf("%s B", part);
    case BLIND:
        return g_strdup(strtol(value, NULL, 0) != 0 ? "rfc793" : "rfc5961");
    case SYN_FIN:
        return g_strdup(strtol(value, NULL, 0) != 0 ? "dropped" : "taken");
    }
    g_assert_not_reached();
}

/* Linux's tcp_select_initial_window(): the shift with which 16 bits reach the
 * largest buffer. */
static void scale_for(Adapter *adapter)
{
    uint64_t space = adapter->edge.tcp.receive_buffer;
    g_autofree char *text = NULL;
    unsigned shift = 0;

    while (shift < 14 && space >> shift > 65535)
        shift++;
    text = g_strdup_printf("%u", shift);
    set_key(adapter, "wscale", text);
}

/* The bits of Linux's tcp_fastopen (Documentation/networking/ip-sysctl). */
static void fast_open_bits(Adapter *adapter, unsigned long bits)
{
    TcpConfig *config = &adapter->edge.tcp;

    config->fast_open_client = (bits & 1) != 0;
    config->fast_open_client_cookie = (bits & 4) == 0;
    config->fast_open_server = (bits & 0x402) == 0x402; /* every listener */
    config->fast_open_server_cookie = (bits & 0x200) == 0;
    sockets_allow_fast_open(adapter->sockets, (bits & 2) != 0);
}

/* "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4": words, each little-endian; a second
 * key after a comma. */
static void fast_open_key(Adapter *adapter, const char *text)
{
    TcpConfig *config = &adapter->edge.tcp;
    unsigned words[8] = {0};
    int n =
        sscanf(text, "%x-%x-%x-%x,%x-%x-%x-%x", &words[0], &words[1], &words[2],
               &words[3], &words[4], &words[5], &words[6], &words[7]);

    for (int i = 0; i < 4; i++)
        config->fast_open_keys[i / 2][i % 2] =
            (uint64_t)words[2 * i + 1] << 32 | words[2 * i];
    config->fast_open_key_count = (uint32_t)n / 4;
}

/* FreeBSD's tcp_wscale for kern.ipc.maxsockbuf: the shift with which a full
 * window reaches that buffer. */
static void scale_for_buffer(Adapter *adapter, const char *value)
{
    uint64_t most = g_ascii_strtoull(value, NULL, 0);
    g_autofree char *text = NULL;
    unsigned shift = 0;

    while (shift < 14 && ((uint64_t)65535 << shift) < most)
        shift++;
    text = g_strdup_printf("%u", shift);
    set_key(adapter, "wscale", text);
}

void settings_set(Adapter *adapter, const char *name, const char *value)
{
    if (strcmp(name, "profile") == 0) {
        for (unsigned i = 0; i < G_N_ELEMENTS(google_defaults); i++)
            settings_set(adapter, google_defaults[i][0], google_defaults[i][1]);
        return;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *text = NULL;

        if (strcmp(settings[i].name, name) != 0)
            continue;
        text = text_of(settings[i].form, value);
        set_key(adapter, settings[i].key, text);
    }
    if (strcmp(name, "net.ipv4.tcp_rmem") == 0)
        scale_for(adapter);
    else if (strcmp(name, "net.ipv4.tcp_fastopen") == 0)
        fast_open_bits(adapter, strtoul(value, NULL, 0));
    else if (strcmp(name, "net.ipv4.tcp_fastopen_key") == 0)
        fast_open_key(adapter, value);
    else if (strcmp(name, "net.inet.tcp.fastopen.client_enable") == 0 &&
             !adapter->edge.tcp.fast_open_client)
        tcp_fast_open_forget(adapter->edge.host.tcp);
    else if (strcmp(name, "kern.ipc.maxsockbuf") == 0)
        scale_for_buffer(adapter, value);
}

/* --- the settings file ---------------------------------------------------- */

/* "key=value". */
static void take_line(Adapter *adapter, char *line)
{
    char *equals = strchr(line, '=');

    g_strstrip(line);
    if (equals == NULL)
        return;
    *equals = '\0';
    settings_set(adapter, line, equals + 1);
}

void settings_read(Adapter *adapter)
{
    char line[512];
    FILE *file;

    if (adapter->settings_file == NULL)
        return;
    file = fopen(adapter->settings_file, "r");
    if (file == NULL)
        return;
    fseek(file, adapter->settings_read, SEEK_SET);
    while (fgets(line, sizeof line, file) != NULL)
        take_line(adapter, line);
    adapter->settings_read = ftell(file);
    fclose(file);
}

/* --- commands ------------------------------------------------------------- */

/* "net/ipv4/tcp_sack", "/proc/sys/net/ipv4/tcp_sack" -> "net.ipv4.tcp_sack". */
static char *dotted(const char *name)
{
    static const char proc[] = "/proc/sys/";

    if (g_str_has_prefix(name, proc))
        name += strlen(proc);
    return g_strdelimit(g_strdup(name), "/", '.');
}

static void take_assignments(Adapter *adapter, char **words)
{
    for (; *words != NULL; words++) {
        char *equals = strchr(*words, '=');
        g_autofree char *name = NULL;

        if (**words == '-' || equals == NULL)
            continue;
        *equals = '\0';
        name = dotted(*words);
        settings_set(adapter, name, equals + 1);
    }
}

/* "fq" as the queueing discipline of the device paces what TCP sends. */
static void take_tc(Adapter *adapter, char **words)
{
    if (g_strv_contains((const char *const *)words, "fq"))
        set_key(adapter, "pacing", "yes");
}

/* "echo VALUE > /sys/module/MODULE/parameters/NAME". */
static bool take_echo(Adapter *adapter, char **words)
{
    g_autofree char *name = NULL;

    if (g_strv_length(words) != 4 || strcmp(words[2], ">") != 0 ||
        !g_str_has_prefix(words[3], "/sys/module/"))
        return false;
    name = dotted(words[3] + strlen("/sys/module/"));
    settings_set(adapter, name, words[1]);
    return true;
}

/* One command, taken apart; false when it is not known. */
static bool simple_command(Adapter *adapter, char **words)
{
    g_autofree char *name = g_path_get_basename(words[0]);

    if (strcmp(name, "defaults.sh") == 0)
        settings_set(adapter, "profile", "defaults");
    else if (strcmp(name, "sysctl") == 0 || strcmp(name, "set_sysctls.py") == 0)
        take_assignments(adapter, words + 1);
    else if (strcmp(name, "tc") == 0)
        take_tc(adapter, words + 1);
    else if (strcmp(name, "echo") == 0)
        return take_echo(adapter, words);
    else if (strcmp(name, "ip") == 0) /* ip tcp_metrics flush all */
        tcp_fast_open_forget(adapter->edge.host.tcp);
    else if (g_str_has_prefix(name, "sysctl_restore_") ||
             strcmp(name, "ethtool") == 0)
        ; /* nothing of this host's hangs on it */
    else
        return false;
    return true;
}

/* The commands of a shell text, a line each: continued lines are joined,
 * comments are gone.  The caller g_strfreev()s. */
static char **lines_of(const char *command)
{
    GString *text = g_string_new(NULL);
    bool comment = false;
    char **lines;

    for (const char *at = command; *at != '\0'; at++) {
        if (at[0] == '\\' && at[1] == '\n') {
            g_string_append_c(text, ' ');
            at++;
            continue;
        }
        if (*at == '#' && (at == command || g_ascii_isspace(at[-1])))
            comment = true;
        if (*at == '\n')
            comment = false;
        if (!comment)
            g_string_append_c(text, *at == ';' ? '\n' : *at);
    }
    lines = g_strsplit(text->str, "\n", -1);
    g_string_free(text, TRUE);
    return lines;
}

/* False as soon as one is not known. */
static bool run_lines(Adapter *adapter, char **lines)
{
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) words = NULL;

        if (strpbrk(*line, "|&`$(") != NULL &&
            strstr(*line, "sysctl_restore_") == NULL &&
            strstr(*line, "/dev/null") == NULL)
            return false;
        if (*g_strstrip(*line) == '\0')
            continue;
        if (!g_shell_parse_argv(*line, NULL, &words, NULL))
            return false;
        if (!simple_command(adapter, words))
            return false;
    }
    return true;
}

bool settings_command(Adapter *adapter, const char *command)
{
    char **lines = lines_of(command);
    bool known = run_lines(adapter, lines);

    g_strfreev(lines);
    return known;
}
