/* The one table of columns: what the report holds, and what ncred derives from it. */
#ifndef NCRED_SCHEMA_H
#define NCRED_SCHEMA_H

#include "base/text.h"

enum type { TYPE_TEXT, TYPE_BOOL, TYPE_TIME, TYPE_DURATION, TYPE_NUMBER, TYPE_SEVERITY, TYPE_RIGHTS };

/* How much a finding matters; an ordered word in the query language. */
enum severity { SEVERITY_NONE, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITY_COUNT };

/* What a user may do, as policies say; an ordered word in the query language. See context/rights.h. */
enum rights { RIGHTS_NONE, RIGHTS_READ, RIGHTS_WRITE, RIGHTS_ESCALATE, RIGHTS_ADMIN, RIGHTS_COUNT };

/* How a cell has no value; all but STATE_VALUE are `missing` in the query language. */
enum state {
    STATE_VALUE,
    STATE_NA,             /* N/A */
    STATE_NO_INFORMATION, /* no_information */
    STATE_NOT_SUPPORTED,  /* not_supported */
    STATE_EMPTY,          /* nothing between the commas */
    STATE_MALFORMED,      /* text that is not of the column's type */
    STATE_ABSENT,         /* the report has no such column, or the row ended before it */
};

/*
 * Derived columns of text: COL_NAME, the name, the heading, its width, the help. Each has a function NAME_value in
 * report.c, and needs nothing else there.
 */
#define SCHEMA_TEXTS(X) \
    X(ACCOUNT_NAME, account_name, "ACCOUNT NAME", 16, \
        "name of the account, from --account-names or a column of the report") \
    X(PARTITION, partition, "PARTITION", 10, "partition, from the ARN: aws, aws-cn, aws-us-gov") \
    X(PATH, path, "PATH", 12, "path of the user, from the ARN")
#define SCHEMA_TEXT_COLUMN(upper, lower, heading, width, help) COL_##upper,

/* The report's own columns come first, in AWS's order; then what is derived. */
enum column {
    COL_USER, COL_ARN, COL_USER_CREATION_TIME, COL_PASSWORD_ENABLED, COL_PASSWORD_LAST_USED,
    COL_PASSWORD_LAST_CHANGED, COL_PASSWORD_NEXT_ROTATION, COL_MFA_ACTIVE,
    COL_KEY_1_ACTIVE, COL_KEY_1_LAST_ROTATED, COL_KEY_1_LAST_USED_DATE, COL_KEY_1_LAST_USED_REGION,
    COL_KEY_1_LAST_USED_SERVICE,
    COL_KEY_2_ACTIVE, COL_KEY_2_LAST_ROTATED, COL_KEY_2_LAST_USED_DATE, COL_KEY_2_LAST_USED_REGION,
    COL_KEY_2_LAST_USED_SERVICE,
    COL_CERT_1_ACTIVE, COL_CERT_1_LAST_ROTATED, COL_CERT_2_ACTIVE, COL_CERT_2_LAST_ROTATED,
    COL_ADDITIONAL_INFO,
    COL_REPORT_COUNT,
    COL_ACCOUNT = COL_REPORT_COUNT, SCHEMA_TEXTS(SCHEMA_TEXT_COLUMN) COL_ROOT, COL_AGE, COL_PASSWORD_AGE,
    COL_PASSWORD_IDLE, COL_KEY_1_AGE, COL_KEY_1_IDLE, COL_KEY_2_AGE, COL_KEY_2_IDLE, COL_CERT_1_AGE, COL_CERT_2_AGE,
    COL_ACTIVE_KEYS, COL_LAST_ACTIVITY, COL_IDLE, COL_FINDINGS, COL_SEVERITY, COL_WAIVED, COL_UNKNOWN_CHECKS, COL_OLDEST,
    COL_OLDEST_KEY,
    COL_CHANGE, COL_WHAT, COL_BEFORE, COL_AFTER, /* of a list of changes only */
    COL_COUNT
};

struct column_info {
    const char *name;  /* in the report's header, in queries and in --columns */
    const char *group;   /* what it belongs to, above the heading on screen; NULL: nothing */
    const char *heading; /* on screen */
    enum type type;
    int width;         /* columns on screen */
    const char *help;
};

extern const struct column_info schema[COL_COUNT];

/* Group and heading in one, into OUT (at least 40 bytes). */
const char *schema_title(enum column column, char *out, size_t size);
/* The column of this name without regard to case, or COL_COUNT. */
enum column schema_find(struct slice name);
/*
 * Short names, which queries understand beside the columns' own: `mfa` is mfa_active. A column of another file that has
 * such a name comes first.
 */
struct schema_alias {
    const char *name;
    enum column column;
};
extern const struct schema_alias schema_aliases[];
extern const size_t schema_alias_count;
/* The column that this is a short name of, without regard to case, or COL_COUNT. */
enum column schema_find_alias(struct slice name);
/* Whether the column says what the checks found. */
static inline bool schema_of_checks(int column)
{
    return column == COL_FINDINGS || column == COL_SEVERITY || column == COL_WAIVED
        || column == COL_UNKNOWN_CHECKS;
}
/* The state that this text means, STATE_VALUE when it is none of the words. */
enum state state_of_text(struct slice text);
/* The word for a state: in the report's spelling where it has one. */
const char *state_name(enum state state);
const char *type_name(enum type type);
const char *severity_name(enum severity severity);
/* The severity of this name, or SEVERITY_COUNT. */
enum severity severity_find(struct slice name);
/* "none", "read", "write", "escalate", "admin"; and the one of this name, or RIGHTS_COUNT. */
const char *rights_name(enum rights rights);
enum rights rights_find(struct slice name);

#endif
