/* Chunks are allocated when a value other than 0 is first stored in them. */
#include "base/sparse.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/*
 * Returns ROW's chunk, which is made if there is none. If two threads make it at the same time, one of them is
 * discarded.
 */
static uint64_t *chunk_for(struct sparse *s, size_t row)
{
    uint64_t *_Atomic *at = &s->chunk[row / SPARSE_CHUNK];
    uint64_t *chunk = atomic_load_explicit(at, memory_order_acquire);
    if (chunk)
        return chunk;
    uint64_t *made = xcalloc(SPARSE_CHUNK, sizeof *made);
    if (atomic_compare_exchange_strong_explicit(at, &chunk, made, memory_order_acq_rel, memory_order_acquire))
        return made;
    free(made);
    return chunk;
}

void sparse_put(struct sparse *s, size_t row, uint64_t value)
{
    chunk_for(s, row)[row % SPARSE_CHUNK] = value;
}

void sparse_copy(const struct sparse *s, size_t first, size_t count, uint32_t *out)
{
    while (count) {
        size_t i = first % SPARSE_CHUNK, n = SPARSE_CHUNK - i < count ? SPARSE_CHUNK - i : count;
        const uint64_t *chunk = atomic_load_explicit(&s->chunk[first / SPARSE_CHUNK], memory_order_acquire);
        if (!chunk)
            memset(out, 0, n * sizeof *out);
        for (size_t k = 0; chunk && k < n; k++)
            out[k] = (uint32_t)chunk[i + k];
        first += n;
        out += n;
        count -= n;
    }
}

void sparse_clear(struct sparse *s, size_t first, size_t count)
{
    for (size_t row = first; row < first + count; row++)
        sparse_set(s, row, 0);
}

void sparse_free(struct sparse *s)
{
    for (size_t i = 0; i < SPARSE_ROWS / SPARSE_CHUNK; i++)
        free(atomic_load_explicit(&s->chunk[i], memory_order_relaxed));
}

void sparse_swap(struct sparse *a, struct sparse *b)
{
    for (size_t i = 0; i < SPARSE_ROWS / SPARSE_CHUNK; i++) {
        uint64_t *chunk = atomic_load_explicit(&a->chunk[i], memory_order_relaxed);
        atomic_store_explicit(&a->chunk[i], atomic_load_explicit(&b->chunk[i], memory_order_relaxed),
            memory_order_relaxed);
        atomic_store_explicit(&b->chunk[i], chunk, memory_order_relaxed);
    }
}
