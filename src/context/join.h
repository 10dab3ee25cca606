/*
 * A table that says more about users, found by ARN, by user (and account), or by account: `--join owners.csv`. Every other
 * column of it becomes a column of the users that it matches.
 *
 *     struct join *j = join_read(text, "owners.csv", &err);
 *     join_add_columns(j, report->extra);
 *     join_apply(j, report);               // for the rows that there are; again for a report that is read again
 *
 *     keys:   a ARN | u ACCOUNT 0x1f USER | n USER | c ACCOUNT     lower case, one per row, found by a hash index
 *     cells:  one number per row and column: which of the join's words it is
 */
#ifndef NCRED_JOIN_H
#define NCRED_JOIN_H

#include "base/error.h"
#include "base/hash_index.h"
#include "read/rows.h"
#include "report/report.h"

struct join_column {
    char *name, *heading;  /* owned; as queries have it, and as the file has it */
    enum type type, nearly;  /* NEARLY: what it would be but for a few values; TYPE_TEXT: nothing */
    uint32_t *cells;       /* owned; one per row */
    uint64_t *has;         /* owned; which words it has: one bit per word, */
    size_t has_room;       /* and how many words of bits those are */
    size_t added;          /* index in extra_columns, SIZE_MAX: not added */
    uint32_t *codes;       /* owned; of each word, once added */
};

struct join {
    struct join *next;           /* for a list of them; NULL: the last */
    char *name;                  /* owned; the file's */
    struct join_column *columns; /* owned */
    size_t column_count;
    size_t row_count, row_room;
    struct buffer key_text;      /* all keys, one behind the other */
    size_t *key_ends;            /* owned */
    struct hash_index keys;
    unsigned kinds;              /* which kinds of keys there are, as bits */
    struct buffer word_text;     /* all distinct texts of cells */
    size_t *word_ends;           /* owned */
    size_t word_count, word_room;
    struct hash_index words;
    unsigned char *matched;   /* owned; one per row: it matched a user */
    size_t duplicates;           /* rows whose key another row has; the first one counts */
    size_t keyless;              /* rows without a key */
    struct rows_notes notes;
    size_t ragged;               /* rows with more or fewer fields than the header */
};

/* Read a table in any form that rows_read knows. NULL: ERR says what is wrong; it needs a column arn, user or account. */
struct join *join_read(struct slice text, const char *name, struct error *err);
void join_free(struct join *j);
/* Add the columns of J to X. False: there are too many columns. */
bool join_add_columns(struct join *j, struct extra_columns *x, struct error *err);
/* Fill in the cells of all rows of R, whose `extra` the columns were added to; on several threads. */
void join_apply(struct join *j, struct report *r);
/* How many rows of the table matched nobody so far. */
size_t join_unmatched(const struct join *j);

#endif
