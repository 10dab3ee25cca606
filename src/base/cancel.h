/* Work that may take long asks now and then whether somebody still waits for what comes of it. */
#ifndef NCRED_PATIENCE_H
#define NCRED_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Of whoever waits. Once it has ended, what is being worked out is given up: what it was to be put into holds anything,
 * and whoever began it throws that away.
 */
struct patience {
    bool (*is_over)(void *context); /* asked every few thousand rows, by the thread that began the work */
    void *context;
    bool has_ended;
};

/* Whether to give up; NULL waits for ever. */
static inline bool patience_ends(struct patience *p)
{
    if (p && !p->has_ended)
        p->has_ended = p->is_over(p->context);
    return p && p->has_ended;
}

/* Whether it has been given up already. */
static inline bool patience_has_ended(const struct patience *p)
{
    return p && p->has_ended;
}

#endif
