/* Column sets, named filters, the overview: every query in their tables parses, every number is what one then sees. */
#include "unit/sample.h"

#include "report/accounts.h"
#include "audit/check_query.h"
#include "audit/audit.h"
#include "browse/overview_counts.h"
#include "config/presets.h"
#include "config/column_sets.h"
#include "browse/view.h"

static void test_presets(void **state)
{
    struct check_settings s;
    struct config_pairs saved = {0};
    (void)state;
    check_settings_init(&s);
    config_pairs_set(&saved, slice_of("mine"), slice_of("not root"));
    assert_true(preset_count(&saved) > check_count());
    for (size_t k = 0; k < 2 * preset_count(&saved); k++) {
        size_t i = k / 2;
        bool round = k % 2;
        struct buffer title = {0}, text = {0};
        struct error err;
        preset_title(&title, i, &saved, &s);
        preset_query(&text, i, &saved, &s, round);
        assert_true(title.len > 0);
        struct query *q = round ? check_query_parse((struct slice){text.data, text.len}, QUERY_CREDENTIALS, s.benchmark,
            &err)
            : check_query_parse((struct slice){text.data, text.len}, QUERY_USERS, BENCHMARK_CIS_1_4, &err);
        if (!q)
            fail_msg("%s: %s: %s", title.data, text.data, err.text);
        query_free(q);
        buffer_free(&title);
        buffer_free(&text);
    }
    config_pairs_free(&saved);
}

/* Adding a bar as a filter shows as many users as it said. */
static void test_bars(void **state)
{
    unsigned long long seed = sample_start();
    struct audit audit;
    struct check_settings s;
    (void)state;
    check_settings_init(&s);
    audit_init(&audit, &s);
    for (int round = 0; round < 20; round++) {
        struct buffer csv = {0};
        struct report r;
        struct view v;
        struct overview_counts o;
        sample_random_report(&csv, 60);
        sample_load(&r, (struct slice){csv.data, csv.len});
        audit_run(&audit, &r);
        view_init(&v, &r);
        overview_counts_build(&o, &r, v.rows, v.count, &s, NULL);
        assert_true(o.section_count >= 4);
        for (size_t i = 0; i < o.bar_count; i++) {
            struct error err;
            if (!view_add_filter(&v, (struct slice){o.bars[i].query.data, o.bars[i].query.len}, false, &err))
                fail_msg("seed %llu: %s: %s", seed, o.bars[i].query.data, err.text);
            if (v.count != o.bars[i].count)
                fail_msg("seed %llu: %s: %zu, then %zu", seed, o.bars[i].query.data, o.bars[i].count, v.count);
            view_remove_filter(&v, 0);
        }
        overview_counts_free(&o);
        view_free(&v);
        report_free(&r);
        buffer_free(&csv);
    }
    audit_free(&audit);
}

/* Each histogram has a place for every age: the bars of key ages cover all users with an active key of known age. */
static void test_histogram(void **state)
{
    struct report r;
    struct overview_counts o;
    struct audit audit;
    struct check_settings s;
    uint32_t rows[] = {0, 1, 2};
    (void)state;
    sample_load(&r, slice_of("user,arn,access_key_1_active,access_key_1_last_rotated\n"
        "a,arn:aws:iam::111111111111:user/a,true,2026-01-01T00:00:00Z\n"
        "b,arn:aws:iam::111111111111:user/b,true,2020-01-01T00:00:00Z\n"
        "c,arn:aws:iam::2:user/c,false,2020-01-01T00:00:00Z\n"));
    check_settings_init(&s);
    audit_init(&audit, &s);
    audit_run(&audit, &r);
    overview_counts_build(&o, &r, rows, 3, &s, NULL);
    size_t sum = 0;
    for (size_t i = 0; i < o.sections[1].count; i++)
        sum += o.bars[o.sections[1].first + i].count;
    assert_int_equal(sum, 2);
    const struct overview_section *accounts = &o.sections[o.section_count - 1];
    assert_int_equal(accounts->count, 2);
    assert_string_equal(o.bars[accounts->first].label.data, "111111111111");
    assert_int_equal(o.bars[accounts->first].count, 2);
    overview_counts_free(&o);
    char name[] = "Payments";
    struct account list[] = {{.id = "111111111111", .name = name}};
    struct accounts names = {.list = list, .count = 1};
    r.account_names = &names; /* where accounts have names people see them; the query has the number */
    overview_counts_build(&o, &r, rows, 3, &s, NULL);
    accounts = &o.sections[o.section_count - 1];
    assert_string_equal(o.bars[accounts->first].label.data, "111111111111 Payments");
    assert_string_equal(o.bars[accounts->first].query.data, "account = \"111111111111\"");
    assert_string_equal(o.bars[accounts->first + 1].label.data, "2");
    overview_counts_free(&o);
    report_free(&r);
    audit_free(&audit);
}

