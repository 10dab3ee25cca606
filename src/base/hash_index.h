/*
 * A hash table that finds the number of a text in constant time. It stores only numbers; a callback returns the text of
 * a number. The hash is SipHash-1-3 with a random key, so that nobody can write a report whose texts collide. All of
 * ncred's hash tables are this one, except for digest_index, which needs no texts.
 *
 *     struct hash_index users = {.text = user_text, .owner = &list};
 *     uint32_t *slot = hash_index_add(&users, name, hash_text(name));
 *     if (*slot)
 *         ... the text was added before, as number *slot - 1
 *     else
 *         *slot = next + 1;
 *
 *     slots:  | hash | number + 1 |  free: 0  | hash | number + 1 | ...     a power of two; at most half are in use
 */
#ifndef NCRED_HASH_INDEX_H
#define NCRED_HASH_INDEX_H

#include "base/text.h"

struct hash_slot {
    uint32_t hash;   /* upper half of the hash: if it differs, so do the texts; the lower half chooses the slot */
    uint32_t number; /* number + 1, or 0 if the slot is free */
};

struct hash_index {
    struct slice (*text)(const void *owner, uint32_t number); /* returns the text of NUMBER; set before use */
    const void *owner;       /* borrowed: passed to text() */
    struct hash_slot *slots; /* owned */
    size_t size, used;
};

/* Returns the keyed hash of a text. The key is different in each run, but fixed in builds for fuzzing. Thread-safe. */
uint64_t hash_text(struct slice text);
/* Returns SipHash-1-3 of a text with the given key. */
uint64_t hash_siphash13(const uint64_t with_key[2], struct slice text);
/* The same with 128 bits: hash_text_wide() with the key of the run, hash_siphash13_wide() with the given key. */
void hash_text_wide(struct slice text, uint64_t out[2]);
void hash_siphash13_wide(const uint64_t with_key[2], struct slice text, uint64_t out[2]);

/*
 * Make room for COUNT texts in all, so that adding them does not resize the table. HASH below is always
 * hash_text(TEXT).
 */
void hash_index_reserve(struct hash_index *h, size_t count);
/* Returns a pointer to the number + 1 of TEXT, or NULL if it was not added. The caller may change the number. */
uint32_t *hash_index_find(const struct hash_index *h, struct slice text, uint64_t hash);
/*
 * The same, but add TEXT if it is new: the pointer then leads to 0, and the caller must store number + 1 there before
 * the next call. The pointer is valid until the next call. At most 2^31 texts.
 */
uint32_t *hash_index_add(struct hash_index *h, struct slice text, uint64_t hash);
/* Prefetch into the cache the slot at which HASH is looked up. */
void hash_index_prefetch(const struct hash_index *h, uint64_t hash);
/*
 * Returns number + 1 of a text with the same upper half of the hash, or 0. Nearly always what hash_index_find() finds,
 * but without reading any text. 0 is certain: no such text was added.
 */
uint32_t hash_index_guess(const struct hash_index *h, uint64_t hash);
/* Free the slots. H is empty afterwards and can be used again. */
void hash_index_free(struct hash_index *h);

#endif
