/* The table in memory: what is derived from a row, and the shapes that reports really have. */
#include "unit/sample.h"

#include <stdio.h>

/* A report of one user, NAME, with these changes. */
static void load_user(struct report *r, const char *name, const char *changes)
{
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, name, changes);
    sample_load(r, (struct slice){csv.data, csv.len});
    assert_int_equal(r->row_count, 1);
    buffer_free(&csv);
}

static void test_arns(void **state)
{
    static const struct {
        const char *arn, *partition, *account, *path; /* "" is: there is none */
        bool root;
    } table[] = {
        {"arn:aws:iam::123456789012:user/x", "aws", "123456789012", "/", false},
        {"arn:aws:iam::123456789012:user/ci/x", "aws", "123456789012", "/ci/", false},
        {"arn:aws:iam::123456789012:user/a/b/c/x", "aws", "123456789012", "/a/b/c/", false},
        {"arn:aws:iam::123456789012:root", "aws", "123456789012", "/", true},
        {"arn:aws-cn:iam::210987654321:user/ci/x", "aws-cn", "210987654321", "/ci/", false},
        {"arn:aws-cn:iam::210987654321:root", "aws-cn", "210987654321", "/", true},
        {"arn:aws-us-gov:iam::000000000001:user/x", "aws-us-gov", "000000000001", "/", false},
        {"arn:aws-us-gov:iam::000000000001:root", "aws-us-gov", "000000000001", "/", true},
        {"arn:aws:iam::123456789012:user/odd:path/x", "aws", "123456789012", "/odd:path/", false},
        {"arn:aws:iam::123456789012:user/root", "aws", "123456789012", "/", false},
        {"arn:aws:iam::123456789012:user/root/x", "aws", "123456789012", "/root/", false},
        {"arn:aws:iam::123456789012:user//x", "aws", "123456789012", "//", false},
        {"N/A", "", "", "", false}, {"", "", "", "", false}, {"arn", "", "", "", false},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        char changes[120];
        snprintf(changes, sizeof changes, "arn=%s", table[i].arn);
        load_user(&r, "x", changes);
        sample_is(report_value(&r, 0, COL_PARTITION).text, table[i].partition);
        sample_is(report_value(&r, 0, COL_ACCOUNT).text, table[i].account);
        sample_is(report_value(&r, 0, COL_PATH).text, table[i].path);
        if ((report_value(&r, 0, COL_ACCOUNT).state == STATE_VALUE) != (table[i].account[0] != '\0')
            || (report_value(&r, 0, COL_PATH).state == STATE_VALUE) != (table[i].path[0] != '\0'))
            fail_msg("%s: the state does not go with the text", table[i].arn);
        if (report_value(&r, 0, COL_ROOT).number != table[i].root)
            fail_msg("%s: root is %d", table[i].arn, !table[i].root);
        report_free(&r);
    }
}

static void test_root(void **state)
{
    static const struct {
        const char *name, *changes;
        bool root;
    } table[] = {
        {"<root_account>", "arn=arn:aws:iam::123456789012:root", true}, {"<root_account>", "arn=", true},
        {"root_account", "arn=arn:aws:iam::123456789012:root", true}, {"root_account", "arn=", true},
        {"someone", "arn=arn:aws:iam::123456789012:root", true}, {"root", "", false}, {"<root_account>x", "", false},
        /* underscores are legal in names: a user who calls itself so is not root */
        {"root_account", "", false},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        load_user(&r, table[i].name, table[i].changes);
        struct value v = report_value(&r, 0, COL_ROOT);
        if (v.state != STATE_VALUE || v.number != table[i].root)
            fail_msg("%s, %s: root is %d", table[i].name, table[i].changes, (int)v.number);
        report_free(&r);
    }
}

enum { GIVEN_NUMBER = -1 };

