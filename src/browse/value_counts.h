/*
 * The values that rows have in a column, and how many rows have each: counted in steps, between which a key can be taken,
 * and then kept.
 *
 *     struct value_counts *v = value_counts_new(r, columns, 1, false);
 *     while (value_counts_step(v))
 *         ;
 *     for (size_t i = 0; i < v->count; i++)
 *         show(value_counts_text(v, v->order[i].index), v->order[i].rows);
 *     value_counts_free(v);
 */
#ifndef NCRED_VALUE_COUNTS_H
#define NCRED_VALUE_COUNTS_H

#include "audit/checks.h"
#include "base/hash_index.h"
#include "report/report.h"

enum { VALUE_COUNTS_MAX = LIMIT(5000, 50) };

struct value_count {
    size_t start, len; /* of its text, and behind that the same in lower case */
    size_t rows;
    uint32_t row;      /* the row counted last, */
    uint32_t first;    /* and the first one that has it */
};

struct value_order {
    size_t rows;
    uint32_t index;
};

struct value_counts {
    const struct report *report; /* borrowed; may grow meanwhile */
    enum column columns[2];      /* a row that has a value in both counts once */
    size_t column_count;         /* 0: checks are counted, not values */
    bool is_list;                /* values are the elements of lists */
    size_t at;                   /* rows that were counted */
    bool is_crowded;             /* there are more than VALUE_COUNTS_MAX values; of these the first are counted */
    struct value_count *list;    /* owned */
    size_t count;
    struct value_order *order;   /* owned: those that most rows have first, of equal ones the first */
    struct buffer text;
    struct hash_index index;
    size_t failing[CHECKS_MAX], unknown[CHECKS_MAX]; /* rows that a check fails for, that it cannot judge */
};

/* Count the values of COUNT columns (1 or 2) of R, or, with none, what the checks found. To be freed. */
struct value_counts *value_counts_new(const struct report *r, const enum column *columns, size_t count, bool is_list);
void value_counts_free(struct value_counts *v);
/* Count some more rows, a few milliseconds' worth, and put the values in order; false: there was nothing left to count. */
bool value_counts_step(struct value_counts *v);
bool value_counts_is_complete(const struct value_counts *v);
/* The text of the value at INDEX of LIST, as its first row has it; numbers and words as queries have them. Borrowed. */
struct slice value_counts_text(const struct value_counts *v, size_t index);

#endif
