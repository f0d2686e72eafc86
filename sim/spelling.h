/* spelling.h - "did you mean": the known word nearest to a misspelt one.
 *
 * Promises: pure functions; the same answer for the same words in any order of
 * time and machine (ties: the word that comes first). */
#ifndef FIRSTBYTE_SIM_SPELLING_H
#define FIRSTBYTE_SIM_SPELLING_H

/* How many single changes lead from A to B: a byte put in, left out, replaced,
 * or two neighbours exchanged (optimal string alignment).  Capital and small
 * ASCII letters count as the same. */
unsigned spelling_distance(const char *a, const char *b);
/* The nearest of the NULL-ended WORDS, if it is near enough for WORD to be a
 * slip (about a third of the letters wrong); else NULL. */
const char *spelling_nearest(const char *word, const char *const *words);

#endif
