/* plot_internal.h - what the files of the plot share. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLOT_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_PLOT_INTERNAL_H

#include "models/observers/gnuplot.h"
#include "estimate.h"
#include "plot.h"

/* An axis of the sweep as one of a picture: numbers where the swept key has
 * them, else 0, 1, 2... with the values as labels. */
typedef struct PlotX {
    const PlanAxis *axis;
    QuantityKind kind; /* QUANTITY_KINDS: no numbers */
    double scale;      /* base units in one of what is drawn */
    const char *unit;  /* "%" */
    double *values;    /* axis->count */
} PlotX;

typedef struct Drawing {
    const Plan *plan;
    const PlanPlot *plot;
    const PointSummary *summaries;
    const char *unfinished; /* what is missing; NULL: nothing */
    unsigned threads;       /* that may work out the theory */
    PlotX x;                /* axis NULL: the sweep has none of the two */
    unsigned series_count;  /* >= 1 */
    double y_scale; /* base units of what is estimated in one that is drawn */
    const char *y_unit; /* "ms"; "" for none */
    double least, most; /* of what is drawn, above 0; 0: nothing is */
    double lowest;      /* of what is drawn, below 0; 0: nothing is */
    bool zero;          /* 0 is drawn as well */
    bool drawn;         /* there is something to draw */
    bool unconverged;   /* a point is marked as such */
    char *no_theory;    /* why none is drawn; NULL: it is, or not asked for */
    const char *methods[4];     /* of the intervals drawn, each once */
    unsigned fewest, most_runs; /* replications of the points drawn */
    unsigned failed_points;     /* of the points drawn: some tries failed */
    double worst_failures;      /* the largest share of them */
    GString *axes;              /* settings */
    GString *data;              /* data blocks */
    GString *curves;            /* what follows "plot" */
    char *bars;                 /* what the note says of intervals */
    char *xlabel, *ylabel;
    unsigned key;     /* characters of the longest legend */
    unsigned entries; /* of the legend, also those that have no room */
    unsigned left; /* characters of the longest label of the y axis; 0: usual */
    bool colour_bar; /* at the right */
} Drawing;

/* plot.c */

/* One for PLOT that holds nothing yet. */
Drawing plot_begin(const Plan *plan, const PlanPlot *plot,
                   const PointSummary *summaries);
/* Appends "; AXIS = VALUE" for each axis that is not drawn. */
void plot_note_fixed(GString *text, const Drawing *drawing);
/* The number of the point with value X of the x axis and value SERIES of the
 * series axis; the other axes as the plot's `point` says. */
unsigned plot_point(const Drawing *drawing, unsigned x, unsigned series);
/* The plot's title, the experiment's, or the plot's name. */
const char *plot_title(const Plan *plan, const PlanPlot *plot);
/* Takes note that VALUE is drawn. */
void plot_saw(Drawing *drawing, double value);
/* The plot's statistic I. */
static inline const Estimand *plot_y(const Drawing *drawing, unsigned i)
{
    return &g_array_index(drawing->plot->y, Estimand, i);
}
/* Takes note of the replications and failures of POINT, which is drawn. */
void plot_saw_point(Drawing *drawing, const PointSummary *point);
/* The next curve: a separator where one came before. */
void plot_next_curve(Drawing *drawing);
/* What SERIES is called in a legend, with WHAT (NULL: nothing) said about it;
 * the caller g_free()s. */
char *plot_legend(const Drawing *drawing, unsigned series, const char *what);
/* Appends " title TEXT" to the curves. */
void plot_add_title(Drawing *drawing, const char *text);
/* The same for SERIES, as of plot_legend(); of a long legend the first ones
 * only. */
void plot_add_legend(Drawing *drawing, unsigned series, const char *what);
/* Appends an entry of the legend alone, for a line of THEORY. */
void plot_add_theory_legend(Drawing *drawing);
/* Appends "lc rgb COLOUR" of SERIES. */
void plot_add_colour(Drawing *drawing, unsigned series);

/* Takes note that an interval by METHOD is drawn. */
void plot_saw_method(Drawing *drawing, const char *method);

/* plot_axis.c */

void plot_x_read(PlotX *x, const PlanAxis *axis);
void plot_x_clear(PlotX *x);
bool plot_x_is_log(const Drawing *drawing);
/* As the plot says, or from what has been seen. */
bool plot_y_is_log(const Drawing *drawing);
/* Characters of the longest value of AXIS. */
unsigned plot_longest(const PlanAxis *axis);
bool plot_x_is_long(const PlotX *x);
/* "tcp.profile" or "link a -- b.loss (%)"; the caller g_free()s. */
char *plot_x_label(const PlotX *x);
/* Whether the values of X have no order, so that no line may join them: yes and
 * no, words, cases. */
bool plot_x_is_choice(const PlotX *x);
/* "mean of tcp.handshake.latency (ms)", or without the statistic where several
 * are drawn, or all samples; the caller g_free()s. */
char *plot_y_label(const Drawing *drawing);
/* Sets y_scale and y_unit for what is drawn. */
void plot_choose_y_unit(Drawing *drawing);
void plot_add_x_axis(Drawing *drawing);
void plot_add_y_axis(Drawing *drawing);

/* Each kind fills axes, data, curves and labels of the drawing. */

void plot_add_lines(Drawing *drawing);   /* plot_lines.c */
void plot_add_band(Drawing *drawing);    /* plot_band.c */
void plot_add_cdf(Drawing *drawing);     /* plot_cdf.c */
void plot_add_heatmap(Drawing *drawing); /* plot_heatmap.c */

/* The script of DRAWING with FOOT (taken) as its note; frees what DRAWING
 * holds. */
char *plot_finish(Drawing *drawing, char *foot);

/* plot_series.c: the script of a time series, read from FOLDER;
 * UNFINISHED as for plot_script(). */
char *plot_series_script(const Plan *plan, const PlanPlot *plot,
                         const char *folder, const char *unfinished,
                         GError **error);

/* plot_run.c: the script of a kind that is of one run, which it makes again. */
char *plot_run_script(const Plan *plan, const PlanPlot *plot);

/* plot_theory.c: appends a data block for each series, x and a column for each
 * statistic; false where it does not apply (drawing->no_theory says why). */
bool plot_add_theory(Drawing *drawing);
/* Whether it says what statistic I is. */
bool plot_theory_has(const Drawing *drawing, unsigned i);

#endif
