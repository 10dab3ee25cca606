/* A block that is full stays as it is; what does not fit into it begins the next one. */
#include "base/text_pool.h"

#include "base/memory.h"

#include <stdlib.h>

struct text_block {
    struct text_block *next;
    size_t size;
    _Alignas(uint64_t) char bytes[];
};

enum { BLOCK_SIZE = 1 << 16, ALIGNMENT = sizeof(uint64_t) };

static struct slice text_of_pool(const void *pool, uint32_t number)
{
    return slice_of(((const struct text_pool *)pool)->texts[number]);
}

void text_pool_init(struct text_pool *p)
{
    *p = (struct text_pool){.index = {.text = text_of_pool, .owner = p}};
}

void text_pool_free(struct text_pool *p)
{
    for (struct text_block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    p->blocks = NULL;
    text_pool_seal(p);
}

/* Room for SIZE bytes at a multiple of ALIGNMENT, a power of two. */
static char *take_room(struct text_pool *p, size_t size, size_t alignment)
{
    size_t at = (p->used + alignment - 1) & ~(alignment - 1);
    if (!p->blocks || at > p->blocks->size || size > p->blocks->size - at) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        struct text_block *b = xrealloc(NULL, sizeof *b + room, 1);
        b->next = p->blocks;
        b->size = room;
        p->blocks = b;
        at = 0;
    }
    p->used = at + size;
    return p->blocks->bytes + at;
}

const char *text_pool_copy(struct text_pool *p, struct slice text)
{
    char *copy = take_room(p, text.len + 1, 1);
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return copy;
}

const char *text_pool_intern(struct text_pool *p, struct slice text)
{
    uint32_t *number = hash_index_add(&p->index, text, hash_text(text));
    if (*number)
        return p->texts[*number - 1];
    if ((p->count & (p->count - 1)) == 0)
        p->texts = xrealloc(p->texts, p->count ? p->count * 2 : 1, sizeof *p->texts);
    p->texts[p->count] = text_pool_copy(p, text);
    *number = (uint32_t)++p->count;
    return p->texts[p->count - 1];
}

const void *text_pool_copy_list(struct text_pool *p, const void *list, size_t count, size_t size)
{
    char *copy = take_room(p, count * size, ALIGNMENT);
    if (count)
        memcpy(copy, list, count * size);
    return copy;
}

void text_pool_seal(struct text_pool *p)
{
    hash_index_free(&p->index);
    free(p->texts);
    p->texts = NULL;
    p->count = 0;
}
