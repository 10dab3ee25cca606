/* Words that occur many times (regions, services, accounts): each is kept once and has a small number. */
#ifndef NCRED_DICT_H
#define NCRED_DICT_H

#include "base/hash_index.h"
#include "base/limits.h"

#include <pthread.h>

enum { DICT_CHUNK = LIMIT(1024, 16), DICT_CHUNKS = 63, DICT_MAX = DICT_CHUNK * DICT_CHUNKS };

/* Entries never move: they may be read while others are added. */
struct dict {
    struct slice **chunks;             /* DICT_CHUNKS of them; owned, and so is each text */
    size_t count;
    struct hash_index index;
    pthread_mutex_t lock;              /* for dict_add from several threads */
};

void dict_init(struct dict *d);
void dict_free(struct dict *d);
/* The number of this word, which is added when new; DICT_MAX when the dictionary is full. */
size_t dict_add(struct dict *d, struct slice word);
/* How many words there are, while others may be adding some. */
size_t dict_count(const struct dict *d);

static inline struct slice dict_word(const struct dict *d, size_t index)
{
    return d->chunks[index / DICT_CHUNK][index % DICT_CHUNK];
}

#endif
