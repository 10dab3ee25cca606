/* The table of column sets; the last one is the report as it is, unknown columns included. */
#include "sets.h"

#include "credential.h"

const struct column_set sets[] = {
    {"triage", "who needs attention first", {COL_USER, COL_ACCOUNT, COL_MFA_ACTIVE, COL_PASSWORD_AGE, COL_PASSWORD_IDLE,
        COL_KEY_1_AGE, COL_KEY_1_IDLE, COL_KEY_2_AGE, COL_KEY_2_IDLE, COL_FINDINGS}},
    {"password", "password and MFA", {COL_USER, COL_ACCOUNT, COL_MFA_ACTIVE, COL_PASSWORD_ENABLED, COL_PASSWORD_AGE,
        COL_PASSWORD_IDLE, COL_AGE, COL_IDLE, COL_PASSWORD_NEXT_ROTATION}},
    {"keys", "access keys, and where they were last used", {COL_USER, COL_ACCOUNT, COL_KEY_1_AGE, COL_KEY_1_IDLE,
        COL_KEY_1_LAST_USED_SERVICE, COL_KEY_1_LAST_USED_REGION, COL_KEY_2_AGE, COL_KEY_2_IDLE,
        COL_KEY_2_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_REGION}},
    {"certificates", "signing certificates and whatever else there is", {COL_USER, COL_ACCOUNT, COL_CERT_1_ACTIVE,
        COL_CERT_1_AGE, COL_CERT_2_ACTIVE, COL_CERT_2_AGE, COL_AGE, COL_ADDITIONAL_INFO}},
    {"changes", "what changed between two reports", {COL_USER, COL_ACCOUNT, COL_CHANGE,
        COL_WHAT, COL_BEFORE, COL_AFTER}},
    {"report", "the report as it is", {COL_USER}},
};
const size_t set_count = sizeof sets / sizeof sets[0];

size_t sets_find(struct slice name)
{
    size_t i = 0;
    while (i < set_count && !slice_equal_nocase(name, slice_of(sets[i].name)))
        i++;
    return i;
}

enum { REPORT = sizeof sets / sizeof sets[0] - 1, CHANGES = REPORT - 1 };

bool sets_is_offered(const struct report *r, size_t index)
{
    return index != CHANGES || r->diff;
}

size_t sets_first(const struct report *r)
{
    return r->diff ? CHANGES : 0;
}

/* Names say more than numbers, when there are any. */
static size_t add(const struct report *r, size_t *columns, size_t n, size_t column)
{
    if (column == COL_ACCOUNT && r->account_count < 2)
        return n;
    columns[n] = column == COL_ACCOUNT && r->account_names ? (size_t)COL_ACCOUNT_NAME : column;
    return n + 1;
}

/* The user first, so that it can stay put; the rest as the files have it. */
static size_t report_columns(const struct report *r, size_t *columns)
{
    size_t n = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < r->column_count && n < SETS_COLUMNS_MAX; i++) {
            if ((r->columns[i].known == COL_USER) == (pass == 0))
                columns[n++] = SETS_RAW + i;
        }
    }
    return n;
}

size_t sets_columns(const struct report *r, size_t index, size_t *columns)
{
    if (index == REPORT)
        return report_columns(r, columns);
    size_t n = 0;
    columns[n++] = COL_USER;
    for (size_t i = 1; sets[index].columns[i] != COL_USER; i++)
        n = add(r, columns, n, sets[index].columns[i]);
    return n;
}

size_t sets_key_columns(const struct report *r, size_t *columns)
{
    static const int all[] = {COL_USER, COL_ACCOUNT, COL_COUNT + CRED_CREDENTIAL, COL_COUNT + CRED_STATE,
        COL_COUNT + CRED_AGE, COL_COUNT + CRED_IDLE, COL_COUNT + CRED_FINDINGS, COL_COUNT + CRED_SERVICE,
        COL_COUNT + CRED_REGION};
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        n = add(r, columns, n, (size_t)all[i]);
    return n;
}

enum column sets_sort_column(const struct report *r, size_t id)
{
    return id < SETS_RAW ? (enum column)id : r->columns[id - SETS_RAW].known;
}
