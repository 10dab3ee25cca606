/* Finding a text in the first fields of rows without quotation marks, many bytes at a time. */
#ifndef NCRED_SEARCH_H
#define NCRED_SEARCH_H

#include "base/text.h"

/* Rows one behind the other: row I begins at TEXT.data + STARTS[I] - ORIGIN. */
struct search_rows {
    struct slice text; /* with all that follows the rows in memory, as for search_row */
    const uint32_t *starts;
    uint32_t origin;
    size_t count;
};

/* What is looked for, without regard to ASCII case. */
struct search {
    struct slice text;
    char first[2], second[2]; /* the two bytes that it begins with, each in both cases */
    /* The fastest way that this machine has, see search_row. */
    bool (*row)(const struct search *s, struct slice row, unsigned fields);
    void (*rows)(const struct search *s, const struct search_rows *rows, unsigned fields, uint64_t *bits);
};

/* False: TEXT cannot be looked for this way (it is empty, or holds what ends a field). It must outlive the search. */
bool search_init(struct search *s, struct slice text);
/*
 * Whether one of the first FIELDS fields of the row at the start of ROW holds it. ROW is all that follows in memory, so
 * that bytes behind the row's end may be looked at.
 */
static inline bool search_row(const struct search *s, struct slice row, unsigned fields)
{
    return s->row(s, row, fields);
}
/* Which of ROWS hold it in one of their first FIELDS fields: set their bits in BITS, which is all zero. */
static inline void search_rows(const struct search *s, const struct search_rows *rows, unsigned fields, uint64_t *bits)
{
    s->rows(s, rows, fields, bits);
}

#endif
