/* Users counted by a column: each group's query, run by the query language, finds as many users as the group says. */
#include "unit/sample.h"

#include "audit/audit.h"
#include "browse/view.h"
#include "export/count_by.h"

#include <stdlib.h>

static struct audit audit;

/* Columns from elsewhere: lists, and texts that need quoting. */
static void add_extra(struct report *r)
{
    static const char *const texts[] = {"", "a \"b\" 'c'", "A", "a", "it's", "\"", "x\ny", "Mobile", "mobile"};
    r->extra = extra_columns_new();
    size_t text = extra_columns_add(r->extra, &(struct extra_description){.name = "team", .source = "x"});
    size_t list = extra_columns_add(r->extra,
        &(struct extra_description){.name = "groups", .source = "x", .is_list = true});
    size_t rights = extra_columns_add(r->extra,
        &(struct extra_description){.name = "rights", .source = "x", .type = TYPE_RIGHTS});
    extra_columns_reserve(r->extra, r->row_count);
    for (size_t i = 0; i < r->row_count; i++) {
        struct buffer b = {0};
        buffer_puts(&b, "");
        for (size_t n = sample_below(4); n > 0; n--)
            buffer_printf(&b, "%s%c", b.len ? "\x1f" : "", (int)('a' + sample_below(3)));
        if (sample_below(5))
            extra_columns_set(r->extra, text, i, extra_columns_text(r->extra, slice_of(SAMPLE_ONE_OF(texts))));
        extra_columns_set(r->extra, list, i, extra_columns_text(r->extra, (struct slice){b.data, b.len}));
        if (sample_below(5))
            extra_columns_set(r->extra, rights, i, extra_columns_number((int64_t)sample_below(RIGHTS_COUNT)));
        buffer_free(&b);
    }
}

static size_t count_with(struct view *v, const char *query)
{
    struct error err;
    if (!view_add_filter(v, slice_of(query), false, &err))
        fail_msg("%s: %s", query, err.text);
    size_t n = v->count;
    view_remove_filter(v, v->filter_count - 1);
    return n;
}

static size_t count_both(struct view *v, const char *query, const char *other)
{
    struct error err;
    assert_true(view_add_filter(v, slice_of(query), false, &err));
    size_t n = count_with(v, other);
    view_remove_filter(v, v->filter_count - 1);
    return n;
}

static void check_column(struct view *v, const struct report *r, enum column column)
{
    struct count_by c;
    struct error err;
    size_t sum = 0;
    assert_true(count_by_build(&c, r, column, v->rows, v->count, NULL, &err));
    for (size_t i = 0; i < c.count; i++) {
        const struct count_group *g = c.order[i];
        struct buffer q = {0};
        count_by_query(&q, &c, i);
        if (count_with(v, q.data) != g->users)
            fail_msg("%s: %zu, not %zu", q.data, count_with(v, q.data), g->users);
        if (i < 3) {
            assert_int_equal(count_both(v, q.data, "severity = high"), g->severity[SEVERITY_HIGH]);
            assert_int_equal(count_both(v, q.data, "unknown_checks > 0"), g->unknown);
            assert_int_equal(count_both(v, q.data, "fails(console-mfa) or fails(root-mfa)"), g->no_mfa);
            assert_int_equal(count_both(v, q.data, "fails(unused)"), g->unused);
            assert_int_equal(count_both(v, q.data, "key(active and age > 90d)"), g->old_key);
        }
        sum += g->users;
        buffer_free(&q);
    }
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    if (!extra || !extra->is_list)
        assert_int_equal(sum, v->count);
    count_by_free(&c);
}

static void test_groups(void **state)
{
    (void)state;
    sample_start();
    for (int round = 0; round < 4; round++) {
        struct buffer csv = {0};
        struct report r;
        struct view v;
        sample_random_report(&csv, 60);
        sample_load(&r, (struct slice){csv.data, csv.len});
        add_extra(&r);
        audit_run(&audit, &r);
        view_init(&v, &r);
        for (enum column c = 0; c < COL_CHANGE; c++)
            check_column(&v, &r, c);
        for (size_t i = 0; i < r.extra->count; i++)
            check_column(&v, &r, (enum column)(COL_EXTRA + i));
        view_free(&v);
        report_free(&r);
        buffer_free(&csv);
    }
}

static void test_order(void **state)
{
    struct buffer csv = {0};
    struct report r;
    struct count_by c;
    struct error err;
    uint32_t rows[5] = {0, 1, 2, 3, 4};
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "a", "arn=arn:aws:iam::1:user/x/a password_enabled=true");
    sample_user(&csv, "b", "arn=arn:aws:iam::1:user/y/b password_enabled=true");
    sample_user(&csv, "c", "arn=arn:aws:iam::1:user/y/c");
    sample_user(&csv, "d", "arn=arn:aws:iam::1:user/z/d");
    sample_user(&csv, "e", "arn=arn:aws:iam::1:user/z/e");
    sample_load(&r, (struct slice){csv.data, csv.len});
    audit_run(&audit, &r);
    assert_true(count_by_build(&c, &r, COL_PATH, rows, 5, NULL, &err));
    assert_int_equal(c.count, 3);
    sample_is(c.order[0]->text, "/x/"); /* the worst rate, then the next */
    sample_is(c.order[1]->text, "/y/");
    assert_int_equal(count_by_rate(c.order[0]), 100);
    assert_int_equal(count_by_rate(c.order[1]), 50);
    count_by_sort(&c, COUNT_VALUE, true, NULL);
    sample_is(c.order[0]->text, "/z/");
    count_by_sort(&c, COUNT_USERS, true, NULL);
    sample_is(c.order[0]->text, "/x/");
    count_by_free(&c);
    assert_false(count_by_build(&c, &r, COL_BEFORE, rows, 5, NULL, &err));
    assert_true(err.text[0]);
    count_by_free(&c);
    report_free(&r);
    buffer_free(&csv);
}

int main(void)
{
    struct check_settings s;
    check_settings_init(&s);
    audit_init(&audit, &s);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_groups), cmocka_unit_test(test_order)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    audit_free(&audit);
    return failed;
}
