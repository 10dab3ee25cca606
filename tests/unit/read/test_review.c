/* What is odd about whole rows: counted once per file and kind, wherever pieces and threads divide the rows. */
#include "unit/sample.h"
#include "report/review.h"

#include <stdio.h>
#include <stdlib.h>

enum { MANY = 70000 }; /* more than two pieces */

/* Users u000000 on, of one account, every STEP-th backwards in the order if STEP is not 0. */
static void many_users(struct buffer *csv, size_t step)
{
    buffer_puts(csv, "user,arn,mfa_active\n<root_account>,arn:aws:iam::123456789012:root,true\n");
    for (size_t i = 0; i < MANY; i++) {
        size_t n = step && i % step == 0 && i + 1 < MANY ? i + 1 : step && i % step == 1 ? i - 1 : i;
        buffer_printf(csv, "u%06zu,arn:aws:iam::123456789012:user/p/u%06zu,true\n", n, n);
    }
}

static void review(struct report *r)
{
    review_rows(r);
    review_tell(r);
    review_tell(r); /* once is enough */
}

static const char *only_problem(const struct report *r)
{
    if (r->problem_count != 1)
        fail_msg("%zu problems, the first: %s", r->problem_count, r->problem_count ? r->problems[0].text : "none");
    return r->problems[0].text;
}

static void test_nothing_is_odd(void **state)
{
    (void)state;
    for (size_t step = 0; step < 5; step += 2) {
        struct buffer csv = {0};
        struct report r;
        many_users(&csv, step);
        sample_load(&r, (struct slice){csv.data, csv.len});
        review(&r);
        assert_int_equal(r.problem_count, 0);
        report_free(&r);
        buffer_free(&csv);
    }
}

/* A user once more at the very end, in order and not, and quoted, so that rows are kept in the other form. */
static void test_user_twice(void **state)
{
    static const char *const again[] = {"u000007,arn:aws:iam::123456789012:user/p/u000007,true\n",
        "\"u000007\",\"arn:aws:iam::123456789012:user/p/u000007\",true\n"};
    (void)state;
    for (size_t step = 0; step < 4; step += 2) {
        for (size_t i = 0; i < SAMPLE_COUNT(again); i++) {
            struct buffer csv = {0};
            struct report r;
            many_users(&csv, step);
            buffer_puts(&csv, again[i]);
            sample_load(&r, (struct slice){csv.data, csv.len});
            review(&r);
            assert_non_null(strstr(only_problem(&r), "once more; 1 row of this file"));
            assert_int_equal(r.problems[0].line, MANY + 3);
            report_free(&r);
            buffer_free(&csv);
        }
    }
}

static void test_rows(void **state)
{
    static const struct {
        const char *rows, *problem; /* a part of it; NULL: there is none */
    } cases[] = {
        {"<root_account>,arn:aws:iam::123456789012:root,true\nB,arn:aws:iam::123456789012:user/B,x\n", NULL},
        {"root_account,arn:aws-cn:iam::123456789012:root,true\n", NULL},
        {"b,,true\nc,,true\n", NULL},
        {"ann,arn:aws:iam::123456789012:user/ANN,true\n", NULL},
        {"a/b,arn:aws:iam::123456789012:user/a/b,true\n", NULL}, /* such a name is not legal, and nothing else is odd */
        {"ann,arn:aws:iam::123456789012:user/joann,true\n", "user and ARN name two users"},
        {"ann,arn:aws:iam::123456789012:root,true\n", "user and ARN name two users"},
        {"<root_account>,arn:aws:iam::123456789012:user/ann,true\n", "user and ARN name two users"},
        {"ann,arn:aws:iam::123456789012:role/ann,true\n", "no ARN of a user"},
        {"ann,ann,true\n", "no ARN of a user"},
        {"ann,arn:aws:iam::123456789012:user/ann\n", NULL}, /* the row is told already */
        {"ann,x\n", NULL},
        {"b,arn:aws:iam::1:user/x/b,true\nb,arn:aws:iam::1:user/b,true\n", "line 2 once more; 1 row of"},
        {"b,,true\nb,,true\nb,,false\n", "line 2 once more; 2 rows of this file"},
        {"a,arn:aws:iam::1:user/a,true\na,arn:aws-cn:iam::1:user/a,true\na,arn:aws:iam::2:user/a,true\n", NULL},
        {"<root_account>,arn:aws:iam::1:root,true\n<root_account>,arn:aws:iam::1:root,true\n",
            "after line 2; 1 row too many"},
        {"<root_account>,arn:aws:iam::1:root,true\n<root_account>,arn:aws:iam::2:root,true\n", NULL},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct buffer csv = {0};
        struct report r;
        buffer_printf(&csv, "user,arn,mfa_active\n%s", cases[i].rows);
        sample_load(&r, (struct slice){csv.data, csv.len});
        size_t before = r.problem_count;
        review(&r);
        const char *text = r.problem_count > before ? r.problems[before].text : NULL;
        if (r.problem_count > before + 1 || !cases[i].problem != !text || (text && !strstr(text, cases[i].problem)))
            fail_msg("%zu: %zu problems, the first: %s", i, r.problem_count - before, text);
        report_free(&r);
        buffer_free(&csv);
    }
}

static void test_future(void **state)
{
    struct buffer csv = {0};
    struct report r;
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "now", "password_last_used=2026-06-15T12:00:00Z password_last_changed=2026-06-15T12:14:59Z");
    sample_user(&csv, "next", "password_next_rotation=2027-01-01T00:00:00Z");
    sample_user(&csv, "late",
        "access_key_2_last_used_date=2200-01-01T00:00:00Z cert_1_last_rotated=2027-01-01T00:00:00Z");
    sample_user(&csv, "too", "password_last_used=2026-06-15T12:15:01Z");
    sample_load(&r, (struct slice){csv.data, csv.len});
    review(&r);
    assert_non_null(strstr(only_problem(&r), "; 3 times like that"));
    assert_non_null(strstr(only_problem(&r), "2200-01-01T00:00:00Z is later than 2026-06-15T12:00:00Z"));
    assert_int_equal(r.problems[0].line, 4);
    report_free(&r);
    buffer_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_odd),
        cmocka_unit_test(test_user_twice),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
