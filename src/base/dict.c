/* Open addressing over entries in chunks; a word is only ever added. */
#include "base/dict.h"

#include "base/error.h"

#include <stdlib.h>

void dict_init(struct dict *d)
{
    *d = (struct dict){0};
    pthread_mutex_init(&d->lock, NULL);
}

void dict_free(struct dict *d)
{
    for (size_t i = 0; i < d->count; i++)
        free((char *)(uintptr_t)dict_word(d, i).data);
    for (size_t i = 0; i < DICT_CHUNKS; i++)
        free(d->chunks[i]);
    free(d->table);
    pthread_mutex_destroy(&d->lock);
}

static void grow(struct dict *d)
{
    size_t size = d->table_size ? d->table_size * 2 : 64;
    free(d->table);
    d->table = xcalloc(size, sizeof *d->table);
    d->table_size = size;
    for (size_t i = 0; i < d->count; i++) {
        size_t at = slice_hash(dict_word(d, i)) & (size - 1);
        while (d->table[at])
            at = (at + 1) & (size - 1);
        d->table[at] = (uint32_t)i + 1;
    }
}

static size_t add(struct dict *d, struct slice word)
{
    if (d->count * 2 >= d->table_size)
        grow(d);
    size_t at = slice_hash(word) & (d->table_size - 1);
    for (; d->table[at]; at = (at + 1) & (d->table_size - 1)) {
        if (slice_equal(dict_word(d, d->table[at] - 1), word))
            return d->table[at] - 1;
    }
    if (d->count == DICT_MAX)
        return DICT_MAX;
    struct slice **chunk = &d->chunks[d->count / DICT_CHUNK];
    if (!*chunk)
        *chunk = xcalloc(DICT_CHUNK, sizeof **chunk);
    char *copy = xcalloc(word.len + 1, 1);
    if (word.len)
        memcpy(copy, word.data, word.len);
    (*chunk)[d->count % DICT_CHUNK] = (struct slice){copy, word.len};
    d->table[at] = (uint32_t)d->count + 1;
    return d->count++;
}

size_t dict_count(struct dict *d)
{
    pthread_mutex_lock(&d->lock);
    size_t count = d->count;
    pthread_mutex_unlock(&d->lock);
    return count;
}

size_t dict_add(struct dict *d, struct slice word)
{
    pthread_mutex_lock(&d->lock);
    size_t index = add(d, word);
    pthread_mutex_unlock(&d->lock);
    return index;
}
