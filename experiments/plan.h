/* plan.h - an experiment file, checked: what is to be run at which points.
 *
 * Groups of an experiment: [experiment], [workload NAME], [sweep], [case NAME],
 * [replicate], [measure], [plot NAME], [expect]; every other group is the
 * topology's.  The
 * topology file that [experiment] names is read first and the experiment's own
 * topology groups are laid over it, key by key.
 *
 * A point is one value for each axis of the sweep; points are numbered from 0,
 * the last axis varies fastest.  A Plan is immutable once it is read. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_H

#include "models/nodes/workload.h"
#include "models/observers/series.h"
#include "topologies/topology.h"

typedef enum Statistic {
    STATISTIC_MEAN,
    STATISTIC_P50,
    STATISTIC_P90,
    STATISTIC_P99,
    STATISTIC_MIN,
    STATISTIC_MAX,
    STATISTIC_FAILURES, /* share of what failed */
    STATISTICS
} Statistic;

typedef struct ExperimentConfig {
    char *title, *question, *hypothesis;
    char *include;  /* files; plan_include.h */
    char *topology; /* file; NULL: the groups are in the experiment itself */
} ExperimentConfig;

typedef enum PlanStreams { STREAMS_COMMON, STREAMS_INDEPENDENT } PlanStreams;

typedef struct ReplicateConfig {
    uint64_t seed;
    uint32_t min, max;
    char *until;    /* as written; Plan.until is what it means */
    uint32_t batch; /* runs from one look to the next; 0: a tenth more */
    int streams;    /* PlanStreams */
    uint32_t rare;  /* replications with a repeat that lossy points need */
} ReplicateConfig;

typedef enum RunKind {
    RUN_TERMINATING, /* it has an end of its own, or is stopped */
    RUN_STEADY,      /* it could go on for ever: what it settles to is asked */
} RunKind;

enum { WARMUP_MSER5 = -1 }; /* it ends where mser.h says */

typedef struct RunConfig {
    int kind;         /* RunKind */
    SimTime warmup;   /* of a steady run: not measured */
    SimTime duration; /* of a steady run, warm-up and all; 0: not given */
} RunConfig;

typedef struct MeasureConfig {
    SimTime from, until; /* until 0: to the end */
    char *sample;        /* see series.h; NULL: nothing */
} MeasureConfig;

typedef enum PlotScale { SCALE_AUTO, SCALE_LINEAR, SCALE_LOG } PlotScale;
typedef enum PlotTheory {
    THEORY_NONE,
    THEORY_SYN_BACKOFF, /* theory.h: tcp.handshake.latency */
    THEORY_LITTLE,      /* littles_law.h: tcp.time_wait.population */
    THEORY_LOSS_RATE,   /* loss_rate.h: work.goodput */
    THEORY_PADHYE,      /* likewise */
    THEORY_MD1,         /* queueing_theory.h: link.queue.delay */
    THEORY_MM1,         /* likewise */
    THEORY_BIT_ERRORS,  /* bit_error_rate.h: signal.bit_errors */
} PlotTheory;

typedef enum PlotKind { /* plan_plot.c says what each needs */
                        PLOT_LINES,
                        PLOT_BAND,
                        PLOT_CDF,
                        PLOT_CCDF,
                        PLOT_HEATMAP,
                        PLOT_DIFFERENCE,
                        PLOT_SERIES,
                        PLOT_SEQUENCE, /* from here on: of one run */
                        PLOT_STATES,
                        PLOT_WATERFALL,
                        PLOT_KINDS
} PlotKind;

typedef struct PlotConfig {
    int kind; /* PlotKind */
    char *title;
    char *metric, *x, *series; /* as written */
    char *point;               /* as written: KEY is VALUE, ... */
    char *y;                   /* as written: mean, p99 */
    char *baseline;            /* as written: KEY is VALUE, ... */
    uint32_t replication;      /* of a run that is drawn */
    uint32_t connection;       /* of the run, from 1 */
    int theory;                /* PlotTheory */
    int x_scale, y_scale;
} PlotConfig;

extern const ConfigKey experiment_keys[], replicate_keys[], run_keys[],
    measure_keys[], plot_keys[];

typedef struct PlanPlot {
    char *name;
    PlotConfig config;
    MetricId metric;  /* METRIC_NONE: none */
    unsigned sampled; /* of a series: which of the plan's */
    int x, series;    /* axis, or -1 */
    GArray *y;        /* of Estimand: what `y` says of the metric */
    GArray *where;    /* of WhereCondition: the axes that are not drawn */
} PlanPlot;

/* A metric that the plan itself selects; plan_select.h. */
typedef struct PlanMetric {
    SelectKey *key;           /* as written */
    MetricKey word;           /* its name, unit, sentence, source */
    unsigned series;          /* of a gauge: which of the plan's */
    const ConfigGroup *group; /* where it is named first, ... */
    char *at;                 /* ... by which key */
} PlanMetric;

/* A key and the value that it has at one value of an axis. */
typedef struct PlanSetting {
    ConfigTarget target;
    const ConfigKey *key;
    char *value; /* canonical */
    ConfigOrigin origin;
} PlanSetting;

/* A line of [sweep]: COUNT values, each with a label and the keys that it sets:
 * the one that the line names, those of the `with` lines below it, or those of
 * a [case NAME]. */
