/* parallel.c - threads that take the next number until there is none; from the
 * last one down, because a sweep's later values tend to be the harder ones, and
 * a hard one that is begun last is waited for. */
#include "parallel.h"

#include <glib.h>

typedef struct Crew {
    void (*work)(void *data, unsigned number);
    void *data;
    gint left; /* numbers nobody has taken yet: those below */
} Crew;

static gpointer take_part(gpointer data)
{
    Crew *crew = data;
    gint number;

    while ((number = g_atomic_int_add(&crew->left, -1) - 1) >= 0)
        crew->work(crew->data, (unsigned)number);
    return NULL;
}

void parallel_for(unsigned n, unsigned threads,
                  void (*work)(void *data, unsigned number), void *data)
{
    Crew crew = {work, data, (gint)n};
    unsigned others = MIN(threads, n) > 1 ? MIN(threads, n) - 1 : 0;
    GThread **helping = g_new(GThread *, others);

    for (unsigned i = 0; i < others; i++)
        helping[i] = g_thread_new("firstbyte", take_part, &crew);
    take_part(&crew);
    for (unsigned i = 0; i < others; i++)
        g_thread_join(helping[i]);
    g_free(helping);
}
