/* Divides work over many rows among threads if there are enough rows. */
#ifndef NCRED_PARALLEL_H
#define NCRED_PARALLEL_H

#include "base/cancel.h"
#include "base/text.h"

/*
 * Rows per piece. PARALLEL_PIECE is a multiple of a report block's rows. Work that only one thread can do is slow per
 * row (a regular expression), so its pieces are small: cancellation is checked between pieces.
 */
enum { PARALLEL_PIECE = 1 << 16, PARALLEL_PIECE_ALONE = 1 << 6 };
enum { PARALLEL_THREADS_MAX = 8 };

/*
 * Call WORK(CONTEXT, from, to) for pieces, rows FROM to TO - 1, that together are the rows 0 to COUNT - 1. A piece
 * begins at a multiple of PARALLEL_PIECE or, if ALONE, of PARALLEL_PIECE_ALONE. Several threads call WORK at the same
 * time unless ALONE. CANCEL, which may be NULL, is checked between pieces. Returns false if it has ended before all was
 * done.
 */
bool parallel_run(size_t count, bool alone, void (*work)(void *context, size_t from, size_t to), void *context,
    struct cancel_token *cancel);
/* The same for pieces of PIECE rows, on several threads if THREADS. */
bool parallel_pieces(size_t count, size_t piece, bool threads, void (*work)(void *context, size_t from, size_t to),
    void *context, struct cancel_token *cancel);
/*
 * Write COUNT rows as text, on several threads if there are enough of them. WORK(CONTEXT, from, to, out) appends the
 * text of at most PIECE rows to OUT and returns the row after the last; EMIT(CONTEXT, text) is called on the calling
 * thread, in the order of the rows. Threads work up to a few pieces ahead of EMIT; the calling thread works, too, while
 * nothing can be emitted. WORK may stop early, after at least one row, once OUT has PARALLEL_TEXT_ENOUGH bytes: the
 * rest of the piece is made after these are emitted, so that long rows do not fill the memory. CANCEL, which may be
 * NULL, is checked between pieces. Returns false if EMIT has or CANCEL has ended.
 */
enum { PARALLEL_TEXT_ENOUGH = 1 << 20 };
bool parallel_text(size_t count, size_t piece,
    size_t (*work)(void *context, size_t from, size_t to, struct buffer *out),
    bool (*emit)(void *context, struct slice text), void *context, struct cancel_token *cancel);
/* Returns the number of the machine's processors, at most PARALLEL_THREADS_MAX. */
size_t parallel_threads(void);

#endif
