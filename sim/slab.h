/* slab.h - memory for many objects of one size, belonging to one simulation.
 *
 * Promises: allocating and freeing cost a few instructions; `live` counts what
 * was allocated and not freed, so that the end of a run can assert that nothing
 * leaked.  Not thread safe: a slab belongs to one Sim. */
#ifndef FIRSTBYTE_SIM_SLAB_H
#define FIRSTBYTE_SIM_SLAB_H

#include <stddef.h>
#include <stdint.h>

typedef struct Slab {
    void *free; /* list of freed objects, linked through their first word */
    char *bump, *end;   /* the unused rest of the newest chunk */
    void *chunks;       /* all chunks, linked through their first word */
    uint32_t size;      /* bytes of an object, 0 before slab_init() */
    uint32_t chunk_len; /* bytes of the next chunk; grows to a limit */
    uint64_t live;      /* objects allocated and not freed */
} Slab;

/* Fills a slab for objects of SIZE bytes, aligned to 8: no __int128 in them. */
void slab_init(Slab *slab, size_t size);
/* Frees every chunk, whatever is still live. */
void slab_clear(Slab *slab);
/* Takes a new chunk; slab_alloc() calls it when it has run out. */
void *slab_alloc_slow(Slab *slab);

/* An object of slab->size bytes, not zeroed.  Never NULL: aborts when memory
 * runs out. */
static inline void *slab_alloc(Slab *slab)
{
    void *object = slab->free;

    slab->live++;
    if (object != NULL) {
        slab->free = *(void **)object;
        return object;
    }
    return slab_alloc_slow(slab);
}

static inline void slab_free(Slab *slab, void *object)
{
    *(void **)object = slab->free;
    slab->free = object;
    slab->live--;
}

#endif
