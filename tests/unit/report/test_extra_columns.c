/* Columns from elsewhere: their names, their types, their cells, read as any column of the report. */
#include "report/extra_columns.h"
#include "unit/sample.h"

static void is_named(const char *name, const char *want)
{
    struct buffer b = {0};
    extra_columns_name(&b, slice_of(name));
    assert_string_equal(b.data, want);
    buffer_free(&b);
}

static void test_names(void **state)
{
    (void)state;
    is_named("team", "team");
    is_named(" Cost centre ", "Cost_centre");
    is_named("tag.Team", "tag.Team");
    is_named("a(b)\n=c", "a_b___c");
    is_named("\xc3\xa9quipe", "__quipe");
    is_named("90d", "_90d");
    is_named("", "_");
    struct extra_columns *x = extra_columns_new();
    struct extra_description d = {.name = "age", .source = "/etc/owners.v2.csv"};
    assert_int_equal(extra_columns_add(x, &d), 0);
    assert_int_equal(extra_columns_add(x, &d), 1);
    assert_string_equal(x->list[0].name, "owners.age");
    assert_string_equal(x->list[1].name, "owners.age_2");
    assert_int_equal((size_t)extra_columns_find(x, slice_of("OWNERS.AGE")), COL_EXTRA);
    assert_int_equal(extra_columns_find(x, slice_of("age")), COL_COUNT);
    struct extra_description own = {.name = "Cost_centre", .heading = "Cost centre", .origin = EXTRA_REPORT};
    struct extra_description days = {.name = "_90_d", .heading = "90 d", .source = "my owners.csv",
        .origin = EXTRA_TABLE};
    assert_int_equal(extra_columns_add(x, &own), 2);
    assert_int_equal(extra_columns_add(x, &days), 3);
    struct extra_description other = {.name = "Cost_centre", .heading = "Cost/centre", .source = "t.csv",
        .origin = EXTRA_TABLE};
    assert_int_equal(extra_columns_add(x, &other), 4);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("Cost/centre")), COL_EXTRA + 4);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("t.cost/centre")), COL_EXTRA + 4);
    assert_int_equal(extra_columns_find(x, slice_of("Cost?centre")), COL_COUNT);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("Cost centre")), COL_EXTRA + 2);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("report.Cost_centre")), COL_EXTRA + 2);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("report.cost centre")), COL_EXTRA + 2);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("my_owners.90 d")), COL_EXTRA + 3);
    assert_int_equal((size_t)extra_columns_find(x, slice_of("my owners.90 d")), COL_EXTRA + 3);
    assert_int_equal(extra_columns_find(x, slice_of("owners.Cost centre")), COL_COUNT);
    extra_columns_free(x);
}

static bool is_tag(const void *reserver, struct slice name)
{
    (void)reserver;
    return name.len >= 4 && memcmp(name.data, "tag.", 4) == 0;
}

/* A file whose prefix makes every name a reserved one gets another prefix; numbers go on where they were. */
static void test_reserved_prefix(void **state)
{
    struct extra_columns *x = extra_columns_new();
    struct extra_description d = {.name = "age", .source = "tag.csv", .origin = EXTRA_TABLE};
    (void)state;
    x->is_reserved = is_tag;
    assert_int_equal(extra_columns_add(x, &d), 0);
    assert_string_equal(x->list[0].name, "_tag.age");
    d.name = "_TAG.age_2";
    assert_int_equal(extra_columns_add(x, &d), 1);
    assert_string_equal(x->list[1].name, "_TAG.age_2");
    d.name = "age";
    assert_int_equal(extra_columns_add(x, &d), 2);
    assert_string_equal(x->list[2].name, "_tag.age_3");
    assert_int_equal((size_t)extra_columns_find(x, slice_of("_tag.AGE_2")), COL_EXTRA + 1);
    extra_columns_free(x);
}

static enum type inferred(const char *const *texts)
{
    struct extra_inference i;
    extra_inference_start(&i);
    for (; *texts; texts++)
        extra_inference_see(&i, slice_of(*texts));
    return extra_inference_type(&i);
}

