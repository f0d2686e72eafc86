/* gnuplot.c - see gnuplot.h. */
#include "gnuplot.h"

#include "write_file.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

const char *const gnuplot_colours[GNUPLOT_SERIES] = {
    "#0072B2", "#D55E00", "#009E73", "#CC79A7",
    "#E69F00", "#56B4E9", "#000000"};
/* Disc, square, triangle, diamond, triangle down, pentagon, open square. */
const int gnuplot_marks[GNUPLOT_SERIES] = {7, 5, 9, 13, 11, 15, 4};
const char *const gnuplot_dashes[GNUPLOT_DASHES] = {"1", "'- '", "'-.'", "'. '",
                                                    "'_ '"};

enum {
    WIDTH = 960, /* pixels */
    HEIGHT = 620,
    LINE = 19,       /* of the question */
    SMALL_LINE = 15, /* of the note */
    LINE_CHARACTERS = 118,
    SMALL_CHARACTERS = 150,
};

void gnuplot_number(GString *script, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(script,
                    isfinite(value)
                        ? g_ascii_formatd(digits, sizeof digits, "%.9g", value)
                        : "NaN");
}

/* Two quotes mean one only between other characters (gnuplot 5.4); where they
 * do not, the quote is given by its number. */
void gnuplot_quote(GString *script, const char *text)
{
    g_string_append_c(script, '\'');
    for (const char *at = text; *at != '\0'; at++) {
        bool alone =
            at > text && at[-1] != '\'' && at[1] != '\'' && at[1] != '\0';

        if (*at == '\'')
            g_string_append(script, alone ? "''" : "'.sprintf('%c',39).'");
        else
            g_string_append_c(script, *at == '\n' ? ' ' : *at);
    }
    g_string_append_c(script, '\'');
}

void gnuplot_quote_tic(GString *script, const char *text)
{
    char **parts = g_strsplit(text, "%", -1);
    char *doubled = g_strjoinv("%%", parts);

    gnuplot_quote(script, doubled);
    g_free(doubled);
    g_strfreev(parts);
}

void gnuplot_line(GString *script, const char *command, const char *text)
{
    g_string_append_printf(script, "%s ", command);
    gnuplot_quote(script, text);
    g_string_append_c(script, '\n');
}

/* --- lines of text -------------------------------------------------------- */

/* TEXT in lines of at most WIDTH characters, broken at blanks, as a gnuplot
 * expression.  *LINES: how many. */
static char *wrapped(const char *text, long width, unsigned *lines)
{
    char **words = g_strsplit(text, " ", -1);
    GString *line = g_string_new(NULL), *whole = g_string_new(NULL);

    *lines = 1;
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (line->len > 0 &&
            g_utf8_strlen(line->str, -1) + g_utf8_strlen(words[i], -1) >=
                width) {
            gnuplot_quote(whole, line->str);
            g_string_append(whole, ".\"\\n\".");
            g_string_truncate(line, 0);
            ++*lines;
        }
        if (line->len > 0)
            g_string_append_c(line, ' ');
        g_string_append(line, words[i]);
    }
    gnuplot_quote(whole, line->str);
    g_string_free(line, TRUE);
    g_strfreev(words);
    return g_string_free(whole, FALSE);
}

static double height_of(const GnuplotFrame *frame)
{
    return frame->height != 0 ? frame->height : HEIGHT;
}

/* Title and question; returns the pixels that they need. */
static double add_heading(GString *script, const GnuplotFrame *frame)
{
    double top = 30, height = height_of(frame);
    unsigned lines;
    char *text;

    if (frame->title != NULL) {
        g_string_append(script, "set label 1 ");
        gnuplot_quote(script, frame->title);
        g_string_append_printf(script,
                               " at screen 0.02, screen %.4f left font ',17'\n",
                               1 - top / height);
        top += 30;
    }
    if (frame->question != NULL) {
        text = wrapped(frame->question, LINE_CHARACTERS, &lines);
        g_string_append_printf(script,
                               "set label 2 %s at screen 0.02, screen %.4f "
                               "left textcolor rgb '#555555'\n",
                               text, 1 - (top - 2) / height);
        top += LINE * lines;
        g_free(text);
    }
    return top;
}

