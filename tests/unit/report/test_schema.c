/* The table of columns checks itself: no slot empty, no name twice, every name found. */
#include "unit/sample.h"

#include <ctype.h>

static void test_no_empty_slot(void **state)
{
    (void)state;
    for (enum column c = 0; c < COL_COUNT; c++) {
        const struct column_info *info = &schema[c];
        if (!info->name || !*info->name || !info->heading || !*info->heading || !info->help || !*info->help)
            fail_msg("column %d has an empty slot", (int)c);
        if (info->width < 1 || info->width > 80 || info->type > TYPE_SEVERITY)
            fail_msg("%s: width %d, type %d", info->name, info->width, (int)info->type);
        if (info->group && !*info->group)
            fail_msg("%s: an empty group", info->name);
        /* a heading that does not fit is cut on screen */
        if ((size_t)info->width < strlen(info->heading))
            fail_msg("%s: \"%s\" does not fit in %d columns", info->name, info->heading, info->width);
    }
}

static void test_names(void **state)
{
    char one[40], other[40];
    (void)state;
    for (enum column c = 0; c < COL_COUNT; c++) {
        for (const char *s = schema[c].name; *s; s++)
            assert_true(islower((unsigned char)*s) || isdigit((unsigned char)*s) || *s == '_');
        for (enum column d = 0; d < c; d++) {
            assert_string_not_equal(schema[c].name, schema[d].name);
            assert_string_not_equal(schema_title(c, one, sizeof one), schema_title(d, other, sizeof other));
        }
    }
}

static void test_find(void **state)
{
    (void)state;
    for (enum column c = 0; c < COL_COUNT; c++) {
        char name[64];
        size_t n = strlen(schema[c].name);
        assert_true(n < sizeof name);
        for (size_t i = 0; i <= n; i++)
            name[i] = (char)(i % 2 ? schema[c].name[i] : toupper((unsigned char)schema[c].name[i]));
        assert_int_equal(schema_find(slice_of(schema[c].name)), c);
        assert_int_equal(schema_find(slice_of(name)), c);
        assert_int_equal(schema_find((struct slice){name, n - 1}) == c, 0);
    }
    static const char *const unknown[] = {"", " ", "users", " user", "user ", "access_key_3_active", "account_id",
        "N/A"};
    for (size_t i = 0; i < SAMPLE_COUNT(unknown); i++)
        assert_int_equal(schema_find(slice_of(unknown[i])), COL_COUNT);
}

/* The report's own columns, in the order in which AWS documents them. */
static void test_order(void **state)
{
    const char *at = sample_header;
    (void)state;
    for (enum column c = 0; c < COL_ADDITIONAL_INFO; c++) {
        size_t n = strcspn(at, ",\n");
        sample_is((struct slice){at, n}, schema[c].name);
        at += n + 1;
    }
    assert_int_equal(*at, '\0');
    assert_string_equal(schema[COL_ADDITIONAL_INFO].name, "additional_credentials_info");
    assert_int_equal(COL_REPORT_COUNT, 23);
}

static void test_states(void **state)
{
    static const struct {
        const char *text;
        enum state state;
    } table[] = {{"", STATE_EMPTY}, {"N/A", STATE_NA}, {"n/a", STATE_NA}, {"no_information", STATE_NO_INFORMATION},
        {"No_Information", STATE_NO_INFORMATION}, {"not_supported", STATE_NOT_SUPPORTED},
        {"NOT_SUPPORTED", STATE_NOT_SUPPORTED}, {" ", STATE_VALUE}, {"NA", STATE_VALUE}, {"N/A ", STATE_VALUE},
        {"true", STATE_VALUE}, {"empty", STATE_VALUE}, {"malformed", STATE_VALUE}, {"unknown", STATE_VALUE}};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        if (state_of_text(slice_of(table[i].text)) != table[i].state)
            fail_msg("\"%s\": %s", table[i].text, state_name(state_of_text(slice_of(table[i].text))));
    }
    for (enum state s = STATE_NA; s <= STATE_ABSENT; s++) {
        assert_non_null(state_name(s));
        for (enum state t = STATE_VALUE; t < s; t++)
            assert_string_not_equal(state_name(s), state_name(t));
    }
}

static void test_types(void **state)
{
    (void)state;
    for (enum type t = TYPE_TEXT; t <= TYPE_NUMBER; t++) {
        assert_non_null(type_name(t));
        for (enum type u = TYPE_TEXT; u < t; u++)
            assert_string_not_equal(type_name(t), type_name(u));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_empty_slot), cmocka_unit_test(test_names),
        cmocka_unit_test(test_find), cmocka_unit_test(test_order), cmocka_unit_test(test_states),
        cmocka_unit_test(test_types)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
