/* Which credentials a user has, and what of the report tells about each. */
#include "credential.h"

#include "error.h"

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
        || report_value(r, row, COL_PASSWORD_ENABLED).state == STATE_NOT_SUPPORTED;
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
    struct value v = report_value(r, row, credential_columns[c].active);
    return v.state == STATE_VALUE && v.number;
}

size_t credential_list(const struct report *r, const uint32_t *rows, size_t count, uint32_t **ids)
{
    size_t n = 0, cap = 0;
    *ids = NULL;
    for (size_t i = 0; i < count; i++) {
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (!credential_exists(r, rows[i], c))
                continue;
            if (n == cap) {
                cap = cap ? cap * 2 : 256;
                *ids = xrealloc(*ids, cap, sizeof **ids);
            }
            (*ids)[n++] = credential_id(rows[i], c);
        }
    }
    return n;
}
