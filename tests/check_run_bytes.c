/* check_run_bytes.c - a run's result, sent to another process as bytes. */
#include <stdlib.h>

#include "experiments/run_bytes.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* STEADY: of the kind that has batches instead of samples in time. */
static RunResult *play(bool samples, bool steady)
{
    char *file = write_experiment(17, "arrivals = every 100 ms");
    char *sets[] = {steady ? "run.kind = steady"
                           : "measure.sample = tcp.handshake.latency every "
                             "200 ms",
                    steady ? "workload connects.count = 2000"
                           : "workload connects.count = 20",
                    steady ? "run.duration = 100 s" : NULL, NULL};
    GError *error = NULL;
    Plan *plan = plan_read(file, sets, &error);
    PlanPoint *point;
    RunResult *result;

    ck_assert_msg(plan != NULL, "%s", error != NULL ? error->message : "");
    point = plan_point_new(plan, plan->points - 1, NULL);
    result = run_once(plan, point, 3, samples);
    ck_assert_uint_eq(result->replication, 3);
    ck_assert_uint_gt(result->metrics[METRIC_HANDSHAKE_LATENCY].count, 0);
    ck_assert_int_eq(result->series != NULL, !steady);
    ck_assert_int_eq(result->steady != NULL, steady);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
    return result;
}

/* With and without samples, and with batches: what is read is written as the
 * same bytes, so that no field is lost. */
START_TEST(a_result_survives_the_way)
{
    RunResult *result = play(_i == 1, _i == 2), *again;
    GByteArray *bytes = run_result_to_bytes(result), *twice;

    again = run_result_from_bytes(bytes->data, bytes->len);
    ck_assert(again != NULL);
    ck_assert_uint_eq(again->point, result->point);
    ck_assert_str_eq(again->fingerprint, result->fingerprint);
    ck_assert_int_eq(again->samples != NULL, _i == 1);
    for (MetricId id = 0; id < METRICS; id++) {
        const Metric *a = &result->metrics[id], *b = &again->metrics[id];

        ck_assert_uint_eq(a->count, b->count);
        ck_assert(metric_mean(a) == metric_mean(b));
        ck_assert_int_eq(metric_quantile(a, 0.9), metric_quantile(b, 0.9));
        ck_assert_uint_eq(result->failures[id], again->failures[id]);
    }
    if (_i == 2) {
        const BatchMeans *a =
            steady_batches(result->steady, METRIC_HANDSHAKE_LATENCY);
        const BatchMeans *b =
            steady_batches(again->steady, METRIC_HANDSHAKE_LATENCY);

        ck_assert(a != NULL && b != NULL);
        ck_assert_uint_ge(a->means->len, BATCHES_LEAST);
        ck_assert_uint_eq(a->means->len, b->means->len);
        ck_assert_uint_eq(a->size, b->size);
        ck_assert_int_eq(a->separate, b->separate);
        ck_assert(result->steady->warmup == again->steady->warmup);
    }
    twice = run_result_to_bytes(again);
    ck_assert_uint_eq(twice->len, bytes->len);
    ck_assert_mem_eq(twice->data, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
    g_byte_array_unref(twice);
    run_result_free(result);
    run_result_free(again);
}
END_TEST

START_TEST(what_is_cut_short_or_too_long_is_no_result)
{
    RunResult *result = play(true, false);
    GByteArray *bytes = run_result_to_bytes(result);

    for (unsigned len = 0; len < bytes->len; len++)
        ck_assert(run_result_from_bytes(bytes->data, len) == NULL);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    ck_assert(run_result_from_bytes(bytes->data, bytes->len) == NULL);
    g_byte_array_unref(bytes);
    run_result_free(result);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("run_bytes");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_loop_test(tcase, a_result_survives_the_way, 0, 3);
    tcase_add_test(tcase, what_is_cut_short_or_too_long_is_no_result);
    return run_tests("run_bytes", tcase, NULL);
}
