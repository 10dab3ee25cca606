/*
 * Fills pieces of memory in a thread, a few of them ahead of the caller, who works on the bytes of earlier ones.
 *
 *     struct read_ahead *a = read_ahead_start(fill, context);
 *     while (ok && !is_end)
 *         ok = read_ahead_take(a, chunk, sizeof chunk, &got, &taken, &is_end, &err);
 *     read_ahead_end(a);
 */
#ifndef NCRED_READ_AHEAD_H
#define NCRED_READ_AHEAD_H

#include "base/error.h"

#include <stdint.h>

struct read_ahead;

/*
 * Writes up to SIZE > 0 bytes to OUT and sets *GOT to their number, which is not 0 unless it also sets *IS_END. *TAKEN
 * is set to how much input these bytes and all before them have taken. Returns false with ERR set on failure. Must not
 * block for long, because read_ahead_end() waits for it.
 */
typedef bool read_ahead_fill(void *context, char *out, size_t size, size_t *got, uint64_t *taken, bool *is_end,
    struct error *err);

/* Start a thread that calls FILL(CONTEXT, ...). Returns NULL if it cannot be started. End it with read_ahead_end(). */
struct read_ahead *read_ahead_start(read_ahead_fill *fill, void *context);
/*
 * Wait for bytes and copy up to SIZE > 0 of those that are there to OUT; the rest as for FILL. An error is returned
 * after all bytes before it.
 */
bool read_ahead_take(struct read_ahead *a, char *out, size_t size, size_t *got, uint64_t *taken, bool *is_end,
    struct error *err);
/* Stop the thread, wait for it, and free A, which may be NULL. */
void read_ahead_end(struct read_ahead *a);

#endif
