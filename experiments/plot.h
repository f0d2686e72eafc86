/* plot.h - a plot of a sweep: a gnuplot script that a person would keep, and
 * the SVG and PNG that gnuplot makes of it.
 *
 * NAME.gp holds its own data, so that it can be edited and run again alone:
 *   cd DIR && gnuplot NAME.gp
 * Colours are Okabe and Ito's, which the colour-blind can tell apart;
 * statistics differ by dashes and marks as well, so that a grey print can be
 * read. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLOT_H
#define FIRSTBYTE_EXPERIMENTS_PLOT_H

#include "summarise.h"

/* Writes FOLDER/NAME.gp and runs gnuplot on it. */
bool plot_draw(const Plan *plan, const PlanPlot *plot,
               const PointSummary *summaries, const char *folder,
               GError **error);
/* The script alone; the caller g_free()s. */
char *plot_script(const Plan *plan, const PlanPlot *plot,
                  const PointSummary *summaries);

#endif
