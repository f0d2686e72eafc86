/* measured.c - reads measured figures and compares. */
#include <check.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>

#include "measured.h"

enum { JIFFY = 4, RELAY_LATE = 5 }; /* ms */

struct MeasuredFile {
    JsonParser *parser;
    char *name;
};

MeasuredFile *measured_open(const char *name)
{
    g_autofree char *path =
        g_strdup_printf("%s/linux/states/%s.json", TESTDIR, name);
    MeasuredFile *file = g_new0(MeasuredFile, 1);

    file->parser = json_parser_new();
    file->name = g_strdup(name);
    ck_assert_msg(json_parser_load_from_file(file->parser, path, NULL),
                  "cannot read %s", path);
    return file;
}

void measured_close(MeasuredFile *file)
{
    g_object_unref(file->parser);
    g_free(file->name);
    g_free(file);
}

/* The node at PATH: names of members and numbers of elements between bars. */
static JsonNode *find(MeasuredFile *file, const char *path)
{
    JsonNode *node = json_parser_get_root(file->parser);
    char **names = g_strsplit(path, "|", -1);

    for (char **name = names; *name != NULL; name++) {
        if (JSON_NODE_HOLDS_ARRAY(node))
            node = json_array_get_element(json_node_get_array(node),
                                          (guint)atoi(*name));
        else
            node = json_object_get_member(json_node_get_object(node), *name);
        ck_assert_msg(node != NULL, "no %s in %s", path, file->name);
    }
    g_strfreev(names);
    return node;
}

Measured measured_get(MeasuredFile *file, const char *path, double unit)
{
    JsonObject *o = json_node_get_object(find(file, path));

    return (Measured){
        .n = (unsigned)json_object_get_int_member(o, "n"),
        .min = unit * json_object_get_double_member(o, "min"),
        .p50 = unit * json_object_get_double_member(o, "p50"),
        .mean = unit * json_object_get_double_member(o, "mean"),
        .max = unit * json_object_get_double_member(o, "max"),
    };
}

unsigned measured_count(MeasuredFile *file, const char *path)
{
    return json_array_get_length(json_node_get_array(find(file, path)));
}

double measured_number(MeasuredFile *file, const char *path)
{
    return json_node_get_double(find(file, path));
}

const char *measured_text(MeasuredFile *file, const char *path)
{
    return json_node_get_string(find(file, path));
}

static Measured summarise(const Sample *sample)
{
    return (Measured){.n = sample->values->len,
                      .min = sample_min(sample),
                      .mean = sample_mean(sample),
                      .max = sample_max(sample)};
}

/* THEIRS are no further out than OURS and what the relay and a draw of n leave.
 */
static void expect_inside(const char *what, Measured ours, Measured theirs,
                          double early)
{
    double edge = 7 * (ours.max - ours.min) / ours.n;

    ck_assert_msg(theirs.min >= ours.min - early - edge,
                  "%s: least %.1f ms, the kernel's %.1f", what, ours.min,
                  theirs.min);
    ck_assert_msg(theirs.max <= ours.max + early + RELAY_LATE + edge,
                  "%s: largest %.1f ms, the kernel's %.1f", what, ours.max,
                  theirs.max);
}

void expect_like(const char *what, const Sample *sample, Measured theirs,
                 double slack)
{
    double early = JIFFY + 1 + slack, error, edge;
    Measured ours = summarise(sample);

    ck_assert_msg(ours.n > 1, "%s: nothing of ours", what);
    /* Theirs has our spread, if the two are alike. */
    error = sqrt(sample_variance(sample) * (1.0 / ours.n + 1.0 / theirs.n));
    edge = 7 * (theirs.max - theirs.min) / theirs.n;
    ck_assert_msg(fabs(ours.mean - theirs.mean) <= 4 * error + JIFFY + slack,
                  "%s: mean %.1f ms, the kernel's %.1f (s.e. %.1f)", what,
                  ours.mean, theirs.mean, error);
    ck_assert_msg(ours.min >= theirs.min - early - edge,
                  "%s: least %.1f ms, the kernel's %.1f", what, ours.min,
                  theirs.min);
    ck_assert_msg(ours.max <= theirs.max + early + edge,
                  "%s: largest %.1f ms, the kernel's %.1f", what, ours.max,
                  theirs.max);
    expect_inside(what, ours, theirs, early);
}

void expect_among(const char *what, const Sample *sample, Measured theirs)
{
    Measured ours = summarise(sample);

    ck_assert_msg(ours.n > 1, "%s: nothing of ours", what);
    expect_inside(what, ours, theirs, JIFFY + 1);
}
