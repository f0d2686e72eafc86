/* fingerprint.c - see fingerprint.h. */
#include "fingerprint.h"

#include <inttypes.h>
#include <stdio.h>

/* Each step can be undone for a given WORD, so nothing heard before is ever
 * forgotten, and two words in another order give another hash (constants:
 * splitmix64's, Steele et al., OOPSLA 2014). */
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0xbf58476d1ce4e5b9ull;
    return (hash ^ hash >> 29) + 0x9e3779b97f4a7c15ull;
}

static void hear(Observer *observer, const Record *record)
{
    Fingerprint *fingerprint =
        sim_container_of(observer, Fingerprint, observer);
    uint64_t hash = mix(fingerprint->hash, (uint64_t)record->at);

    hash = mix(hash, (uint64_t)record->node << 32 | record->len);
    hash = mix(hash, record->kind);
    fingerprint->hash = mix(hash, record->stable);
    fingerprint->records++;
}

void fingerprint_observe(Fingerprint *fingerprint, Sim *sim)
{
    *fingerprint = (Fingerprint){
        .observer = {.wants = ~((uint64_t)1 << REC_CAUSE), .hear = hear}};
    sim_observe(sim, &fingerprint->observer);
}

const char *fingerprint_text(const Fingerprint *fingerprint,
                             char text[FINGERPRINT_TEXT_MAX])
{
    uint64_t hash = mix(fingerprint->hash, fingerprint->records);

    snprintf(text, FINGERPRINT_TEXT_MAX, "%016" PRIx64, hash ^ hash >> 32);
    return text;
}