static void test_sets(void **state)
{
    struct report r;
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    struct buffer list = {0};
    struct error err;
    (void)state;
    sample_load(&r, slice_of("shoe_size,user,arn\n43,a,arn:aws:iam::1:user/a\n"));
    for (size_t i = 0; i <= column_set_count; i++) {
        list.len = 0;
        column_sets_list(&list, i);
        struct slice name = slice_of(i < column_set_count ? column_sets[i].name : column_sets_credentials);
        if (!column_sets_check(name, list.data, NULL, false, &err))
            fail_msg("%s: %s", list.data, err.text);
        size_t n = column_sets_read(&r, i == column_set_count, list.data, columns);
        assert_true(n > 1);
        assert_int_equal(column_sets_sort_column(&r, columns[0].id), COL_USER);
    }
    /* the report as it is: the user first, and what nobody knows too */
    assert_int_equal(column_sets_read(&r, false, "report", columns), 3);
    assert_int_equal(column_sets_sort_column(&r, columns[1].id), COL_COUNT);
    /* what is read is written as it was; what this report has not is left out */
    size_t n = column_sets_read(&r, false, "mfa_active:7,report.arn,report.none,nothing,report.shoe_size:12", columns);
    list.len = 0;
    column_sets_write(&list, &r, false, columns, n);
    assert_string_equal(list.data, "mfa_active:7,report.arn,report.shoe_size:12");
    n = column_sets_read(&r, true, "user,state,age:9,report", columns);
    list.len = 0;
    column_sets_write(&list, &r, true, columns, n);
    assert_string_equal(list.data, "user,state,age:9");
    buffer_free(&list);
    report_free(&r);
}

/* Console users without MFA are of medium severity in Security Hub, and stand after all findings of high severity. */
static void test_order(void **state)
{
    struct report r;
    struct overview_counts o;
    struct audit audit;
    struct check_settings s;
    uint32_t rows[] = {0};
    enum severity worst = SEVERITY_COUNT;
    (void)state;
    sample_load(&r, slice_of("user,arn,password_enabled,mfa_active\na,arn:aws:iam::111111111111:user/a,true,false\n"));
    check_settings_init(&s);
    check_settings_choose(&s, BENCHMARK_SECURITY_HUB, false);
    audit_init(&audit, &s);
    audit_run(&audit, &r);
    overview_counts_build(&o, &r, rows, 1, &s, NULL);
    assert_true(o.sections[0].count > 3);
    for (size_t i = 0; i < o.sections[0].count; i++) {
        enum severity own = o.bars[o.sections[0].first + i].severity;
        assert_true(own <= worst);
        worst = own;
    }
    overview_counts_free(&o);
    report_free(&r);
    audit_free(&audit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_presets), cmocka_unit_test(test_bars),
        cmocka_unit_test(test_histogram), cmocka_unit_test(test_sets), cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
