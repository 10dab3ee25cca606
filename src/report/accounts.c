/* Lists are sorted by account number, so that binary search finds a name. */
#include "report/accounts.h"

#include "base/hash_index.h"

#include <stdio.h>
#include <stdlib.h>

/* A list to which accounts are added, with an index by number that finds accounts that it has already. */
struct account_index {
    struct accounts *a;
    struct hash_index index;
};

static struct slice account_id(const void *accounts, uint32_t number)
{
    return slice_of(((const struct accounts *)accounts)->list[number].id);
}

static void add_account(struct account_index *l, const char *id, struct slice name)
{
    struct accounts *a = l->a;
    uint32_t *slot = hash_index_add(&l->index, slice_of(id), hash_text(slice_of(id)));
    bool is_new = !*slot;
    if (!is_new && !name.len)
        return;
    if (is_new) {
        if ((a->count & (a->count - 1)) == 0)
            a->list = xrealloc(a->list, a->count ? a->count * 2 : 1, sizeof *a->list);
        struct account *one = &a->list[a->count++];
        *one = (struct account){.name = NULL};
        snprintf(one->id, sizeof one->id, "%s", id);
        *slot = (uint32_t)a->count;
    }
    struct account *same = &a->list[*slot - 1];
    free(same->name);
    same->name = slice_copy(name);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct account *)a)->id, ((const struct account *)b)->id);
}

void accounts_add(struct accounts *a, const struct accounts *more)
{
    struct account_index l = {.a = a, .index = {.text = account_id, .owner = a}};
    for (size_t i = 0; i < a->count; i++)
        *hash_index_add(&l.index, account_id(a, (uint32_t)i), hash_text(account_id(a, (uint32_t)i))) = (uint32_t)i + 1;
    for (size_t i = 0; i < more->count; i++)
        add_account(&l, more->list[i].id, slice_of(more->list[i].name ? more->list[i].name : ""));
    hash_index_free(&l.index);
    a->is_cut |= more->is_cut;
    if (a->count)
        qsort(a->list, a->count, sizeof *a->list, by_id);
}

struct slice accounts_name(const struct accounts *a, struct slice id)
{
    struct account key = {.name = NULL};
    if (!a || !a->count || id.len != 12)
        return (struct slice){"", 0};
    memcpy(key.id, id.data, 12);
    const struct account *found = bsearch(&key, a->list, a->count, sizeof *a->list, by_id);
    return found ? slice_of(found->name) : (struct slice){"", 0};
}

void accounts_free(struct accounts *a)
{
    for (size_t i = 0; i < a->count; i++)
        free(a->list[i].name);
    free(a->list);
    *a = (struct accounts){0};
}
