/* check_sim.c - the engine: order of events, cancelling, causes, leaks. */
#include <check.h>
#include <stdlib.h>

#include <glib.h>

#include "sim/sim.h"

typedef struct Mark {
    Event event;
    char name;
    GString *log;
} Mark;

static void mark_runs(Sim *sim, Event *event)
{
    Mark *mark = sim_container_of(event, Mark, event);

    g_string_append_c(mark->log, mark->name);
}

START_TEST(events_at_the_same_time_run_in_order)
{
    Sim sim;
    GString *log = g_string_new(NULL);
    Mark marks[4];

    sim_init(&sim, 1, 0);
    for (int i = 0; i < 4; i++) {
        marks[i] = (Mark){.name = (char)('a' + i), .log = log};
        event_init(&marks[i].event, mark_runs);
        event_schedule(&sim, &marks[i].event, 5 * SIM_MS);
    }
    event_schedule(&sim, &marks[0].event, 5 * SIM_MS); /* moved: now last */
    event_cancel(&sim, &marks[2].event);
    sim_run(&sim, SIM_NEVER);
    ck_assert_str_eq(log->str, "bda");
    ck_assert_int_eq(sim_now(&sim), 5 * SIM_MS);
    g_string_free(log, TRUE);
    sim_clear(&sim);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim");
    TCase *tcase = tcase_create("sim");
    SRunner *runner;
    int failed;

    tcase_add_test(tcase, events_at_the_same_time_run_in_order);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
