/*
 * A table with more data about users, whose rows are found by ARN, by user (and account), or by account: `--join
 * owners.csv`. Each of its other columns becomes a column of the report.
 *
 *     struct join *j = join_read(text, "owners.csv", &err);
 *     join_add_columns(j, report->extra, &err);
 *     join_apply(j, report);               // for the rows that exist; again after the report has been reloaded
 *
 *     keys:   ARN | ACCOUNT 0x1f USER | USER | ACCOUNT           one per row, in lower case; only digests are kept
 *     cells:  | row 0: column 0 | column 1 | ... | row 1: ...    indexes of the join's words (distinct texts)
 */
#ifndef NCRED_JOIN_H
#define NCRED_JOIN_H

#include "base/digest_index.h"
#include "base/error.h"
#include "read/rows.h"
#include "report/report.h"

/* The first value of a column that does not have some type; LINE is 0 if there is none. */
struct join_odd {
    uint32_t word;
    size_t line; /* in the file */
};

struct join_column {
    char *name, *heading;  /* owned: the name for queries, and the heading in the file */
    enum type type, nearly;  /* NEARLY: the type it would have but for a few values, or TYPE_TEXT */
    struct join_odd not_bool, not_number, not_time;
    uint64_t *has;         /* owned: one bit per word: the column contains it */
    size_t has_room;       /* number of 64-bit words in HAS */
    size_t added;          /* index in extra_columns; SIZE_MAX if not added */
    uint32_t *codes;       /* owned: the report's value code per word of the column; once added */
    uint32_t *before;      /* owned: number of the column's words before each 64-bit word of HAS; once added */
};

struct join {
    struct join *next;           /* next of a list, or NULL */
    char *name;                  /* owned: name of the file */
    struct join_column *columns; /* owned */
    size_t column_count;
    size_t row_count, row_room;
    struct digest_index keys;    /* finds the number of a row */
    uint32_t *cells;             /* owned: index of a word per column, row by row */
    unsigned kinds;              /* one bit per enum join_kind that occurs */
    struct buffer word_text;     /* all distinct texts of cells, concatenated */
    size_t *word_ends;           /* owned: end of each word */
    size_t word_count, word_room;
    struct digest_index words;   /* finds the number of a word; empty once the table has been read */
    unsigned char *matched;      /* owned: one flag per row: it matched a user */
    size_t duplicates;           /* rows with the key of an earlier row, which counts */
    size_t keyless;              /* rows without a key */
    struct rows_notes notes;
    size_t ragged;               /* rows with more or fewer fields than the header */
};

/*
 * Read a table in any form that rows_read() accepts. Returns NULL with ERR set on failure; it must have a column arn,
 * user or account. Free with join_free().
 */
struct join *join_read(struct slice text, const char *name, struct error *err);
void join_free(struct join *j);
/* Returns the text of a word. Borrowed from J. */
struct slice join_word_text(const struct join *j, uint32_t number);
/* Add the columns of J to X. Returns false with ERR set if there are too many columns. */
bool join_add_columns(struct join *j, struct extra_columns *x, struct error *err);
/* Fill the cells of all rows of R, to whose `extra` the columns were added. Works on several threads. */
void join_apply(struct join *j, struct report *r);
/* Number of rows of the table that have matched no user so far. */
size_t join_unmatched(const struct join *j);

#endif
