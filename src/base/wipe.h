/* Overwrites secrets in memory in a way that compilers do not optimize away. */
#ifndef NCRED_WIPE_H
#define NCRED_WIPE_H

#include "base/text.h"

/* Set SIZE bytes to 0. DATA may be NULL if SIZE is 0. */
void wipe(void *data, size_t size);
/*
 * Wipe and free B. Growing leaves copies that are not wiped, so allocate a buffer for secrets in its full size at once.
 */
void wipe_buffer(struct buffer *b);

/*
 * Overwrite the 64 KiB of the stack below the caller. A library that was called with secrets may have left copies
 * there, in variables of functions that have returned.
 */
void wipe_stack(void);

/* malloc(), free() and realloc() that wipe memory before they release it, for libraries that handle secrets. */
void *wipe_malloc(size_t size);
void wipe_free(void *p);
void *wipe_realloc(void *old, size_t size);

#endif
