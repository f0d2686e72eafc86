/* executor_mpi.c - rank 0 hands out runs, the other ranks make them. */
#include "executor_mpi.h"

#include <gio/gio.h>
#include <mpi.h>
#include <string.h>

#include "build.h"
#include "mail.h"
#include "run_bytes.h"

enum { NAP = 500 /* us between two looks */, DIGEST_LEN = 64 };

/* --- beginning and end ---------------------------------------------------- */

/* A launcher that this MPI does not know starts N processes that each find
 * themselves alone, and all would write one folder. */
static bool check_launcher(const MpiRanks *ranks, GError **error)
{
    unsigned launched = mpi_launched_count();
    char library[MPI_MAX_LIBRARY_VERSION_STRING];
    int len;

    if (ranks->count > 1 || launched <= 1)
        return true;
    MPI_Get_library_version(library, &len);
    g_strdelimit(library, "\t", ' ');
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "started as one of %u processes, which do not find each other: "
                "this firstbyte was built with %.*s; the mpirun of that MPI "
                "would be right",
                launched, (int)strcspn(library, ",\n"), library);
    return false;
}

bool mpi_begin(MpiRanks *ranks, GError **error)
{
    int provided;

    *ranks = (MpiRanks){0, 1, false};
    if (mpi_launched_count() == 0)
        return true;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->count);
    if (check_launcher(ranks, error))
        return true;
    MPI_Finalize();
    return false;
}

void mpi_end(const MpiRanks *ranks)
{
    int begun;

    MPI_Initialized(&begun);
    if (begun != 0 && !ranks->lost)
        MPI_Finalize();
}

/* What a rank says of itself before anything else. */
typedef struct Greeting {
    char digest[DIGEST_LEN]; /* SHA-256 of what it will run, hexadecimal; zeros:
                                it could not read it */
    uint32_t threads;
} Greeting;

static Greeting greeting_of(const Plan *plan, unsigned threads, bool samples)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    Config *config = plan_effective(plan);
    char *text = config_to_text(config);
    char *rest = g_strdup_printf("%s %d %d %" G_GUINT64_FORMAT, build_version(),
                                 samples, (int)METRICS, plan->replicate.seed);
    Greeting greeting = {.threads = threads};

    g_checksum_update(sum, (const guchar *)text, -1);
    g_checksum_update(sum, (const guchar *)rest, -1);
    memcpy(greeting.digest, g_checksum_get_string(sum), DIGEST_LEN);
    g_checksum_free(sum);
    g_free(rest);
    g_free(text);
    config_free(config);
    return greeting;
}

static Greeting *gather(const MpiRanks *ranks, const Greeting *own)
{
    Greeting *all = g_new0(Greeting, ranks->count);

    MPI_Allgather(own, sizeof *own, MPI_BYTE, all, sizeof *own, MPI_BYTE,
                  MPI_COMM_WORLD);
    return all;
}

bool mpi_decline(const MpiRanks *ranks)
{
    Greeting own = {.threads = 0}, *all;
    bool others;

    if (ranks->count == 1)
        return false;
    all = gather(ranks, &own);
    others = ranks->rank != 0 && all[0].digest[0] != 0;
    g_free(all);
    return others;
}

/* Every rank's greeting, if all have the same plan; the caller g_free()s. */
static Greeting *greet_all(const MpiRanks *ranks, const Plan *plan,
                           unsigned threads, bool samples, GError **error)
{
    Greeting own = greeting_of(plan, threads, samples);
    Greeting *all = gather(ranks, &own);

    for (int i = 1; i < ranks->count; i++) {
        if (memcmp(all[i].digest, all[0].digest, DIGEST_LEN) == 0)
            continue;
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "rank %d %s; the same file and program on each machine "
                    "would be right",
                    i,
                    all[i].digest[0] == 0
                        ? "could not read the experiment"
                        : "has read another experiment, or is another version "
                          "of firstbyte, than rank 0");
        g_free(all);
        return NULL;
    }
    return all;
}

/* --- rank 0 --------------------------------------------------------------- */

typedef struct Peer {
    unsigned threads; /* of its own */
    unsigned tasks;   /* that it has and that have not come back */
    bool dead;
} Peer;

typedef struct MpiTask {
    const PlanPoint *point;
    uint32_t replication;
    int rank; /* who makes it now */
} MpiTask;

typedef struct MpiExecutor {
    Executor executor; /* first */
    MpiRanks *ranks;
    Executor *own; /* rank 0's threads */
    Mail *mail;
    Peer *peers;  /* ranks->count; [0]: this process */
    GQueue tasks; /* of MpiTask *, that have not come back */
} MpiExecutor;

