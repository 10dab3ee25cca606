/* Work over many rows, on several threads where that pays. */
#ifndef NCRED_PARALLEL_H
#define NCRED_PARALLEL_H

#include "patience.h"

enum { PARALLEL_PIECE = 1 << 16 }; /* rows that are taken at a time; blocks divide it */

/*
 * Call WORK for pieces of 0 to COUNT, each beginning at a multiple of PARALLEL_PIECE. Those of two pieces may run at once,
 * unless ALONE; PATIENCE is asked between two of them. False: it has ended, and not all was done.
 */
bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct patience *patience);
/* How many threads there is work for on this machine. */
size_t parallel_threads(void);

#endif
