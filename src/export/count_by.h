/*
 * Users counted by the values of one column: how many have each value, and how many of them have findings. Printed by
 * --summary --by COLUMN, shown on screen by the keys # and A.
 *
 *     struct count_by c;
 *     if (count_by_build(&c, r, COL_PATH, rows, count, NULL, &err)) {
 *         struct table table = count_by_table(&c);
 *         ...
 *     }
 *     count_by_free(&c);
 */
#ifndef NCRED_COUNT_BY_H
#define NCRED_COUNT_BY_H

#include "base/cancel.h"
#include "base/error.h"
#include "export/table.h"

/* The columns of count_by_table(), and what count_by_sort() sorts by. */
enum count_by_column { COUNT_VALUE, COUNT_USERS, COUNT_CRITICAL, COUNT_HIGH, COUNT_MEDIUM, COUNT_LOW, COUNT_UNKNOWN,
    COUNT_NO_MFA, COUNT_OLD_KEY, COUNT_UNUSED, COUNT_RATE, COUNT_COLUMNS };

extern const struct table_column count_by_columns[COUNT_COLUMNS];

/* The users that have one value, or one of a range of values. */
struct count_group {
    char *key;                      /* owned: distinguishes it from other groups; key_len bytes */
    size_t key_len;
    enum state state;               /* if not STATE_VALUE: the users without a value, and why they have none */
    struct slice text;              /* for a column of text: the value as its first user has it; points into key */
    struct slice account;           /* for COL_ACCOUNT: the id, see arn_put_account_id(); borrowed from the report */
    bool is_shared;                 /* for COL_ACCOUNT: an account in another partition has the same number */
    int64_t number;                 /* otherwise: the number, the year of a time, the index of a range of days */
    uint32_t row;                   /* its first user */
    uint32_t last_row;              /* its last user so far: an element that a list has twice counts once */
    size_t users;
    size_t severity[SEVERITY_COUNT]; /* users whose worst finding has this severity */
    size_t unknown;                 /* users whom some check could not judge */
    size_t no_mfa, unused;          /* users whom the checks about MFA find; the check unused */
    size_t old_key;                 /* users with an active key over 90 days, whatever the thresholds of checks */
    int64_t order;                  /* scratch of count_by_sort() */
};

struct count_by {
    const struct report *report;
    enum column column;
    struct count_group *groups; /* owned, in the order in which the values occur */
    struct count_group **order; /* owned: the groups in the order of the last sort; what INDEX below counts */
    size_t count;
    struct table_column columns[COUNT_COLUMNS];
};

/*
 * Count the COUNT users at ROWS of R by COLUMN into C, sorted by rate, worst first. Texts that differ only in the
 * case of ASCII letters are one value, as in queries. A user with a list counts once for each of its elements. Times
 * are counted by year, durations by ranges. The checks must have been run over R (audit_run()), which must outlive C.
 * Returns false with ERR set if COLUMN is one of changes, or with ERR empty if CANCEL, which may be NULL, has
 * ended. Free C with count_by_free() either way.
 */
bool count_by_build(struct count_by *c, const struct report *r, enum column column, const uint32_t *rows, size_t count,
    struct cancel_token *cancel, struct error *err);
void count_by_free(struct count_by *c);
/*
 * Sort by COLUMN: numbers greatest first, values in ascending order; INVERTED: the reverse. Returns false, with the
 * order unchanged, if CANCEL, which may be NULL, has ended.
 */
bool count_by_sort(struct count_by *c, enum count_by_column column, bool inverted, struct cancel_token *cancel);
/* Append to OUT the query that matches exactly the users of group INDEX. */
void count_by_query(struct buffer *out, const struct count_by *c, size_t index);
/* Append the value of group INDEX for people, harmless to print; ASCII: with nothing above 0x7e. */
void count_by_label(struct buffer *out, const struct count_by *c, size_t index, bool ascii);
/* Returns how many per cent, 0 to 100, of the group's users have a finding of severity high or critical. */
unsigned count_by_rate(const struct count_group *g);
/* Returns the number of a group in COLUMN; 0 for COUNT_VALUE. */
int64_t count_by_number(const struct count_group *g, enum count_by_column column);
/* Returns a table with one row per group, which borrows from C. */
struct table count_by_table(const struct count_by *c);

#endif
