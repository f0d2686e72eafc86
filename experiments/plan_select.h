/* plan_select.h - the metrics of a plan: those of metric_keys[], and after them
 * what its stopping rule, plots and expectations name of one line, node or
 * workload, or as a gauge that [measure] sample keeps (select.h has the
 * grammar).
 *
 * These have the numbers METRICS, METRICS + 1 ... in the order in which they
 * are named first, so that whoever reads the same experiment numbers them
 * alike. Of a gauge the samples of a run are its values at the times of
 * [measure] sample, those without a value left out; a share is kept in parts
 * per 10^9 (QUANTITY_SHARE). */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_SELECT_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_SELECT_H

#include "plan.h"

/* The number of the metric that TEXT names, which is the plan's from now on;
 * METRIC_NONE, with *WHY (g_free) "what is wrong; what would be right". */
MetricId plan_metric_want(Plan *plan, const char *text, char **why);
/* The metrics from number SINCE on are named by KEY of GROUP. */
void plan_metrics_named_by(Plan *plan, unsigned since, const ConfigGroup *group,
                           const char *key);
/* Whether NETWORK, of one of PLAN's points, has what they are of. */
bool plan_select_check(const Plan *plan, const Network *network,
                       GError **error);
void plan_metric_free(gpointer metric /* PlanMetric * */);

/* The number of the metric called NAME, or METRIC_NONE.  PLAN may be NULL: one
 * that selects nothing; for the functions that follow as well. */
MetricId plan_metric_id(const Plan *plan, const char *name);
/* How many metrics there are. */
unsigned plan_metrics(const Plan *plan);
/* Name, unit, sentence and source of metric ID. */
const MetricKey *plan_metric_key(const Plan *plan, MetricId id);
/* What is written of a metric that PLAN selects; NULL: it selects none. */
const PlanMetric *plan_metric_selected(const Plan *plan, MetricId id);
bool plan_metric_is_total(const Plan *plan, MetricId id);
bool plan_metric_is_population(const Plan *plan, MetricId id);

#endif
