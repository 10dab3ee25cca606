/* The loader on odd but real input: nothing is lost, and everything odd is counted. */
#include "parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void load(struct report *r, const char *csv)
{
    struct error err;
    if (!parse_report(r, "test", slice_of(csv), &err))
        fail_msg("%s", err.text);
}

static void test_odd_rows(void **state)
{
    struct report r = {0};
    (void)state;
    load(&r, "\xef\xbb\xbfuser,arn,mfa_active,odd\r\n\r\na,b,TRUE,\"x\"\"\ny\"\r\nshort\r\nlong,b,maybe,d,e");
    assert_int_equal(r.row_count, 3);
    assert_int_equal(r.problem_count, 3);
    assert_int_equal(r.rows[0].line, 3);
    assert_int_equal(r.rows[1].line, 5);
    assert_int_equal(r.problems[1].line, 6);
    assert_int_equal(report_value(&r, 0, COL_MFA_ACTIVE).number, 1);
    assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 2, COL_MFA_ACTIVE).state, STATE_MALFORMED);
    struct slice odd;
    assert_true(report_raw_at(&r, 0, 3, &odd));
    assert_true(slice_equal(odd, slice_of("x\"\ny")));
    report_free(&r);
}

static void test_not_a_report(void **state)
{
    static const char *const texts[] = {"", "\n\n", "<html>", "{\"Content\": 1}", "a,b,c\n1,2,3\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct report r = {0};
        struct error err;
        assert_false(parse_report(&r, "test", slice_of(texts[i]), &err));
        assert_non_null(strstr(err.text, "test: not a credential report"));
        report_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_odd_rows), cmocka_unit_test(test_not_a_report)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
