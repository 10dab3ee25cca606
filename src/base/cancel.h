/*
 * Cancelling work that may take long. The work asks a token from time to time and stops when the token has ended.
 *
 *     for (size_t i = 0; i < count; i++) {
 *         if (i % 4096 == 0 && cancel_check(token))
 *             return false;
 *         ...
 *     }
 */
#ifndef NCRED_CANCEL_H
#define NCRED_CANCEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A cancellation token. Once has_ended is true the work stops early; its output is undefined and must be discarded.
 */
struct cancel_token {
    bool (*is_over)(void *context); /* called every few thousand rows, only by the thread that began the work */
    void *context;
    bool has_ended;
    size_t done, of; /* progress: done of `of` parts; `of` is 0 if the work does not say */
};

/* Record in P, which may be NULL, that DONE of OF parts of the work are done. is_over() may show the progress. */
static inline void cancel_progress(struct cancel_token *p, size_t done, size_t of)
{
    if (p) {
        p->done = done;
        p->of = of;
    }
}

/* Call P's is_over() and remember the answer. Returns whether the work is cancelled; never if P is NULL. */
static inline bool cancel_check(struct cancel_token *p)
{
    if (p && !p->has_ended)
        p->has_ended = p->is_over(p->context);
    return p && p->has_ended;
}

/* Whether P is known to be cancelled, without calling is_over(): for threads other than the one that began the work. */
static inline bool cancel_is_set(const struct cancel_token *p)
{
    return p && p->has_ended;
}

#endif
