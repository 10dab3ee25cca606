/* A ring of pieces between two threads. */
#include "base/read_ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 19, PIECES = 4 };

struct piece {
    char *bytes;    /* PIECE of them; owned by place[0] for all pieces */
    size_t len, at; /* how many there are, and how many of them are copied */
    uint64_t taken; /* see read_ahead_fill */
};

/*
 * Pieces are numbered in order; piece N is in place[N % PIECES]. LOCK protects all but the piece that is being filled
 * and the one that is being copied.
 */
struct read_ahead {
    read_ahead_fill *fill;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct piece place[PIECES];
    size_t made, used;          /* numbers of the next piece to fill, of the one to copy from */
    bool has_ended, has_failed; /* after the last piece made */
    bool is_over;               /* the thread must end */
    struct error err;           /* if has_failed */
};

/* Fill the next piece. The caller holds LOCK, which is released meanwhile. */
static void make_piece(struct read_ahead *a)
{
    struct piece *p = &a->place[a->made % PIECES];
    bool ok = true, is_end = false;
    pthread_mutex_unlock(&a->lock);
    p->len = p->at = 0;
    while (ok && !is_end && p->len < PIECE) {
        size_t got = 0;
        ok = a->fill(a->context, p->bytes + p->len, PIECE - p->len, &got, &p->taken, &is_end, &a->err);
        p->len += got;
    }
    pthread_mutex_lock(&a->lock);
    a->made++;
    a->has_failed = !ok;
    a->has_ended = ok && is_end;
    pthread_cond_broadcast(&a->changed);
}

static void *make_pieces(void *ahead)
{
    struct read_ahead *a = ahead;
    pthread_mutex_lock(&a->lock);
    while (!a->is_over && !a->has_ended && !a->has_failed) {
        if (a->made - a->used < PIECES)
            make_piece(a);
        else
            pthread_cond_wait(&a->changed, &a->lock);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

static void free_ahead(struct read_ahead *a)
{
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->changed);
    free(a->place[0].bytes);
    free(a);
}

struct read_ahead *read_ahead_start(read_ahead_fill *fill, void *context)
{
    struct read_ahead *a = xcalloc(1, sizeof *a);
    char *bytes = xrealloc(NULL, PIECES, PIECE);
    *a = (struct read_ahead){.fill = fill, .context = context};
    for (size_t i = 0; i < PIECES; i++)
        a->place[i].bytes = bytes + i * PIECE;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    if (pthread_create(&a->thread, NULL, make_pieces, a) == 0)
        return a;
    free_ahead(a);
    return NULL;
}

/* Copy bytes of the next piece to OUT. The caller holds LOCK, which is released meanwhile. Returns their number. */
static size_t copy_piece(struct read_ahead *a, char *out, size_t size, uint64_t *taken)
{
    struct piece *p = &a->place[a->used % PIECES];
    size_t n = p->len - p->at < size ? p->len - p->at : size;
    pthread_mutex_unlock(&a->lock);
    memcpy(out, p->bytes + p->at, n);
    pthread_mutex_lock(&a->lock);
    p->at += n;
    *taken = p->taken;
    if (p->at == p->len) {
        a->used++;
        pthread_cond_broadcast(&a->changed);
    }
    return n;
}

bool read_ahead_take(struct read_ahead *a, char *out, size_t size, size_t *got, uint64_t *taken, bool *is_end,
    struct error *err)
{
    *got = 0;
    pthread_mutex_lock(&a->lock);
    while (a->used == a->made && !a->has_ended && !a->has_failed)
        pthread_cond_wait(&a->changed, &a->lock);
    while (a->used < a->made && *got < size)
        *got += copy_piece(a, out + *got, size - *got, taken);
    bool is_all = a->used == a->made, failed = is_all && a->has_failed && !*got;
    *is_end = is_all && a->has_ended;
    if (failed)
        *err = a->err;
    pthread_mutex_unlock(&a->lock);
    return !failed;
}

void read_ahead_end(struct read_ahead *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->is_over = true;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    free_ahead(a);
}
