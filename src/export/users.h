/* A table with one row per user: columns of the report as they are in the file, or any column of the schema. */
#ifndef NCRED_USERS_H
#define NCRED_USERS_H

#include "export/table.h"

struct users_column {
    enum column known; /* the column of the schema; COL_COUNT: none, only this report has it */
    size_t own;        /* its index in report.columns, whose name it then has; SIZE_MAX: it has the schema's name */
};

/* Must not move while its table is in use, because that points into it. Freed with users_free(). */
struct users {
    const struct report *report;    /* borrowed, as are the next two */
    const uint32_t *rows;
    const struct users_column *columns;
    bool own;                       /* see users_table() */
    struct table_column *described; /* owned: the columns as the table has them */
    char (*titles)[40];             /* owned: their headings */
};

/*
 * Fill U and return a table of the ROW_COUNT users at ROWS of R. OWN: the columns are all those of the report in its
 * order, and a row that has more or fewer fields than the header is written with these fields.
 */
struct table users_table(struct users *u, const struct report *r, const uint32_t *rows, size_t row_count,
    const struct users_column *columns, size_t column_count, bool own);
enum { USERS_TRIAGE_MAX = 16 };
/*
 * Put the columns that formats for people have by default, which answer "whom first", into COLUMNS, at most
 * USERS_TRIAGE_MAX. Returns how many.
 */
size_t users_triage_columns(const struct report *r, enum column *columns);
void users_free(struct users *u);

#endif