static void test_derived(void **state)
{
    static const char made[] = "access_key_1_active=true access_key_1_last_rotated=2026-03-17T12:00:00Z";
    static const char used[] = "access_key_1_active=false access_key_1_last_rotated=2026-03-17T12:00:00Z "
        "access_key_1_last_used_date=2026-06-15T11:59:59Z";
    static const struct {
        const char *changes;
        enum column column;
        int state; /* GIVEN_NUMBER: a value, and this number */
        int64_t number;
    } table[] = {
        {"", COL_AGE, GIVEN_NUMBER, 1781524800 - 1704067200},
        {"user_creation_time=2026-06-15T12:00:00+00:00", COL_AGE, GIVEN_NUMBER, 0},
        {"user_creation_time=2026-06-16T12:00:00Z", COL_AGE, GIVEN_NUMBER, -86400},
        {"user_creation_time=yesterday", COL_AGE, STATE_MALFORMED, 0},
        {"user_creation_time=", COL_AGE, STATE_EMPTY, 0},
        {"user_creation_time=not_supported", COL_AGE, STATE_NOT_SUPPORTED, 0},
        {"", COL_PASSWORD_AGE, STATE_NA, 0},
        {"password_last_changed=2026-06-05T12:00:00Z", COL_PASSWORD_AGE, GIVEN_NUMBER, 864000},
        {"password_last_changed=not_supported", COL_PASSWORD_AGE, STATE_NOT_SUPPORTED, 0},
        {"", COL_PASSWORD_IDLE, STATE_NA, 0},
        {"password_last_used=2026-06-14T12:00:00Z password_last_changed=2026-06-05T12:00:00Z", COL_PASSWORD_IDLE,
            GIVEN_NUMBER, 86400},
        {"password_last_used=no_information password_last_changed=2026-06-05T12:00:00Z", COL_PASSWORD_IDLE,
            GIVEN_NUMBER, 864000},
        {"password_last_used=no_information password_last_changed=not_supported", COL_PASSWORD_IDLE,
            STATE_NOT_SUPPORTED, 0},
        {"password_last_used=soon password_last_changed=2026-06-05T12:00:00Z", COL_PASSWORD_IDLE, STATE_MALFORMED, 0},
        {made, COL_KEY_1_AGE, GIVEN_NUMBER, 90 * 86400},
        {made, COL_KEY_1_IDLE, GIVEN_NUMBER, 90 * 86400},
        {used, COL_KEY_1_AGE, GIVEN_NUMBER, 90 * 86400},
        {used, COL_KEY_1_IDLE, GIVEN_NUMBER, 1},
        {"", COL_KEY_1_AGE, STATE_NA, 0}, {"", COL_KEY_1_IDLE, STATE_NA, 0}, {made, COL_KEY_2_IDLE, STATE_NA, 0},
        {"access_key_2_last_rotated=2026-06-14T12:00:00Z", COL_KEY_2_AGE, GIVEN_NUMBER, 86400},
        {"access_key_2_last_used_date=2026-06-14T12:00:00Z", COL_KEY_2_IDLE, GIVEN_NUMBER, 86400},
        {"cert_1_last_rotated=2026-06-14T12:00:00Z", COL_CERT_1_AGE, GIVEN_NUMBER, 86400},
        {"cert_2_last_rotated=2026-06-13T12:00:00Z", COL_CERT_2_AGE, GIVEN_NUMBER, 172800},
        {"", COL_ACTIVE_KEYS, GIVEN_NUMBER, 0}, {made, COL_ACTIVE_KEYS, GIVEN_NUMBER, 1},
        {used, COL_ACTIVE_KEYS, GIVEN_NUMBER, 0},
        {"access_key_1_active=TRUE access_key_2_active=True", COL_ACTIVE_KEYS, GIVEN_NUMBER, 2},
        {"access_key_1_active=maybe access_key_2_active=true", COL_ACTIVE_KEYS, STATE_MALFORMED, 0},
        {"", COL_LAST_ACTIVITY, STATE_NA, 0}, {"", COL_IDLE, STATE_NA, 0},
        {"password_last_used=no_information", COL_IDLE, STATE_NO_INFORMATION, 0},
        {used, COL_IDLE, GIVEN_NUMBER, 1}, {used, COL_LAST_ACTIVITY, GIVEN_NUMBER, 1781524799},
        {"password_last_used=2026-06-14T12:00:00Z access_key_1_last_used_date=2026-06-13T12:00:00Z "
         "access_key_2_last_used_date=2026-06-12T12:00:00Z", COL_IDLE, GIVEN_NUMBER, 86400},
        {"password_last_used=2026-06-12T12:00:00Z access_key_1_last_used_date=2026-06-13T12:00:00Z "
         "access_key_2_last_used_date=2026-06-14T12:00:00Z", COL_IDLE, GIVEN_NUMBER, 86400},
        {"password_last_used=2019-06-12T12:00:00Z access_key_1_last_used_date=2026-06-14T12:00:00Z", COL_IDLE,
            GIVEN_NUMBER, 86400},
        {"password_last_used=not_supported access_key_2_last_used_date=2026-06-14T12:00:00Z", COL_IDLE, GIVEN_NUMBER,
            86400},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        load_user(&r, "x", table[i].changes);
        struct value v = report_value(&r, 0, table[i].column);
        enum state want = table[i].state == GIVEN_NUMBER ? STATE_VALUE : (enum state)table[i].state;
        if (v.state != want || (want == STATE_VALUE && v.number != table[i].number))
            fail_msg("%s, %s: %s, %lld", table[i].changes, schema[table[i].column].name, state_name(v.state),
                (long long)v.number);
        report_free(&r);
    }
}

