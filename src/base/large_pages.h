/*
 * Large allocations, in large pages if the system has them: page faults of a million small pages take longer than
 * parsing.
 */
#ifndef NCRED_LARGE_PAGES_H
#define NCRED_LARGE_PAGES_H

#include <stddef.h>

/* Returns COUNT elements of SIZE bytes each, not zeroed. Free them with free(). Ends the program if memory is out. */
void *large_pages_new(size_t count, size_t size);

/*
 * Returns SIZE bytes, not zeroed, whose first 2 MiB are in small pages: clearing a large page takes longer than reading
 * the first rows into it. Free them with free(). Ends the program if memory is out.
 */
char *large_pages_later(size_t size);

#endif
