/* Overwriting secrets, in a way that no compiler leaves out. */
#ifndef NCRED_WIPE_H
#define NCRED_WIPE_H

#include "base/text.h"

/* Set SIZE bytes to 0; DATA may be NULL when SIZE is 0. */
void wipe(void *data, size_t size);
/* Wipe and free; realloc() may have left earlier, shorter copies, so give a buffer of secrets its size at once. */
void wipe_buffer(struct buffer *b);

/* malloc(), free() and realloc() that overwrite memory before they release it; for libraries that are handed secrets. */
void *wipe_malloc(size_t size);
void wipe_free(void *p);
void *wipe_realloc(void *old, size_t size);

#endif
