/* Sorting that a key can cancel. */
#ifndef NCRED_CANCEL_SORT_H
#define NCRED_CANCEL_SORT_H

#include "base/cancel.h"

/*
 * Sort the COUNT elements of SIZE bytes in LIST as qsort() does; equal ones keep their order. Returns false, with LIST
 * unchanged, if P (which may be NULL) is cancelled.
 */
bool cancel_sort(void *list, size_t count, size_t size, int (*compare)(const void *a, const void *b), struct cancel_token *p);

#endif
