/* Large pieces of memory, in large pages where the system has them: touching many small ones takes longer than the work. */
#ifndef NCRED_LARGE_PAGES_H
#define NCRED_LARGE_PAGES_H

#include <stddef.h>

/* COUNT things of SIZE, not zeroed; freed with free(). Ends the program when there is no memory. */
void *large_pages_new(size_t count, size_t size);

#endif
