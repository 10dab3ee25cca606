/*
 * A user's credentials (password, two keys, two certificates), and a table of them: each is a row of the key view and
 * of --keys. credential_list() makes the rows' ids; audit/credential_value.h returns their values.
 */
#ifndef NCRED_CREDENTIAL_H
#define NCRED_CREDENTIAL_H

#include "report/report.h"

/* A user's credentials, in the order in which they are shown. */
enum credential { CREDENTIAL_PASSWORD, CREDENTIAL_KEY_1, CREDENTIAL_KEY_2, CREDENTIAL_CERT_1, CREDENTIAL_CERT_2,
    CREDENTIAL_COUNT };

/* Return "key_1", as in the column `credential`, and "key 1", for people. */
const char *credential_name(enum credential c);
const char *credential_title(enum credential c);

/* The user's columns about each credential; COL_COUNT if there is no such column. */
struct credential_columns {
    enum column active, made, used, region, service, age, idle;
};
extern const struct credential_columns credential_columns[CREDENTIAL_COUNT];

/*
 * Whether the user has the credential, active or not. A password exists if it is enabled or if AWS does not report
 * that.
 */
bool credential_exists(const struct report *r, size_t row, enum credential c);
/* Whether the credential can be used now. */
bool credential_is_active(const struct report *r, size_t row, enum credential c);
/*
 * Whether it is unknown if the credential can be used: the cell is empty or malformed, or password_enabled is missing
 * while the password has times.
 */
bool credential_is_unknown(const struct report *r, size_t row, enum credential c);

/* Ids of credentials, the rows of the key view:  |  row of the user: 29 bits  |  enum credential: 3 bits  | */
_Static_assert(ROWS_MAX <= UINT64_C(1) << 29, "the row of a credential id has 29 bits");

/* Returns the id of credential C of the user at ROW. */
static inline uint32_t credential_id(uint32_t row, enum credential c)
{
    return row << 3 | (uint32_t)c;
}
/* Returns the row of the user whose credential ID is. */
static inline uint32_t credential_row(uint32_t id)
{
    return id >> 3;
}
/* Returns which of the user's credentials ID is. */
static inline enum credential credential_slot(uint32_t id)
{
    return (enum credential)(id & 7);
}

/*
 * The columns of a credential's row are these, numbered COL_COUNT + enum credential_column, and all of its user's: the
 * schema's below COL_COUNT and extra ones from COL_EXTRA on. If both have a name (age, idle, findings, severity), it
 * means the credential's column.
 */
enum credential_column { CRED_CREDENTIAL, CRED_STATE, CRED_ACTIVE, CRED_AGE, CRED_IDLE, CRED_LAST_ROTATED,
    CRED_LAST_USED, CRED_USED, CRED_REGION, CRED_SERVICE, CRED_ID,
    CRED_FINDINGS, CRED_SEVERITY, CRED_WAIVED, CRED_CHECKS, /* results of the checks, which must be last */
    CREDENTIAL_COLUMNS };
extern const struct column_info credential_schema[CREDENTIAL_COLUMNS];

/* Returns the user's column that has the value of COLUMN for credential C, or COL_COUNT. */
enum column credential_column_of_user(enum credential_column column, enum credential c);

/* Whether COLUMN is a column of the user, not of the credential. */
static inline bool credential_column_is_of_user(int column)
{
    return column < COL_COUNT || column >= COL_EXTRA;
}
/*
 * credential_column_find() returns the number of the column of a credential's row with this name, or -1. If R is NULL,
 * only columns that every report has are found. credential_column_info() returns the column's description.
 */
int credential_column_find(const struct report *r, struct slice name);
const struct column_info *credential_column_info(const struct report *r, int column);
/*
 * Returns the column with the ids of keys C, from --key-ids or a joined table; COL_COUNT if there is none or C is no
 * key.
 */
enum column credential_id_column(const struct report *r, enum credential c);

/*
 * Set *IDS to the ids of all credentials that the COUNT users from row FIRST on have or may have, in order, and return
 * their number. The caller frees *IDS.
 */
size_t credential_list(const struct report *r, size_t first, size_t count, uint32_t **ids);

#endif
