/* A sort that can be cancelled, for lists that are long enough to keep a user waiting. */
#ifndef NCRED_CANCEL_SORT_H
#define NCRED_CANCEL_SORT_H

#include "base/cancel.h"

/*
 * Sort the COUNT elements of SIZE bytes in LIST as qsort() does, but stably. Returns false, with LIST unchanged, if P,
 * which may be NULL, has ended.
 */
bool cancel_sort(void *list, size_t count, size_t size, int (*compare)(const void *a, const void *b),
    struct cancel_token *p);

#endif
