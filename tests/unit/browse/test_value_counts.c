/* Values of columns, counted in steps, against counting them one by one. */
#include "unit/sample.h"

#include "browse/value_counts.h"

#include <stdio.h>

static struct value_counts *count_all(const struct report *r, enum column column, bool is_list)
{
    struct value_counts *v = value_counts_new(r, &column, 1, is_list);
    while (value_counts_step(v))
        ;
    assert_true(value_counts_is_complete(v));
    return v;
}

static size_t rows_of(const struct value_counts *v, const char *text)
{
    for (size_t i = 0; i < v->count; i++) {
        if (slice_equal(value_counts_text(v, v->order[i].index), slice_of(text)))
            return v->order[i].rows;
    }
    return 0;
}

/* COUNT users: a third of them below /ci/, every fifth with MFA, in seven accounts. */
static void load_many(struct report *r, size_t count)
{
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < count; i++) {
        char name[32], changes[300];
        snprintf(name, sizeof name, "user-%05zu", i);
        snprintf(changes, sizeof changes,
            "arn=arn:aws:iam::%012zu:user/%suser-%05zu mfa_active=%s access_key_1_active=true "
            "access_key_1_last_used_service=%s", i % 7, i % 3 ? "" : i % 2 ? "ci/" : "CI/", i, i % 5 ? "false" : "true",
            i % 4 ? "s3" : "ec2");
        sample_user(&csv, name, changes);
    }
    sample_load(r, (struct slice){csv.data, csv.len});
    assert_int_equal(r->row_count, count);
    buffer_free(&csv);
}

static void test_counts(void **state)
{
    enum { USERS = 3000 };
    struct report r;
    (void)state;
    load_many(&r, USERS);
    struct value_counts *v = count_all(&r, COL_ACCOUNT, false);
    assert_int_equal(v->count, 7);
    assert_int_equal(rows_of(v, "000000000000"), (USERS + 6) / 7);
    value_counts_free(v);
    v = count_all(&r, COL_PATH, false);
    assert_int_equal(v->count, 2); /* /ci/ and /CI/ are one value, as in queries */
    assert_int_equal(rows_of(v, "/CI/"), USERS / 3);
    assert_int_equal(rows_of(v, "/"), USERS - USERS / 3);
    sample_is(value_counts_text(v, v->order[0].index), "/");
    value_counts_free(v);
    v = count_all(&r, COL_MFA_ACTIVE, false);
    assert_int_equal(rows_of(v, "true"), USERS / 5);
    assert_int_equal(rows_of(v, "false"), USERS - USERS / 5);
    value_counts_free(v);
    v = count_all(&r, COL_KEY_1_LAST_USED_SERVICE, false);
    assert_int_equal(rows_of(v, "ec2"), USERS / 4);
    value_counts_free(v);
    const enum column both[] = {COL_KEY_1_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_SERVICE};
    v = value_counts_new(&r, both, 2, false);
    while (value_counts_step(v))
        ;
    assert_int_equal(rows_of(v, "ec2"), USERS / 4);
    value_counts_free(v);
    report_free(&r);
}

/* Each step looks at a bounded number of rows, and one more value than fits is told, not lost in silence. */
static void test_steps(void **state)
{
    enum { USERS = VALUE_COUNTS_MAX + 100 };
    struct report r;
    enum column column = COL_USER;
    size_t steps = 0, before = 0;
    (void)state;
    load_many(&r, USERS);
    struct value_counts *v = value_counts_new(&r, &column, 1, false);
    for (; value_counts_step(v); steps++) {
        assert_true(v->at - before <= 1 << 12);
        before = v->at;
    }
    assert_true(steps >= 2);
    assert_int_equal(v->count, VALUE_COUNTS_MAX);
    assert_true(v->is_crowded);
    value_counts_free(v);
    report_free(&r);
}

/* An element that a list has twice counts once; texts of any bytes stay what they are. */
static void test_lists(void **state)
{
    struct report r;
    (void)state;
    load_many(&r, 3);
    r.extra = extra_columns_new();
    size_t groups = extra_columns_add(r.extra, &(struct extra_description){.name = "groups", .is_list = true});
    extra_columns_reserve(r.extra, r.row_count);
    extra_columns_set(r.extra, groups, 0, extra_columns_text(r.extra, slice_of("ops\037Ops\037dev")));
    extra_columns_set(r.extra, groups, 1, extra_columns_text(r.extra, slice_of("dev")));
    extra_columns_set(r.extra, groups, 2, extra_columns_text(r.extra, slice_of("\033[31m\xff")));
    struct value_counts *v = count_all(&r, (enum column)(COL_EXTRA + groups), true);
    assert_int_equal(v->count, 3);
    assert_int_equal(rows_of(v, "ops"), 1);
    assert_int_equal(rows_of(v, "dev"), 2);
    assert_int_equal(rows_of(v, "\033[31m\xff"), 1);
    value_counts_free(v);
    report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts), cmocka_unit_test(test_steps),
        cmocka_unit_test(test_lists)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
