/* report_origin.c - of the report: where it is from, and how to verify it. */
#include "report_internal.h"

#include <string.h>

/* So many runs are listed one by one; of more, each point's digest is. */
enum { RUNS_LISTED = 1000 };

/* SHA-256 of FINGERPRINTS (of char *), a line each; the caller g_free()s. */
static char *digest_of(const GPtrArray *fingerprints)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    char *text;

    for (unsigned i = 0; i < fingerprints->len; i++) {
        g_checksum_update(sum, fingerprints->pdata[i], -1);
        g_checksum_update(sum, (const guchar *)"\n", 1);
    }
    text = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return text;
}

static void add_point_cells(GString *page, const Plan *plan, unsigned point)
{
    g_string_append_printf(page, "<tr><th scope=\"row\">%u</th>", point);
    for (unsigned i = 0; i < plan->axes->len; i++)
        report_element(page, "td", plan_value(plan, point, i));
}

static void add_head(GString *page, const Plan *plan, const char *id,
                     const char *caption, const char *const *columns)
{
    g_string_append_printf(page, "<div class=\"wide\"><table id=\"%s\">\n", id);
    report_element(page, "caption", caption);
    g_string_append(page, "<thead><tr><th scope=\"col\">Point</th>");
    for (unsigned i = 0; i < plan->axes->len; i++) {
        g_string_append(page, "<th scope=\"col\">");
        report_text(page, plan_axis(plan, i)->target);
        g_string_append(page, "</th>");
    }
    for (; *columns != NULL; columns++)
        g_string_append_printf(page, "<th scope=\"col\">%s</th>", *columns);
    g_string_append(page, "</tr></thead>\n<tbody>\n");
}

static void add_digests(GString *page, const Plan *plan, const GPtrArray *all)
{
    static const char *const columns[] = {"Runs", "SHA-256", NULL};

    add_head(page, plan, "digests",
             "Digest of each point: SHA-256 of its runs' fingerprints in "
             "order, a line each",
             columns);
    for (unsigned p = 0; p < all->len; p++) {
        const GPtrArray *fingerprints = all->pdata[p];
        char *digest = digest_of(fingerprints);

        add_point_cells(page, plan, p);
        g_string_append_printf(page,
                               "<td class=\"n\">%u</td><td><code>%s</code>"
                               "</td></tr>\n",
                               fingerprints->len, digest);
        g_free(digest);
    }
    g_string_append(page, "</tbody></table></div>\n");
}

static void add_fingerprints(GString *page, const Plan *plan,
                             const GPtrArray *all)
{
    static const char *const columns[] = {"Replication", "Fingerprint", NULL};

    add_head(page, plan, "fingerprints", "Fingerprint of each run", columns);
    for (unsigned p = 0; p < all->len; p++) {
        const GPtrArray *fingerprints = all->pdata[p];

        for (unsigned i = 0; i < fingerprints->len; i++) {
            add_point_cells(page, plan, p);
            g_string_append_printf(page,
                                   "<td class=\"n\">%u</td><td><code>%s"
                                   "</code></td></tr>\n",
                                   i, (char *)fingerprints->pdata[i]);
        }
    }
    g_string_append(page, "</tbody></table></div>\n");
}

/* A fold: summary, then what it hides. */
static void fold(GString *page, const char *summary,
                 void (*add)(GString *page, const Plan *plan,
                             const GPtrArray *all),
                 const Plan *plan, const GPtrArray *all)
{
    g_string_append(page, "<details>\n");
    report_element(page, "summary", summary);
    add(page, plan, all);
    g_string_append(page, "</details>\n");
}

static void add_command(GString *page, const char *words, const char *before,
                        const char *folder, const char *after)
{
    char *name = g_path_get_basename(folder);
    char *quoted = g_shell_quote(name);

    g_string_append_printf(page, "<p>%s</p>\n<pre><code>%s", words, before);
    report_text(page, quoted);
    report_text(page, after);
    g_string_append(page, "</code></pre>\n");
    g_free(quoted);
    g_free(name);
}

static void add_commands(GString *page, const char *folder)
{
    add_command(page,
                "This makes the runs again and compares fingerprints and "
                "values, bit for bit:",
                "firstbyte verify ", folder, "");
    add_command(page,
                "experiment.ini beside it has every key and can be run like "
                "any other experiment:",
                "firstbyte run ", folder, "/experiment.ini -o again");
    add_command(page,
                "The digest of point 0 of such a folder, to be compared with "
                "the one below:",
                "firstbyte query ", folder,
                " \"SELECT fingerprint FROM run WHERE point = 0 ORDER BY "
                "replication\" | tail -n +2 | sha256sum");
}

bool report_origin(GString *page, const Experiment *experiment, Store *store,
                   const char *folder, GError **error)
{
    const Plan *plan = experiment->plan;
    GPtrArray *all =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    unsigned runs = 0;

    for (unsigned p = 0; p < plan->points; p++) {
        GPtrArray *fingerprints = store_fingerprints(store, p, error);

        if (fingerprints == NULL) {
            g_ptr_array_unref(all);
            return false;
        }
        runs += fingerprints->len;
        g_ptr_array_add(all, fingerprints);
    }
    g_string_append_printf(
        page,
        "<section>\n<h2>How to verify it</h2>\n<p>%u runs, made by firstbyte "
        "%s with seed %" G_GUINT64_FORMAT ".  Each has a fingerprint: a hash "
        "of everything that happened in it.  The same experiment has the same "
        "ones on every machine, with any number of threads.</p>\n",
        runs, store_version(store), plan->replicate.seed);
    add_commands(page, folder);
    fold(page, "Digest of each point", add_digests, plan, all);
    if (runs <= RUNS_LISTED)
        fold(page, "Fingerprint of each run", add_fingerprints, plan, all);
    g_string_append(page, "</section>\n");
    g_ptr_array_unref(all);
    return true;
}