typedef struct PlanAxis {
    char *target;         /* as written: "link home -- isp.loss", "case" */
    const ConfigKey *key; /* that the labels are values of; of `case` a text */
    char **values;        /* labels: canonical values of KEY, or names of cases;
                             NULL-ended, no two the same */
    GPtrArray **settings; /* for each value, of PlanSetting * */
    unsigned count;
    ConfigOrigin origin;
} PlanAxis;

struct Expectation; /* expect.h */
struct StopRule;    /* stop_rule.h */

typedef struct Plan {
    char *file;     /* that was read */
    Config *config; /* the experiment and the topology, merged */
    ExperimentConfig experiment;
    ReplicateConfig replicate;
    RunConfig run;
    MeasureConfig measure;
    SeriesPlan *series;      /* NULL: none */
    GPtrArray *selected;     /* of PlanMetric *: METRICS, METRICS + 1 ... */
    GPtrArray *workloads;    /* of char *: names */
    GPtrArray *traces;       /* plan_workload.h: files of arrivals */
    GPtrArray *axes;         /* of PlanAxis * */
    GPtrArray *plots;        /* of PlanPlot * */
    GPtrArray *expectations; /* of struct Expectation * */
    struct StopRule *until;  /* never NULL */
    GArray *wanted;          /* of Estimand: what rule, plots and expectations
                                are about, each once (estimand_want()) */
    unsigned points;
    Topology *topology;    /* without any of the sweep's values */
    GPtrArray *doubts;     /* of char *: what runs, but is hardly meant */
    bool topology_missing; /* its file could not be read; while reading */
} Plan;

typedef struct PlanWorkload {
    const char *name; /* the plan's */
    WorkloadConfig config;
} PlanWorkload;

/* From when on a run is measured (one whose warm-up is found by itself: from
 * then on it is looked at), and when it ends at the latest. */
static inline SimTime plan_from(const Plan *plan)
{
    if (plan->run.kind == RUN_STEADY)
        return MAX(plan->run.warmup, 0);
    return plan->measure.from;
}
static inline SimTime plan_until(const Plan *plan)
{
    SimTime until =
        plan->run.kind == RUN_STEADY ? plan->run.duration : plan->measure.until;

    return until != 0 ? until : SIM_NEVER;
}
/* When sample NUMBER (from 0) of the plan's series is taken; of a steady run
 * the warm-up is sampled, too. */
static inline SimTime plan_sample_time(const Plan *plan, unsigned number)
{
    return series_time(plan->series,
                       plan->run.kind == RUN_STEADY ? 0 : plan->measure.from,
                       number);
}

/* What is run at one point; immutable, shared by its runs. */
typedef struct PlanPoint {
    unsigned number;
    Config *config;
    Topology *topology;
    PlanWorkload *workloads;
    unsigned workload_count;
} PlanPoint;

/* Reads FILE and what it includes, then applies the NULL-ended SETS
 * ("GROUP.KEY=VALUE"; may be NULL).  Every point's topology and workloads are
 * checked.  NULL, with every mistake that was found in ERROR, in the order of
 * files and lines. */
Plan *plan_read(const char *file, char **sets, GError **error);
void plan_free(Plan *plan);
/* Kinds of groups that are an experiment's, not the topology's; NULL-ended. */
extern const char *const plan_group_kinds[];
/* Whether CONFIG is meant as an experiment, not as a topology alone. */
bool plan_is_experiment(const Config *config);
PlanPoint *plan_point_new(const Plan *plan, unsigned number, GError **error);
/* The same, but with VALUE on AXIS, which need not be one of the sweep's.  NULL
 * where the axis sets more than its own key. */
PlanPoint *plan_point_new_at(const Plan *plan, unsigned number, unsigned axis,
                             const char *value, GError **error);
void plan_point_free(PlanPoint *point);
static inline PlanAxis *plan_axis(const Plan *plan, unsigned axis)
{
    return g_ptr_array_index(plan->axes, axis);
}
/* What the random streams of POINT start from. */
uint64_t plan_seed(const Plan *plan, unsigned point);
/* Which of AXIS's values point NUMBER has. */
unsigned plan_value_index(const Plan *plan, unsigned number, unsigned axis);
const char *plan_value(const Plan *plan, unsigned number, unsigned axis);
/* Whether a value of AXIS says all that there is: no `with`, no case. */
bool plan_axis_is_plain(const PlanAxis *axis);
/* "tcp.profile = rfc, link a -- b.loss = 5 %"; the caller g_free()s. */
char *plan_point_text(const Plan *plan, unsigned number);
/* The axis that TARGET ("tcp.profile", "case") names, or -1. */
int plan_find_axis(const Plan *plan, const char *target);
/* What is wrong with TARGET, which plan_find_axis() does not find, and which
 * axis would be right; the caller g_free()s. */
char *plan_no_axis(const Plan *plan, const char *target);
/* The effective experiment: every key that is not inherited, defaults filled
 * in, the topology inlined, such that reading it gives the same runs.  Of [tcp]
 * with a swept profile only what the user wrote stands, or the profile could
 * not fill in its own; results.sqlite has the whole of every point.  The caller
 * frees. */
Config *plan_effective(const Plan *plan);
/* Every key of the topology and the workloads at POINT. */
Config *plan_point_effective(const Plan *plan, const PlanPoint *point);

#endif
