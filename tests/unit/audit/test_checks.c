/*
 * The table of checks: every predicate parses, thresholds hold to the second. Mistakes of other tools: test_pitfalls.
 */
#include "unit/sample.h"

#include "audit/check_query.h"
#include "audit/audit.h"

#include <stdio.h>
#include <stdlib.h>

/* Which checks a user fails, as of 2026-06-15T12:00:00Z, named in the order of the table. */
static const struct {
    const char *name, *changes, *failed;
} cases[] = {
    {"nothing", "", "no-credential"},
    {"console", "password_enabled=true password_last_changed=2026-06-01T00:00:00Z "
        "password_last_used=2026-06-14T00:00:00Z mfa_active=true", ""},
    {"no-mfa", "password_enabled=true password_last_changed=2026-06-01T00:00:00Z "
        "password_last_used=2026-06-14T00:00:00Z", "console-mfa"},
    /* 45 days to the second are unused; one second less is not. */
    {"idle-45", "password_enabled=true password_last_changed=2026-01-01T00:00:00Z "
        "password_last_used=2026-05-01T12:00:00Z mfa_active=true", "unused"},
    {"idle-44", "password_enabled=true password_last_changed=2026-01-01T00:00:00Z "
        "password_last_used=2026-05-01T12:00:01Z mfa_active=true", ""},
    /* A password that was never used counts from when it was set. */
    {"never", "password_enabled=true password_last_changed=2026-01-01T00:00:00Z "
        "password_last_used=no_information mfa_active=true", "unused"},
    /* 90 days to the second are no fault; one second more is. */
    {"key-90", "access_key_1_active=true access_key_1_last_rotated=2026-03-17T12:00:00Z "
        "access_key_1_last_used_date=2026-06-15T00:00:00Z", ""},
    {"key-91", "access_key_1_active=true access_key_1_last_rotated=2026-03-17T11:59:59Z "
        "access_key_1_last_used_date=2026-06-15T00:00:00Z", "rotate-key"},
    /* A key that was never used is found. */
    {"unused-key", "access_key_1_active=true access_key_1_last_rotated=2026-01-01T00:00:00Z",
        "rotate-key unused never-used-key"},
    {"fresh-key", "access_key_1_active=true access_key_1_last_rotated=2026-06-14T00:00:00Z", ""},
    {"both", "access_key_1_active=true access_key_1_last_rotated=2026-06-01T00:00:00Z "
        "access_key_1_last_used_date=2026-06-10T00:00:00Z access_key_2_active=true "
        "access_key_2_last_rotated=2026-06-01T00:00:00Z access_key_2_last_used_date=2026-06-15T00:00:00Z",
        "two-keys"},
    /* A disabled password is not asked for MFA, nor called unused. */
    {"disabled", "password_enabled=false password_last_changed=2019-01-01T00:00:00Z "
        "password_last_used=2019-01-01T00:00:00Z cert_1_active=true cert_1_last_rotated=2019-01-01T00:00:00Z",
        "dormant active-cert"},
    /* An inactive key on root is no access key. */
    {"<root_account>", "arn=arn:aws:iam::123456789012:root password_enabled=false access_key_1_active=false "
        "access_key_1_last_rotated=2020-01-01T00:00:00Z", "inactive-key"},
};

static void audit_default(struct audit *audit)
{
    struct check_settings settings;
    check_settings_init(&settings);
    audit_init(audit, &settings);
}

static void test_cases(void **state)
{
    struct audit audit;
    audit_default(&audit);
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct buffer csv = {0}, failed = {0};
        struct report r;
        buffer_puts(&csv, sample_header);
        sample_user(&csv, cases[i].name, cases[i].changes);
        sample_load(&r, (struct slice){csv.data, csv.len});
        audit_run(&audit, &r);
        buffer_puts(&failed, "");
        for (size_t c = 0; c < check_count(); c++) {
            if (audit_counted(&r, 0) >> c & 1)
                buffer_printf(&failed, "%s%s", failed.len ? " " : "", check_at(c)->id);
        }
        if (strcmp(failed.data, cases[i].failed) != 0)
            fail_msg("case %zu, %s: \"%s\", not \"%s\"", i, cases[i].name, failed.data, cases[i].failed);
        assert_int_equal(report_value(&r, 0, COL_FINDINGS).number, __builtin_popcount(audit_counted(&r, 0)));
        report_free(&r);
        buffer_free(&csv);
        buffer_free(&failed);
    }
    audit_free(&audit);
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < check_count(); i++) {
        assert_true(check_at(i)->title[0] && check_at(i)->severity > SEVERITY_NONE
            && check_at(i)->severity < SEVERITY_COUNT);
        assert_int_equal(check_find(slice_of(check_at(i)->id), BENCHMARK_CIS_1_4, NULL), i);
        for (enum benchmark b = BENCHMARK_SECURITY_HUB; b < BENCHMARK_COUNT; b++) {
            for (const char *at = check_at(i)->numbers[b]; at && *at;) {
                size_t n = strcspn(at, " ");
                assert_int_equal(check_find((struct slice){at, n}, b, NULL), i);
                at += n + (at[n] == ' ');
            }
        }
    }
}

