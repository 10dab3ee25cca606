/* One number per row of a block, mostly 0: memory is allocated only for 64-row chunks that hold a non-zero value. */
#ifndef NCRED_SPARSE_H
#define NCRED_SPARSE_H

#include "base/limits.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { SPARSE_BITS = LIMIT(14, 6) };
enum { SPARSE_ROWS = 1 << SPARSE_BITS, SPARSE_CHUNK = 64 };

/* All zero at first. Several threads may set different rows, and others may read rows that were set before. */
struct sparse {
    uint64_t *_Atomic chunk[SPARSE_ROWS / SPARSE_CHUNK]; /* owned; NULL if all rows of the chunk are 0 */
};

/* Copy the lower 32 bits of the numbers of COUNT rows from FIRST on to OUT. */
void sparse_copy(const struct sparse *s, size_t first, size_t count, uint32_t *out);
/* Set the numbers of COUNT rows from FIRST on to 0. */
void sparse_clear(struct sparse *s, size_t first, size_t count);
void sparse_free(struct sparse *s);
/* Exchange the contents of A and B; no other thread may use them meanwhile. */
void sparse_swap(struct sparse *a, struct sparse *b);

/* For sparse_set(): store VALUE in the row's chunk, which is made if there is none. */
void sparse_put(struct sparse *s, size_t row, uint64_t value);

/* Set the number of ROW. */
static inline void sparse_set(struct sparse *s, size_t row, uint64_t value)
{
    if (value || atomic_load_explicit(&s->chunk[row / SPARSE_CHUNK], memory_order_acquire))
        sparse_put(s, row, value);
}

/* Returns the number of ROW. */
static inline uint64_t sparse_get(const struct sparse *s, size_t row)
{
    const uint64_t *chunk = atomic_load_explicit(&s->chunk[row / SPARSE_CHUNK], memory_order_acquire);
    return chunk ? chunk[row % SPARSE_CHUNK] : 0;
}

/* Prefetch into the cache whether ROW's chunk exists, which it mostly does not. */
static inline void sparse_prefetch(const struct sparse *s, size_t row)
{
    __builtin_prefetch(&s->chunk[row / SPARSE_CHUNK]);
}

#endif
