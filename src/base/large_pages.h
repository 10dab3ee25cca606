/* Large allocations, in large pages where the system has them: faulting in a million small pages takes longer than parsing. */
#ifndef NCRED_LARGE_PAGES_H
#define NCRED_LARGE_PAGES_H

#include <stddef.h>

/* COUNT elements of SIZE bytes each, not zeroed; to be freed with free(). Ends the program when memory is out. */
void *large_pages_new(size_t count, size_t size);

#endif
