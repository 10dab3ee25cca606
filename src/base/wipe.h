/* Overwriting secrets, in a way that no compiler leaves out. */
#ifndef NCRED_WIPE_H
#define NCRED_WIPE_H

#include "base/text.h"

void wipe(void *data, size_t size);
/* Wipe and free; realloc() may have left earlier, shorter copies, so give a buffer of secrets its size at once. */
void wipe_buffer(struct buffer *b);

/* As malloc() and the like, but what is given back is wiped first; for libraries that are handed secrets. */
void *wipe_malloc(size_t size);
void wipe_free(void *p);
void *wipe_realloc(void *old, size_t size);

#endif
