/* Stable multi-key order over row numbers; missing values last, both ways. */
#ifndef NCRED_SORT_H
#define NCRED_SORT_H

#include "error.h"
#include "report.h"

enum { SORT_KEYS_MAX = 8 };

struct sort_key {
    enum column column;
    bool descending;
};

struct sort_order {
    struct sort_key keys[SORT_KEYS_MAX];
    size_t count;
};

/* Read a list such as "-idle,user" ("-": descending). */
bool sort_parse(struct sort_order *order, struct slice list, struct error *err);
/* Put the COUNT row numbers at ROWS in order; equal rows keep theirs. */
void sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count);

#endif