static void test_types(void **state)
{
    static const char *const bools[] = {"TRUE", "", "no", NULL}, *const numbers[] = {"0", "", "12", "999999999", NULL},
        *const times[] = {"2024-01-02T03:04:05Z", "", NULL}, *const mixed[] = {"1", "true", NULL},
        *const accounts[] = {"000000000012", "12", NULL}, *const zeros[] = {"007", NULL},
        *const nothing[] = {"", "N/A", NULL}, *const words[] = {"WAHR", "falsch", "", "Vrai", NULL},
        *const letters[] = {"T", "Y", "n", NULL},
        *const states[] = {"active", "inactive", NULL}, *const long_ones[] = {"123456789012", NULL},
        *const signs[] = {"-1", NULL};
    (void)state;
    assert_int_equal(inferred(bools), TYPE_BOOL);
    assert_int_equal(inferred(words), TYPE_BOOL);
    assert_int_equal(inferred(letters), TYPE_TEXT); /* these may be names of teams, */
    assert_int_equal(inferred(states), TYPE_TEXT);  /* these are of a column that people compare with words */
    assert_int_equal(inferred(numbers), TYPE_NUMBER);
    assert_int_equal(inferred(times), TYPE_TIME);
    assert_int_equal(inferred(mixed), TYPE_TEXT);
    assert_int_equal(inferred(accounts), TYPE_TEXT);
    assert_int_equal(inferred(zeros), TYPE_TEXT);
    assert_int_equal(inferred(nothing), TYPE_TEXT);
    assert_int_equal(inferred(long_ones), TYPE_TEXT);
    assert_int_equal(inferred(signs), TYPE_TEXT);
}

static void test_cells(void **state)
{
    struct buffer csv = {0};
    struct report r = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < 3; i++)
        sample_user(&csv, i == 0 ? "ann" : i == 1 ? "bob" : "eve", "");
    sample_load(&r, (struct slice){csv.data, csv.len});
    r.extra = extra_columns_new();
    size_t team = extra_columns_add(r.extra, &(struct extra_description){.name = "team", .source = "owners.csv"});
    size_t size = extra_columns_add(r.extra, &(struct extra_description){.name = "size", .type = TYPE_NUMBER,
        .source = "x"});
    size_t until = extra_columns_add(r.extra,
        &(struct extra_description){.name = "until", .type = TYPE_TIME, .source = "x"});
    extra_columns_reserve(r.extra, 2); /* the third user came later */
    extra_columns_set(r.extra, team, 0, extra_columns_text(r.extra, slice_of("Mobile")));
    extra_columns_set(r.extra, team, 1, extra_columns_text(r.extra, slice_of("")));
    extra_columns_set(r.extra, size, 0, extra_columns_code(r.extra, TYPE_NUMBER, slice_of("7")));
    extra_columns_set(r.extra, until, 0, extra_columns_code(r.extra, TYPE_TIME, slice_of("2026-01-31T00:00:00Z")));
    enum column column = report_column_find(&r, slice_of("Team"));
    sample_is(report_value(&r, 0, column).text, "Mobile");
    assert_int_equal(report_value(&r, 1, column).state, STATE_EMPTY);
    assert_int_equal(report_value(&r, 2, column).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 0, report_column_find(&r, slice_of("size"))).number, 7);
    assert_int_equal(report_number(&r, 0, report_column_find(&r, slice_of("until"))).number,
        sample_time("2026-01-31T00:00:00Z"));
    assert_int_equal(report_column_find(&r, slice_of("user")), COL_USER);
    assert_int_equal(report_column_find(&r, slice_of("nobody")), COL_COUNT);
    uint32_t scratch[3];
    const uint32_t *codes = report_codes(&r, 0, 3, column, scratch);
    assert_int_equal(codes[2], CODE_ABSENT);
    assert_true(slice_equal(report_word(&r, column, codes[0]), slice_of("Mobile")));
    report_free(&r);
    buffer_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_reserved_prefix),
        cmocka_unit_test(test_types), cmocka_unit_test(test_cells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
