/* A table with one row per credential: what --keys prints. */
#ifndef NCRED_CREDENTIAL_TABLE_H
#define NCRED_CREDENTIAL_TABLE_H

#include "audit/audit.h"
#include "audit/credential_value.h"
#include "report/credential.h"
#include "export/column_list.h"

struct credential_table {
    const struct report *report;
    const uint32_t *ids; /* borrowed: which credentials, see report/credential.h */
    size_t count;
    struct column_list columns;
    struct slice names[CREDENTIAL_COUNT], states[CREDENTIAL_STATES], severities[SEVERITY_COUNT]; /* for table.words */
    struct slice *accounts;     /* owned: the words of the column `account`; NULL: there are very many */
    size_t account_count;
    char digits[CHECKS_MAX + 1][4];
    struct slice numbers[CHECKS_MAX + 1];        /* words of columns that count checks; they are in digits */
    /* of each kind of credential, see report_columns in table.h: [false] in general, [true] in csv and tsv */
    uint32_t codes[2][CREDENTIAL_COUNT];
    struct column_span *spans[CREDENTIAL_COUNT]; /* owned: of each kind of credential, the span at each column */
    struct audit_faults faults; /* the findings of all users, if a column needs them; otherwise empty */
};

/*
 * Make C the credentials at IDS (COUNT of them) of R; both are borrowed. The columns are those of LIST or, if it is
 * NULL, the usual ones: fewer for PEOPLE. Returns false with ERR naming the first column that does not exist. Free C
 * with credential_table_free() either way.
 */
bool credential_table_choose(struct credential_table *c, const struct report *r, const uint32_t *ids, size_t count,
    const char *list, bool people, struct error *err);
/* Returns the table, which borrows from C. */
struct table credential_table_get(struct credential_table *c);
void credential_table_free(struct credential_table *c);

#endif
