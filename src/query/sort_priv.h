/* Shared by sort.c and sort_value.c. */
#ifndef NCRED_SORT_PRIV_H
#define NCRED_SORT_PRIV_H

#include "query/sort.h"

/* One stable pass by one key; missing values come last in either direction. IDS must be discarded if P has ended. */
void sort_by_value(struct sort_key key, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

/*
 * One stable pass by all keys of ORDER at once. Returns false and leaves IDS unchanged if a key is text or the values
 * do not fit into one 64-bit word. IDS must be discarded if P has ended.
 */
bool sort_by_numbers(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

#endif
