/* executor_threads.c - runs made by a pool of threads. */
#include "executor.h"

typedef struct ThreadExecutor {
    Executor executor; /* first */
    const Plan *plan;
    bool samples;
    GThreadPool *pool;
    GAsyncQueue *results; /* of RunResult * */
} ThreadExecutor;

typedef struct Task {
    const PlanPoint *point;
    uint32_t replication;
} Task;

static void work(gpointer data, gpointer user_data)
{
    ThreadExecutor *self = user_data;
    Task *task = data;

    g_async_queue_push(
        self->results,
        run_once(self->plan, task->point, task->replication, self->samples));
    g_free(task);
}

static void submit(Executor *executor, const PlanPoint *point,
                   uint32_t replication)
{
    ThreadExecutor *self = (ThreadExecutor *)executor;
    Task *task = g_new(Task, 1);

    *task = (Task){point, replication};
    g_thread_pool_push(self->pool, task, NULL);
}

static RunResult *take(Executor *executor, uint64_t usec)
{
    ThreadExecutor *self = (ThreadExecutor *)executor;

    return g_async_queue_timeout_pop(self->results, usec);
}

static void threads_free(Executor *executor)
{
    ThreadExecutor *self = (ThreadExecutor *)executor;

    if (self->pool != NULL)
        g_thread_pool_free(self->pool, FALSE, TRUE);
    g_async_queue_unref(self->results);
    g_free(self);
}

Executor *executor_threads_new(const Plan *plan, unsigned threads, bool samples,
                               GError **error)
{
    ThreadExecutor *self = g_new0(ThreadExecutor, 1);

    self->executor = (Executor){threads, submit, take, threads_free};
    self->plan = plan;
    self->samples = samples;
    self->results = g_async_queue_new_full((GDestroyNotify)run_result_free);
    self->pool = g_thread_pool_new(work, self, (gint)threads, TRUE, error);
    if (self->pool != NULL)
        return &self->executor;
    threads_free(&self->executor);
    return NULL;
}
