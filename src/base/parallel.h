/* Dividing work over many rows among threads, where that pays. */
#ifndef NCRED_PARALLEL_H
#define NCRED_PARALLEL_H

#include "base/cancel.h"
#include "base/text.h"

/*
 * Rows per piece. PARALLEL_PIECE is a multiple of a block's rows. Work for one thread alone is slow per row (a regular
 * expression), so its pieces are small and cancellation is checked more often.
 */
enum { PARALLEL_PIECE = 1 << 16, PARALLEL_PIECE_ALONE = 1 << 6 };
enum { PARALLEL_THREADS_MAX = 8 };

/*
 * Call WORK(CONTEXT, from, to) for pieces that together cover 0 to COUNT; each begins at a multiple of PARALLEL_PIECE, or,
 * with ALONE, of PARALLEL_PIECE_ALONE. Several threads call it at once, unless ALONE. CANCEL, which may be NULL, is checked
 * between pieces. Returns false when it has ended before all was done.
 */
bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct cancel_token *cancel);
/* The same for pieces of PIECE, on several threads if THREADS. */
bool parallel_pieces(size_t count, size_t piece, bool threads, void (*work)(void *context, size_t from, size_t to),
    void *context, struct cancel_token *cancel);
/*
 * Make text of COUNT rows, on several threads where there are enough of them: WORK(CONTEXT, from, to, out) appends that of
 * at most PIECE rows to OUT, and EMIT(CONTEXT, text) takes it on the thread that called, in the order of the rows. The
 * others go on while EMIT waits, up to a few pieces ahead of it, and the thread that called helps when nothing can be
 * emitted. CANCEL, which may be NULL, is checked between pieces. Returns false when EMIT did or CANCEL has ended.
 */
bool parallel_text(size_t count, size_t piece, void (*work)(void *context, size_t from, size_t to, struct buffer *out),
    bool (*emit)(void *context, struct slice text), void *context, struct cancel_token *cancel);
/* How many threads are worth starting on this machine: its processors, at most PARALLEL_THREADS_MAX. */
size_t parallel_threads(void);

#endif
