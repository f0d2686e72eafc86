/* equeue.c - a radix queue: the pending events sorted by the digits of their
 * times; see equeue.h.
 *
 * Let a digit be EQUEUE_BITS bits of a time, number 0 the lowest.  An event
 * lies in the level of the highest digit in which its time differs from `base`,
 * there in the slot of its own digit.  As no event is earlier than base,
 *   - all of a level is earlier than all of the next one,
 *   - in a level, a lower slot is earlier,
 * and the earliest event is in the lowest slot of the lowest level in use.
 * Where that slot has few events, the earliest is found by looking at them, and
 * base stays.  Where it has many, base moves to the slot's beginning and they
 * are dealt out to the levels below, which are empty then: the queue sorts as
 * finely as the events are dense, and no finer.
 *
 * Slots are filled at the end and dealt out from the beginning, so that each is
 * in order of scheduling at all times: equal times need no comparing.
 *
 * Bits say which slots may hold events.  Removing an event that is not the
 * earliest leaves its slot's bit set, for the search that finds the slot empty
 * to clear: to cancel is to take a link out of a ring, and no more.
 *
 * The constants were chosen with tests/bench/hold (6 to 11 bits, 2 to 16 few),
 * beside 4-ary heaps and a calendar; fewer bits move events more often, more
 * bits need more of the cache. */
#include "equeue.h"

#include <glib.h>

enum {
    SLOTS = 1 << EQUEUE_BITS,
    WORDS = SLOTS / 64,
    FEW = 8,          /* so many are searched whenever the earliest is wanted */
    READ_AHEAD = 512, /* events fetched from each end before dealing out */
};

/* The slots of one level.  Each is the head of a ring of events. */
typedef struct EventLevel {
    uint32_t words;           /* bit W: occupied[W] is not 0 */
    uint64_t occupied[WORDS]; /* bit S % 64 of word S / 64: slot S */
    EventLink slots[SLOTS];
} EventLevel;

G_STATIC_ASSERT(offsetof(Event, place) == 0);
G_STATIC_ASSERT(sizeof(Event) <= 40);

/* --- rings ---------------------------------------------------------------- */

static Event *event_of(EventLink *link) { return (Event *)(void *)link; }

static bool is_empty(const EventLink *ring) { return ring->next == ring; }

static void make_empty(EventLink *ring) { ring->next = ring->prev = ring; }

static void append(EventLink *ring, EventLink *link)
{
    EventLink *last = ring->prev;

    link->prev = last;
    link->next = ring;
    last->next = link;
    ring->prev = link;
}

/* Moves everything in FROM, which is not empty, to the end of RING. */
static void append_all(EventLink *ring, EventLink *from)
{
    from->next->prev = ring->prev;
    from->prev->next = ring;
    ring->prev->next = from->next;
    ring->prev = from->prev;
    make_empty(from);
}

/* --- slots ---------------------------------------------------------------- */

static unsigned level_of(uint64_t difference)
{
    return (63 - (unsigned)__builtin_clzll(difference | 1)) / EQUEUE_BITS;
}

static unsigned digit(uint64_t at, unsigned level)
{
    return at >> (level * EQUEUE_BITS) & (SLOTS - 1);
}

/* The first time of the slot that holds AT in LEVEL. */
static uint64_t slot_begin(SimTime at, unsigned level)
{
    return (uint64_t)at >> (level * EQUEUE_BITS) << (level * EQUEUE_BITS);
}

static EventLevel *make_level(EventQueue *queue, unsigned number)
{
    EventLevel *level = g_new0(EventLevel, 1);

    for (unsigned s = 0; s < SLOTS; s++)
        make_empty(&level->slots[s]);
    queue->level[number] = level;
    return level;
}

/* The slot of AT, which is about to be filled. */
static inline EventLink *slot_to_fill(EventQueue *queue, uint64_t at)
{
    unsigned number = level_of(at ^ queue->base), s = digit(at, number);
    EventLevel *level = queue->level[number];

    if (G_UNLIKELY(level == NULL))
        level = make_level(queue, number);
    if (is_empty(&level->slots[s])) {
        queue->levels |= (uint32_t)1 << number;
        level->words |= (uint32_t)1 << s / 64;
        level->occupied[s / 64] |= (uint64_t)1 << s % 64;
    }
    return &level->slots[s];
}

/* SLOT of level NUMBER is empty now: so say the bits. */
static inline void slot_emptied(EventQueue *queue, unsigned number,
                                const EventLink *slot)
{
    EventLevel *level = queue->level[number];
    unsigned s = (unsigned)(slot - level->slots);

    level->occupied[s / 64] &= ~((uint64_t)1 << s % 64);
    if (level->occupied[s / 64] != 0)
        return;
    level->words &= ~((uint32_t)1 << s / 64);
    if (level->words == 0)
        queue->levels &= ~((uint32_t)1 << number);
}

/* The lowest slot of LEVEL that holds events, NULL when there is none; clears
 * the bits of those found empty on the way. */
