/* Queries over a small report whose answers are worked out by hand. */
#include "parse.h"
#include "query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char csv[] =
    "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date\n"
    "mixed,arn:aws:iam::123456789012:user/ci/mixed,2020-01-01T00:00:00Z,true,no_information,false,true,2026-06-01T00:00:00Z,N/A,"
    "false,2020-01-01T00:00:00Z,N/A\n"
    "old,arn:aws:iam::123456789012:user/old,2020-01-01T00:00:00+00:00,false,N/A,false,true,2020-01-01T00:00:00Z,"
    "2026-06-14T00:00:00Z,false,N/A,N/A\n";

struct expectation {
    const char *query;
    const char *users; /* m: mixed, o: old */
};

static void test_matches(void **state)
{
    static const struct expectation table[] = {
        {"key(active and age > 90d)", "o"}, {"key(age > 90d)", "mo"}, {"key(active and last_used = never)", "m"},
        {"not key(active and age > 90d)", "m"}, {"password_enabled", "m"}, {"password_last_used = never", "m"},
        {"password_last_used = n/a", "o"}, {"password_last_used = missing", "mo"}, {"path = /ci/", "m"},
        {"user ~ ^OL", ""}, {"user ~ ^ol", "o"}, {"user in (old, \"mixed\")", "mo"}, {"MIX", "m"}, {"'123456'", "mo"},
        {"active_keys = 1 && !mfa_active", "mo"}, {"idle < 2d", "o"}, {"idle != 5d", "o"}, {"not idle != 5d", "m"},
        {"access_key_1_last_used_region = missing", "mo"}, {"key(slot = 2)", "m"}, {"cert(exists)", ""}, {"root", ""},
        {"age = 2357d", "mo"}, {"age > 2357d", ""}, {"user_creation_time < 2020-01-01T00:00:01Z", "mo"},
    };
    struct report r = {0};
    struct error err;
    (void)state;
    assert_true(parse_report(&r, "test", slice_of(csv), &err));
    report_finish(&r);
    r.as_of = 1781481600; /* 2026-06-15T00:00:00Z */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct query *q = query_parse(slice_of(table[i].query), &err);
        char got[3] = "";
        if (!q)
            fail_msg("%s: %s", table[i].query, err.text);
        for (size_t row = 0; row < 2; row++) {
            if (query_matches(q, &r, row))
                strcat(got, row ? "o" : "m");
        }
        if (strcmp(got, table[i].users) != 0)
            fail_msg("%s: got \"%s\", not \"%s\"", table[i].query, got, table[i].users);
        query_free(q);
    }
    report_free(&r);
}

static void test_errors(void **state)
{
    static const struct {
        const char *query;
        size_t offset;
    } table[] = {{"", 0}, {"key(active and ag > 90d)", 15}, {"age > 90", 6}, {"(root", 5}, {"root root", 5}, {"'x", 0},
        {"user ~ '('", 9}, {"age > never", 6}, {"key(key(active))", 4}, {"mfa_active = maybe", 13}, {"frobnicate(x)", 0}, {"age", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = {.offset = 999};
        struct query *q = query_parse(slice_of(table[i].query), &err);
        if (q || err.offset != table[i].offset)
            fail_msg("%s: offset %zu, not %zu: %s", table[i].query, err.offset, table[i].offset, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_matches), cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