static void test_exists(void **state)
{
    static const struct {
        const char *changes;
        bool keys[2], certs[2];
    } table[] = {
        {"", {false, false}, {false, false}},
        {"access_key_1_active=true", {true, false}, {false, false}},
        {"access_key_2_active=true", {false, true}, {false, false}},
        {"access_key_1_last_rotated=2020-01-01T00:00:00Z", {true, false}, {false, false}},
        {"access_key_1_last_used_date=2020-01-01T00:00:00Z", {true, false}, {false, false}},
        {"access_key_2_last_rotated=2020-01-01T00:00:00Z", {false, true}, {false, false}},
        {"access_key_1_last_used_region=us-east-1 access_key_1_last_used_service=s3", {false, false}, {false, false}},
        {"access_key_1_active=not_supported access_key_1_last_rotated=not_supported", {false, false}, {false, false}},
        {"access_key_1_active= access_key_1_last_rotated=", {false, false}, {false, false}},
        {"cert_1_active=true", {false, false}, {true, false}},
        {"cert_2_last_rotated=2020-01-01T00:00:00Z", {false, false}, {false, true}},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        load_user(&r, "x", table[i].changes);
        for (int slot = 1; slot <= 2; slot++) {
            if (report_key_exists(&r, 0, slot) != table[i].keys[slot - 1]
                || report_cert_exists(&r, 0, slot) != table[i].certs[slot - 1])
                fail_msg("%s: slot %d", table[i].changes, slot);
        }
        report_free(&r);
    }
}

/* 2015: no last use of any key, +00:00, root's password not supported. */
static void test_shape_2015(void **state)
{
    static const char csv[] =
        "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
        "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated,"
        "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"
        "<root_account>,arn:aws:iam::123456789012:root,2012-01-01T00:00:00+00:00,not_supported,"
        "2015-03-01T10:00:00+00:00,not_supported,not_supported,false,false,N/A,false,N/A,false,N/A,false,N/A\n"
        "bob,arn:aws:iam::123456789012:user/bob,2014-05-05T05:05:05+00:00,true,no_information,"
        "2014-05-05T05:05:06+00:00,N/A,false,true,2014-05-05T05:05:05+00:00,false,N/A,false,N/A,false,N/A";
    struct report r;
    (void)state;
    sample_load(&r, slice_of(csv));
    assert_int_equal(r.row_count, 2);
    assert_int_equal(r.problem_count, 0);
    assert_int_equal(r.column_count, 16);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_ENABLED).state, STATE_NOT_SUPPORTED);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_LAST_USED).number, sample_time("2015-03-01T10:00:00Z"));
    assert_int_equal(report_value(&r, 0, COL_ROOT).number, 1);
    assert_int_equal(report_value(&r, 0, COL_LAST_ACTIVITY).number, sample_time("2015-03-01T10:00:00Z"));
    /* a column that is missing makes its values unknown, not "never used" */
    for (enum column c = COL_KEY_1_LAST_USED_DATE; c <= COL_KEY_1_LAST_USED_SERVICE; c++)
        assert_int_equal(report_value(&r, 1, c).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 1, COL_KEY_1_IDLE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 1, COL_KEY_1_AGE).state, STATE_VALUE);
    assert_true(report_key_exists(&r, 1, 1));
    report_free(&r);
}

