/* Which checks could not judge which users, and because of which columns: for lists of problems, counts and SARIF. */
#ifndef NCRED_UNJUDGED_H
#define NCRED_UNJUDGED_H

#include "audit/audit.h"

struct unjudged {
    size_t users;                 /* all that were looked at */
    size_t count[CHECKS_MAX];     /* per enabled check: the users whose outcome is unknown */
    uint32_t absent[CHECKS_MAX];  /* the report columns that the check reads and that a row lacked, one bit each */
    const char *late[CHECKS_MAX];    /* NULL, or a column of another file whose cell is unknown; borrowed from the report */
    const char *unbound[CHECKS_MAX]; /* NULL, or a name in the check that no file gives, borrowed from the audit */
    uint32_t unread[CHECKS_MAX];  /* those with an empty or malformed cell */
};

/* Count for the COUNT users at ROWS, or for the first COUNT of R if ROWS is NULL. R must have been audited. */
void unjudged_count(struct unjudged *u, const struct report *r, const uint32_t *rows, size_t count);
/* How many checks could not judge some user; the INDEX-th of them, in the order of checks[]. */
size_t unjudged_checks(const struct unjudged *u);
size_t unjudged_check(const struct unjudged *u, size_t index);
/* "12 of 40 users: no column mfa_active" appended to B. */
void unjudged_describe(struct buffer *b, const struct unjudged *u, size_t check);
/* Append only the reason: "no column mfa_active". */
void unjudged_reason(struct buffer *b, const struct unjudged *u, size_t check);
/* The reasons of all checks together. */
void unjudged_reasons(struct buffer *b, const struct unjudged *u);

#endif