/* The same number is another check in another benchmark, as CIS renumbered them. */
static void test_numbers(void **state)
{
    static const struct {
        const char *id, *benchmark, *check;
    } table[] = {
        {"cis-1.14", "cis-4.0", "rotate-key"}, {"cis-1.13", "cis-5.0", "rotate-key"},
        {"cis-2.13", "cis-6.0", "rotate-key"},
        {"cis-2.12", "cis-7.0", "rotate-key"}, {"cis-1.4", "cis-1.4", "root-key"}, {"cis-1.4", "cis-5.0", "root-mfa"},
        {"CIS-1.10", "cis-3.0", "console-mfa"}, {"cis-1.1", "cis-4.0", ""}, {"cis-2.10", "cis-7.0", "console-mfa"},
        {"iam.22", "cis-4.0", "unused"}, {"access-keys-rotated", "cis-4.0", "rotate-key"}, {"1.14", "cis-4.0", ""},
        {"cis-1.14", "security-hub", "rotate-key"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        size_t found = check_find(slice_of(table[i].id), benchmark_find(slice_of(table[i].benchmark)), NULL);
        const char *name = found < check_count() ? check_at(found)->id : "";
        if (strcmp(name, table[i].check) != 0)
            fail_msg("%s in %s: \"%s\", not \"%s\"", table[i].id, table[i].benchmark, name, table[i].check);
    }
    assert_int_equal(benchmark_find(slice_of("cis-9")), BENCHMARK_COUNT);
}

static void test_queries(void **state)
{
    static const struct {
        const char *query;
        size_t matches;
    } table[] = {
        {"fails(root-key)", 1}, {"fails(cis-1.14)", 1}, {"not fails(cis-1.14)", 2}, {"findings = 0", 1},
        {"findings > 0", 2},
        {"severity = critical", 1}, {"severity >= medium", 2}, {"severity = none", 1}, {"severity in (low, medium)", 1},
        {"severity < high", 2}, {"fails(\"iam.3\") and not root", 1},
    };
    struct buffer csv = {0};
    struct report r;
    struct error err;
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "<root_account>", "arn=arn:aws:iam::123456789012:root mfa_active=true access_key_1_active=true "
        "access_key_1_last_rotated=2026-06-01T00:00:00Z access_key_1_last_used_date=2026-06-01T00:00:00Z");
    sample_user(&csv, "ci", "access_key_1_active=true access_key_1_last_rotated=2024-06-01T00:00:00Z "
        "access_key_1_last_used_date=2026-06-01T00:00:00Z");
    sample_user(&csv, "ok", "access_key_1_active=true access_key_1_last_rotated=2026-06-01T00:00:00Z "
        "access_key_1_last_used_date=2026-06-01T00:00:00Z");
    sample_load(&r, (struct slice){csv.data, csv.len});
    struct audit audit;
    audit_default(&audit);
    audit_run(&audit, &r);
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct query *q = check_query_parse(slice_of(table[i].query), QUERY_USERS, BENCHMARK_CIS_1_4, &err);
        size_t n = 0;
        for (size_t row = 0; q && row < r.row_count; row++)
            n += query_matches(q, &r, row);
        if (!q || n != table[i].matches)
            fail_msg("%s: %zu matches: %s", table[i].query, n, q ? "" : err.text);
        query_free(q);
    }
    report_free(&r);
    audit_free(&audit);
    buffer_free(&csv);
}

static void test_errors(void **state)
{
    static const struct {
        const char *query;
        size_t offset;
        const char *says;
    } table[] = {
        {"fails(rotat-key)", 6, "rotate-key?"}, {"fails()", 6, "id of a check"}, {"fails(root-key", 14, "\")\""},
        {"key(fails(root-key))", 4, "about a user"}, {"fails", 0, NULL}, {"severity = bad", 11, "critical"},
        {"severity ~ high", 11, "text column"}, {"findings = many", 11, "number"},
        {"fails(root-key, unused)", 14, "\")\""},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct error err;
        struct query *q = check_query_parse(slice_of(table[i].query), QUERY_USERS, BENCHMARK_CIS_1_4, &err);
        if ((q != NULL) != (table[i].says == NULL))
            fail_msg("%s: %s", table[i].query, q ? "parsed" : err.text);
        if (!q && (err.offset != table[i].offset || !strstr(err.text, table[i].says)))
            fail_msg("%s: at %zu: %s", table[i].query, err.offset, err.text);
        query_free(q);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_table), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
