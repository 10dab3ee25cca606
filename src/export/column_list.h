/* The columns of a listing that is not of users: its own first, then, of the user concerned, the users'. */
#ifndef NCRED_COLUMN_LIST_H
#define NCRED_COLUMN_LIST_H

#include "base/error.h"
#include "export/table.h"

/* A listing's own columns are numbered behind the users' in the schema, COL_COUNT + index; the users' others from COL_EXTRA on. */
struct column_list {
    const struct report *report;    /* borrowed; NULL: only columns that every report has */
    const struct column_info *own;
    size_t own_count;
    int *columns;                   /* owned */
    size_t count;
    struct table_column *described; /* owned; a column each */
    char (*titles)[40];             /* owned */
};

enum { COLUMN_LIST_WIDTH_MAX = 200 };

/*
 * The next entry of a list such as "user:30,mfa_active", from *AT on; *AT moves behind it and is NULL after the last.
 * Returns false when *AT is NULL. NAME is borrowed from the list. WIDTH is 0 where none is given and -1 for one outside
 * 1 to COLUMN_LIST_WIDTH_MAX. Only digits behind the last colon are a width: a file's own columns may hold colons.
 */
bool column_list_next(const char **at, struct slice *name, int *width);

/* Start without columns. */
void column_list_init(struct column_list *l, const struct column_info *own, size_t own_count, const struct report *r);
void column_list_add(struct column_list *l, int column);
/* Whether it is a column of the users'. */
static inline bool column_list_is_of_user(int column)
{
    return column < COL_COUNT || column >= COL_EXTRA;
}
/* The value of such a column, as tables want it: a list has ", " between its elements, in SCRATCH. */
struct value column_list_user_value(const struct report *r, size_t row, int column, struct buffer *scratch);
/* Columns of a table that a report's only file has one behind the other: cells that can be copied together. */
struct column_span {
    size_t columns;     /* how many; 0: there are none, or only one */
    size_t first, last; /* fields of the file */
};
/* Returns the longest span that begins with the first of COUNT columns. */
struct column_span column_list_span(const struct report *r, const enum column *columns, size_t count);
/* Returns how many cells TEXT is, see csv_span in table.h; ROW is the report's. */
size_t column_list_copy(const struct column_span *span, const struct report *r, size_t row, struct slice *text);
/* The number of the column of this name, the listing's own before the users'; -1: there is none. */
int column_list_find(const struct column_list *l, struct slice name);
/* Add the columns of a list such as "user,check". */
bool column_list_choose(struct column_list *l, const char *list, struct error *err);
const struct column_info *column_list_info(const struct column_list *l, int column);
void column_list_free(struct column_list *l);

#endif
