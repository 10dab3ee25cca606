/*
 * The values of a column, and how many rows have each. Counting takes place in steps of a few milliseconds, so that
 * the screen stays responsive; the counts are then kept.
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
    size_t start, len; /* of its text in value_counts.text, which is followed by the same in lower case */
    size_t rows;       /* how many rows have it */
    uint32_t row;      /* the last row counted for it */
    uint32_t first;    /* the first row that has it */
};

struct value_order {
    size_t rows;
    uint32_t index;
};

struct value_counts {
    const struct report *report; /* borrowed; may grow meanwhile */
    enum column columns[2];      /* a row with the same value in both counts once */
    size_t column_count;         /* 0: outcomes of checks are counted, not values */
    bool is_list;                /* the column holds lists; their elements are counted */
    size_t at;                   /* rows counted so far */
    bool is_crowded;             /* there are more than VALUE_COUNTS_MAX values; only the first of them are counted */
    struct value_count *list;    /* owned */
    size_t count;
    struct value_order *order;   /* owned: most frequent first, then by first row */
    struct buffer text;
    struct hash_index index;
    size_t failing[CHECKS_MAX], unknown[CHECKS_MAX]; /* per check: rows that fail it, rows that it cannot judge */
};

/*
 * Prepare to count the values of COUNT columns (1 or 2) of R or, if COUNT is 0, outcomes of checks. Free with
 * value_counts_free().
 */
struct value_counts *value_counts_new(const struct report *r, const enum column *columns, size_t count, bool is_list);
void value_counts_free(struct value_counts *v);
/* Count rows for a few milliseconds and sort the values. Returns false if all rows were counted already. */
bool value_counts_step(struct value_counts *v);
/* Returns whether all rows that the report has now were counted. */
bool value_counts_is_complete(const struct value_counts *v);
/* Returns the text of list[INDEX] as its first row has it; numbers and words as in queries. Borrowed. */
struct slice value_counts_text(const struct value_counts *v, size_t index);

#endif
