/* Pieces are handed out one by one, so that a thread that starts late, or never, holds nobody up. */
#include "base/parallel.h"

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

/* On at most WANTED threads. */
static bool run_job(struct job *job, size_t wanted, struct cancel_token *cancel)
{
    pthread_t threads[PARALLEL_THREADS_MAX];
    size_t running = 0;
    if (wanted > 1 && wanted > parallel_threads())
        wanted = parallel_threads();
    for (; running + 1 < wanted; running++) {
        if (pthread_create(&threads[running], NULL, take_pieces, job) != 0)
            break;
    }
    bool ended = cancel_check(cancel);
    while (!ended && take_piece(job))
        ended = atomic_load(&job->next) < job->count && cancel_check(cancel);
    if (ended)
        atomic_store(&job->next, job->count);
    for (size_t i = 0; i < running; i++)
        pthread_join(threads[i], NULL);
    return !ended;
}

bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct cancel_token *cancel)
{
    struct job job = {.work = work, .context = context, .count = count,
        .piece = alone ? PARALLEL_PIECE_ALONE : PARALLEL_PIECE};
    return run_job(&job, alone ? 1 : count / PARALLEL_PIECE, cancel); /* what is left over is not worth a thread */
}

bool parallel_pieces(size_t count, size_t piece, bool threads, void (*work)(void *context, size_t from, size_t to),
    void *context, struct cancel_token *cancel)
{
    struct job job = {.work = work, .context = context, .count = count, .piece = piece};
    return run_job(&job, threads ? (count + piece - 1) / piece : 1, cancel);
}

/* The pieces of a text that are made at once. */
enum { TEXTS_AT_ONCE = 8 * PARALLEL_THREADS_MAX };

struct texts {
    void (*work)(void *context, size_t from, size_t to, struct buffer *out);
    void *context;
    size_t first, piece; /* row of the first piece, and rows of each */
    struct buffer out[TEXTS_AT_ONCE];
};

static void make_texts(void *context, size_t from, size_t to)
{
    struct texts *t = context;
    for (; from < to; from += t->piece)
        t->work(t->context, t->first + from, t->first + (to - from < t->piece ? to : from + t->piece),
            &t->out[from / t->piece]);
}

bool parallel_text(size_t count, size_t piece, void (*work)(void *context, size_t from, size_t to, struct buffer *out),
    bool (*emit)(void *context, struct slice text), void *context, struct cancel_token *cancel)
{
    struct texts t = {.work = work, .context = context, .piece = piece};
    size_t threads = parallel_threads(), at_once = threads > 1 && count > piece ? piece * threads * 8 : piece;
    bool goes_on = true;
    for (; t.first < count && goes_on; t.first += at_once) {
        size_t rows = count - t.first < at_once ? count - t.first : at_once;
        goes_on = parallel_pieces(rows, piece, rows >= 4 * piece, make_texts, &t, cancel);
        for (size_t i = 0; i * piece < rows && goes_on; i++) {
            goes_on = !t.out[i].len || emit(context, (struct slice){t.out[i].data, t.out[i].len});
            t.out[i].len = 0;
        }
    }
    for (size_t i = 0; i < TEXTS_AT_ONCE; i++)
        buffer_free(&t.out[i]);
    return goes_on;
}
