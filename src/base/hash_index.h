/*
 * Finding the number of a text in constant time: the one hash table of the tree. It keeps numbers only; where the texts
 * are its owner tells. The hash is SipHash-1-3 with a random key, so that nobody can write a report whose texts collide.
 *
 *     struct hash_index users = {.text = user_text, .owner = &list};
 *     uint32_t *slot = hash_index_add(&users, name, hash_text(name));
 *     if (*slot)
 *         ... the text is there already, as number *slot - 1
 *     else
 *         *slot = next + 1;
 *
 *     slots:  | hash | number + 1 |   free: 0   | hash | number + 1 | ...   a power of two of them, at most half in use
 */
#ifndef NCRED_HASH_INDEX_H
#define NCRED_HASH_INDEX_H

#include "base/text.h"

struct hash_slot {
    uint32_t hash;   /* the half of the hash that does not choose the slot: other texts are hardly ever compared */
    uint32_t number; /* plus 1; 0: free */
};

struct hash_index {
    struct slice (*text)(const void *owner, uint32_t number); /* what NUMBER was added for; set before the first call */
    const void *owner;
    struct hash_slot *slots; /* owned */
    size_t size, used;
};

/* The hash of a text: different in each run, the same in all runs of a build for fuzzing. */
uint64_t hash_text(struct slice text);
uint64_t hash_siphash13(const uint64_t with_key[2], struct slice text);

/* Make room for COUNT texts, which then are added without a pause for growing. */
void hash_index_reserve(struct hash_index *h, size_t count);
/* The number of TEXT plus 1, which may be changed; NULL: it is not there. */
uint32_t *hash_index_find(const struct hash_index *h, struct slice text, uint64_t hash);
/*
 * The same, or, for a new text, a slot that holds 0, to which the caller must write its number plus 1. The pointer is
 * valid until the next call. At most 2^31 texts.
 */
uint32_t *hash_index_add(struct hash_index *h, struct slice text, uint64_t hash);
/* Begin to fetch from memory the slot where HASH would be. */
void hash_index_prefetch(const struct hash_index *h, uint64_t hash);
/* A number whose hash is like HASH, plus 1, or 0: nearly always what hash_index_find finds, without looking at texts. */
uint32_t hash_index_guess(const struct hash_index *h, uint64_t hash);
void hash_index_free(struct hash_index *h);

#endif
