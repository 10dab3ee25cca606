/*
 * The cells of a user whose changes are reported, and the comparison of two sets of them. history/diff.h compares two
 * reports with it; history/chronicle.h compares each report with what is known of a user from all earlier reports.
 */
#ifndef NCRED_USER_CELLS_H
#define NCRED_USER_CELLS_H

#include "report/change.h"
#include "report/credential.h"

/* Times come first, because history/chronicle.c stores the others in one byte each. */
enum user_cell {
    CELL_CREATED, CELL_PASSWORD_CHANGED, CELL_KEY_1_MADE, CELL_KEY_2_MADE, CELL_CERT_1_MADE, CELL_CERT_2_MADE,
    USER_CELL_TIMES,
    CELL_PASSWORD = USER_CELL_TIMES, CELL_PASSWORD_USED, CELL_MFA, CELL_KEY_1, CELL_KEY_1_USED, CELL_KEY_2,
    CELL_KEY_2_USED, CELL_CERT_1, CELL_CERT_2,
    USER_CELLS,
    CELL_NONE = USER_CELLS
};
/* The report column of each cell. */
extern const enum column user_cell_columns[USER_CELLS];

/* What changed: a credential (enum credential) or one of these. */
enum { USER_MFA = CREDENTIAL_COUNT, USER_ITSELF, USER_PARTS };
/* "key_1", "mfa", "user". A static string. */
const char *user_part_name(int part);

/* The values of a user's cells. A cell without a value has a number that encodes its state; see user_cell_state(). */
struct user_cells {
    int64_t value[USER_CELLS];
};

/* The number that encodes a cell without a value. */
static inline int64_t user_cell_of_state(enum state state)
{
    return INT64_MIN + (int64_t)state;
}
static inline enum state user_cell_state(int64_t value)
{
    return value <= INT64_MIN + STATE_ABSENT ? (enum state)(value - INT64_MIN) : STATE_VALUE;
}
_Static_assert(STATE_VALUE == 0, "INT64_MIN itself stands for no cell");

/* Fill in OUT with the cells of ROW. */
void user_cells_read(const struct report *r, size_t row, struct user_cells *out);

/*
 * Called for each change. PART is what changed. BEFORE and AFTER are the cells of the old and the new user that show
 * it, or CELL_NONE.
 */
typedef void user_change(void *context, enum change change, int part, enum user_cell before, enum user_cell after);
/*
 * Call FOUND for each change of keys, certificates, password and MFA of a user in both reports. A cell that is unknown
 * in one of them (column missing, empty, malformed) is not a change.
 */
void user_cells_compare(const struct user_cells *old, const struct user_cells *new, user_change *found, void *context);
/* Whether both creation times are known and differ, so that NEW is another user of the same name. */
bool user_cells_recreated(const struct user_cells *old, const struct user_cells *new);

#endif
