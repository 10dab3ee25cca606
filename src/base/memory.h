/*
 * Allocation that never returns NULL. When memory is out the program ends with status 2 and a message on standard
 * error: nothing that a caller could do then would be better.
 */
#ifndef NCRED_MEMORY_H
#define NCRED_MEMORY_H

#include <stddef.h>

/*
 * Resize the array OLD (NULL: none yet) to COUNT elements of SIZE bytes each. Checks that COUNT * SIZE fits. Returns a
 * pointer to be freed with free(), even when COUNT or SIZE is 0.
 */
void *xrealloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result));
/* COUNT zeroed elements of SIZE bytes each, to be freed with free(). */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result));
/* A copy of S, to be freed with free(). */
char *xstrdup(const char *s) __attribute__((nonnull, returns_nonnull, warn_unused_result));
/* Have HOOK called once, before the message, when memory is out: the screen restores the terminal in it. NULL: nothing. */
void memory_on_exhaustion(void (*hook)(void));

#endif
