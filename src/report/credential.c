/* The tables of credentials and of their columns, and which credentials a user has. */
#include "report/credential.h"

#include "base/large_pages.h"
#include "base/memory.h"

#include <stdlib.h>

const struct credential_columns credential_columns[CREDENTIAL_COUNT] = {
    [CREDENTIAL_PASSWORD] = {COL_PASSWORD_ENABLED, COL_PASSWORD_LAST_CHANGED, COL_PASSWORD_LAST_USED, COL_COUNT,
        COL_COUNT, COL_PASSWORD_AGE, COL_PASSWORD_IDLE},
    [CREDENTIAL_KEY_1] = {COL_KEY_1_ACTIVE, COL_KEY_1_LAST_ROTATED, COL_KEY_1_LAST_USED_DATE,
        COL_KEY_1_LAST_USED_REGION, COL_KEY_1_LAST_USED_SERVICE, COL_KEY_1_AGE, COL_KEY_1_IDLE},
    [CREDENTIAL_KEY_2] = {COL_KEY_2_ACTIVE, COL_KEY_2_LAST_ROTATED, COL_KEY_2_LAST_USED_DATE,
        COL_KEY_2_LAST_USED_REGION, COL_KEY_2_LAST_USED_SERVICE, COL_KEY_2_AGE, COL_KEY_2_IDLE},
    [CREDENTIAL_CERT_1] = {COL_CERT_1_ACTIVE, COL_CERT_1_LAST_ROTATED, COL_COUNT, COL_COUNT, COL_COUNT, COL_CERT_1_AGE,
        COL_COUNT},
    [CREDENTIAL_CERT_2] = {COL_CERT_2_ACTIVE, COL_CERT_2_LAST_ROTATED, COL_COUNT, COL_COUNT, COL_COUNT, COL_CERT_2_AGE,
        COL_COUNT},
};

static const struct {
    const char *name, *title;
} names[CREDENTIAL_COUNT] = {
    [CREDENTIAL_PASSWORD] = {"password", "password"},
    [CREDENTIAL_KEY_1] = {"key_1", "key 1"},
    [CREDENTIAL_KEY_2] = {"key_2", "key 2"},
    [CREDENTIAL_CERT_1] = {"cert_1", "certificate 1"},
    [CREDENTIAL_CERT_2] = {"cert_2", "certificate 2"},
};

const char *credential_name(enum credential c)
{
    return names[c].name;
}

const char *credential_title(enum credential c)
{
    return names[c].title;
}

bool credential_exists(const struct report *r, size_t row, enum credential c)
{
    switch (c) {
    case CREDENTIAL_PASSWORD: return credential_is_active(r, row, c)
        || report_number(r, row, COL_PASSWORD_ENABLED).state == STATE_NOT_SUPPORTED;
    case CREDENTIAL_KEY_1: return report_key_exists(r, row, 1);
    case CREDENTIAL_KEY_2: return report_key_exists(r, row, 2);
    case CREDENTIAL_CERT_1: return report_cert_exists(r, row, 1);
    case CREDENTIAL_CERT_2: return report_cert_exists(r, row, 2);
    case CREDENTIAL_COUNT: break;
    }
    return false;
}

bool credential_is_active(const struct report *r, size_t row, enum credential c)
{
    struct value v = report_number(r, row, credential_columns[c].active);
    return v.state == STATE_VALUE && v.number;
}

bool credential_is_unknown(const struct report *r, size_t row, enum credential c)
{
    enum state active = report_number(r, row, credential_columns[c].active).state;
    return active == STATE_EMPTY || active == STATE_MALFORMED
        || (active == STATE_ABSENT && c == CREDENTIAL_PASSWORD
            && (report_number(r, row, COL_PASSWORD_LAST_USED).state == STATE_VALUE
                || report_number(r, row, COL_PASSWORD_LAST_CHANGED).state == STATE_VALUE));
}

/*
 * As credential_exists() for each of COUNT rows from FIRST on, all in one span: sets EXISTING[k] to one bit for each
 * credential that row FIRST + k has.
 */
static void find_existing(const struct report *r, size_t first, size_t count, uint8_t *existing)
{
    uint32_t scratch[REPORT_SPAN];
    memset(existing, 0, count);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        const struct credential_columns *of = &credential_columns[c];
        enum column dates[] = {of->made, of->used};
        const uint32_t *codes = report_codes(r, first, count, of->active, scratch);
        uint32_t silent = c == CREDENTIAL_PASSWORD ? CODE_NOT_SUPPORTED : CODE_FIRST + 1;
        for (size_t k = 0; k < count; k++)
            existing[k] |= (uint8_t)((codes[k] == CODE_FIRST + 1 || codes[k] == silent) << c);
        for (size_t i = 0; i < 2 && c != CREDENTIAL_PASSWORD && dates[i] != COL_COUNT; i++) {
            codes = report_codes(r, first, count, dates[i], scratch);
            for (size_t k = 0; k < count; k++)
                existing[k] |= (uint8_t)((codes[k] >= CODE_TEXT) << c);
        }
    }
}

