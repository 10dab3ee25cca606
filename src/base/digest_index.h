/*
 * A hash table that finds the number of a text by a digest of it, and keeps no texts: 16 bytes per slot, one cache line
 * per look-up. Use it for millions of texts that nobody else keeps; hash_index is the table for texts that are kept.
 *
 * Texts are taken to be the same if their digests are: 96 bits of a keyed hash whose key is different in each run.
 * Among a million texts looked up in a million, one in 10^16 runs would mistake one for another, whoever chose the
 * texts.
 *
 *     struct digest d = digest_of(text);
 *     uint32_t *number = digest_index_add(&index, d);
 *     if (*number)
 *         ... the text was added before, as number *number - 1
 *     else
 *         *number = next + 1;
 *
 *     slots:  | 96 bits of the digest | number + 1 |  free: number 0  | ...     at most three of four are in use
 */
#ifndef NCRED_DIGEST_INDEX_H
#define NCRED_DIGEST_INDEX_H

#include "base/text.h"

struct digest {
    uint64_t first;
    uint32_t second;
};

struct digest_slot {
    uint64_t first;
    uint32_t second;
    uint32_t number; /* number + 1, or 0 if the slot is free */
};

struct digest_index {
    struct digest_slot *slots; /* owned */
    size_t size, used;
};

/* Returns the digest of a text. Thread-safe. */
struct digest digest_of(struct slice text);
/*
 * The same of a text with its ASCII letters in lower case. KIND is any number: texts of different kinds have different
 * digests.
 */
struct digest digest_of_lower(struct slice text, uint32_t kind);
/* Make room for COUNT texts in all, so that adding them does not resize the table. */
void digest_index_reserve(struct digest_index *x, size_t count);
/* Prefetch into the cache the slot at which D is looked up. */
void digest_index_prefetch(const struct digest_index *x, struct digest d);
/* Returns number + 1 of the text with digest D, or 0 if it was not added. */
uint32_t digest_index_find(const struct digest_index *x, struct digest d);
/*
 * Returns a pointer to the number + 1 of the text with digest D. If it leads to 0, D was new, and the caller must store
 * number + 1 there before the next call. The pointer is valid until the next call.
 */
uint32_t *digest_index_add(struct digest_index *x, struct digest d);
/* Free the slots. X is empty afterwards and can be used again. */
void digest_index_free(struct digest_index *x);

#endif
