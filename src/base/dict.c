/* Words in chunks of fixed size, and a hash index of their texts. Words are added but never removed. */
#include "base/dict.h"

#include "base/memory.h"

#include <stdlib.h>

static struct slice dict_text(const void *chunks, uint32_t number)
{
    return ((struct slice *const *)chunks)[number / DICT_CHUNK][number % DICT_CHUNK];
}

void dict_init(struct dict *d)
{
    *d = (struct dict){.chunks = xcalloc(DICT_CHUNKS, sizeof(struct slice *))};
    d->index = (struct hash_index){.text = dict_text, .owner = d->chunks};
    pthread_mutex_init(&d->lock, NULL);
}

void dict_free(struct dict *d)
{
    for (size_t i = 0; i < d->count; i++)
        free((char *)(uintptr_t)dict_word(d, i).data);
    for (size_t i = 0; d->chunks && i < DICT_CHUNKS; i++)
        free(d->chunks[i]);
    free(d->chunks);
    hash_index_free(&d->index);
    pthread_mutex_destroy(&d->lock);
}

/* Append WORD, which must be new, and return its number. */
static size_t append_word(struct dict *d, struct slice word)
{
    struct slice **chunk = &d->chunks[d->count / DICT_CHUNK];
    if (!*chunk)
        *chunk = xcalloc(DICT_CHUNK, sizeof **chunk);
    (*chunk)[d->count % DICT_CHUNK] = (struct slice){slice_copy(word), word.len};
    return d->count++;
}

static size_t find_or_append(struct dict *d, struct slice word)
{
    uint64_t hash = hash_text(word);
    uint32_t *slot = hash_index_find(&d->index, word, hash);
    if (slot)
        return *slot - 1;
    if (d->count == DICT_MAX)
        return DICT_MAX;
    slot = hash_index_add(&d->index, word, hash);
    size_t number = append_word(d, word);
    *slot = (uint32_t)number + 1;
    return number;
}

size_t dict_count(const struct dict *d)
{
    if (!d)
        return 0;
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&d->lock;
    pthread_mutex_lock(lock);
    size_t count = d->count;
    pthread_mutex_unlock(lock);
    return count;
}

size_t dict_add(struct dict *d, struct slice word)
{
    pthread_mutex_lock(&d->lock);
    size_t index = find_or_append(d, word);
    pthread_mutex_unlock(&d->lock);
    return index;
}