/* The rank with the least to do for each of its threads. */
static int idlest(const MpiExecutor *self)
{
    int best = 0;

    for (int i = 1; i < self->ranks->count; i++) {
        const Peer *peer = &self->peers[i], *other = &self->peers[best];

        if (!peer->dead && (uint64_t)peer->tasks * other->threads <
                               (uint64_t)other->tasks * peer->threads)
            best = i;
    }
    return best;
}

static void hand_out(MpiExecutor *self, MpiTask *task)
{
    uint32_t numbers[2] = {task->point->number, task->replication};
    GByteArray *bytes;

    task->rank = idlest(self);
    self->peers[task->rank].tasks++;
    if (task->rank == 0) {
        self->own->submit(self->own, task->point, task->replication);
        return;
    }
    bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)numbers, sizeof numbers);
    mail_send(self->mail, task->rank, LETTER_TASK, bytes);
}

static void submit(Executor *executor, const PlanPoint *point,
                   uint32_t replication)
{
    MpiExecutor *self = (MpiExecutor *)executor;
    MpiTask *task = g_new(MpiTask, 1);

    *task = (MpiTask){point, replication, 0};
    g_queue_push_tail(&self->tasks, task);
    hand_out(self, task);
}

/* RESULT (taken) if somebody waits for it: a run that was made twice, because
 * its rank was taken for dead, comes twice. */
static RunResult *wanted(MpiExecutor *self, RunResult *result)
{
    for (GList *link = self->tasks.head; link != NULL; link = link->next) {
        MpiTask *task = link->data;

        if (task->point->number != result->point ||
            task->replication != result->replication)
            continue;
        self->peers[task->rank].tasks--;
        g_queue_delete_link(&self->tasks, link);
        g_free(task);
        return result;
    }
    run_result_free(result);
    return NULL;
}

/* Gives the runs of a rank that died to others. */
static void bury(MpiExecutor *self, int rank)
{
    self->peers[rank].dead = true;
    self->ranks->lost = true;
    g_printerr("firstbyte: rank %d has been silent for %d s: its %u runs are "
               "made again\n",
               rank, MPI_SILENCE_MAX, self->peers[rank].tasks);
    self->peers[rank].tasks = 0;
    for (GList *link = self->tasks.head; link != NULL; link = link->next)
        if (((MpiTask *)link->data)->rank == rank)
            hand_out(self, link->data);
}

static RunResult *take_letter(MpiExecutor *self)
{
    RunResult *result = NULL;
    Letter letter;

    while (result == NULL && mail_take(self->mail, &letter)) {
        if (letter.kind == LETTER_RESULT)
            result =
                run_result_from_bytes(letter.bytes->data, letter.bytes->len);
        g_byte_array_unref(letter.bytes);
        if (result != NULL)
            result = wanted(self, result);
    }
    if (result != NULL)
        return result; /* there may be more */
    for (int i = 1; i < self->ranks->count; i++)
        if (!self->peers[i].dead &&
            mail_silence(self->mail, i) > MPI_SILENCE_MAX * G_USEC_PER_SEC)
            bury(self, i);
    return NULL;
}

static RunResult *take(Executor *executor, uint64_t usec)
{
    MpiExecutor *self = (MpiExecutor *)executor;
    gint64 until = g_get_monotonic_time() + (gint64)usec;
    RunResult *result;

    do {
        result = take_letter(self);
        if (result == NULL)
            result = self->own->take(self->own, NAP);
        else
            return result;
        if (result != NULL)
            result = wanted(self, result);
    } while (result == NULL && g_get_monotonic_time() < until);
    return result;
}

static void mpi_free(Executor *executor)
{
    MpiExecutor *self = (MpiExecutor *)executor;

    for (int i = 1; i < self->ranks->count; i++) {
        GByteArray *lost = g_byte_array_new();
        guint8 byte = self->ranks->lost;

        g_byte_array_append(lost, &byte, 1);
        mail_send(self->mail, i, LETTER_STOP, lost);
    }
    mail_flush(self->mail, G_USEC_PER_SEC);
    executor_free(self->own);
    mail_free(self->mail);
    g_queue_clear_full(&self->tasks, g_free);
    g_free(self->peers);
    g_free(self);
}

