/*
 * Counts the users whom checks could not judge because a cell was missing or unreadable, and names the columns. Used
 * for lists of problems, counts and SARIF.
 */
#ifndef NCRED_UNJUDGED_H
#define NCRED_UNJUDGED_H

#include "audit/audit.h"

struct unjudged {
    size_t users;                 /* all users that were looked at */
    size_t count[CHECKS_MAX];     /* per enabled check: users whose outcome is unknown */
    /* Per check, the reasons: */
    uint32_t absent[CHECKS_MAX];  /* report columns that the check reads and that some row lacks, one bit each */
    const char *late[CHECKS_MAX]; /* borrowed from the report: a column of another file with an unknown cell, or NULL */
    const char *unbound[CHECKS_MAX]; /* borrowed from the audit: a name in the check that no file has, or NULL */
    bool is_misfit[CHECKS_MAX];   /* a file has that name, but the column's type does not go with the check */
    uint32_t unread[CHECKS_MAX];  /* report columns that the check reads and that some row has empty or malformed */
};

/* Fill U for the COUNT users at ROWS, or for the first COUNT rows of R if ROWS is NULL. R must have been judged. */
void unjudged_count(struct unjudged *u, const struct report *r, const uint32_t *rows, size_t count);
/* Return how many checks could not judge some user; the number of the INDEX-th of them, in the order of the table. */
size_t unjudged_checks(const struct unjudged *u);
size_t unjudged_check(const struct unjudged *u, size_t index);
/* Append to B: "12 of 40 users: no mfa_active". */
void unjudged_describe(struct buffer *b, const struct unjudged *u, size_t check);
/* Append only the reason: "no mfa_active". */
void unjudged_reason(struct buffer *b, const struct unjudged *u, size_t check);
/* Append the reasons of all checks together. */
void unjudged_reasons(struct buffer *b, const struct unjudged *u);

#endif