/* The note at the foot; returns the pixels that it needs. */
static double add_note(GString *script, const GnuplotFrame *frame)
{
    unsigned lines;
    char *text;

    if (frame->note == NULL)
        return 0;
    text = wrapped(frame->note, SMALL_CHARACTERS, &lines);
    g_string_append_printf(script,
                           "set label 3 %s at screen 0.02, screen %.4f left "
                           "font ',10' textcolor rgb '#555555'\n",
                           text, (SMALL_LINE * lines - 1) / height_of(frame));
    g_free(text);
    return SMALL_LINE * lines;
}

/* Where the picture ends and the legend begins, a share of the width. */
static double right_of(const GnuplotFrame *frame)
{
    enum { CHARACTER = 9, SAMPLE = 84 }; /* pixels */
    double room;

    if (frame->colour_bar)
        return 0.86;
    if (frame->key == 0)
        return 0.97;
    room = SAMPLE + CHARACTER * (double)frame->key;
    if (frame->key_title != NULL)
        room = MAX(room, CHARACTER *
                             (double)(g_utf8_strlen(frame->key_title, -1) + 2));
    return MAX(1 - room / WIDTH, 0.5);
}

void gnuplot_begin(GString *script, const GnuplotFrame *frame)
{
    double height = height_of(frame), top, foot;
    unsigned left = frame->left != 0 ? frame->left : 9;
    double right = right_of(frame);

    if (frame->name != NULL)
        g_string_append_printf(script,
                               "# %s.gp - drawn by firstbyte; run it again "
                               "with: gnuplot %s.gp\n",
                               frame->name, frame->name);
    g_string_append_printf(
        script,
        "set encoding utf8\n"
        "set terminal svg noenhanced size %d,%.0f font 'DejaVu Sans,13' "
        "background '#ffffff'\n",
        WIDTH, height);
    if (frame->name != NULL)
        g_string_append_printf(script, "set output '%s.svg'\n", frame->name);
    g_string_append(script, "set border 3 lc rgb '#555555'\n"
                            "set format '%g'\n"
                            "set tics nomirror out textcolor rgb '#222222'\n"
                            "set grid ytics lc rgb '#dddddd' lt 1 lw 0.6\n");
    top = add_heading(script, frame);
    foot = add_note(script, frame) + (frame->long_xtics ? 150 : 74);
    g_string_append_printf(
        script,
        "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
        "set tmargin at screen %.4f\nset bmargin at screen %.4f\n",
        (34 + 8.5 * left) / WIDTH, right, 1 - top / height, foot / height);
    if (frame->key == 0)
        g_string_append(script, "unset key\n");
    else
        g_string_append_printf(script,
                               "set key at screen %.4f, graph 1 left top Left "
                               "reverse samplen 2.6 spacing 1.25\n",
                               right);
    if (frame->key > 0 && frame->key_title != NULL) {
        g_string_append(script, "set key title ");
        gnuplot_quote(script, frame->key_title);
        g_string_append(script, " left\n");
    }
    if (frame->xlabel != NULL)
        gnuplot_line(script, "set xlabel", frame->xlabel);
    if (frame->ylabel != NULL)
        gnuplot_line(script, "set ylabel", frame->ylabel);
}

/* Before the drawing for the other two kinds of file: PNG first. */
static const char others[] = "# the same for the screen, and for paper\n";

void gnuplot_end(GString *script, const GnuplotFrame *frame)
{
    double height = height_of(frame);

    if (frame->name == NULL)
        return;
    g_string_append_printf(
        script,
        "%sset terminal pngcairo noenhanced size %d,%.0f font 'DejaVu Sans,13' "
        "fontscale 1.4 linewidth 1.4 pointscale 1.4\n"
        "set output '%s.png'\nreplot\n"
        "set terminal pdfcairo noenhanced size 17cm,%.2fcm font "
        "'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5\n"
        "set output '%s.pdf'\nreplot\n"
        "unset output\n",
        others, WIDTH * 3 / 2, height * 1.5, frame->name, 17 * height / WIDTH,
        frame->name);
}

/* --- running it ----------------------------------------------------------- */

/* What gnuplot says is wrong, without the command that it repeats before it:
 * "NAME.gp" line 12: ... */
