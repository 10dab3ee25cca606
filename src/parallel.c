/* Pieces are handed out one by one, so that a thread that starts late, or never, holds nobody up. */
#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct job {
    void (*work)(void *context, size_t from, size_t to);
    void *context;
    size_t count, piece;
    atomic_size_t next; /* the first row of the next piece; from COUNT on there is none */
};

/* The next piece of JOB; false: there is none left. */
static bool take_piece(struct job *job)
{
    size_t from = atomic_fetch_add(&job->next, job->piece);
    if (from >= job->count)
        return false;
    job->work(job->context, from, job->count - from < job->piece ? job->count : from + job->piece);
    return true;
}

static void *take_pieces(void *context)
{
    while (take_piece(context))
        ;
    return NULL;
}

size_t parallel_threads(void)
{
    static atomic_long known; /* asking the system takes longer than a small report does */
    long n = atomic_load(&known);
    if (!n) {
        n = sysconf(_SC_NPROCESSORS_ONLN);
        n = n < 1 ? 1 : n > PARALLEL_THREADS_MAX ? PARALLEL_THREADS_MAX : n;
        atomic_store(&known, n);
    }
    return (size_t)n;
}

bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct patience *patience)
{
    struct job job = {.work = work, .context = context, .count = count,
        .piece = alone ? PARALLEL_PIECE_ALONE : PARALLEL_PIECE};
    pthread_t threads[PARALLEL_THREADS_MAX];
    size_t pieces = count / PARALLEL_PIECE, running = 0; /* what is left over is not worth a thread */
    size_t wanted = alone || pieces < 2 ? 1 : pieces < parallel_threads() ? pieces : parallel_threads();
    for (; running + 1 < wanted; running++) {
        if (pthread_create(&threads[running], NULL, take_pieces, &job) != 0)
            break;
    }
    bool ended = patience_ends(patience);
    while (!ended && take_piece(&job))
        ended = atomic_load(&job.next) < count && patience_ends(patience);
    if (ended)
        atomic_store(&job.next, count);
    for (size_t i = 0; i < running; i++)
        pthread_join(threads[i], NULL);
    return !ended;
}