static EventLink *lowest_slot(EventLevel *level)
{
    while (level->words != 0) {
        unsigned w = (unsigned)__builtin_ctz(level->words);

        while (level->occupied[w] != 0) {
            unsigned s = (unsigned)__builtin_ctzll(level->occupied[w]);
            EventLink *slot = &level->slots[w * 64 + s];

            if (!is_empty(slot))
                return slot;
            level->occupied[w] &= level->occupied[w] - 1;
        }
        level->words &= level->words - 1;
    }
    return NULL;
}

/* The slot with the earliest events, and its level; NULL when none is pending.
 */
static EventLink *earliest_slot(EventQueue *queue, unsigned *number)
{
    while (queue->levels != 0) {
        EventLink *slot;

        *number = (unsigned)__builtin_ctz(queue->levels);
        slot = lowest_slot(queue->level[*number]);
        if (slot != NULL)
            return slot;
        queue->levels &= queue->levels - 1;
    }
    return NULL;
}

/* The earliest event of SLOT, the first scheduled of those; NULL when there are
 * too many to look at. */
static Event *earliest_of_few(const EventLink *slot)
{
    EventLink *link = slot->next;
    Event *earliest = event_of(link);

    for (unsigned i = 0; i < FEW; i++) {
        link = link->next;
        if (link == slot)
            return earliest;
        if (event_of(link)->at < earliest->at)
            earliest = event_of(link);
    }
    return NULL;
}

/* --- moving base ---------------------------------------------------------- */

/* Fetches the events of RING from both ends at once: two reads of far memory
 * are under way at a time, where dealing out would wait for one after the
 * other. */
static void read_ahead(const EventLink *ring)
{
    const EventLink *a = ring->next, *b = ring->prev;

    for (unsigned i = 0; i < READ_AHEAD && a != b && a->next != b; i++) {
        a = a->next;
        b = b->prev;
        __builtin_prefetch(a);
        __builtin_prefetch(b);
    }
}

/* Moves base to the beginning of SLOT of level NUMBER, and deals out what it
 * holds to the levels below. */
static void deal_out(EventQueue *queue, EventLink *slot, unsigned number)
{
    EventLink *link = slot->next, *next;
    uint64_t moves = 0;

    queue->base = slot_begin(event_of(link)->at, number);
    read_ahead(slot);
    for (; link != slot; link = next) {
        next = link->next;
        append(slot_to_fill(queue, (uint64_t)event_of(link)->at), link);
        moves++;
    }
    make_empty(slot);
    slot_emptied(queue, number, slot);
    queue->moves += moves;
}

/* Takes base back to AT: all that is below the highest digit that changes is
 * gathered in one slot there, that of the old base, ring by ring.  Happens only
 * when an event is put in before one that was looked for and left in. */
static void step_back(EventQueue *queue, uint64_t at)
{
    unsigned top = level_of(at ^ queue->base), number;
    uint64_t old = queue->base;
    EventLink *slot, all;

    make_empty(&all);
    while ((slot = earliest_slot(queue, &number)) != NULL && number < top) {
        append_all(&all, slot);
        slot_emptied(queue, number, slot);
    }
    queue->base = at;
    if (!is_empty(&all))
        append_all(slot_to_fill(queue, old), &all);
}

/* --- the queue ------------------------------------------------------------ */

void equeue_init(EventQueue *queue) { *queue = (EventQueue){0}; }

void equeue_clear(EventQueue *queue)
{
    for (unsigned i = 0; i < EQUEUE_LEVELS; i++)
        g_free(queue->level[i]);
    *queue = (EventQueue){0};
}

void equeue_put(EventQueue *queue, Event *event, SimTime at)
{
    g_assert(at >= 0);
    if (equeue_holds(event))
        equeue_remove(queue, event);
    if (G_UNLIKELY((uint64_t)at < queue->base))
        step_back(queue, (uint64_t)at);
    event->at = at;
    event->order = queue->order++;
    queue->len++;
    append(slot_to_fill(queue, (uint64_t)at), &event->place);
}

/* The earliest event, its slot and level, left in; NULL when there is none up
 * to UNTIL. */
static inline Event *find(EventQueue *queue, SimTime until, EventLink **slot,
                          unsigned *number)
{
    while ((*slot = earliest_slot(queue, number)) != NULL) {
        Event *first = event_of((*slot)->next);

        if (*number != 0)
            first = earliest_of_few(*slot);
        if (first != NULL)
            return first->at <= until ? first : NULL;
        first = event_of((*slot)->next);
        if (slot_begin(first->at, *number) > (uint64_t)until)
            return NULL;
        deal_out(queue, *slot, *number);
    }
    return NULL;
}

Event *equeue_first(EventQueue *queue)
{
    EventLink *slot;
    unsigned number;

    return find(queue, SIM_NEVER, &slot, &number);
}

Event *equeue_take(EventQueue *queue, SimTime until)
{
    EventLink *slot;
    unsigned number;
    Event *first = find(queue, until, &slot, &number);

    if (first == NULL)
        return NULL;
    equeue_remove(queue, first);
    if (is_empty(slot))
        slot_emptied(queue, number, slot);
    return first;
}
