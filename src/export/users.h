/* Users as a table: the report's own columns, or any that the schema has. */
#ifndef NCRED_USERS_H
#define NCRED_USERS_H

#include "export/table.h"

struct users_column {
    enum column known; /* COL_COUNT: a column that only this report has */
    size_t own;        /* its index in report.columns, and its name is the report's; SIZE_MAX: the schema's name */
};

/* What users_table() borrows must outlive it; so must the struct itself, in its place, while its table is in use. */
struct users {
    const struct report *report;
    const uint32_t *rows;
    const struct users_column *columns;
    bool own;                       /* they are the report's own, in its order: rows too long or too short stay so */
    struct table_column *described; /* owned */
    char (*titles)[40];             /* owned */
};

/* Fill U and give its table. */
struct table users_table(struct users *u, const struct report *r, const uint32_t *rows, size_t row_count,
    const struct users_column *columns, size_t column_count, bool own);
/* The columns that answer "who first": at most USERS_TRIAGE_MAX, into COLUMNS; the number of them. */
enum { USERS_TRIAGE_MAX = 16 };
size_t users_triage_columns(const struct report *r, enum column *columns);
void users_free(struct users *u);

#endif
