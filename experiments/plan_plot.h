/* plan_plot.h - the plots of an experiment, checked: [plot NAME]. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_PLOT_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_PLOT_H

#include "plan.h"

/* Appends the plots of PLAN's config to PLAN->plots; the axes are known. */
bool plan_plots_read(Plan *plan, GError **error);
void plan_plot_free(gpointer plot);

#endif
