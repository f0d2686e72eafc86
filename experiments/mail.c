/* mail.c - letters as MPI messages that are tested, never waited for. */
#include "mail.h"

#include <mpi.h>

/* A message under way, either way. */
typedef struct Post {
    Letter letter; /* rank: the other side's */
    MPI_Request request;
} Post;

struct Mail {
    int rank, count;
    GQueue sending, receiving; /* of Post *, oldest first */
    gint64 *heard;             /* when, of each rank; us, monotonic */
    gint64 looked;             /* when there was the last look for letters */
    gint64 greeted;            /* when the last signs of life were sent */
};

Mail *mail_new(int rank, int count)
{
    Mail *mail = g_new0(Mail, 1);
    gint64 now = g_get_monotonic_time();

    mail->rank = rank;
    mail->count = count;
    mail->looked = now;
    mail->heard = g_new(gint64, count);
    for (int i = 0; i < count; i++)
        mail->heard[i] = now;
    g_queue_init(&mail->sending);
    g_queue_init(&mail->receiving);
    return mail;
}

static void post_free(gpointer data)
{
    Post *post = data;

    if (post->letter.bytes != NULL)
        g_byte_array_unref(post->letter.bytes);
    g_free(post);
}

/* MPI may still hold buffers of messages to and from ranks that died: they are
 * left to it. */
void mail_free(Mail *mail)
{
    g_queue_clear(&mail->sending);
    g_queue_clear(&mail->receiving);
    g_free(mail->heard);
    g_free(mail);
}

static bool arrived(Post *post)
{
    int done = 0;

    return MPI_Test(&post->request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS &&
           done != 0;
}

static void forget_sent(Mail *mail)
{
    GList *next;

    for (GList *link = mail->sending.head; link != NULL; link = next) {
        next = link->next;
        if (!arrived(link->data))
            continue;
        post_free(link->data);
        g_queue_delete_link(&mail->sending, link);
    }
}

void mail_send(Mail *mail, int to, LetterKind kind, GByteArray *bytes)
{
    Post *post = g_new0(Post, 1);

    post->letter = (Letter){to, kind, bytes};
    MPI_Isend(bytes->data, (int)bytes->len, MPI_BYTE, to, (int)kind,
              MPI_COMM_WORLD, &post->request);
    g_queue_push_tail(&mail->sending, post);
}

static void greet(Mail *mail)
{
    gint64 now = g_get_monotonic_time();

    if (now - mail->greeted < G_USEC_PER_SEC)
        return;
    mail->greeted = now;
    for (int i = mail->rank == 0 ? 1 : 0;
         i < (mail->rank == 0 ? mail->count : 1); i++)
        mail_send(mail, i, LETTER_LIFE, g_byte_array_new());
}

/* Begins to receive what has been announced. */
static void begin_receiving(Mail *mail)
{
    MPI_Message message;
    MPI_Status status;
    int there = 1, len;

    while (MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there,
                       &message, &status) == MPI_SUCCESS &&
           there != 0) {
        Post *post = g_new0(Post, 1);

        MPI_Get_count(&status, MPI_BYTE, &len);
        post->letter = (Letter){status.MPI_SOURCE, (LetterKind)status.MPI_TAG,
                                g_byte_array_sized_new((guint)len)};
        g_byte_array_set_size(post->letter.bytes, (guint)len);
        MPI_Imrecv(post->letter.bytes->data, len, MPI_BYTE, &message,
                   &post->request);
        g_queue_push_tail(&mail->receiving, post);
    }
}

/* Whether nothing of the same rank before LINK is still under way. */
static bool is_next(const GList *link)
{
    const Post *post = link->data;

    for (link = link->prev; link != NULL; link = link->prev)
        if (((const Post *)link->data)->letter.rank == post->letter.rank)
            return false;
    return true;
}

/* What nobody looked for may have come all the same: a pause of this process is
 * no silence of the others. */
static void note_look(Mail *mail)
{
    gint64 now = g_get_monotonic_time(), pause = now - mail->looked;

    mail->looked = now;
    if (pause < G_USEC_PER_SEC)
        return;
    for (int i = 0; i < mail->count; i++)
        mail->heard[i] += pause;
}

bool mail_take(Mail *mail, Letter *letter)
{
    GList *next;

    note_look(mail);
    forget_sent(mail);
    greet(mail);
    begin_receiving(mail);
    for (GList *link = mail->receiving.head; link != NULL; link = next) {
        Post *post = link->data;

        next = link->next;
        if (!is_next(link) || !arrived(post))
            continue;
        mail->heard[post->letter.rank] = g_get_monotonic_time();
        g_queue_delete_link(&mail->receiving, link);
        *letter = post->letter;
        g_free(post);
        if (letter->kind != LETTER_LIFE)
            return true;
        g_byte_array_unref(letter->bytes);
    }
    return false;
}

int64_t mail_silence(const Mail *mail, int rank)
{
    return mail->looked - mail->heard[rank];
}

void mail_flush(Mail *mail, int64_t usec)
{
    gint64 until = g_get_monotonic_time() + usec;

    while (mail->sending.length > 0 && g_get_monotonic_time() < until) {
        forget_sent(mail);
        g_usleep(500);
    }
}
