/* The table of checks; the predicates follow the audit texts of the benchmarks that are named beside them. */
#include "checks.h"

#include "query.h"

#include <assert.h>
#include <stdlib.h>

/* The benchmarks' numbers, in the order of enum benchmark. */
#define NUMBERS(...) .numbers = {__VA_ARGS__}

const struct check checks[] = {
    {"root-key", "root has an access key", SEVERITY_CRITICAL,
        NUMBERS("1.4", "1.3", "2.3", "2.4", "IAM.4", "iam-root-access-key-check", "iam_no_root_access_key"),
        "root and key(active)"},
    {"root-mfa", "root without MFA", SEVERITY_CRITICAL,
        NUMBERS("1.5", "1.4", "2.4", "2.5", "IAM.9", "root-account-mfa-enabled", "iam_root_mfa_enabled"),
        /* A root without credentials cannot sign in and passes; old reports say not_supported for its password. */
        "root and mfa_active = false and (password_enabled or password_enabled = not_supported or key(active))"},
    {"console-mfa", "console user without MFA", SEVERITY_HIGH,
        NUMBERS("1.10", "1.9", "2.9", "2.10", "IAM.5", "mfa-enabled-for-iam-console-access",
            "iam_user_mfa_enabled_console_access"),
        "not root and password_enabled and mfa_active = false"},
    {"rotate-key", "active key not rotated for 90 days", SEVERITY_MEDIUM,
        NUMBERS("1.14", "1.13", "2.13", "2.12", "IAM.3", "access-keys-rotated", "iam_rotate_access_key_90_days"),
        "key(active and age > 90d)"},
    {"unused", "credential unused for 45 days", SEVERITY_MEDIUM,
        NUMBERS("1.12", "1.11", "2.11", "2.11", "IAM.22", "iam-user-unused-credentials-check",
            "iam_user_accesskey_unused"),
        "not root and ((password_enabled and password_idle >= 45d) or key(active and idle >= 45d))"},
    {"root-used", "root used within a day", SEVERITY_MEDIUM,
        NUMBERS("1.7", "1.6", "2.6", "2.7", NULL, NULL, "iam_avoid_root_usage"),
        "root and idle <= 1d"},
    {"setup-key", "key made at user set-up, never used", SEVERITY_LOW,
        NUMBERS("1.11", "1.10", "2.10", NULL, NULL, NULL, "iam_user_no_setup_initial_access_key"),
        "not root and password_enabled and key(active and last_used = never)"},
    {"two-keys", "two active keys", SEVERITY_LOW,
        NUMBERS("1.13", "1.12", "2.12", NULL, NULL, NULL, "iam_user_two_active_access_key"),
        "active_keys = 2"},
    {"never-used-key", "active key never used", SEVERITY_LOW, NUMBERS(NULL),
        /* A key made this week is still on its way to where it will be used. */
        "key(active and last_used = never and age > 7d)"},
    {"dormant", "nothing used for a year", SEVERITY_LOW, NUMBERS(NULL),
        "not root and age > 365d and (password_enabled or active_keys > 0 or cert(active))"
        " and not password_idle <= 365d and not key(idle <= 365d)"},
    {"inactive-key", "inactive key left behind", SEVERITY_LOW, NUMBERS(NULL), "key(active = false)"},
    {"no-credential", "user with nothing active", SEVERITY_LOW, NUMBERS(NULL),
        "not root and password_enabled = false and active_keys = 0 and not cert(active)"},
    {"active-cert", "active signing certificate", SEVERITY_LOW, NUMBERS(NULL), "cert(active)"},
    {"old-password", "password not changed for a year", SEVERITY_LOW, NUMBERS(NULL),
        "password_enabled and password_age > 365d"},
    {"console-and-keys", "console and keys on one user", SEVERITY_LOW, NUMBERS(NULL),
        "not root and password_enabled and active_keys > 0"},
};
const size_t check_count = sizeof checks / sizeof checks[0];
static_assert(sizeof checks / sizeof checks[0] <= CHECKS_MAX, "one bit a check");

/* Every name of --benchmark; the numbers of CIS 1.4 held until 4.0. */
static const struct {
    const char *name;
    enum benchmark benchmark;
} benchmarks[] = {{"cis-1.4", BENCHMARK_CIS_1_4}, {"cis-1.5", BENCHMARK_CIS_1_4}, {"cis-2.0", BENCHMARK_CIS_1_4},
    {"cis-3.0", BENCHMARK_CIS_1_4}, {"cis-4.0", BENCHMARK_CIS_1_4}, {"cis-5.0", BENCHMARK_CIS_5_0},
    {"cis-6.0", BENCHMARK_CIS_6_0}, {"cis-7.0", BENCHMARK_CIS_7_0}, {"security-hub", BENCHMARK_SECURITY_HUB},
    {"aws-config", BENCHMARK_AWS_CONFIG}, {"prowler", BENCHMARK_PROWLER}};

enum benchmark benchmark_find(struct slice name)
{
    for (size_t i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++) {
        if (slice_equal_nocase(name, slice_of(benchmarks[i].name)))
            return benchmarks[i].benchmark;
    }
    return BENCHMARK_COUNT;
}

void benchmark_names(struct buffer *out)
{
    for (size_t i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++)
        buffer_printf(out, "%s%s", i ? ", " : "", benchmarks[i].name);
}

static const char *number_prefix(enum benchmark benchmark)
{
    return benchmark <= BENCHMARK_CIS_7_0 ? "CIS " : "";
}

size_t check_find(struct slice id, enum benchmark benchmark)
{
    bool cis = id.len > 4 && slice_equal_nocase((struct slice){id.data, 4}, slice_of("cis-"));
    struct slice number = cis ? (struct slice){id.data + 4, id.len - 4} : id;
    for (size_t i = 0; i < check_count; i++) {
        if (slice_equal_nocase(id, slice_of(checks[i].id)))
            return i;
        /* A CIS number is only good in the CIS version chosen; the other benchmarks' names are unmistakable. */
        for (enum benchmark b = BENCHMARK_CIS_1_4; b < BENCHMARK_COUNT; b++) {
            bool asked = b > BENCHMARK_CIS_7_0 ? !cis
                : cis && b == (benchmark > BENCHMARK_CIS_7_0 ? BENCHMARK_CIS_1_4 : benchmark);
            if (asked && checks[i].numbers[b] && slice_equal_nocase(number, slice_of(checks[i].numbers[b])))
                return i;
        }
    }
    return check_count;
}

void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark)
{
    if (check->numbers[benchmark])
        buffer_printf(out, "%s%s", number_prefix(benchmark), check->numbers[benchmark]);
}

void checks_run(struct report *r)
{
    struct error err;
    r->failed = xrealloc(r->failed, r->row_count + 1, sizeof *r->failed);
    r->severity = xrealloc(r->severity, r->row_count + 1, sizeof *r->severity);
    memset(r->failed, 0, r->row_count * sizeof *r->failed);
    memset(r->severity, 0, r->row_count * sizeof *r->severity);
    for (size_t i = 0; i < check_count; i++) {
        struct query *q = query_parse(slice_of(checks[i].predicate), &err);
        if (!q)
            abort(); /* a fault in the table; test_checks parses every predicate */
        for (size_t row = 0; row < r->row_count; row++) {
            if (!query_matches(q, r, row))
                continue;
            r->failed[row] |= UINT32_C(1) << i;
            if (r->severity[row] < checks[i].severity)
                r->severity[row] = (uint8_t)checks[i].severity;
        }
        query_free(q);
    }
}
