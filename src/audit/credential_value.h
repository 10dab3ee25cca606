/*
 * Values, texts and sorting of the key view, whose rows are credentials. The columns are those of report/credential.h;
 * this adds the checks' results for each credential.
 */
#ifndef NCRED_CREDENTIAL_VALUE_H
#define NCRED_CREDENTIAL_VALUE_H

#include "audit/audit.h"
#include "base/error.h"
#include "query/sort.h"
#include "report/credential.h"

/*
 * Returns the value of COLUMN (see credential_column_find) for the credential ID. Its text is borrowed from the report,
 * from a static table, or from SCRATCH, which is overwritten. The caller frees SCRATCH.
 */
struct value credential_value(const struct report *r, uint32_t id, int column, struct buffer *scratch);
/* Set SCRATCH to the ids of CHECKS with a blank between them: what the column `checks` contains. Returns its value. */
struct value credential_check_ids(uint64_t checks, struct buffer *scratch);

/* The texts of the column `state`, and the index of the one that the credential ID has. */
enum { CREDENTIAL_STATES = 3 };
extern const char *const credential_states[CREDENTIAL_STATES];
size_t credential_state(const struct report *r, uint32_t id);
/* Append the cell's text for people to B. Harmless to print; if ASCII, without other characters. */
void credential_cell(struct buffer *b, const struct report *r, uint32_t id, int column, bool ascii);

/* Whether the column has results of the checks: findings, severity, waived, checks. */
bool credential_column_is_of_checks(int column);

/* The columns of a credential's row, for sort_parse(): key.column may be COL_COUNT or more. */
extern const struct sort_names credential_sort_names;

/*
 * As sort_rows() for the COUNT credentials at IDS, by these columns. Returns false if P, which may be NULL, has ended;
 * the order of IDS is then undefined. FAULTS is what audit_faults() returned for R, or NULL if the caller does not have
 * it.
 */
bool credential_sort(const struct sort_order *order, const struct report *r, const struct audit_faults *faults,
    uint32_t *ids, size_t count, struct cancel_token *p);
/* The initial order of the key view, a list for sort_parse(). */
extern const char credential_worst_first[];

#endif
