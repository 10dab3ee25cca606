/* Completion of queries by context, and that what is completed is a query. */
#include "unit/sample.h"

#include "audit/checks.h"
#include "query/suggest.h"
#include "audit/check_query.h"

#include <stdio.h>

static const char *offered(const char *text, bool keys)
{
    static char all[8192];
    struct suggestions c = {0};
    suggest_query(&c, slice_of(text), keys ? QUERY_CREDENTIALS : QUERY_USERS, &check_query_checks, NULL);
    size_t n = 0;
    all[0] = '\0';
    for (size_t i = 0; i < c.firm; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? " " : "", c.list[i].word);
    suggest_free(&c);
    return all;
}

static void test_places(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"mfa", "mfa_active"},
        {"password_e", "password_enabled"},
        {"not access_key_1_last_u",
            "access_key_1_last_used_date access_key_1_last_used_region access_key_1_last_used_service"},
        {"ke", "key_1_age key_1_idle key_2_age key_2_idle key("},
        {"key(", "exists active used age idle last_rotated last_used region service id slot not"},
        {"key(active and a", "active age"},
        {"cert(a", "active age"},
        {"key(active) and pat", "path"},
        {"fails(root", "root-key root-mfa root-used root-managed root-password"},
        {"failing(root", "root-key root-mfa root-used root-managed root-password"},
        {"since(console-mfa) > 2026-01-01 a", "and"}, {"sin", "since("}, {"faili", "failing("},
        {"not fails(console-mfa) or fails(un", "unused unused-90"},
        {"since(root", "root-key root-mfa root-used root-managed root-password"},
        {"since(root-key) ", "= != > >= < <= in ("},
        {"failing(root-key) > 4", "45d"},
        {"severity >= h", "high"},
        {"mfa_active = ", "true false missing n/a no_information not_supported empty malformed"},
        {"key(last_used = n", "now never n/a no_information not_supported"},
        {"password_last_used = nev", "never"},
        {"user = nev", ""},
        {"severity in (low, m", "medium missing malformed"},
        {"root a", "and"},
        {"key(active) o", "or"},
        {"!mfa", "mfa_active"},
        {"user ~ 'mfa", ""},
        {"zzz", ""},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(rows); i++) {
        if (strcmp(offered(rows[i].text, false), rows[i].words) != 0)
            fail_msg("%s: %s, not %s", rows[i].text, offered(rows[i].text, false), rows[i].words);
    }
    assert_string_equal(offered("stat", true), "state");
}

static void test_common(void **state)
{
    struct suggestions c = {0};
    (void)state;
    suggest_query(&c, slice_of("key(active) and KEY_1"), QUERY_USERS, &check_query_checks, NULL);
    assert_int_equal(c.from, 16);
    assert_int_equal(c.firm, 2);
    assert_int_equal(suggest_common(&c), strlen("key_1_"));
    suggest_free(&c);
}

/* Whatever has been typed. */
static void test_random(void **state)
{
    static const char *const pieces[] = {"key(", "cert(", "fails(", "in (", "(", ")", " ", "and ", "not ", "age", "=",
        ">", "'", "mfa", "n", "90d", ",", "!"};
    (void)state;
    sample_start();
    for (int round = 0; round < 2000; round++) {
        struct buffer text = {0};
        struct suggestions c = {0};
        buffer_puts(&text, "");
        for (size_t n = sample_below(120); n > 0; n--)
            buffer_puts(&text, SAMPLE_ONE_OF(pieces));
        suggest_query(&c, (struct slice){text.data, text.len}, round % 2 ? QUERY_CREDENTIALS : QUERY_USERS,
            &check_query_checks, NULL);
        assert_true(c.from <= text.len);
        suggest_free(&c);
        buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_places), cmocka_unit_test(test_common),
        cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
