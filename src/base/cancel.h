/* Work that may take long asks now and then whether somebody still waits for what comes of it. */
#ifndef NCRED_CANCEL_H
#define NCRED_CANCEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Of whoever waits. Once it has ended, what is being worked out is given up: what it was to be put into holds anything,
 * and whoever began it throws that away.
 */
struct cancel_token {
    bool (*is_over)(void *context); /* asked every few thousand rows, by the thread that began the work */
    void *context;
    bool has_ended;
};

/* Whether to give up; NULL waits for ever. */
static inline bool cancel_check(struct cancel_token *p)
{
    if (p && !p->has_ended)
        p->has_ended = p->is_over(p->context);
    return p && p->has_ended;
}

/* Whether it has been given up already. */
static inline bool cancel_is_set(const struct cancel_token *p)
{
    return p && p->has_ended;
}

#endif
