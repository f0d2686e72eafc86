/* check_equeue.c - the queue of events against a list that is searched from end
 * to end; and that its work does not grow with unlucky times. */
#include <stdlib.h>

#include <glib.h>

#include "tests/random.h"
#include "sim/equeue.h"
#include "tests/run_tests.h"

/* --- against a plain list ------------------------------------------------- */

enum { EVENTS = 300, STEPS = 40000 };

typedef struct Pair {
    EventQueue queue;
    Event events[EVENTS];
    /* The same events in the list: time and order when pending. */
    SimTime at[EVENTS];
    uint64_t order[EVENTS]; /* 0: not pending */
    uint64_t puts;
    size_t len;
    SimTime now;
} Pair;

/* The earliest in the list, -1 when it is empty. */
static int list_first(const Pair *pair)
{
    int first = -1;

    for (int i = 0; i < EVENTS; i++)
        if (pair->order[i] != 0 &&
            (first < 0 || pair->at[i] < pair->at[first] ||
             (pair->at[i] == pair->at[first] &&
              pair->order[i] < pair->order[first])))
            first = i;
    return first;
}

static void list_remove(Pair *pair, int i)
{
    pair->len -= pair->order[i] != 0;
    pair->order[i] = 0;
}

static void put(Pair *pair, int i, SimTime at)
{
    list_remove(pair, i);
    pair->at[i] = at;
    pair->order[i] = ++pair->puts;
    pair->len++;
    equeue_put(&pair->queue, &pair->events[i], at);
}

typedef enum Delays {
    EXPONENTIAL,    /* mean 1 ms */
    TWO_SCALES,     /* 20 us and 60 s */
    TWELVE_DECADES, /* any magnitude from 1 ns to 1000 s */
    FEW_TIMES,      /* a handful of times, so that nearly all are ties */
    NEARBY,         /* within 50 ns */
    ANY_TIME,       /* the whole range of SimTime, SIM_NEVER too */
    DELAYS
} Delays;

static SimTime delay_of(Delays delays, Stream *stream)
{
    switch (delays) {
    case EXPONENTIAL:
        return stream_exponential(stream, SIM_MS);
    case TWO_SCALES:
        return stream_below(stream, 2) ? 20 * SIM_US : 60 * SIM_S;
    case TWELVE_DECADES:
        return (SimTime)(stream_u64(stream) >> (24 + stream_below(stream, 40)));
    case FEW_TIMES:
        return (SimTime)stream_below(stream, 3) * 100 * SIM_MS;
    case NEARBY:
        return (SimTime)stream_below(stream, 50);
    default:
        return (SimTime)(stream_u64(stream) >> (1 + stream_below(stream, 63)));
    }
}

static SimTime later(SimTime now, SimTime delay)
{
    return delay < SIM_NEVER - now ? now + delay : SIM_NEVER;
}

/* Takes up to UNTIL from both, and compares. */
static void take(Pair *pair, SimTime until)
{
    Event *event = equeue_take(&pair->queue, until);
    int first = list_first(pair);

    if (first < 0 || pair->at[first] > until) {
        ck_assert_ptr_null(event);
        return;
    }
    ck_assert_ptr_eq(event, &pair->events[first]);
    ck_assert_int_eq(event->at, pair->at[first]);
    ck_assert(!equeue_holds(event));
    pair->now = pair->at[first];
    list_remove(pair, first);
}

static void step(Pair *pair, Delays delays, Stream *stream)
{
    int i = (int)stream_below(stream, EVENTS), first;

    switch (stream_below(stream, 10)) {
    case 0 ... 3: /* new, or moved */
        put(pair, i, later(pair->now, delay_of(delays, stream)));
        break;
    case 4: /* earlier than what was asked for already */
        put(pair, i, delays == ANY_TIME ? 0 : pair->now);
        break;
    case 5:
        if (equeue_holds(&pair->events[i]))
            equeue_remove(&pair->queue, &pair->events[i]);
        list_remove(pair, i);
        break;
    case 6: /* look, and leave it in */
        first = list_first(pair);
        ck_assert_ptr_eq(equeue_first(&pair->queue),
                         first < 0 ? NULL : &pair->events[first]);
        break;
    case 7:
        take(pair, later(pair->now, delay_of(delays, stream)));
        break;
    default:
        take(pair, SIM_NEVER);
    }
    ck_assert_uint_eq(equeue_len(&pair->queue), pair->len);
    ck_assert_int_eq(equeue_holds(&pair->events[i]), pair->order[i] != 0);
}

