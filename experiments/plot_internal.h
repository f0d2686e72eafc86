/* plot_internal.h - what the files of the plot share. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLOT_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_PLOT_INTERNAL_H

#include "plot.h"

/* The horizontal axis: numbers where the swept key has them, else 0, 1, 2...
 * with the values as labels. */
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
    PlotX x;
    unsigned series_count; /* >= 1 */
    double y_scale;        /* base units in one of what is drawn */
    double least, most;    /* of what is drawn, above 0; 0: nothing is */
    bool zero;             /* 0 is drawn as well */
    bool unconverged;      /* a point is marked as such */
    char *no_theory; /* why none is drawn; NULL: it is, or not asked for */
    unsigned fewest, most_runs; /* replications of the points drawn */
    GString *data;              /* data blocks */
} Drawing;

/* The number of the point with value X of the x axis and value SERIES of the
 * series axis, the other axes at their first values. */
unsigned plot_point(const Drawing *drawing, unsigned x, unsigned series);
bool plot_x_is_log(const Drawing *drawing);
/* Takes note that VALUE is drawn. */
void plot_saw(Drawing *drawing, double value);
void plot_add_number(GString *text, double value);

/* plot_theory.c: appends a data block for each series; false where it does not
 * apply (drawing->no_theory says why). */
bool plot_add_theory(Drawing *drawing);

#endif
