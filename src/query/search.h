/*
 * Case-insensitive search for a text in the first fields of CSV rows that have no quotation marks, 64 bytes at a time.
 */
#ifndef NCRED_SEARCH_H
#define NCRED_SEARCH_H

#include "base/text.h"

/* Contiguous rows: row I begins at TEXT.data + STARTS[I] - ORIGIN. */
struct search_rows {
    struct slice text; /* includes all memory after the rows, as for search_row() */
    const uint32_t *starts;
    uint32_t origin;
    size_t count;
};

/* A text to search for, prepared. ASCII case is ignored. */
struct search {
    struct slice text;
    char first[2], second[2]; /* its first two bytes (or the first one twice), each in both cases */
    /* The implementation for this processor, see search_row() and search_rows(). */
    bool (*row)(const struct search *s, struct slice row, unsigned fields);
    void (*rows)(const struct search *s, const struct search_rows *rows, unsigned fields, uint64_t *bits);
};

/*
 * Prepare S. Returns false if TEXT cannot be searched for this way: it is empty or contains a comma or line break. TEXT
 * must outlive S.
 */
bool search_init(struct search *s, struct slice text);
/*
 * Whether one of the first FIELDS fields of the row that begins at ROW.data contains the text. ROW extends over all
 * readable memory after the row, because bytes behind the row's end may be read.
 */
static inline bool search_row(const struct search *s, struct slice row, unsigned fields)
{
    return s->row(s, row, fields);
}
/* Set in BITS, which must be zero, those of ROWS that contain the text in one of their first FIELDS fields. */
static inline void search_rows(const struct search *s, const struct search_rows *rows, unsigned fields, uint64_t *bits)
{
    s->rows(s, rows, fields, bits);
}

#endif
