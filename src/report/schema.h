/* The table of a user's columns: those of the report, and those that ncred derives from them. */
#ifndef NCRED_SCHEMA_H
#define NCRED_SCHEMA_H

#include "base/text.h"

enum type { TYPE_TEXT, TYPE_BOOL, TYPE_TIME, TYPE_DURATION, TYPE_NUMBER, TYPE_SEVERITY, TYPE_RIGHTS };

/* How much a finding matters; an ordered word in the query language. */
enum severity { SEVERITY_NONE, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITY_COUNT };

/* The most that a user may do according to policies; an ordered word in the query language. See context/rights.h. */
enum rights { RIGHTS_NONE, RIGHTS_READ, RIGHTS_WRITE, RIGHTS_ESCALATE, RIGHTS_ADMIN, RIGHTS_COUNT };

/* Whether a cell has a value and, if not, why. All but STATE_VALUE are `missing` in the query language. */
enum state {
    STATE_VALUE,
    STATE_NA,             /* N/A */
    STATE_NO_INFORMATION, /* no_information */
    STATE_NOT_SUPPORTED,  /* not_supported */
    STATE_EMPTY,          /* the field is empty */
    STATE_MALFORMED,      /* the text is not of the column's type */
    STATE_ABSENT,         /* the file has no such column, or the row has another number of fields than the header */
};

/*
 * Derived columns of text, as X(UPPER, lower, heading, width, help). Each needs a function lower_value() in report.c
 * and nothing else there.
 */
#define SCHEMA_TEXTS(X) \
    X(ACCOUNT_NAME, account_name, "ACCOUNT NAME", 16, \
        "name of the account, from --account-names or a column of the report") \
    X(PARTITION, partition, "PARTITION", 10, "partition, from the ARN: aws, aws-cn, aws-us-gov") \
    X(PATH, path, "PATH", 12, "path of the user, from the ARN")
#define SCHEMA_TEXT_COLUMN(upper, lower, heading, width, help) COL_##upper,

/* The report's columns come first, in AWS's order; then the derived ones. */
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
    COL_ACTIVE_KEYS, COL_LAST_ACTIVITY, COL_IDLE, COL_FINDINGS, COL_SEVERITY, COL_WAIVED, COL_UNKNOWN_CHECKS,
    COL_OLDEST, COL_OLDEST_KEY,
    COL_CHANGE, COL_WHAT, COL_BEFORE, COL_AFTER, /* only in a report that lists changes */
    COL_COUNT
};

struct column_info {
    const char *name;    /* in the report's header, in queries and in --columns */
    const char *group;   /* on screen, above the heading ("KEY 1"), or NULL */
    const char *heading; /* on screen */
    enum type type;
    int width;           /* on screen, in terminal columns */
    const char *help;
};

extern const struct column_info schema[COL_COUNT];

/* Write group and heading ("KEY 1 ACTIVE") to OUT, which has SIZE bytes (40 are enough), and return OUT. */
const char *schema_title(enum column column, char *out, size_t size);
/* Returns the column of this name, ignoring case, or COL_COUNT. */
enum column schema_find(struct slice name);
/*
 * Short names that queries accept besides the columns' own: `mfa` is mfa_active. A column of another file with such a
 * name takes precedence.
 */
struct schema_alias {
    const char *name;
    enum column column;
};
extern const struct schema_alias schema_aliases[];
extern const size_t schema_alias_count;
/* Returns the column with this short name, ignoring case, or COL_COUNT. */
enum column schema_find_alias(struct slice name);
/* Whether the column has results of the checks. */
static inline bool schema_of_checks(int column)
{
    return column == COL_FINDINGS || column == COL_SEVERITY || column == COL_WAIVED
        || column == COL_UNKNOWN_CHECKS;
}
/* Returns the state that this text stands for (N/A, no_information, not_supported or empty), otherwise STATE_VALUE. */
enum state state_of_text(struct slice text);
/*
 * Set *VALUE to the truth that TEXT stands for: true, yes and the words that spreadsheets in other languages write. If
 * IS_BOOL, the column is known to have truths, and t, 1, active and the like count too, which elsewhere may be names.
 * Returns false, with *VALUE false, if it is none of these.
 */
bool bool_of_text(struct slice text, bool is_bool, bool *value);
/* Returns the word for a state, in the report's spelling if it has one. */
const char *state_name(enum state state);
/* Return a static name: "text", "bool", "time", ...; "none", "low", "medium", "high", "critical". */
const char *type_name(enum type type);
const char *severity_name(enum severity severity);
/* Returns the severity of this name, ignoring case, or SEVERITY_COUNT. */
enum severity severity_find(struct slice name);
/* Return the name ("none", "read", "write", "escalate", "admin"), and the rights of this name or RIGHTS_COUNT. */
const char *rights_name(enum rights rights);
enum rights rights_find(struct slice name);

#endif
