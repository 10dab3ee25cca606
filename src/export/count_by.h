/*
 * Users counted by the values of one column: how many have each value, and how bad they are. --summary --by COLUMN prints
 * it; # and A show it.
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

/* The columns of the table. */
enum count_by_column { COUNT_VALUE, COUNT_USERS, COUNT_CRITICAL, COUNT_HIGH, COUNT_MEDIUM, COUNT_LOW, COUNT_UNKNOWN,
    COUNT_NO_MFA, COUNT_OLD_KEY, COUNT_UNUSED, COUNT_RATE, COUNT_COLUMNS };

/* The users that have one value, or one of a range of values. */
struct count_group {
    char *key;                      /* owned: what tells it from other groups; of KEY_LEN bytes */
    size_t key_len;
    enum state state;               /* other than STATE_VALUE: those without a value, for this reason */
    struct slice text;              /* of a column of text, as its first user has it; part of KEY's allocation */
    struct slice account;           /* of accounts: the id, see arn_put_account_id(); borrowed from the report */
    bool is_shared;                 /* and the number is that of an account in another partition, too */
    int64_t number;                 /* the value, the year of a time, the index of a range of days */
    uint32_t row;                   /* its first user, */
    uint32_t last_row;              /* and the one counted last: an element that a list has twice counts once */
    size_t users;
    size_t severity[SEVERITY_COUNT]; /* users with this severity at worst */
    size_t unknown;                 /* users that some check could not judge */
    size_t no_mfa, old_key, unused;
    int64_t order;                  /* of a sort, see count_by_sort */
};

struct count_by {
    const struct report *report;
    enum column column;
    struct count_group *list; /* owned */
    size_t count;
    struct table_column columns[COUNT_COLUMNS];
};

/*
 * Count the COUNT users at ROWS by COLUMN, worst rate first. Texts that differ only in the case of ASCII letters are one
 * value, as in queries; a user counts for every element of a list; times are counted by year, durations by ranges. Returns
 * false with ERR set if it is a column of changes; false with ERR empty if CANCEL, which may be NULL, has ended. To be freed
 * by count_by_free in any case. R must have been judged (audit_run).
 */
bool count_by_build(struct count_by *c, const struct report *r, enum column column, const uint32_t *rows, size_t count,
    struct cancel_token *cancel, struct error *err);
void count_by_free(struct count_by *c);
/*
 * Sort by one of the columns, numbers greatest first and values in their order; INVERTED: the other way round. Returns
 * false, with the order unchanged, if CANCEL (which may be NULL) is cancelled.
 */
bool count_by_sort(struct count_by *c, enum count_by_column column, bool inverted, struct cancel_token *cancel);
/* Append the query that holds for exactly the users of group INDEX. */
void count_by_query(struct buffer *out, const struct count_by *c, size_t index);
/* Append what a person reads as the value of group INDEX; harmless to print. */
void count_by_label(struct buffer *out, const struct count_by *c, size_t index, bool ascii);
/* Per cent of the group's users with a finding of severity high or critical. */
unsigned count_by_rate(const struct count_group *g);
/* One row for each group; C must outlive it. */
struct table count_by_table(const struct count_by *c);

#endif
