/*
 * The columns of a listing that has rows about users, such as findings or credentials: its own columns, and those of
 * the user concerned.
 */
#ifndef NCRED_COLUMN_LIST_H
#define NCRED_COLUMN_LIST_H

#include "base/error.h"
#include "export/table.h"

/*
 * Columns are numbered like this:
 *
 *     0 ... COL_COUNT - 1            columns of the schema, of the user
 *     COL_COUNT ... COL_EXTRA - 1    COL_COUNT + i: the listing's own column i
 *     COL_EXTRA ...                  further columns of the report, of the user; see report/extra_columns.h
 */
struct column_list {
    const struct report *report;    /* borrowed; NULL: only columns that every report has */
    const struct column_info *own;  /* borrowed: the listing's own */
    size_t own_count;
    int *columns;                   /* owned: the numbers of the chosen ones */
    size_t count;                   /* of them */
    struct table_column *described; /* owned: the chosen ones as a table needs them */
    char (*titles)[40];             /* owned: their headings */
};

enum { COLUMN_LIST_WIDTH_MAX = 200 }; /* columns of the terminal */

/*
 * Read the next entry of a list such as "user:30,mfa_active" that begins at *AT, and move *AT behind it, to NULL
 * after the last one. Returns false when *AT is NULL. NAME is borrowed from the list. WIDTH is 0 where there is none,
 * -1 if it is not from 1 to COLUMN_LIST_WIDTH_MAX. Only digits after the last colon are a width: names of a file's
 * own columns may have colons.
 */
bool column_list_next(const char **at, struct slice *name, int *width);

/* Start without columns. OWN and R are borrowed. */
void column_list_init(struct column_list *l, const struct column_info *own, size_t own_count, const struct report *r);
/* Append one column. */
void column_list_add(struct column_list *l, int column);
/* Whether COLUMN is one of the user, not the listing's own. */
static inline bool column_list_is_of_user(int column)
{
    return column < COL_COUNT || column >= COL_EXTRA;
}
/* Returns the value of such a column for ROW of R. A list becomes one text, in SCRATCH, with ", " between elements. */
struct value column_list_user_value(const struct report *r, size_t row, int column, struct buffer *scratch);
/*
 * Returns the texts of COL_ACCOUNT as words, see words in table.h, and their number; NULL if there are too many to be
 * prepared. Free them with free().
 */
struct slice *column_list_account_words(const struct report *r, size_t *count);
/* Returns the number of ROW's word among these, or TABLE_NO_WORD. */
size_t column_list_account_word(const struct report *r, size_t row, const struct slice *words, size_t count);
/* Columns of a table that are next to each other in a report's only file, so that they can be copied together. */
struct column_span {
    size_t columns;     /* how many; 0: there are none, or only one */
    size_t first, last; /* fields of the file */
    bool has_name;      /* user or ARN is among them; white space around these is not copied */
    size_t user;        /* which of them is the user, who is not copied if empty; COLUMNS if none is */
};
/* Returns the longest span that begins with the first of COUNT columns. */
struct column_span column_list_span(const struct report *r, const enum column *columns, size_t count);
/* Returns how many cells TEXT is, see csv_span in table.h; ROW is the report's. */
size_t column_list_copy(const struct column_span *span, const struct report *r, size_t row, struct slice *text);
/* Returns the number of the column called NAME, -1 if there is none. The listing's own come first. */
int column_list_find(const struct column_list *l, struct slice name);
/* Append the columns of LIST, such as "user,check". Returns false with ERR naming the first that does not exist. */
bool column_list_choose(struct column_list *l, const char *list, struct error *err);
/* Returns the description of COLUMN; static, or borrowed from the report. */
const struct column_info *column_list_info(const struct column_list *l, int column);
void column_list_free(struct column_list *l);

#endif