/* 2023: 22 columns, +00:00, the root row still with not_supported. */
static void test_shape_2023(void **state)
{
    struct buffer csv = {0};
    struct report r;
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "<root_account>",
        "arn=arn:aws:iam::123456789012:root user_creation_time=2019-02-03T04:05:06+00:00 "
        "password_enabled=not_supported "
        "password_last_used=2023-01-02T03:04:05+00:00 password_last_changed=not_supported "
        "password_next_rotation=not_supported mfa_active=true");
    sample_user(&csv, "ci",
        "user_creation_time=2022-03-08T16:02:25+00:00 access_key_1_active=true "
        "access_key_1_last_rotated=2022-03-08T16:02:26+00:00 access_key_1_last_used_date=2023-03-08T16:02:00+00:00 "
        "access_key_1_last_used_service=s3");
    csv.len--; /* AWS ends the last row without a newline */
    sample_load(&r, (struct slice){csv.data, csv.len});
    assert_int_equal(r.row_count, 2);
    assert_int_equal(r.problem_count, 0);
    assert_int_equal(r.column_count, 22);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_AGE).state, STATE_NOT_SUPPORTED);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_IDLE).number, SAMPLE_AS_OF - sample_time("2023-01-02T03:04:05Z"));
    assert_int_equal(report_value(&r, 1, COL_KEY_1_LAST_USED_REGION).state, STATE_NA);
    sample_is(report_value(&r, 1, COL_KEY_1_LAST_USED_SERVICE).text, "s3");
    sample_is(report_raw(&r, 1, COL_USER_CREATION_TIME), "2022-03-08T16:02:25+00:00");
    report_free(&r);
    buffer_free(&csv);
}

/* 2025: Z, and a root row with a password like anybody's; and one whose credentials were taken away. */
static void test_shape_2025(void **state)
{
    struct buffer csv = {0};
    struct report r;
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "<root_account>",
        "arn=arn:aws:iam::123456789012:root user_creation_time=2019-02-03T04:05:06Z password_enabled=true "
        "password_last_used=2025-01-28T17:25:12Z password_last_changed=2024-01-28T17:25:12Z mfa_active=true");
    sample_user(&csv, "<root_account>", "arn=arn:aws:iam::210987654321:root");
    sample_load(&r, (struct slice){csv.data, csv.len});
    assert_int_equal(r.problem_count, 0);
    assert_int_equal(r.account_count, 2);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_ENABLED).number, 1);
    assert_int_equal(report_value(&r, 0, COL_PASSWORD_AGE).number, SAMPLE_AS_OF - sample_time("2024-01-28T17:25:12Z"));
    assert_int_equal(report_value(&r, 1, COL_ROOT).number, 1);
    assert_int_equal(report_value(&r, 1, COL_PASSWORD_ENABLED).state, STATE_VALUE);
    assert_int_equal(report_value(&r, 1, COL_PASSWORD_ENABLED).number, 0);
    assert_int_equal(report_value(&r, 1, COL_IDLE).state, STATE_NA);
    report_free(&r);
    buffer_free(&csv);
}

static void test_accounts(void **state)
{
    static const size_t counts[] = {1, 2, 3, 15, 16, 17, 40, 200};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(counts); i++) {
        struct buffer csv = {0};
        struct report r;
        buffer_puts(&csv, sample_header);
        for (size_t n = 0; n < 3 * counts[i]; n++) {
            char arn[80];
            snprintf(arn, sizeof arn, "arn=arn:aws:iam::%012zu:user/x", n % counts[i]);
            sample_user(&csv, "x", arn);
        }
        sample_load(&r, (struct slice){csv.data, csv.len});
        assert_int_equal(r.account_count, counts[i]);
        report_free(&r);
        buffer_free(&csv);
    }
}

/* Files with different columns in one report: each row keeps what its own file said. */
static void test_two_files(void **state)
{
    struct report r = {0};
    struct error err;
    struct slice text;
    (void)state;
    assert_true(parse_report(&r, "one", slice_of("account_name,user,arn\nprod,a,arn:aws:iam::1:user/a\n"), &err));
    assert_true(parse_report(&r, "two", slice_of("arn,mfa_active,user,note\narn:aws:iam::2:user/b,true,b,hi\n"), &err));
    assert_int_equal(r.file_count, 2);
    assert_int_equal(r.row_count, 2);
    assert_int_equal(r.account_count, 2);
    static const char *const names[] = {"account_name", "user", "arn", "mfa_active", "note"};
    static const char *const cells[2][5] = {{"prod", "a", "arn:aws:iam::1:user/a", NULL, NULL},
        {NULL, "b", "arn:aws:iam::2:user/b", "true", "hi"}};
    assert_int_equal(r.column_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(r.columns[i].name, names[i]);
        for (size_t row = 0; row < 2; row++) {
            assert_int_equal(report_raw_at(&r, row, i, &text), cells[row][i] != NULL);
            sample_is(text, cells[row][i] ? cells[row][i] : "");
        }
    }
    assert_int_equal(report_value(&r, 0, COL_MFA_ACTIVE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).number, 1);
    assert_string_equal(r.files[report_file_of(&r, 1)].name, "two");
    report_free(&r);
}

