/* One number per row of a block, mostly 0: memory is allocated only for 64-row chunks that hold a non-zero value. */
#ifndef NCRED_SPARSE_H
#define NCRED_SPARSE_H

#include "base/limits.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { SPARSE_BITS = LIMIT(14, 6) };
enum { SPARSE_ROWS = 1 << SPARSE_BITS, SPARSE_CHUNK = 64 };

/* All zero at first. Several threads may set different rows, and one read those set before. */
struct sparse {
    uint64_t *_Atomic chunk[SPARSE_ROWS / SPARSE_CHUNK]; /* owned; NULL: all its rows are 0 */
};

/* The lower halves of the numbers of COUNT rows from FIRST on. */
void sparse_copy(const struct sparse *s, size_t first, size_t count, uint32_t *out);
/* Make them 0. */
void sparse_clear(struct sparse *s, size_t first, size_t count);
void sparse_free(struct sparse *s);
/* Exchange the contents of A and B; no other thread may use them meanwhile. */
void sparse_swap(struct sparse *a, struct sparse *b);

void sparse_put(struct sparse *s, size_t row, uint64_t value); /* sparse_set() for a chunk that has to be made or changed */

static inline void sparse_set(struct sparse *s, size_t row, uint64_t value)
{
    if (value || atomic_load_explicit(&s->chunk[row / SPARSE_CHUNK], memory_order_acquire))
        sparse_put(s, row, value);
}

static inline uint64_t sparse_get(const struct sparse *s, size_t row)
{
    const uint64_t *chunk = atomic_load_explicit(&s->chunk[row / SPARSE_CHUNK], memory_order_acquire);
    return chunk ? chunk[row % SPARSE_CHUNK] : 0;
}

#endif
