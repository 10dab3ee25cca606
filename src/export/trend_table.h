/* Counts of users and findings over time, one row per date that has a report: what --trend prints. */
#ifndef NCRED_TREND_TABLE_H
#define NCRED_TREND_TABLE_H

#include "audit/audit.h"
#include "export/table.h"
#include "history/chronicle.h"
#include "query/sort.h"

struct trend_row {
    int64_t day;       /* its first second, in seconds since 1970 */
    uint32_t account;  /* an index into the chronicle's accounts; TREND_ALL: all accounts added up */
    uint64_t not_made; /* bit i: some of the reports that were counted lack what check i needs */
    uint32_t *numbers; /* owned: users, console users, ..., findings by severity, by check */
};
#define TREND_ALL UINT32_MAX

struct trend {
    const struct chronicle *chronicle; /* borrowed */
    const struct audit *audit;   /* borrowed: how severe findings are */
    uint64_t checks;             /* the checks that are on, a bit each */
    uint64_t always;             /* those of them that every report could make: findings by severity count only these */
    bool by_account;
    struct trend_row *rows;      /* owned; in order of date until they are sorted */
    size_t count;                /* of rows */
    struct table_column *columns; /* owned */
    int *ids;                     /* owned: the number of each column, see trend_sort_names */
    char **names;                 /* owned, with its strings: names of the checks' columns, by check; NULL: off */
    size_t column_count;
};

/* The columns before those of the checks, which have the names of the checks. */
extern const struct table_column trend_columns[];
extern const size_t trend_column_count;

/*
 * Fill T from the history of NEWEST, for the checks that are on there; its history and its audit are borrowed. A date
 * has one row with all accounts added up, each by its latest report up to then; or, BY_ACCOUNT, one row per account
 * with a report on that date. Free with trend_free().
 */
void trend_make(struct trend *t, const struct report *newest, bool by_account);
/* The columns of the table, whether it has them or not, for sort_parse(). */
extern const struct sort_names trend_sort_names;
/* Sort the rows by such columns. */
void trend_sort(struct trend *t, const struct sort_order *order);
/* Returns a table of the first LIMIT rows, which borrows from T. */
struct table trend_table(const struct trend *t, size_t limit);
/* Returns the index of the column for check number CHECK, column_count if that is off. */
size_t trend_column_of_check(const struct trend *t, size_t check);
/* Whether the reports of row ROW could make CHECK. Some checks need details, which older reports may lack. */
bool trend_knows(const struct trend *t, size_t row, size_t check);
/* Returns how many users of row ROW fail CHECK; meaningful if trend_knows(). */
uint32_t trend_failing(const struct trend *t, size_t row, size_t check);
void trend_free(struct trend *t);

#endif