static void test_empty_report(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of(sample_header));
    assert_int_equal(r.row_count, 0);
    assert_int_equal(r.account_count, 0);
    assert_int_equal(r.problem_count, 0);
    report_free(&r);
}

/* A view, whose rows are split once, says what the report says: in any order of cells, for rows of every shape. */
static void test_view(void **state)
{
    struct buffer csv = {0};
    struct report r;
    struct report_split split = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < 60; i++) {
        char name[80];
        snprintf(name, sizeof name, "u%0*d", i % 60 + 1, i); /* separators at every place within 64 bytes */
        sample_user(&csv, name, i % 3 ? "mfa_active=true" : "mfa_active=");
    }
    buffer_puts(&csv, "short,row\nlong");
    for (int i = 0; i < 300; i++)
        buffer_puts(&csv, ",x");
    buffer_puts(&csv, "\n\"quoted, \"\"name\"\"\",arn,2020-01-01T00:00:00Z\r\n"
        "last,arn:aws:iam::123456789012:user/last");
    sample_load(&r, (struct slice){csv.data, csv.len});
    assert_int_equal(r.row_count, 64);
    struct report view = report_view(&r, &split);
    for (size_t n = 0; n < 2000; n++) {
        size_t row = n * 37 / 5 % r.row_count; /* some times the same, then another */
        enum column c = (enum column)(n * 29 % COL_CHANGE);
        struct value a = report_value(&r, row, c), b = report_value(&view, row, c);
        assert_int_equal(a.state, b.state);
        assert_int_equal(a.number, b.number);
        assert_true(slice_equal(a.text, b.text));
        struct slice own = report_field(&r, row, n % 310), viewed = report_field(&view, row, n % 310);
        assert_true(slice_equal(own, viewed));
        assert_int_equal(report_field_count(&r, row), report_field_count(&view, row));
    }
    report_split_free(&split);
    report_free(&r);
    buffer_free(&csv);
}

static void assert_same_report(const struct report *a, const struct report *b)
{
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->column_count, b->column_count);
    assert_int_equal(a->account_count, b->account_count);
    assert_int_equal(a->problem_count, b->problem_count);
    for (size_t row = 0; row < a->row_count; row++) {
        for (enum column c = 0; c < COL_CHANGE; c++) {
            struct value v = report_value(a, row, c), w = report_value(b, row, c);
            assert_int_equal(v.state, w.state);
            assert_int_equal(v.number, w.number);
            assert_true(slice_equal(v.text, w.text));
        }
        assert_int_equal(report_unknown_cells(a, row), report_unknown_cells(b, row));
    }
}

/*
 * A report that was cleared is filled as if it were new, whatever it had before: longer, of another shape, or nothing.
 */
static void test_clear(void **state)
{
    static const char small[] = "user,arn,mfa_active\nann,arn:aws:iam::123456789012:user/ann,true\n";
    struct report used = {0};
    (void)state;
    report_clear(&used);
    for (int round = 0; round < 12; round++) {
        struct report fresh = {0};
        struct buffer csv = {0};
        struct error err;
        if (round % 3 == 2)
            buffer_puts(&csv, small);
        else
            sample_random_report(&csv, sample_below(round % 3 ? 40 : 20000 / 12));
        bool ok = parse_report(&fresh, "x", (struct slice){csv.data, csv.len}, &err);
        assert_int_equal(parse_report(&used, "x", (struct slice){csv.data, csv.len}, &err), ok);
        used.as_of = fresh.as_of = SAMPLE_AS_OF;
        assert_same_report(&used, &fresh);
        report_free(&fresh);
        buffer_free(&csv);
        report_clear(&used);
        assert_int_equal(used.row_count, 0);
    }
    report_free(&used);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view), cmocka_unit_test(test_clear),
        cmocka_unit_test(test_arns), cmocka_unit_test(test_root), cmocka_unit_test(test_derived),
        cmocka_unit_test(test_exists), cmocka_unit_test(test_shape_2015), cmocka_unit_test(test_shape_2023),
        cmocka_unit_test(test_shape_2025), cmocka_unit_test(test_accounts), cmocka_unit_test(test_two_files),
        cmocka_unit_test(test_empty_report)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
