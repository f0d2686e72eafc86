/* spelling.c - edit distance (Damerau 1964, Levenshtein 1966), three rows. */
#include "spelling.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool same_letter(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Row I of the table from the two rows before it. */
static void fill_row(unsigned *row, const unsigned *above,
                     const unsigned *above2, const char *a, size_t i,
                     const char *b, size_t b_len)
{
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= b_len; j++) {
        unsigned cost = above[j - 1] + !same_letter(a[i - 1], b[j - 1]);

        cost = MIN(cost, above[j] + 1);
        cost = MIN(cost, row[j - 1] + 1);
        if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
            same_letter(a[i - 2], b[j - 1]))
            cost = MIN(cost, above2[j - 2] + 1);
        row[j] = cost;
    }
}

unsigned spelling_distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b), width = b_len + 1;
    unsigned *rows = g_new0(unsigned, 3 * width);
    unsigned answer;

    for (size_t j = 0; j <= b_len; j++)
        rows[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++)
        fill_row(rows + i % 3 * width, rows + (i + 2) % 3 * width,
                 rows + (i + 1) % 3 * width, a, i, b, b_len);
    answer = rows[a_len % 3 * width + b_len];
    g_free(rows);
    return answer;
}

const char *spelling_nearest(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    size_t len = strlen(word);
    unsigned best = (unsigned)(MIN(len, 64) + 1) / 3 + 1; /* exclusive */

    if (len > 64) /* nobody misspells so long a word; and the table is square */
        return NULL;
    for (; *words != NULL; words++) {
        size_t other = strlen(*words);
        unsigned distance;

        if (other > len + best || len > other + best)
            continue;
        distance = spelling_distance(word, *words);
        /* "x" for "y" is no slip: something of the word must be right. */
        if (distance < best && distance < MAX(len, other)) {
            best = distance;
            nearest = *words;
        }
    }
    return nearest;
}
