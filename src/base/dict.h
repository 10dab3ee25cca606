/* A dictionary: words that occur many times (regions, services, accounts) are kept once and have a small number. */
#ifndef NCRED_DICT_H
#define NCRED_DICT_H

#include "base/hash_index.h"
#include "base/limits.h"

#include <pthread.h>

enum { DICT_CHUNK = LIMIT(1024, 16), DICT_CHUNKS = 63, DICT_MAX = DICT_CHUNK * DICT_CHUNKS };

/* Words never move, so threads may read some while others are added. */
struct dict {
    struct slice **chunks;             /* owned, and so are the texts: DICT_CHUNKS arrays, NULL if not used yet */
    size_t count;
    struct hash_index index;
    pthread_mutex_t lock;              /* protects count and index */
};

/* Make D an empty dictionary. Free it, with all its words, with dict_free(). */
void dict_init(struct dict *d);
void dict_free(struct dict *d);
/*
 * Returns the number of WORD, a copy of which is added if it is new; DICT_MAX if the dictionary is full. Thread-safe.
 */
size_t dict_add(struct dict *d, struct slice word);
/* Returns the number of words; 0 if D is NULL. Thread-safe. */
size_t dict_count(const struct dict *d);

/* Returns word INDEX, which dict_add() has returned. Borrowed. */
static inline struct slice dict_word(const struct dict *d, size_t index)
{
    return d->chunks[index / DICT_CHUNK][index % DICT_CHUNK];
}

#endif
