/* The table of columns. Titles, the reading of headers, names in queries, exports and the manual all derive from it. */
#include "report/schema.h"

#include <stdio.h>

#define KEY_COLUMNS(n, upper) \
    [COL_KEY_##upper##_ACTIVE] = \
        {"access_key_" n "_active", "KEY " n, "ACTIVE", TYPE_BOOL, 6, "access key " n " is active"}, \
    [COL_KEY_##upper##_LAST_ROTATED] = \
        {"access_key_" n "_last_rotated", "KEY " n, "MADE", TYPE_TIME, 20, "when access key " n " was created"}, \
    [COL_KEY_##upper##_LAST_USED_DATE] = \
        {"access_key_" n "_last_used_date", "KEY " n, "USED", TYPE_TIME, 20, "when access key " n " was last used"}, \
    [COL_KEY_##upper##_LAST_USED_REGION] = \
        {"access_key_" n "_last_used_region", "KEY " n, "REGION", TYPE_TEXT, 14, \
            "region of access key " n "'s last use"}, \
    [COL_KEY_##upper##_LAST_USED_SERVICE] = \
        {"access_key_" n "_last_used_service", "KEY " n, "SERVICE", TYPE_TEXT, 14, \
            "service of access key " n "'s last use"}

#define CERT_COLUMNS(n, upper) \
    [COL_CERT_##upper##_ACTIVE] = \
        {"cert_" n "_active", "CERT " n, "ACTIVE", TYPE_BOOL, 6, "signing certificate " n " is active"}, \
    [COL_CERT_##upper##_LAST_ROTATED] = \
        {"cert_" n "_last_rotated", "CERT " n, "MADE", TYPE_TIME, 20, "when signing certificate " n " was created"}

#define TEXT_ROW(upper, lower, heading, width, help) [COL_##upper] = {#lower, NULL, heading, TYPE_TEXT, width, help},

const struct column_info schema[COL_COUNT] = {
    [COL_USER] = {"user", NULL, "USER", TYPE_TEXT, 22, "user name"},
    [COL_ARN] = {"arn", NULL, "ARN", TYPE_TEXT, 44, "Amazon Resource Name of the user"},
    [COL_USER_CREATION_TIME] = {"user_creation_time", NULL, "CREATED", TYPE_TIME, 20, "when the user was created"},
    [COL_PASSWORD_ENABLED] = {"password_enabled", "PASSWORD", "ENABLED", TYPE_BOOL, 8,
        "the user has a console password"},
    [COL_PASSWORD_LAST_USED] = {"password_last_used", "PASSWORD", "USED", TYPE_TIME, 20,
        "when the password was last used"},
    [COL_PASSWORD_LAST_CHANGED] = {"password_last_changed", "PASSWORD", "CHANGED", TYPE_TIME, 20,
        "when the password was last set"},
    [COL_PASSWORD_NEXT_ROTATION] = {"password_next_rotation", "PASSWORD", "NEXT ROTATION", TYPE_TIME, 20,
        "when the password must be changed"},
    [COL_MFA_ACTIVE] = {"mfa_active", NULL, "MFA", TYPE_BOOL, 3, "a multi-factor device is active"},
    KEY_COLUMNS("1", 1),
    KEY_COLUMNS("2", 2),
    CERT_COLUMNS("1", 1),
    CERT_COLUMNS("2", 2),
    [COL_ADDITIONAL_INFO] = {"additional_credentials_info", NULL, "MORE", TYPE_TEXT, 20,
        "credentials beyond two keys and two certificates"},
    [COL_ACCOUNT] = {"account", NULL, "ACCOUNT", TYPE_TEXT, 12, "account number, from the ARN"},
    SCHEMA_TEXTS(TEXT_ROW)
    [COL_ROOT] = {"root", NULL, "ROOT", TYPE_BOOL, 4, "the account's root user"},
    [COL_AGE] = {"age", NULL, "AGE", TYPE_DURATION, 6, "since user_creation_time"},
    [COL_PASSWORD_AGE] = {"password_age", "PASSWORD", "AGE", TYPE_DURATION, 5, "since password_last_changed"},
    [COL_PASSWORD_IDLE] = {"password_idle", "PASSWORD", "IDLE", TYPE_DURATION, 5,
        "since password_last_used, or since password_last_changed if never used"},
    [COL_KEY_1_AGE] = {"key_1_age", "KEY 1", "AGE", TYPE_DURATION, 9, "since access_key_1_last_rotated"},
    [COL_KEY_1_IDLE] = {"key_1_idle", "KEY 1", "IDLE", TYPE_DURATION, 5,
        "since access key 1 was last used, or since its creation if never used"},
    [COL_KEY_2_AGE] = {"key_2_age", "KEY 2", "AGE", TYPE_DURATION, 9, "since access_key_2_last_rotated"},
    [COL_KEY_2_IDLE] = {"key_2_idle", "KEY 2", "IDLE", TYPE_DURATION, 5,
        "since access key 2 was last used, or since its creation if never used"},
    [COL_CERT_1_AGE] = {"cert_1_age", "CERT 1", "AGE", TYPE_DURATION, 8, "since cert_1_last_rotated"},
    [COL_CERT_2_AGE] = {"cert_2_age", "CERT 2", "AGE", TYPE_DURATION, 8, "since cert_2_last_rotated"},
    [COL_ACTIVE_KEYS] = {"active_keys", NULL, "KEYS", TYPE_NUMBER, 4, "number of active access keys: 0, 1, 2"},
    [COL_LAST_ACTIVITY] = {"last_activity", NULL, "LAST ACTIVITY", TYPE_TIME, 20, "last use of the password or a key"},
    [COL_IDLE] = {"idle", NULL, "IDLE", TYPE_DURATION, 6, "since last_activity"},
    [COL_FINDINGS] = {"findings", NULL, "FINDINGS", TYPE_NUMBER, 9,
        "number of checks that the user fails, without waived ones"},
    [COL_SEVERITY] = {"severity", NULL, "SEVERITY", TYPE_SEVERITY, 8,
        "severity of the worst finding: none, low, medium, high, critical"},
    [COL_WAIVED] = {"waived", NULL, "WAIVED", TYPE_NUMBER, 6, "number of waived findings"},
    [COL_UNKNOWN_CHECKS] = {"unknown_checks", NULL, "UNKNOWN", TYPE_NUMBER, 7,
        "number of enabled checks that could not judge the user"},
    [COL_OLDEST] = {"oldest", NULL, "OLDEST", TYPE_DURATION, 6,
        "age of the oldest active password, key or certificate"},
    [COL_OLDEST_KEY] = {"oldest_key", NULL, "OLDEST KEY", TYPE_DURATION, 10, "age of the oldest active access key"},
    [COL_CHANGE] = {"change", NULL, "CHANGE", TYPE_TEXT, 16,
        "with --diff: added, removed, rotated, mfa-lost and so on; sorts by importance"},
    [COL_WHAT] = {"what", NULL, "WHAT", TYPE_TEXT, 16,
        "with --diff: user, password, mfa, key_1 and so on, or the check"},
    [COL_BEFORE] = {"before", NULL, "BEFORE", TYPE_TEXT, 25, "with --diff: value in the older report"},
    [COL_AFTER] = {"after", NULL, "AFTER", TYPE_TEXT, 25, "with --diff: value in the newer report"},
};

enum column schema_find(struct slice name)
{
    for (enum column c = 0; c < COL_COUNT; c++) {
        if (slice_equal_nocase(name, slice_of(schema[c].name)))
            return c;
    }
    return COL_COUNT;
}

const struct schema_alias schema_aliases[] = {
    {"created", COL_USER_CREATION_TIME}, {"mfa", COL_MFA_ACTIVE}, {"name", COL_USER},
};
const size_t schema_alias_count = sizeof schema_aliases / sizeof schema_aliases[0];

enum column schema_find_alias(struct slice name)
{
    for (size_t i = 0; i < schema_alias_count; i++) {
        if (slice_equal_nocase(name, slice_of(schema_aliases[i].name)))
            return schema_aliases[i].column;
    }
    return COL_COUNT;
}

static const char *const state_names[] = {
    [STATE_VALUE] = "value",
    [STATE_NA] = "N/A",
    [STATE_NO_INFORMATION] = "no_information",
    [STATE_NOT_SUPPORTED] = "not_supported",
    [STATE_EMPTY] = "empty",
    [STATE_MALFORMED] = "malformed",
    [STATE_ABSENT] = "unknown",
};

enum state state_of_text(struct slice text)
{
    if (text.len == 0)
        return STATE_EMPTY;
    if ((text.data[0] | 0x20) != 'n') /* all three words begin with n or N */
        return STATE_VALUE;
    for (enum state s = STATE_NA; s <= STATE_NOT_SUPPORTED; s++) {
        if (slice_equal_nocase(text, slice_of(state_names[s])))
            return s;
    }
    return STATE_VALUE;
}

/*
 * Words for true and false: in any column those of people (and ncred's own tables) and of spreadsheets in other
 * languages; in columns of bools also those of PostgreSQL, of databases without booleans, and AWS's for keys and
 * passwords (list-access-keys, the console).
 */
static const struct {
    const char *word;
    bool is_true, is_of_bools; /* the word counts in columns of bools only */
} bool_words[] = {{"true", true, false}, {"false", false, false}, {"yes", true, false}, {"no", false, false},
    {"wahr", true, false}, {"falsch", false, false}, {"vrai", true, false}, {"faux", false, false},
    {"verdadero", true, false}, {"falso", false, false}, {"verdadeiro", true, false}, {"vero", true, false},
    {"waar", true, false}, {"onwaar", false, false}, {"sant", true, false}, {"falskt", false, false},
    {"prawda", true, false}, {"fa\u0141sz", false, false}, {"fa\u0142sz", false, false},
    {"t", true, true}, {"f", false, true}, {"1", true, true}, {"0", false, true}, {"y", true, true}, {"n", false, true},
    {"active", true, true}, {"inactive", false, true}, {"enabled", true, true}, {"disabled", false, true}};

bool bool_of_text(struct slice text, bool is_bool, bool *value)
{
    size_t i = 0, count = sizeof bool_words / sizeof bool_words[0];
    while (i < count && !slice_equal_nocase(text, slice_of(bool_words[i].word)))
        i++;
    if (i < count && bool_words[i].is_of_bools && !is_bool)
        i = count;
    *value = i < count && bool_words[i].is_true;
    return i < count;
}

const char *state_name(enum state state)
{
    return state_names[state];
}

const char *type_name(enum type type)
{
    static const char *const names[] = {"text", "bool", "time", "duration", "number", "severity", "rights"};
    return names[type];
}

static const char *const severity_names[SEVERITY_COUNT] = {"none", "low", "medium", "high", "critical"};

const char *severity_name(enum severity severity)
{
    return severity_names[severity];
}

enum severity severity_find(struct slice name)
{
    enum severity s = SEVERITY_NONE;
    while (s < SEVERITY_COUNT && !slice_equal_nocase(name, slice_of(severity_names[s])))
        s++;
    return s;
}

static const char *const rights_names[RIGHTS_COUNT] = {"none", "read", "write", "escalate", "admin"};

const char *rights_name(enum rights rights)
{
    return rights_names[rights];
}

enum rights rights_find(struct slice name)
{
    enum rights r = RIGHTS_NONE;
    while (r < RIGHTS_COUNT && !slice_equal_nocase(name, slice_of(rights_names[r])))
        r++;
    return r;
}

const char *schema_title(enum column column, char *out, size_t size)
{
    const char *group = schema[column].group;
    snprintf(out, size, "%s%s%s", group ? group : "", group ? " " : "", schema[column].heading);
    return out;
}
