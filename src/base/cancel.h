/*
 * Cancelling work that may take long.
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
    size_t done, of; /* how far the work is, where it says so; OF 0: unknown */
};

/* Note in P, which may be NULL, that DONE of OF parts of the work are done; is_over() may show it. */
static inline void cancel_progress(struct cancel_token *p, size_t done, size_t of)
{
    if (p) {
        p->done = done;
        p->of = of;
    }
}

/* Ask P whether the work is cancelled, and remember it. NULL is never cancelled. */
static inline bool cancel_check(struct cancel_token *p)
{
    if (p && !p->has_ended)
        p->has_ended = p->is_over(p->context);
    return p && p->has_ended;
}

/* Whether P is cancelled already, without asking; for threads other than the one that began the work. */
static inline bool cancel_is_set(const struct cancel_token *p)
{
    return p && p->has_ended;
}

#endif
