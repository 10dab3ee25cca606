/*
 * Allocation that never returns NULL. If memory is out, the program ends with status 2 and a message on standard error,
 * because no caller could do anything better.
 */
#ifndef NCRED_MEMORY_H
#define NCRED_MEMORY_H

#include <stddef.h>

/*
 * Resize the array OLD (NULL for a new one) to COUNT elements of SIZE bytes each. Checks that COUNT * SIZE does not
 * overflow. Free the result with free(), even if COUNT or SIZE is 0.
 */
void *xrealloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result));
/* Returns COUNT zeroed elements of SIZE bytes each. Free them with free(). */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result));
/* Returns a copy of S. Free it with free(). */
char *xstrdup(const char *s) __attribute__((nonnull, returns_nonnull, warn_unused_result));
/*
 * Have blocks of 4 MiB and more returned to the system as soon as they are freed, so that a run that allocates each of
 * them once does not also keep what it has freed. Slower if such blocks are needed again and again.
 */
void memory_return_blocks(void);
/* Call HOOK, unless it is NULL, before the message if memory is out; the screen's hook restores the terminal. */
void memory_on_exhaustion(void (*hook)(void));

#endif
