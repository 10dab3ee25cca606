/* A history in numbers, one row per date on which there are reports: what --trend prints. */
#ifndef NCRED_TREND_TABLE_H
#define NCRED_TREND_TABLE_H

#include "export/table.h"
#include "history/chronicle.h"
#include "query/sort.h"

struct trend_row {
    int64_t day;       /* its first second */
    uint32_t account;  /* TREND_ALL: all of them */
    uint64_t not_made; /* a bit for each check that some of the reports counted could not make */
    uint32_t *numbers; /* owned: users, console users, ..., findings by severity, by check */
};
#define TREND_ALL UINT32_MAX

struct trend {
    const struct chronicle *chronicle;
    uint64_t checks;             /* those that count, a bit each, */
    uint64_t always;             /* and those of them that every report could make: severities are of these */
    bool by_account;
    struct trend_row *rows;      /* owned, in order of date */
    size_t count;
    struct table_column *columns; /* owned */
    int *ids;                     /* owned: of each of them, what trend_column_find() says */
    char **names;                 /* owned, and so is each: of the checks' columns, by check; NULL: it has none */
    size_t column_count;
};

/*
 * Count what C tells, for the CHECKS that are on: each date with all accounts added up, each by its latest report then;
 * or BY_ACCOUNT, a row for each account that has a report on that date. Free with trend_free.
 */
void trend_make(struct trend *t, const struct chronicle *c, uint64_t checks, bool by_account);
/* The number of a column, for sort_parse_of(); -1: there is none. */
int trend_column_find(struct slice name);
void trend_sort(struct trend *t, const struct sort_order *order);
struct table trend_table(const struct trend *t, size_t limit);
/* Where the table has CHECK; column_count: it is off. */
size_t trend_column_of_check(const struct trend *t, size_t check);
/* Whether row ROW's reports could make CHECK: some need other files, which older reports do not have. */
bool trend_knows(const struct trend *t, size_t row, size_t check);
/* Row ROW's users that fail CHECK, if it knows. */
uint32_t trend_failing(const struct trend *t, size_t row, size_t check);
void trend_free(struct trend *t);

#endif
