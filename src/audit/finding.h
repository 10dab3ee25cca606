/*
 * A finding: a user, a check that it fails, the credentials at fault, and the waiver if there is one. Functions list a
 * user's findings and describe them in words and by the cells that show them. All of them need a report that
 * audit_run() judged.
 *
 *     struct finding list[CHECKS_MAX];
 *     size_t n = finding_list(r, row, list);
 *     for (size_t i = 0; i < n; i++)
 *         finding_evidence(&text, r, &list[i]);
 */
#ifndef NCRED_FINDING_H
#define NCRED_FINDING_H

#include "audit/audit.h"
#include "query/sort.h"

struct finding {
    uint32_t row;
    uint8_t check;
    uint8_t at_fault;            /* one bit per enum credential; 0 if the user itself is at fault */
    uint8_t severity;            /* enum severity of this finding */
    const struct waiver *waiver; /* borrowed from the audit; NULL if the finding counts */
};

/*
 * Put the row's findings by the checks that are on into OUT and return their number. Waived ones come last; otherwise
 * the worst comes first.
 */
size_t finding_list(const struct report *r, size_t row, struct finding out[CHECKS_MAX]);
/* The same, faster for many rows. FAULTS is what audit_faults() returned for R. */
size_t finding_list_by(const struct report *r, size_t row, const struct audit_faults *faults,
    struct finding out[CHECKS_MAX]);
/* Returns the row's finding of CHECK. The row must fail the check; for finding_of() the check must also be on. */
struct finding finding_by(const struct report *r, size_t row, unsigned check);
struct finding finding_of(const struct report *r, size_t row, unsigned check, const struct audit_faults *faults);

/* Append the evidence to B: "key 1: active, 1,912 days old, never used". Harmless to print. */
void finding_evidence(struct buffer *b, const struct report *r, const struct finding *f);
/*
 * The day since which AWS has recorded uses such as those of the password or key C, if C is older and may have been
 * used before; otherwise NULL.
 */
const char *finding_recorded_since(const struct report *r, size_t row, enum credential c);
/* Append "never used", or "not used since 2015-04-22" where an earlier use would not show. */
void finding_put_never(struct buffer *b, const struct report *r, size_t row, enum credential c);
/* Append the same description of credential C, at fault or not. */
void finding_describe(struct buffer *b, const struct report *r, size_t row, enum credential c);
/*
 * Append the reason in few words: "no MFA", "key 1 1559d", "key 2 unused 315d", "password never used"; the check's
 * title if there are no such words for it. Harmless to print.
 */
void finding_brief(struct buffer *b, const struct report *r, const struct finding *f);
/*
 * Append the finding_brief() of each of the row's findings that count, worst first, separated by BETWEEN, without
 * repeating a text. Stops when the next one would make it wider than WIDTH columns (0: no limit) and appends " +3", the
 * number left. FAULTS is what audit_faults() returned for R, which is faster for many rows, or NULL.
 */
void finding_why(struct buffer *b, const struct report *r, size_t row, const struct audit_faults *faults,
    const char *between, size_t width);
/* Append the names of the credentials at fault to B: "key_1 key_2", or nothing. */
void finding_credentials(struct buffer *b, const struct finding *f);

/* Returns the schema's columns whose cells are the reason, one bit per column: UINT64_C(1) << COL_KEY_1_AGE. */
uint64_t finding_cells(const struct report *r, const struct finding *f);
/*
 * The same for all of the row's findings that count. CELLS has SEVERITY_COUNT elements; CELLS[S] becomes the columns of
 * findings of severity S or worse.
 */
void finding_cells_of_row(const struct report *r, size_t row, uint64_t *cells);

/*
 * Set ORDER to the initial order of users: by severity, then (if R has the column `rights` of --details) rights, then
 * number of findings, then age of the oldest active credential; greatest first.
 */
void finding_worst_first(struct sort_order *order, const struct report *r);

#endif
