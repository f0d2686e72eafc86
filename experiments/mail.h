/* mail.h - letters between the ranks of an MPI job that may die.
 *
 * Nothing here waits: a letter is sent when there is time for it, and taken
 * when all of it is there, so that a rank that dies in the middle holds nobody
 * up. Letters between two ranks arrive in the order in which they were sent.
 * Each second every rank hears from those that it writes to a sign of life. */
#ifndef FIRSTBYTE_EXPERIMENTS_MAIL_H
#define FIRSTBYTE_EXPERIMENTS_MAIL_H

#include <glib.h>
#include <stdbool.h>

typedef enum LetterKind {                  /* the MPI tag */
                          LETTER_LIFE = 1, /* a sign of life; mail_take() keeps
                                              it to itself */
                          LETTER_TASK,     /* rank 0: make this run */
                          LETTER_RESULT,   /* to rank 0: a run */
                          LETTER_STOP,     /* rank 0: it is over */
} LetterKind;

typedef struct Letter {
    int rank; /* who sent it */
    LetterKind kind;
    GByteArray *bytes; /* the holder's */
} Letter;

typedef struct Mail Mail;

/* Rank 0 writes to all others, the others to rank 0. */
Mail *mail_new(int rank, int count);
void mail_free(Mail *mail);
void mail_send(Mail *mail, int to, LetterKind kind,
               GByteArray *bytes /* taken */);
/* The next letter that is there: fills LETTER; false: there is none now. */
bool mail_take(Mail *mail, Letter *letter);
/* For how long, until the last mail_take(), nothing had been heard of RANK, us;
 * what time passed without a look is left out. */
int64_t mail_silence(const Mail *mail, int rank);
/* Gives what was sent USEC us to leave. */
void mail_flush(Mail *mail, int64_t usec);

#endif
