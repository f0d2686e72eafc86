/* slab.c - see slab.h. */
#include "slab.h"

#include <glib.h>

enum {
    FIRST_CHUNK = 4 * 1024, /* small, so that a tiny simulation stays tiny */
    LARGEST_CHUNK = 256 * 1024,
    CHUNK_HEADER = 16, /* the link, padded to keep objects aligned */
};

void slab_init(Slab *slab, size_t size)
{
    *slab = (Slab){.size = (uint32_t)((size + 7) & ~(size_t)7),
                   .chunk_len = FIRST_CHUNK};
}

void slab_clear(Slab *slab)
{
    for (void *chunk = slab->chunks; chunk != NULL;) {
        void *next = *(void **)chunk;

        g_aligned_free(chunk);
        chunk = next;
    }
    *slab = (Slab){.size = slab->size, .chunk_len = FIRST_CHUNK};
}

void *slab_alloc_slow(Slab *slab)
{
    void *object;

    g_assert(slab->size != 0);
    if ((size_t)(slab->end - slab->bump) < slab->size) {
        size_t len = MAX(slab->chunk_len, CHUNK_HEADER + slab->size);
        char *chunk = g_aligned_alloc(1, len, 64);

        *(void **)chunk = slab->chunks;
        slab->chunks = chunk;
        slab->bump = chunk + CHUNK_HEADER;
        slab->end = chunk + len;
        slab->chunk_len = MIN(slab->chunk_len * 2, LARGEST_CHUNK);
    }
    object = slab->bump;
    slab->bump += slab->size;
    return object;
}
