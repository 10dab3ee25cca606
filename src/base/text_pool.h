/*
 * Keeps many small texts that live equally long: in a few large blocks instead of one allocation each, and, if they are
 * interned, each text once. Texts do not move.
 *
 *     struct text_pool pool;
 *     text_pool_init(&pool);
 *     const char *a = text_pool_intern(&pool, slice_of("ops"));
 *     const char *b = text_pool_intern(&pool, slice_of("ops"));       // a == b
 *     text_pool_free(&pool);
 *
 *     blocks:  | ops\0dev\0... | numbers ... | -> | older block |
 */
#ifndef NCRED_TEXT_POOL_H
#define NCRED_TEXT_POOL_H

#include "base/hash_index.h"

struct text_block;

/* Must not move. */
struct text_pool {
    struct text_block *blocks; /* owned; the newest first */
    size_t used;               /* bytes of the newest block */
    const char **texts;        /* owned: those that were interned */
    size_t count;
    struct hash_index index;   /* finds them */
};

void text_pool_init(struct text_pool *p);
void text_pool_free(struct text_pool *p);
/* The one copy of TEXT, which must not contain NUL. Borrowed from P. */
const char *text_pool_intern(struct text_pool *p, struct slice text);
/* A copy of TEXT. Borrowed from P. */
const char *text_pool_copy(struct text_pool *p, struct slice text);
/* A copy of the COUNT elements of SIZE bytes at LIST, aligned for any pointer or number. Borrowed from P. */
const void *text_pool_copy_list(struct text_pool *p, const void *list, size_t count, size_t size);
/* Free what only text_pool_intern() needs, which must not be called any more. All texts stay. */
void text_pool_seal(struct text_pool *p);

#endif
