/* check_sim.c - the engine: order of events, cancelling, causes, leaks. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/sim.h"
#include "tests/run_tests.h"

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

/* --- a handler may do anything -------------------------------------------- */

typedef struct Actor Actor;
struct Actor {
    Event event;
    Actor *other;
    unsigned runs;
};

static Actor *actor_of(Event *event)
{
    return sim_container_of(event, Actor, event);
}

static void comes_back(Sim *sim, Event *event)
{
    ck_assert(!event_pending(event));
    if (++actor_of(event)->runs < 1000)
        event_schedule(sim, event, 20 * SIM_US);
}

START_TEST(an_event_may_schedule_itself)
{
    Sim sim;
    Actor actor = {.runs = 0};

    sim_init(&sim, 1, 0);
    event_init(&actor.event, comes_back);
    event_schedule(&sim, &actor.event, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(actor.runs, 1000);
    ck_assert_uint_eq(sim.events, 1000);
    ck_assert_int_eq(sim_now(&sim), 999 * 20 * SIM_US);
    sim_clear(&sim);
}
END_TEST

static void cancels_the_other(Sim *sim, Event *event)
{
    Actor *actor = actor_of(event);

    actor->runs++;
    event_cancel(sim, &actor->other->event);
    event_cancel(sim, &actor->other->event); /* does nothing */
    event_cancel(sim, event);                /* nor does this */
    ck_assert(!event_pending(&actor->other->event));
}

/* At the same time, so that the other was next. */
START_TEST(a_handler_may_cancel_what_is_due_now)
{
    Sim sim;
    Actor pair[2] = {{.other = &pair[1]}, {.other = &pair[0]}};

    sim_init(&sim, 1, 0);
    for (int i = 0; i < 2; i++) {
        event_init(&pair[i].event, cancels_the_other);
        event_schedule_at(&sim, &pair[i].event, SIM_S);
    }
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(pair[0].runs, 1);
    ck_assert_uint_eq(pair[1].runs, 0);
    sim_clear(&sim);
}
END_TEST

static void stops(Sim *sim, Event *event)
{
    actor_of(event)->runs++;
    event_schedule(sim, event, 0);
    sim_stop(sim);
}

START_TEST(stopping_leaves_the_rest_pending)
{
    Sim sim;
    Actor actor = {.runs = 0};

    sim_init(&sim, 1, 0);
    event_init(&actor.event, stops);
    event_schedule(&sim, &actor.event, SIM_S);
    for (unsigned i = 1; i <= 3; i++) {
        sim_run(&sim, SIM_NEVER);
        ck_assert_uint_eq(actor.runs, i);
        ck_assert(event_pending(&actor.event));
    }
    event_cancel(&sim, &actor.event);
    sim_clear(&sim);
}
END_TEST

START_TEST(a_run_ends_at_its_limit_and_goes_on)
{
    Sim sim;
    GString *log = g_string_new(NULL);
    Mark marks[3];

    sim_init(&sim, 1, 0);
    for (int i = 0; i < 3; i++) {
        marks[i] = (Mark){.name = (char)('a' + i), .log = log};
        event_init(&marks[i].event, mark_runs);
    }
    event_schedule(&sim, &marks[0].event, SIM_MS);
    event_schedule(&sim, &marks[1].event, SIM_S);
    sim_run(&sim, 500 * SIM_MS);
    ck_assert_str_eq(log->str, "a");
    ck_assert_int_eq(sim_now(&sim), SIM_MS); /* not moved to the limit */
    event_schedule(&sim, &marks[2].event, SIM_MS);
    sim_run(&sim, SIM_S - 1);
    ck_assert_str_eq(log->str, "ac");
    sim_run(&sim, SIM_S); /* the limit itself is included */
    ck_assert_str_eq(log->str, "acb");
    ck_assert(!sim_step(&sim));
    g_string_free(log, TRUE);
    sim_clear(&sim);
}
END_TEST

static void does_nothing(Sim *sim, Event *event) {}

START_TEST(time_does_not_run_backwards)
{
    Sim sim;
    Event event, past;

    sim_init(&sim, 1, 0);
    event_init(&event, does_nothing);
    event_init(&past, does_nothing);
    event_schedule(&sim, &event, SIM_S);
    sim_run(&sim, SIM_NEVER);
    event_schedule_at(&sim, &past, SIM_S - 1);
    sim_run(&sim, SIM_NEVER); /* aborts */
}
END_TEST

/* --- records and causes --------------------------------------------------- */

typedef struct Listener {
    Observer observer;
    Record last;
    CauseTold told;
    unsigned heard;
} Listener;

static void hear(Observer *observer, const Record *record)
{
    Listener *listener = sim_container_of(observer, Listener, observer);

    listener->heard++;
    listener->last = *record;
    if (record->kind == REC_CAUSE)
        listener->told = *(const CauseTold *)record->what;
}

static void wakes(Sim *sim, Event *event)
{
    ck_assert_uint_eq(sim->cause, 0);
    sim_wake(sim, 17, 2 * SIM_MS, "rto");
    sim_tell(sim, &(Record){.kind = 5, .id = 99});
    sim_tell(sim, &(Record){.kind = 6});
}

START_TEST(what_wakes_is_the_cause_of_what_follows)
{
    Sim sim;
    Event event;
    Listener causes = {.observer = {.wants = 1u << REC_CAUSE, .hear = hear}};
    Listener fives = {.observer = {.wants = 1u << 5, .hear = hear}};

    sim_init(&sim, 1, 0);
    ck_assert(!sim_wants(&sim, 5));
    sim_observe(&sim, &causes.observer);
    sim_observe(&sim, &fives.observer);
    ck_assert(sim_wants(&sim, 5) && !sim_wants(&sim, 6));
    event_init(&event, wakes);
    event_schedule(&sim, &event, SIM_S);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(causes.heard, 1);
    ck_assert_uint_eq(causes.told.parent, 17);
    ck_assert_int_eq(causes.told.since, 2 * SIM_MS);
    ck_assert_str_eq(causes.told.what, "rto");
    ck_assert_uint_eq(causes.last.cause, 17);
    ck_assert_uint_eq(fives.heard, 1);
    ck_assert_uint_eq(fives.last.cause, causes.told.id);
    ck_assert_int_eq(fives.last.at, SIM_S);
    ck_assert_uint_eq(sim.cause, 0);
    sim_unobserve(&sim, &fives.observer);
    ck_assert(!sim_wants(&sim, 5) && sim_wants(&sim, REC_CAUSE));
    sim_clear(&sim);
}
END_TEST

/* --- memory --------------------------------------------------------------- */

START_TEST(slabs_give_aligned_memory_and_take_it_back)
{
    Sim sim;
    Slab *slab;
    char *objects[1000];

    sim_init(&sim, 1, 0);
    slab = sim_slab(&sim, 3, 56);
    for (int i = 0; i < 1000; i++) {
        objects[i] = slab_alloc(slab);
        ck_assert_uint_eq((uintptr_t)objects[i] % 8, 0);
        memset(objects[i], i, 56);
    }
    for (int i = 0; i < 1000; i++)
        for (int j = 0; j < 56; j++)
            ck_assert_int_eq(objects[i][j], (char)i);
    ck_assert_uint_eq(slab->live, 1000);
    slab_free(slab, objects[7]);
    ck_assert_ptr_eq(slab_alloc(slab), objects[7]);
    for (int i = 0; i < 1000; i++)
        slab_free(slab, objects[i]);
    ck_assert_uint_eq(slab->live, 0);
    sim_clear(&sim);
}
END_TEST

START_TEST(a_leak_is_noticed)
{
    Sim sim;

    sim_init(&sim, 1, 0);
    slab_alloc(sim_slab(&sim, 0, 16));
    sim_clear(&sim); /* aborts */
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("sim");

    tcase_add_test(tcase, events_at_the_same_time_run_in_order);
    tcase_add_test(tcase, an_event_may_schedule_itself);
    tcase_add_test(tcase, a_handler_may_cancel_what_is_due_now);
    tcase_add_test(tcase, stopping_leaves_the_rest_pending);
    tcase_add_test(tcase, a_run_ends_at_its_limit_and_goes_on);
    tcase_add_test_raise_signal(tcase, time_does_not_run_backwards, SIGABRT);
    tcase_add_test(tcase, what_wakes_is_the_cause_of_what_follows);
    tcase_add_test(tcase, slabs_give_aligned_memory_and_take_it_back);
    tcase_add_test_raise_signal(tcase, a_leak_is_noticed, SIGABRT);
    return run_tests("sim", tcase, NULL);
}
