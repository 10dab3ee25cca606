/* A user's credentials as rows of their own: the model of the key view and of --keys. */
#ifndef NCRED_CREDENTIAL_H
#define NCRED_CREDENTIAL_H

#include "report/report.h"

/* The slots of a user, in the order in which they are shown. */
enum credential { CREDENTIAL_PASSWORD, CREDENTIAL_KEY_1, CREDENTIAL_KEY_2, CREDENTIAL_CERT_1, CREDENTIAL_CERT_2,
    CREDENTIAL_COUNT };

/* "key_1", as in the column `credential`; and "key 1", for people. */
const char *credential_name(enum credential c);
const char *credential_title(enum credential c);

/* Columns of the report that tell of a credential; COL_COUNT: there is none. */
struct credential_columns {
    enum column active, made, used, region, service, age, idle;
};
extern const struct credential_columns credential_columns[CREDENTIAL_COUNT];

/* Whether it is there, active or not. A password is there when enabled or not reported (not_supported). */
bool credential_exists(const struct report *r, size_t row, enum credential c);
/* Whether it can be used now. */
bool credential_is_active(const struct report *r, size_t row, enum credential c);
/* Whether it is unknown whether it can be used: its cell cannot be read; or a password's column is missing, but it has times. */
bool credential_is_unknown(const struct report *r, size_t row, enum credential c);

/* A row number of the key view: the user's row, below ROWS_MAX, and the slot.  |  row: 29 bits  |  slot: 3 bits  | */
_Static_assert(ROWS_MAX <= UINT64_C(1) << 29, "the row of a credential id has 29 bits");

static inline uint32_t credential_id(uint32_t row, enum credential c)
{
    return row << 3 | (uint32_t)c;
}
static inline uint32_t credential_row(uint32_t id)
{
    return id >> 3;
}
static inline enum credential credential_slot(uint32_t id)
{
    return (enum credential)(id & 7);
}

/*
 * The columns of a credential's row: these, numbered COL_COUNT + enum credential_column, and all of its user's, below
 * COL_COUNT or, beyond the schema, from COL_EXTRA on. Where both have a name (age, idle, findings, severity) the
 * credential's is meant.
 */
enum credential_column { CRED_CREDENTIAL, CRED_STATE, CRED_ACTIVE, CRED_AGE, CRED_IDLE, CRED_LAST_ROTATED,
    CRED_LAST_USED, CRED_USED, CRED_REGION, CRED_SERVICE, CRED_ID,
    CRED_FINDINGS, CRED_SEVERITY, CRED_WAIVED, CRED_CHECKS, /* what the checks say comes last */
    CREDENTIAL_COLUMNS };
extern const struct column_info credential_schema[CREDENTIAL_COLUMNS];

/* The column of the user's row that tells it, or COL_COUNT: none does. */
enum column credential_column_of_user(enum credential_column column, enum credential c);

/* Whether it is a column of the user's. */
static inline bool credential_column_is_of_user(int column)
{
    return column < COL_COUNT || column >= COL_EXTRA;
}
/*
 * Number, and description, of a column of a credential's row in R, which may be NULL: those that every report has. -1: there
 * is none of this name.
 */
int credential_column_find(const struct report *r, struct slice name);
const struct column_info *credential_column_info(const struct report *r, int column);
/* The column that has the ids of keys in slot C, from --key-ids or a joined table; COL_COUNT: there is none, or C is no key. */
enum column credential_id_column(const struct report *r, enum credential c);

/* The ids of all credentials that the COUNT users at ROWS have, in order, into *IDS, which the caller frees. */
size_t credential_list(const struct report *r, const uint32_t *rows, size_t count, uint32_t **ids);

#endif