Executor *executor_mpi_new(MpiRanks *ranks, const Plan *plan, unsigned threads,
                           bool samples, GError **error)
{
    Greeting *all = greet_all(ranks, plan, threads, samples, error);
    MpiExecutor *self;

    if (all == NULL)
        return NULL;
    self = g_new0(MpiExecutor, 1);
    self->executor = (Executor){0, submit, take, mpi_free};
    self->ranks = ranks;
    self->peers = g_new0(Peer, ranks->count);
    for (int i = 0; i < ranks->count; i++) {
        self->peers[i].threads = all[i].threads;
        self->executor.slots += all[i].threads;
    }
    g_free(all);
    self->mail = mail_new(0, ranks->count);
    self->own = executor_threads_new(plan, threads, samples, error);
    if (self->own != NULL)
        return &self->executor;
    mpi_free(&self->executor);
    return NULL;
}

/* --- the other ranks ------------------------------------------------------ */

typedef struct Servant {
    MpiRanks *ranks;
    const Plan *plan;
    Executor *own;
    Mail *mail;
    GHashTable *points; /* number + 1 -> ServantPoint *; never walked */
    unsigned newest;    /* number of the point of the last task */
    bool over;
} Servant;

/* A point while there are runs of it to be made here, and the newest. */
typedef struct ServantPoint {
    PlanPoint *point;
    unsigned tasks;
} ServantPoint;

static void servant_point_free(gpointer data)
{
    ServantPoint *known = data;

    plan_point_free(known->point);
    g_free(known);
}

static ServantPoint *find_point(const Servant *self, unsigned number)
{
    return g_hash_table_lookup(self->points, GUINT_TO_POINTER(number + 1));
}

/* Forgets point NUMBER if nothing is left to be done there. */
static void drop_point(Servant *self, unsigned number)
{
    const ServantPoint *known = find_point(self, number);

    if (known != NULL && known->tasks == 0 && number != self->newest)
        g_hash_table_remove(self->points, GUINT_TO_POINTER(number + 1));
}

static void begin_task(Servant *self, const GByteArray *bytes)
{
    uint32_t numbers[2]; /* point, replication */
    ServantPoint *known;
    unsigned last = self->newest;

    memcpy(numbers, bytes->data, sizeof numbers);
    self->newest = numbers[0];
    drop_point(self, last);
    known = find_point(self, numbers[0]);
    if (known == NULL) {
        known = g_new0(ServantPoint, 1);
        known->point = plan_point_new(self->plan, numbers[0], NULL);
        g_assert(known->point != NULL); /* checked by plan_read() */
        g_hash_table_insert(self->points, GUINT_TO_POINTER(numbers[0] + 1),
                            known);
    }
    known->tasks++;
    self->own->submit(self->own, known->point, numbers[1]);
}

static void read_letters(Servant *self)
{
    Letter letter;

    while (!self->over && mail_take(self->mail, &letter)) {
        if (letter.kind == LETTER_TASK) {
            begin_task(self, letter.bytes);
        } else if (letter.kind == LETTER_STOP) {
            self->over = true;
            self->ranks->lost = letter.bytes->data[0] != 0;
        }
        g_byte_array_unref(letter.bytes);
    }
}

/* False: rank 0 is gone. */
static bool serve(Servant *self)
{
    while (!self->over) {
        RunResult *result;

        read_letters(self);
        result = self->own->take(self->own, NAP);
        if (result != NULL) {
            find_point(self, result->point)->tasks--;
            drop_point(self, result->point);
            mail_send(self->mail, 0, LETTER_RESULT,
                      run_result_to_bytes(result));
            run_result_free(result);
        }
        if (mail_silence(self->mail, 0) > MPI_PATIENCE * (gint64)G_USEC_PER_SEC)
            return false;
    }
    return true;
}

bool mpi_serve(MpiRanks *ranks, const Plan *plan, unsigned threads,
               bool samples, GError **error)
{
    Greeting *all = greet_all(ranks, plan, threads, samples, error);
    Servant self = {.ranks = ranks, .plan = plan};
    bool good;

    if (all == NULL)
        return false;
    g_free(all);
    self.own = executor_threads_new(plan, threads, samples, error);
    if (self.own == NULL)
        return false;
    self.mail = mail_new(ranks->rank, ranks->count);
    self.points = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                        servant_point_free);
    good = serve(&self);
    if (!good) {
        ranks->lost = true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "rank %d has heard nothing of rank 0 for %d s and ends",
                    ranks->rank, MPI_PATIENCE);
    }
    executor_free(self.own);
    g_hash_table_unref(self.points);
    mail_free(self.mail);
    return good;
}
