/* A finding: a user and a check that it fails, with the evidence, the cells that show it, and its waiver. */
#ifndef NCRED_FINDING_H
#define NCRED_FINDING_H

#include "audit/audit.h"
#include "query/sort.h"

struct finding {
    uint32_t row;
    uint8_t check;
    uint8_t at_fault;            /* one bit per credential; 0: the user as such */
    uint8_t severity;            /* enum severity of this finding */
    const struct waiver *waiver; /* borrowed from the audit; NULL: none is in force, the finding counts */
};

/* The user's findings by the checks that are on, into OUT: those that count before waived ones, worst first. */
size_t finding_list(const struct report *r, size_t row, struct finding out[CHECKS_MAX]);
/* The same with the FAULTS of all rows at hand, which is faster for many rows. */
size_t finding_list_by(const struct report *r, size_t row, const struct audit_faults *faults, struct finding out[CHECKS_MAX]);
/* The finding of the row by CHECK, which is on and which it fails. */
struct finding finding_by(const struct report *r, size_t row, unsigned check);
struct finding finding_of(const struct report *r, size_t row, unsigned check, const struct audit_faults *faults);

/* "key 1: active, 1,912 days old, never used", appended to B; harmless to print. */
void finding_evidence(struct buffer *b, const struct report *r, const struct finding *f);
/* The same for one credential, whether at fault or not. */
void finding_describe(struct buffer *b, const struct report *r, size_t row, enum credential c);
/*
 * The finding in as few words as can be: "no MFA", "key 1 1559d", "key 2 unused 315d", "password never used", else the title
 * of its check, appended to B; harmless to print.
 */
void finding_brief(struct buffer *b, const struct report *r, const struct finding *f);
/*
 * Append the user's findings that count, each in brief and each text once, worst first, BETWEEN them; as many as fit in
 * WIDTH columns (0: all of them), and then " +3" for those that do not.
 */
void finding_why(struct buffer *b, const struct report *r, size_t row, const char *between, size_t width);
/* "key_1 key_2", or nothing, appended to B. */
void finding_credentials(struct buffer *b, const struct finding *f);

/* The cells that show it: one bit per column (UINT64_C(1) << COL_KEY_1_AGE), of the report's own and of derived ones. */
uint64_t finding_cells(const struct report *r, const struct finding *f);
/* The same for all of a user's findings that count: CELLS[S] are those of severity S or worse; SEVERITY_COUNT of them. */
void finding_cells_of_row(const struct report *r, size_t row, uint64_t *cells);

/*
 * The order at start: worst severity, most rights, most findings, oldest active credential. Rights count where --details
 * gave them.
 */
void finding_worst_first(struct sort_order *order, const struct report *r);

#endif
