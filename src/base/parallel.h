/* Work over many rows, on several threads where that pays. */
#ifndef NCRED_PARALLEL_H
#define NCRED_PARALLEL_H

#include "base/cancel.h"

/* Rows that are taken at a time; blocks divide the first. What one thread alone can do is slow: it asks more often. */
enum { PARALLEL_PIECE = 1 << 16, PARALLEL_PIECE_ALONE = 1 << 6 };
enum { PARALLEL_THREADS_MAX = 8 };

/*
 * Call WORK for pieces of 0 to COUNT, each beginning at a multiple of PARALLEL_PIECE (ALONE: of PARALLEL_PIECE_ALONE).
 * Two pieces may be worked on at once, unless ALONE; PATIENCE is asked between them. False: it has ended, and not all
 * was done.
 */
bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct cancel_token *cancel);
/* The same for pieces of PIECE, each of which is worth a thread if THREADS. */
bool parallel_pieces(size_t count, size_t piece, bool threads, void (*work)(void *context, size_t from, size_t to),
    void *context, struct cancel_token *cancel);
/* How many threads there is work for on this machine; at most PARALLEL_THREADS_MAX. */
size_t parallel_threads(void);

#endif
