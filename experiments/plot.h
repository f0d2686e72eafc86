/* plot.h - plots of an experiment: for each [plot NAME] a gnuplot script that a
 * person would keep, and the SVG, PNG and PDF that gnuplot makes of it
 * (models/observers/gnuplot.h says what they have in common). */
#ifndef FIRSTBYTE_EXPERIMENTS_PLOT_H
#define FIRSTBYTE_EXPERIMENTS_PLOT_H

#include "summarise.h"

/* Something else to be done while gnuplot draws. */
typedef struct PlotMeanwhile {
    void (*work)(void *data); /* called once in any case, on any thread */
    void *data;
} PlotMeanwhile;

/* Writes FOLDER/NAME.gp for each of PLAN's plots and runs gnuplot on them.
 * THREADS: at most so many work out theories, and so many gnuplots run, at a
 * time; one of them does what MEANWHILE (or NULL) says.  WHOLE: every run was
 * made; the plots say so where it is not. */
bool plot_draw(const Plan *plan, const PointSummary *summaries, bool whole,
               unsigned threads, const char *folder,
               const PlotMeanwhile *meanwhile, GError **error);
/* The script alone, of any kind but series, whose data only the folder has.
 * UNFINISHED: what doubts_unfinished() says, NULL where every run was made. The
 * caller g_free()s. */
char *plot_script(const Plan *plan, const PlanPlot *plot,
                  const PointSummary *summaries, const char *unfinished,
                  unsigned threads);
/* Adds to DIFFERENCES (of char *, with g_free) a sentence for each script in
 * FOLDER, whose runs were all made, that is not what the runs give; one that is
 * not there is none.  The pictures are not looked at: another gnuplot draws
 * them otherwise. */
bool plot_differences(const Plan *plan, const PointSummary *summaries,
                      const char *folder, GPtrArray *differences,
                      GError **error);

#endif
