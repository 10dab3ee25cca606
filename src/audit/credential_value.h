/* A credential's row as values: the columns of report/credential.h with what the checks say of the credential. */
#ifndef NCRED_CREDENTIAL_VALUE_H
#define NCRED_CREDENTIAL_VALUE_H

#include "audit/audit.h"
#include "base/error.h"
#include "query/sort.h"
#include "report/credential.h"

/*
 * The value of COLUMN (see credential_column_find) of the credential ID. Its text is borrowed from the report, from a
 * table, or from SCRATCH, which is overwritten and is the caller's to free.
 */
struct value credential_value(const struct report *r, uint32_t id, int column, struct buffer *scratch);
/* The same where the caller knows the CHECKS that the credential fails, as audit_faults_by() tells them. */
struct value credential_value_by(const struct report *r, uint64_t checks, uint32_t id, int column, struct buffer *scratch);

/* The texts of the column `state`, and which of them the credential ID has. */
enum { CREDENTIAL_STATES = 3 };
extern const char *const credential_states[CREDENTIAL_STATES];
size_t credential_state(const struct report *r, uint32_t id);
/* Append how a person reads the cell; harmless to print. ASCII: without other characters. */
void credential_cell(struct buffer *b, const struct report *r, uint32_t id, int column, bool ascii);

/* Whether the column says what the checks find. */
bool credential_column_is_of_checks(int column);

/*
 * As sort_parse_for() and sort_rows(), by the columns of a credential's row: key.column may be COL_COUNT or more. R may be
 * NULL: without the columns that only a report knows.
 * credential_sort() returns false when P, which may be NULL, has ended: IDS then has no particular order. FAULTS may be
 * NULL if the caller does not have them.
 */
bool credential_sort_parse(struct sort_order *order, struct slice list, const struct report *r, struct error *err);
bool credential_sort(const struct sort_order *order, const struct report *r, const struct audit_faults *faults,
    uint32_t *ids, size_t count, struct cancel_token *p);
/* The order of the key view at start, as for credential_sort_parse(). */
extern const char credential_worst_first[];

#endif