static const char *first_complaint(char *said)
{
    char *where = strstr(said, "\" line ");
    char *end;

    while (where != NULL && where > said && where[-1] != '\n')
        where--;
    if (where == NULL)
        return g_strstrip(said);
    end = strchr(where, '\n');
    if (end != NULL)
        *end = '\0';
    return where;
}

/* The scripts are UTF-8 with decimal points; in another locale, the plain C one
 * too, gnuplot warns of the encoding.  LC_ALL outweighs what the user has. */
static const char locale_key[] = "LC_ALL", locale[] = "C.UTF-8";

bool gnuplot_save(const char *script, const char *folder, const char *name,
                  GError **error)
{
    char *file = g_strconcat(name, ".gp", NULL);
    char *path = g_build_filename(folder, file, NULL);
    bool good = write_file(path, script, error);

    g_free(path);
    g_free(file);
    return good;
}

bool gnuplot_draw(const char *folder, const char *name, GError **error)
{
    g_autofree char *file = g_strconcat(name, ".gp", NULL);
    const char *argv[] = {"gnuplot", file, NULL};
    char **env = g_environ_setenv(g_get_environ(), locale_key, locale, TRUE);
    char *complaint = NULL;
    int status;
    bool good = g_spawn_sync(folder, (char **)argv, env, G_SPAWN_SEARCH_PATH,
                             NULL, NULL, NULL, &complaint, &status, error);

    if (good && (!g_spawn_check_wait_status(status, NULL) ||
                 g_strstrip(complaint)[0] != '\0')) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s/%s: gnuplot complains: %s", folder, file,
                    first_complaint(complaint));
        good = false;
    }
    g_strfreev(env);
    g_free(complaint);
    return good;
}

/* Behind N lines of TEXT. */
static const char *after_lines(const char *text, unsigned n)
{
    for (; n > 0; n--)
        text = strchr(text, '\n') + 1;
    return text;
}

/* SCRIPT without the kinds of file that are not of PART.  A kind is two lines,
 * the terminal and the output; behind the first comes what is drawn, behind
 * each of the others one line that draws it again. */
static GString *part_of(const char *script, GnuplotPart part)
{
    const char *end = g_strrstr(script, others);
    const char *svg = strstr(script, "\nset terminal svg ") + 1;
    const char *drawing = after_lines(svg, 2);
    const char *png = after_lines(end, 1), *pdf = after_lines(png, 3);
    GString *text = g_string_new_len(script, svg - script);

    if (part == GNUPLOT_PNG)
        g_string_append_len(text, png, after_lines(png, 2) - png);
    else
        g_string_append_len(text, svg, drawing - svg);
    g_string_append_len(text, drawing, end - drawing);
    if (part == GNUPLOT_SVG_PDF)
        g_string_append(text, pdf);
    return text;
}

/* gnuplot reads its script from standard input. */
static GSubprocess *start(const char *folder, GSubprocessFlags flags,
                          GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE | flags);

    if (folder != NULL)
        g_subprocess_launcher_set_cwd(launcher, folder);
    g_subprocess_launcher_setenv(launcher, locale_key, locale, TRUE);
    return g_subprocess_launcher_spawn(launcher, error, "gnuplot", "-", NULL);
}

bool gnuplot_draw_part(const char *script, const char *folder, GnuplotPart part)
{
    g_autoptr(GSubprocess) gnuplot =
        start(folder, G_SUBPROCESS_FLAGS_NONE, NULL);
    g_autofree char *complaint = NULL;
    GString *text = part_of(script, part);
    bool good = gnuplot != NULL &&
                g_subprocess_communicate_utf8(gnuplot, text->str, NULL, NULL,
                                              &complaint, NULL) &&
                g_subprocess_get_successful(gnuplot) &&
                g_strstrip(complaint)[0] == '\0';

    g_string_free(text, TRUE);
    return good;
}

bool gnuplot_write_svg(const char *script, const char *file, GError **error)
{
    g_autoptr(GSubprocess) gnuplot =
        start(NULL, G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
    g_autofree char *svg = NULL, *complaint = NULL;

    if (gnuplot == NULL || !g_subprocess_communicate_utf8(
                               gnuplot, script, NULL, &svg, &complaint, error))
        return false;
    if (g_subprocess_get_successful(gnuplot))
        return write_file(file, svg, error);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: gnuplot failed: %s",
                file, first_complaint(complaint));
    return false;
}
