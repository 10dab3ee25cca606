/* Threads take one piece after the other, so that a thread that starts late, or never, delays nobody. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct job {
    void (*work)(void *context, size_t from, size_t to);
    void *context;
    size_t count, piece;
    atomic_size_t next; /* the first row of the next piece; COUNT or more if none is left */
};

/* Do the next piece of JOB. Returns false if there is none left. */
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
    static atomic_long known; /* cached: asking the system takes longer than processing a small report */
    long n = atomic_load(&known);
    if (!n) {
        n = sysconf(_SC_NPROCESSORS_ONLN);
        n = n < 1 ? 1 : n > PARALLEL_THREADS_MAX ? PARALLEL_THREADS_MAX : n;
        atomic_store(&known, n);
    }
    return (size_t)n;
}

/* Do JOB on at most WANTED threads, the calling one included. Returns false if CANCEL has ended. */
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
    while (!ended && take_piece(job)) {
        size_t done = atomic_load(&job->next);
        cancel_progress(cancel, done, job->count);
        ended = done < job->count && cancel_check(cancel);
    }
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
    return run_job(&job, alone ? 1 : count / PARALLEL_PIECE, cancel); /* an incomplete piece is not worth a thread */
}

bool parallel_pieces(size_t count, size_t piece, bool threads, void (*work)(void *context, size_t from, size_t to),
    void *context, struct cancel_token *cancel)
{
    struct job job = {.work = work, .context = context, .count = count, .piece = piece};
    return run_job(&job, threads ? (count + piece - 1) / piece : 1, cancel);
}

/* ---- text in order ---- */

/* Pieces that are in work or wait to be emitted: per thread, and at most in all. */
enum { TEXTS_PER_THREAD = 4, TEXTS_MAX = TEXTS_PER_THREAD * PARALLEL_THREADS_MAX };

/* Pieces are numbered in order; piece N uses place[N % places]. LOCK protects all but the text of a piece in work. */
struct texts {
    size_t (*work)(void *context, size_t from, size_t to, struct buffer *out);
    void *context;
    size_t count, piece;      /* number of rows, rows per piece */
    size_t pieces, places;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t next, emitted;     /* numbers of the next piece to make, of the next one to emit */
    bool is_over;             /* threads must not begin another piece */
    struct {
        struct buffer text;
        size_t next;          /* the row after the last in TEXT */
        bool is_made;
    } place[TEXTS_MAX];
};

static bool texts_has_work(const struct texts *t)
{
    return !t->is_over && t->next < t->pieces && t->next - t->emitted < t->places;
}

/* Returns the row after the last of piece N. */
static size_t texts_end_of(const struct texts *t, size_t n)
{
    return t->count - n * t->piece < t->piece ? t->count : (n + 1) * t->piece;
}

/* Make the next piece. The caller holds LOCK, which is released meanwhile. */
static void make_text(struct texts *t)
{
    size_t n = t->next++;
    pthread_mutex_unlock(&t->lock);
    t->place[n % t->places].next = t->work(t->context, n * t->piece, texts_end_of(t, n), &t->place[n % t->places].text);
    pthread_mutex_lock(&t->lock);
    t->place[n % t->places].is_made = true;
    pthread_cond_broadcast(&t->changed);
}

static void *make_texts(void *texts)
{
    struct texts *t = texts;
    pthread_mutex_lock(&t->lock);
    while (!t->is_over && t->next < t->pieces) {
        if (texts_has_work(t))
            make_text(t);
        else
            pthread_cond_wait(&t->changed, &t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/*
 * Emit the next piece, which must be made, and what its work left out. The caller holds LOCK, which is released
 * meanwhile. Returns whether EMIT and CANCEL go on.
 */
static bool emit_text(struct texts *t, bool (*emit)(void *context, struct slice text), struct cancel_token *cancel)
{
    struct buffer *text = &t->place[t->emitted % t->places].text;
    size_t row = t->place[t->emitted % t->places].next, end = texts_end_of(t, t->emitted);
    pthread_mutex_unlock(&t->lock);
    bool goes_on = !text->len || emit(t->context, (struct slice){text->data, text->len});
    for (; goes_on && row < end; goes_on = !text->len || emit(t->context, (struct slice){text->data, text->len})) {
        if (cancel_check(cancel))
            break;
        text->len = 0;
        row = t->work(t->context, row, end, text);
    }
    goes_on &= row == end;
    pthread_mutex_lock(&t->lock);
    text->len = 0;
    t->place[t->emitted++ % t->places].is_made = false;
    pthread_cond_broadcast(&t->changed);
    return goes_on;
}

bool parallel_text(size_t count, size_t piece,
    size_t (*work)(void *context, size_t from, size_t to, struct buffer *out),
    bool (*emit)(void *context, struct slice text), void *context, struct cancel_token *cancel)
{
    struct texts t = {.work = work, .context = context, .count = count, .piece = piece,
        .pieces = count / piece + (count % piece != 0), .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER};
    size_t wanted = t.pieces >= 4 ? parallel_threads() : 1, running = 0;
    pthread_t threads[PARALLEL_THREADS_MAX];
    for (t.places = wanted * TEXTS_PER_THREAD; running + 1 < wanted; running++) {
        if (pthread_create(&threads[running], NULL, make_texts, &t) != 0)
            break;
    }
    bool goes_on = true;
    pthread_mutex_lock(&t.lock);
    while (goes_on && t.emitted < t.pieces) {
        cancel_progress(cancel, t.emitted, t.pieces);
        if (cancel_check(cancel))
            goes_on = false;
        else if (t.place[t.emitted % t.places].is_made)
            goes_on = emit_text(&t, emit, cancel);
        else if (texts_has_work(&t))
            make_text(&t);
        else
            pthread_cond_wait(&t.changed, &t.lock);
    }
    t.is_over = true;
    pthread_cond_broadcast(&t.changed);
    pthread_mutex_unlock(&t.lock);
    for (size_t i = 0; i < running; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < t.places; i++)
        buffer_free(&t.place[i].text);
    return goes_on;
}
