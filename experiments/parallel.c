/* parallel.c - threads that take the next number until there is none. */
#include "parallel.h"

#include <glib.h>

typedef struct Crew {
    void (*work)(void *data, unsigned number);
    void *data;
    gint next; /* number nobody has taken yet */
    gint n;
} Crew;

static gpointer take_part(gpointer data)
{
    Crew *crew = data;
    gint number;

    while ((number = g_atomic_int_add(&crew->next, 1)) < crew->n)
        crew->work(crew->data, (unsigned)number);
    return NULL;
}

void parallel_for(unsigned n, unsigned threads,
                  void (*work)(void *data, unsigned number), void *data)
{
    Crew crew = {work, data, 0, (gint)n};
    unsigned others = MIN(threads, n) > 1 ? MIN(threads, n) - 1 : 0;
    GThread **helping = g_new(GThread *, others);

    for (unsigned i = 0; i < others; i++)
        helping[i] = g_thread_new("firstbyte", take_part, &crew);
    take_part(&crew);
    for (unsigned i = 0; i < others; i++)
        g_thread_join(helping[i]);
    g_free(helping);
}
