/* Open addressing with linear probing. Slots have all that is needed to resize the table. */
#include "base/digest_index.h"

#include "base/hash_index.h"
#include "base/large_pages.h"

#include <stdlib.h>

struct digest digest_of(struct slice text)
{
    uint64_t wide[2];
    hash_text_wide(text, wide);
    return (struct digest){wide[0], (uint32_t)wide[1]};
}

/* The upper half of the first part chooses the slot, scaled to the size, which need not be a power of two. */
static size_t digest_home(const struct digest_index *x, uint64_t first)
{
    return (size_t)((first >> 32) * x->size >> 32);
}

/* Returns the slot of D, or the free slot where it belongs. */
static struct digest_slot *digest_slot_of(const struct digest_index *x, struct digest d)
{
    size_t at = digest_home(x, d.first);
    while (x->slots[at].number && (x->slots[at].first != d.first || x->slots[at].second != d.second))
        at = at + 1 == x->size ? 0 : at + 1;
    return &x->slots[at];
}

void digest_index_reserve(struct digest_index *x, size_t count)
{
    enum { SMALLEST = 64 };
    struct digest_index old = *x;
    size_t size = count + count / 3 + SMALLEST;
    if (count <= old.size / 4 * 3)
        return;
    x->size = size;
    x->slots = large_pages_new(size, sizeof *x->slots);
    memset(x->slots, 0, size * sizeof *x->slots);
    for (size_t i = 0; i < old.size; i++) {
        if (old.slots[i].number)
            *digest_slot_of(x, (struct digest){old.slots[i].first, old.slots[i].second}) = old.slots[i];
    }
    free(old.slots);
}

void digest_index_prefetch(const struct digest_index *x, struct digest d)
{
    if (x->size)
        __builtin_prefetch(&x->slots[digest_home(x, d.first)], 1);
}

uint32_t digest_index_find(const struct digest_index *x, struct digest d)
{
    return x->size ? digest_slot_of(x, d)->number : 0;
}

uint32_t *digest_index_add(struct digest_index *x, struct digest d)
{
    if (x->used >= x->size / 4 * 3)
        digest_index_reserve(x, x->used * 2 + 1);
    struct digest_slot *slot = digest_slot_of(x, d);
    if (!slot->number) {
        slot->first = d.first;
        slot->second = d.second;
        x->used++;
    }
    return &slot->number;
}

void digest_index_free(struct digest_index *x)
{
    free(x->slots);
    *x = (struct digest_index){0};
}