START_TEST(the_queue_agrees_with_a_list)
{
    Stream stream = random_stream("equeue");
    Pair *pair = g_new0(Pair, 1);

    stream.replication = (uint32_t)_i; /* other numbers for each kind */
    equeue_init(&pair->queue);
    pair->queue.order = UINT32_MAX - 1000; /* ties beyond 2^32 as well */
    for (int i = 0; i < STEPS; i++)
        step(pair, (Delays)_i, &stream);
    while (pair->len != 0)
        take(pair, SIM_NEVER);
    ck_assert_ptr_null(equeue_take(&pair->queue, SIM_NEVER));
    equeue_clear(&pair->queue);
    g_free(pair);
}
END_TEST

/* --- work ----------------------------------------------------------------- */

enum { CROWD = 50000 };

typedef SimTime TimeOf(unsigned i, Stream *stream);

static SimTime all_at_once(unsigned i, Stream *stream)
{
    return 7 * SIM_S + 123456789;
}

static SimTime in_bursts(unsigned i, Stream *stream)
{
    return (SimTime)(i % 10) * SIM_S + (SimTime)stream_below(stream, 3);
}

static SimTime twelve_decades(unsigned i, Stream *stream)
{
    return (SimTime)(stream_u64(stream) >> (24 + i % 40));
}

static SimTime falling(unsigned i, Stream *stream)
{
    return (SimTime)(CROWD - i) * 997;
}

static SimTime one_each_second(unsigned i, Stream *stream)
{
    return (SimTime)i * SIM_S;
}

static TimeOf *const unlucky[] = {all_at_once, in_bursts, twelve_decades,
                                  falling, one_each_second};

START_TEST(an_event_moves_at_most_once_a_level)
{
    Stream stream = random_stream("crowd");
    Event *events = g_new0(Event, CROWD), *event;
    EventQueue queue;
    SimTime last = 0;

    equeue_init(&queue);
    for (unsigned i = 0; i < CROWD; i++)
        equeue_put(&queue, &events[i], unlucky[_i](i, &stream));
    for (unsigned i = 0; (event = equeue_take(&queue, SIM_NEVER)) != NULL;
         i++) {
        ck_assert_int_ge(event->at, last);
        last = event->at;
        if (i % 2 == 0 && i < CROWD) /* half of them come back */
            equeue_put(&queue, event, last + unlucky[_i](i, &stream) / 3);
    }
    ck_assert_uint_le(queue.moves, (uint64_t)2 * CROWD * EQUEUE_LEVELS);
    equeue_clear(&queue);
    g_free(events);
}
END_TEST

/* A crowd in TIME-WAIT, and short timers: the crowd is not touched. */
START_TEST(far_events_are_left_alone)
{
    Event *events = g_new0(Event, CROWD), near = {.run = NULL};
    EventQueue queue;

    equeue_init(&queue);
    for (unsigned i = 0; i < CROWD; i++)
        equeue_put(&queue, &events[i], 60 * SIM_S + (SimTime)i * SIM_US);
    equeue_put(&queue, &near, 0);
    for (SimTime now = 0; now < 2 * SIM_S; now += 20 * SIM_US) {
        /* Also while a step-wise run looks ahead in vain. */
        ck_assert_ptr_eq(equeue_take(&queue, now), &near);
        ck_assert_ptr_null(equeue_take(&queue, now));
        equeue_put(&queue, &near, now + 20 * SIM_US);
    }
    ck_assert_uint_eq(queue.moves, 0);
    equeue_clear(&queue);
    g_free(events);
}
END_TEST

/* Nine of ten times that are set are changed before they come. */
START_TEST(moving_and_removing_cost_no_moves)
{
    Event *events = g_new0(Event, CROWD);
    EventQueue queue;

    equeue_init(&queue);
    for (unsigned i = 0; i < 10 * CROWD; i++)
        equeue_put(&queue, &events[i % CROWD], SIM_S + (SimTime)i * SIM_US);
    ck_assert_uint_eq(equeue_len(&queue), CROWD);
    for (unsigned i = 0; i < CROWD; i++)
        equeue_remove(&queue, &events[i]);
    ck_assert_uint_eq(equeue_len(&queue), 0);
    ck_assert_ptr_null(equeue_first(&queue));
    ck_assert_uint_eq(queue.moves, 0);
    equeue_clear(&queue);
    g_free(events);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("equeue");

    tcase_set_timeout(tcase, 60); /* sanitizers on a busy machine */
    tcase_add_loop_test(tcase, the_queue_agrees_with_a_list, 0, DELAYS);
    tcase_add_loop_test(tcase, an_event_moves_at_most_once_a_level, 0,
                        (int)G_N_ELEMENTS(unlucky));
    tcase_add_test(tcase, far_events_are_left_alone);
    tcase_add_test(tcase, moving_and_removing_cost_no_moves);
    return run_tests("equeue", tcase, NULL);
}
