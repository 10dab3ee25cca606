/* What the parts of sort.h share. */
#ifndef NCRED_SORT_PRIV_H
#define NCRED_SORT_PRIV_H

#include "query/sort.h"

/* One stable pass by one key; missing values come last, in whatever direction. IDS is of no use once P has ended. */
void sort_by_value(struct sort_key key, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

/*
 * One stable pass by all keys of ORDER, as above. False: some key is text, or the values differ by too much for a word, and
 * nothing was done.
 */
bool sort_by_numbers(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

#endif
