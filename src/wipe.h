/* Overwriting secrets, in a way that no compiler leaves out. */
#ifndef NCRED_WIPE_H
#define NCRED_WIPE_H

#include "text.h"

void wipe(void *data, size_t size);
/* Wipe and free; realloc() may have left earlier, shorter copies, so give a buffer of secrets its size at once. */
void wipe_buffer(struct buffer *b);

#endif