size_t credential_list(const struct report *r, size_t first, size_t count, uint32_t **ids)
{
    /* most users have one or two credentials; each span needs room for all that there can be */
    size_t n = 0, room = count + count / 2 + REPORT_SPAN * CREDENTIAL_COUNT, end = first + count;
    uint32_t *list = large_pages_new(room, sizeof *list);
    for (size_t row = first, span; row < end; row += span) {
        uint8_t existing[REPORT_SPAN];
        uint32_t unknown = report_unknown_columns(r, row);
        span = REPORT_SPAN - row % REPORT_SPAN;
        span = span < end - row ? span : end - row;
        find_existing(r, row, span, existing);
        if (room - n < span * CREDENTIAL_COUNT) {
            room = room * 2 + span * CREDENTIAL_COUNT;
            list = xrealloc(list, room, sizeof *list);
        }
        for (size_t k = 0; k < span; k++) {
            for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
                list[n] = credential_id((uint32_t)(row + k), c); /* stays if the credential is there */
                n += (existing[k] >> c & 1)
                    || (unknown >> credential_columns[c].active & 1 && credential_is_unknown(r, row + k, c));
            }
        }
    }
    *ids = list;
    return n;
}

const struct column_info credential_schema[CREDENTIAL_COLUMNS] = {
    [CRED_CREDENTIAL] = {"credential", NULL, "CREDENTIAL", TYPE_TEXT, 10, "password, key_1, key_2, cert_1 or cert_2"},
    [CRED_STATE] = {"state", NULL, "STATE", TYPE_TEXT, 8, "active, inactive, or unknown"},
    [CRED_ACTIVE] = {"active", NULL, "ACTIVE", TYPE_BOOL, 6, "the credential can be used"},
    [CRED_AGE] = {"age", NULL, "AGE", TYPE_DURATION, 6, "since it was created; of a password, since it was set"},
    [CRED_IDLE] = {"idle", NULL, "IDLE", TYPE_DURATION, 6,
        "since it was last used, or since its creation if never used"},
    [CRED_LAST_ROTATED] = {"last_rotated", NULL, "MADE", TYPE_TIME, 20, "when it was created or set"},
    [CRED_LAST_USED] = {"last_used", NULL, "USED", TYPE_TIME, 20, "when it was last used"},
    [CRED_USED] = {"used", NULL, "USED", TYPE_BOOL, 5, "it was used at least once"},
    [CRED_REGION] = {"region", NULL, "REGION", TYPE_TEXT, 14, "of the key's last use"},
    [CRED_SERVICE] = {"service", NULL, "SERVICE", TYPE_TEXT, 14, "of the key's last use"},
    [CRED_ID] = {"id", NULL, "ID", TYPE_TEXT, 20, "the key's ID, from --key-ids"},
    [CRED_FINDINGS] = {"findings", NULL, "FINDINGS", TYPE_NUMBER, 9, "number of its findings, without waived ones"},
    [CRED_SEVERITY] = {"severity", NULL, "SEVERITY", TYPE_SEVERITY, 8, "severity of its worst finding"},
    [CRED_WAIVED] = {"waived", NULL, "WAIVED", TYPE_NUMBER, 6, "number of its waived findings"},
    [CRED_CHECKS] = {"checks", NULL, "CHECKS", TYPE_TEXT, 30, "ids of the checks that it fails, without waived ones"},
};

enum column credential_id_column(const struct report *r, enum credential c)
{
    if (c != CREDENTIAL_KEY_1 && c != CREDENTIAL_KEY_2)
        return COL_COUNT;
    return extra_columns_find(r->extra, slice_of(c == CREDENTIAL_KEY_1 ? "key_1_id" : "key_2_id"));
}

int credential_column_find(const struct report *r, struct slice name)
{
    for (int i = 0; i < CREDENTIAL_COLUMNS; i++) {
        if (slice_equal_nocase(name, slice_of(credential_schema[i].name)))
            return COL_COUNT + i;
    }
    enum column c = r ? report_column_find(r, name) : schema_find(name);
    return c == COL_COUNT ? -1 : (int)c;
}

const struct column_info *credential_column_info(const struct report *r, int column)
{
    return column < COL_COUNT ? &schema[column] : column < COL_EXTRA ? &credential_schema[column - COL_COUNT]
        : report_column_info(r, (enum column)column);
}

enum column credential_column_of_user(enum credential_column column, enum credential c)
{
    const struct credential_columns *k = &credential_columns[c];
    switch (column) {
    case CRED_ACTIVE: return k->active;
    case CRED_AGE: return k->age;
    case CRED_IDLE: return k->idle;
    case CRED_LAST_ROTATED: return k->made;
    case CRED_LAST_USED: return k->used;
    case CRED_REGION: return k->region;
    case CRED_SERVICE: return k->service;
    default: return COL_COUNT;
    }
}
