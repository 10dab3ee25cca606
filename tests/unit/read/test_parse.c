/* The loader on odd but real input: nothing is lost, and everything odd is counted. */
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>

static void test_odd_rows(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r,
        slice_of("\xef\xbb\xbfuser,arn,mfa_active,odd\r\n\r\na,b,TRUE,\"x\"\"\ny\"\r\nshort\r\nlong,b,maybe,d,e"));
    assert_int_equal(r.row_count, 3);
    assert_int_equal(r.problem_count, 2);
    assert_int_equal(report_line_of(&r, 0), 3);
    assert_int_equal(report_line_of(&r, 1), 5);
    assert_int_equal(r.problems[1].line, 6);
    assert_int_equal(report_value(&r, 0, COL_MFA_ACTIVE).number, 1);
    assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 2, COL_MFA_ACTIVE).state, STATE_ABSENT);
    struct slice odd;
    assert_true(report_raw_at(&r, 0, 3, &odd));
    assert_true(slice_equal(odd, slice_of("x\"\ny")));
    report_free(&r);
}

/* The same two rows however the bytes are dressed. */
static void test_dress(void **state)
{
    static const char *const texts[] = {
        "user,arn,mfa_active\na,A,true\nb,B,false\n", "user,arn,mfa_active\na,A,true\nb,B,false",
        "user,arn,mfa_active\r\na,A,true\r\nb,B,false\r\n", "user,arn,mfa_active\r\na,A,true\r\nb,B,false",
        "\xef\xbb\xbfuser,arn,mfa_active\na,A,true\nb,B,false\n", "user,arn,mfa_active\ra,A,true\rb,B,false\r",
        "user,arn,mfa_active\n\na,A,true\n\n\nb,B,false\n\n", "\n\r\nuser,arn,mfa_active\na,A,true\nb,B,false",
        "USER,Arn,MFA_Active\na,A,TRUE\nb,B,FALSE\n",
            "\"user\",\"arn\",\"mfa_active\"\n\"a\",\"A\",\"true\"\n\"b\",\"B\",\"false\"\n",
        "\xef\xbb\xbf\"user\",\"arn\",\"mfa_active\"\r\n\"a\",\"A\",\"True\"\r\n\"b\",\"B\",\"False\"",
        "arn,user,mfa_active\nA,a,true\nB,b,false\n", "mfa_active,arn,user\ntrue,A,a\nfalse,B,b",
        "extra,mfa_active,arn,user\n1,true,A,a\n2,false,B,b", "user,arn,mfa_active\r\na,A,true\nb,B,false\r\n",
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct report r;
        sample_load(&r, slice_of(texts[i]));
        if (r.row_count != 2 || r.problem_count != 0)
            fail_msg("%zu: %zu rows, %zu problems", i, r.row_count, r.problem_count);
        sample_is(report_value(&r, 0, COL_USER).text, "a");
        sample_is(report_value(&r, 0, COL_ARN).text, "A");
        sample_is(report_value(&r, 1, COL_USER).text, "b");
        sample_is(report_value(&r, 1, COL_ARN).text, "B");
        assert_int_equal(report_value(&r, 0, COL_MFA_ACTIVE).number, 1);
        assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).state, STATE_VALUE);
        assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).number, 0);
        report_free(&r);
    }
}

static void test_quoting(void **state)
{
    static const struct {
        const char *field, *text;
    } table[] = {
        {"plain", "plain"}, {"\"\"", ""}, {"\"a,b\"", "a,b"}, {"\"a\"\"b\"", "a\"b"}, {"\"\"\"\"", "\""},
        {"\"a\nb\"", "a\nb"}, {"\"a\r\nb\"", "a\r\nb"}, {"\"\n\"", "\n"}, {"\",\"", ","},
        {"\"a\"\",\"\"b\"", "a\",\"b"},
        {" spaced ", " spaced "}, {"\" spaced \"", " spaced "}, {"\ttab\t", "\ttab\t"}, {"  ", "  "},
        {"un\"quoted", "un\"quoted"}, {"J\xc3\xb6rg", "J\xc3\xb6rg"}, {"\xff\xfe", "\xff\xfe"}, {"a'b;c|d", "a'b;c|d"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        struct buffer csv = {0};
        struct slice got;
        buffer_printf(&csv, "user,odd,arn\nu,%s,end\nnext,,end\n", table[i].field);
        sample_load(&r, (struct slice){csv.data, csv.len});
        assert_int_equal(r.row_count, 2);
        assert_int_equal(r.problem_count, 0);
        assert_true(report_raw_at(&r, 0, 1, &got));
        sample_is(got, table[i].text);
        sample_is(report_raw(&r, 0, COL_ARN), "end");
        sample_is(report_raw(&r, 1, COL_USER), "next");
        report_free(&r);
        buffer_free(&csv);
    }
}

/* Line numbers are those an editor shows, whatever is inside the quotes before. */
static void test_lines(void **state)
{
    static const char csv[] =
        "user,arn,mfa_active\n"      /* 1 */
        "a,\"two\nlines\",perhaps\n" /* 2 and 3 */
        "\n"                         /* 4 */
        "b,x,maybe\r\n"              /* 5 */
        "c,\"\r\n\r\n\",true\r\n"    /* 6 to 8 */
        "d,y,TRUE. \n"               /* 9 */
        "e,z";                       /* 10 */
    static const size_t rows[] = {2, 5, 6, 9, 10}, problems[] = {2, 5, 9, 10};
    struct report r;
    (void)state;
    sample_load(&r, slice_of(csv));
    assert_int_equal(r.row_count, SAMPLE_COUNT(rows));
    assert_int_equal(r.problem_count, SAMPLE_COUNT(problems));
    for (size_t i = 0; i < r.row_count; i++)
        assert_int_equal(report_line_of(&r, i), rows[i]);
    for (size_t i = 0; i < r.problem_count; i++) {
        assert_int_equal(r.problems[i].line, problems[i]);
        assert_int_equal(r.problems[i].file, 0);
    }
    assert_non_null(strstr(r.problems[0].text, "mfa_active"));
    assert_non_null(strstr(r.problems[0].text, "perhaps"));
    assert_non_null(strstr(r.problems[3].text, "2"));
    assert_non_null(strstr(r.problems[3].text, "3"));
    report_free(&r);
}

/* A line that ends in CR alone counts as a line, too, where a piece of what was read ends with it. */
static void test_piece_ends_with_cr(void **state)
{
    static const char csv[] = "user,arn\ra,\"b\"\rc,\"d\"\re,f";
    struct report r = {0};
    struct parse p;
    struct error err;
    size_t used = 0;
    (void)state;
    parse_start(&p, &r, "test", 0, 0);
    size_t segment = report_add_segment(&r, sizeof csv);
    memcpy(r.segments[segment].data, csv, sizeof csv);
    for (size_t have = 1; have < sizeof csv; have++) {
        size_t n;
        assert_true(parse_text(&p, segment, used, have, have == sizeof csv - 1, &n, &err));
        used += n;
    }
    report_publish_file(&r, "test", &p.header);
    report_publish(&r, &p.batch);
    parse_end(&p);
    assert_int_equal(r.row_count, 3);
    for (size_t row = 0; row < 3; row++)
        assert_int_equal(report_line_of(&r, row), row + 2);
    report_free(&r);
}

/*
 * A byte order mark may stand behind lines before the header, where a tool has put these before a file with one: it is
 * no part of the first name, in whatever pieces the text comes, and the header is known when it comes again.
 */
static void test_mark_behind_lines(void **state)
{
    static const char *const starts[] = {"", "\xef\xbb\xbf", "sep=;\n\xef\xbb\xbf", "\n\xef\xbb\xbf",
        "# a note\r\n\xef\xbb\xbf"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(starts); i++) {
        for (size_t piece = 1; piece < 40; piece++) {
            struct report r = {0};
            struct parse p;
            struct error err;
            struct buffer csv = {0};
            size_t used = 0, n, have = 0;
            buffer_printf(&csv, "%suser;arn;cert_1_active;mfa_active\na;x;true;true\n"
                "user;arn;cert_1_active;mfa_active\nb;y;true;false\n",
                starts[i]);
            parse_start(&p, &r, "test", 0, 0);
            size_t segment = report_add_segment(&r, csv.len);
            memcpy(r.segments[segment].data, csv.data, csv.len);
            while (have < csv.len) {
                have = csv.len - have < piece ? csv.len : have + piece;
                assert_true(parse_text(&p, segment, used, have, have == csv.len, &n, &err));
                used += n;
            }
            report_publish_file(&r, "test", &p.header);
            report_publish(&r, &p.batch);
            parse_end(&p);
            assert_int_equal(r.row_count, 2);
            assert_string_equal(r.columns[0].name, "user");
            assert_int_equal(report_value(&r, 1, COL_CERT_1_ACTIVE).number, 1);
            report_free(&r);
            buffer_free(&csv);
        }
    }
}

/* Of very many problems the last line says how many more there are, whatever batches they came in. */
static void test_many_problems(void **state)
{
    enum { MORE = 123 };
    struct report r = {0};
    struct buffer csv = {0};
    struct error err;
    (void)state;
    buffer_puts(&csv, "user,arn\n");
    for (int i = 0; i < PROBLEMS_MAX + MORE; i++)
        buffer_puts(&csv, "short\n");
    assert_true(parse_report(&r, "one", (struct slice){csv.data, csv.len}, &err));
    assert_int_equal(r.row_count, PROBLEMS_MAX + MORE);
    assert_int_equal(r.problem_count, PROBLEMS_MAX + 1);
    assert_string_equal(r.problems[PROBLEMS_MAX].text, "123 more problems are not listed");
    assert_true(parse_report(&r, "two", (struct slice){csv.data, csv.len}, &err));
    assert_int_equal(r.problem_count, PROBLEMS_MAX + 1);
    assert_string_equal(r.problems[PROBLEMS_MAX].text, "10246 more problems are not listed");
    report_free(&r);
    buffer_free(&csv);
}

/* Rows that are too long, too wide: refused, where a report may have them and not quite so much. */
static void test_too_much(void **state)
{
    struct report r = {0};
    struct buffer csv = {0};
    struct error err;
    (void)state;
    buffer_puts(&csv, "user,arn\na,b\n");
    for (int i = 0; i < ROW_FIELDS_MAX - 1; i++)
        buffer_putc(&csv, ',');
    assert_true(parse_report(&r, "wide", (struct slice){csv.data, csv.len}, &err));
    assert_int_equal(report_field_count(&r, 1), ROW_FIELDS_MAX);
    report_free(&r);
    buffer_puts(&csv, ",\nc,d\n");
    assert_false(parse_report(&r, "wide", (struct slice){csv.data, csv.len}, &err));
    assert_non_null(strstr(err.text, "wide:3:"));
    report_free(&r);
    csv.len -= strlen("\nc,d\n");
    buffer_puts(&csv, ",\"\"\nc,d\n");
    assert_false(parse_report(&r, "wide", (struct slice){csv.data, csv.len}, &err));
    assert_non_null(strstr(err.text, "wide:3:"));
    report_free(&r);
    buffer_free(&csv);
}

static void test_long_and_short(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn,mfa_active\nshort\nlong,x,true,1,2,3\n,\nright,y,false\n"));
    assert_int_equal(r.row_count, 4);
    assert_int_equal(r.problem_count, 3);
    sample_is(report_raw(&r, 0, COL_USER), "short");
    assert_int_equal(report_value(&r, 0, COL_ARN).state, STATE_EMPTY);
    assert_int_equal(report_field_count(&r, 1), 6);
    sample_is(report_raw(&r, 1, COL_USER), "long");
    assert_int_equal(report_value(&r, 1, COL_MFA_ACTIVE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 2, COL_USER).state, STATE_EMPTY);
    assert_int_equal(report_value(&r, 2, COL_MFA_ACTIVE).state, STATE_ABSENT);
    assert_int_equal(report_value(&r, 3, COL_MFA_ACTIVE).state, STATE_VALUE);
    report_free(&r);
}

/* Merged reports repeat users and even columns: all stay, and the first column of a name is the one bound. */
static void test_duplicates(void **state)
{
    struct report r;
    struct slice text;
    (void)state;
    sample_load(&r, slice_of("user,arn,note,note\na,A,one,two\na,A,one,two\na,A,three,four\n"));
    assert_int_equal(r.row_count, 3);
    assert_int_equal(r.problem_count, 1);
    assert_string_equal(r.problems[0].text,
        "columns named twice, of which the first counts: note (the second is note_2 here)");
    assert_int_equal(r.column_count, 4);
    assert_string_equal(r.columns[2].name, "note");
    assert_string_equal(r.columns[3].name, "note_2");
    assert_string_equal(r.columns[3].header, "note");
    assert_true(report_raw_at(&r, 0, 2, &text));
    sample_is(text, "one");
    assert_true(report_raw_at(&r, 0, 3, &text));
    sample_is(text, "two");
    report_free(&r);
    sample_load(&r, slice_of("user,arn,user\na,A,b\n"));
    sample_is(report_raw(&r, 0, COL_USER), "a");
    assert_true(report_raw_at(&r, 0, 2, &text));
    sample_is(text, "b");
    report_free(&r);
}

static void test_unknown(void **state)
{
    struct report r;
    struct slice text;
    (void)state;
    /* a derived column's name in a header is not that column: it is only text */
    sample_load(&r,
        slice_of("account_id,user,account,age,arn,,additional_credentials_info\n"
                 "1,u,other,old,arn:aws:iam::7:user/u,e,\"3, see\"\n"));
    assert_int_equal(r.problem_count, 0);
    assert_int_equal(r.column_count, 7);
    assert_int_equal(r.columns[0].known, COL_COUNT);
    assert_int_equal(r.columns[2].known, COL_COUNT);
    assert_int_equal(r.columns[6].known, COL_ADDITIONAL_INFO);
    sample_is(report_value(&r, 0, COL_ACCOUNT).text, "7");
    assert_int_equal(report_value(&r, 0, COL_AGE).state, STATE_ABSENT);
    assert_true(report_raw_at(&r, 0, 3, &text));
    sample_is(text, "old");
    assert_true(report_raw_at(&r, 0, 5, &text));
    sample_is(text, "e");
    sample_is(report_value(&r, 0, COL_ADDITIONAL_INFO).text, "3, see");
    report_free(&r);
}

static void test_cells(void **state)
{
    static const struct {
        const char *field;
        enum state flag, time, text;
    } table[] = {
        {"true", STATE_VALUE, STATE_MALFORMED, STATE_VALUE}, {"FALSE", STATE_VALUE, STATE_MALFORMED, STATE_VALUE},
        {"N/A", STATE_NA, STATE_NA, STATE_NA}, {"n/a", STATE_NA, STATE_NA, STATE_NA},
        {"", STATE_EMPTY, STATE_EMPTY, STATE_EMPTY},
        {"no_information", STATE_NO_INFORMATION, STATE_NO_INFORMATION, STATE_NO_INFORMATION},
        {"not_supported", STATE_NOT_SUPPORTED, STATE_NOT_SUPPORTED, STATE_NOT_SUPPORTED},
        {"yes", STATE_VALUE, STATE_MALFORMED, STATE_VALUE}, {"ja", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"1", STATE_VALUE, STATE_MALFORMED, STATE_VALUE},
        {"Inactive", STATE_VALUE, STATE_MALFORMED, STATE_VALUE},
        {" ENABLED", STATE_VALUE, STATE_MALFORMED, STATE_VALUE},
        {"Virtual", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE}, {"no", STATE_VALUE, STATE_MALFORMED, STATE_VALUE},
        {"t", STATE_VALUE, STATE_MALFORMED, STATE_VALUE}, {"2", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"true ", STATE_VALUE, STATE_MALFORMED, STATE_VALUE}, {" N/A ", STATE_NA, STATE_NA, STATE_NA},
        {"2025-01-28T17:25:12Z", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"2025-01-28T17:25:12+00:00", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"2025-01-28", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"2025-01-28 17:25:12.5+00", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"0001-01-01T00:00:00Z", STATE_MALFORMED, STATE_NA, STATE_VALUE},
        {"NULL", STATE_EMPTY, STATE_EMPTY, STATE_VALUE}, {" None ", STATE_EMPTY, STATE_EMPTY, STATE_VALUE},
        {"NaT", STATE_EMPTY, STATE_EMPTY, STATE_VALUE}, {"nan", STATE_EMPTY, STATE_EMPTY, STATE_VALUE},
        {"\\N", STATE_EMPTY, STATE_EMPTY, STATE_VALUE}, {"<NA>", STATE_EMPTY, STATE_EMPTY, STATE_VALUE},
        {"<null>", STATE_EMPTY, STATE_EMPTY, STATE_VALUE}, {"(NULL)", STATE_EMPTY, STATE_EMPTY, STATE_VALUE},
        {"#N/A", STATE_EMPTY, STATE_EMPTY, STATE_VALUE},
        {"nothing", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"NA", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"1738085112", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {" 1738085112000 ", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"1738085112.25", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"45685.7", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE}, /* days, as in a spreadsheet */
        {"20250128T172512Z", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"2025-01-28T17:25:12Z[UTC]", STATE_MALFORMED, STATE_VALUE, STATE_VALUE},
        {"2025-01-28T17:25:12[UTC]", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"20250128T992512Z", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"20250128", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"20250128172512", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"1/28/2025 17:25", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
        {"2025-02-30T17:25:12Z", STATE_MALFORMED, STATE_MALFORMED, STATE_VALUE},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        struct buffer csv = {0};
        buffer_printf(&csv, "user,mfa_active,user_creation_time,access_key_1_last_used_region\nu,%s,%s,%s\n",
            table[i].field,
            table[i].field, table[i].field);
        sample_load(&r, (struct slice){csv.data, csv.len});
        size_t bad = (table[i].flag == STATE_MALFORMED) + (table[i].time == STATE_MALFORMED);
        if (report_value(&r, 0, COL_MFA_ACTIVE).state != table[i].flag
            || report_value(&r, 0, COL_USER_CREATION_TIME).state != table[i].time
            || report_value(&r, 0, COL_KEY_1_LAST_USED_REGION).state != table[i].text || r.problem_count != bad)
            fail_msg("\"%s\": %zu problems", table[i].field, r.problem_count);
        /* whatever the state, the bytes are as they were */
        sample_is(report_raw(&r, 0, COL_MFA_ACTIVE), table[i].field);
        sample_is(report_raw(&r, 0, COL_USER_CREATION_TIME), table[i].field);
        report_free(&r);
        buffer_free(&csv);
    }
}

static void test_problems_are_harmless(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn,mfa_active\na,b,\"\x1b]0;evil\a\n\xe2\x80\xae\"\n"));
    assert_int_equal(r.problem_count, 1);
    for (const char *s = r.problems[0].text; *s; s++)
        assert_true((unsigned char)*s >= 0x20 && *s != 0x7f);
    assert_null(strstr(r.problems[0].text, "\xe2\x80\xae"));
    report_free(&r);
}

static void test_open_quote(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn\na,b\nc,\"d\ne,f\n"));
    assert_int_equal(r.row_count, 3);
    sample_is(report_raw(&r, 1, COL_ARN), "\"d");
    sample_is(report_raw(&r, 2, COL_USER), "e");
    assert_int_equal(r.problem_count, 1);
    assert_int_equal(r.problems[0].line, 3);
    assert_non_null(strstr(r.problems[0].text, "quotation mark"));
    report_free(&r);
}

static void refused(struct slice text)
{
    struct report r = {0};
    struct error err = {.text = ""};
    if (parse_report(&r, "bad\x1b.csv", text, &err))
        fail_msg("taken for a report: %.*s", (int)text.len, text.data);
    if (!strstr(err.text, "not a credential report") || strncmp(err.text, "bad^[.csv: ", 11) != 0)
        fail_msg("%.*s: %s", (int)text.len, text.data, err.text);
    assert_int_equal(r.row_count, 0);
    report_free(&r);
}

static void test_not_a_report(void **state)
{
    static const char *const texts[] = {"", "\n\n", " \r\n\t", "\xef\xbb\xbf", "<html>",
        "\xef\xbb\xbf<?xml version='1.0'?>", "\n <!DOCTYPE html>", "{\"Content\": 1}", "[1, 2]", "a,b,c\n1,2,3\n",
            "user\nx\n", "user,name\nx,y\n",
        "hello", "\"", ",",
        ",,,\n,,,\n", "\"user,arn\"\na,b\n", "name,mfa\nx,y\n", "user:arn\na:b\n",
        "account_id,account\na,b\n", "account,age\n1,2\n", "\x1b[2Jx,y\n"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++)
        refused(slice_of(texts[i]));
    refused((struct slice){"user,arn\0\n", 10});
    refused((struct slice){"\x7f" "ELF\0\1\1", 7});
    refused((struct slice){"\xff\xfeu\0s\0e\0r\0,\0a\0r\0n\0", 18}); /* UTF-16, as some spreadsheets save it */
}

/* Random damage to a good report: it is loaded or refused, every field within bounds, every line within the file. */
static void test_damage(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 1500; i++) {
        struct buffer csv = {0}, noise = {0};
        struct report r = {0};
        struct error err = {.text = ""};
        sample_random_report(&csv, sample_below(4));
        sample_random_bytes(&noise, sample_below(12));
        for (size_t k = 0; k < noise.len; k++)
            csv.data[sample_below(csv.len)] = noise.data[k];
        size_t len = sample_below(4) ? csv.len : sample_below(csv.len), lines = 1;
        char *exact = xcalloc(len, 1);
        memcpy(exact, csv.data, len);
        for (size_t k = 0; k < len; k++)
            lines += exact[k] == '\n' || exact[k] == '\r';
        bool ok = parse_report(&r, "test", (struct slice){exact, len}, &err);
            if (!ok && !err.text[0])
            fail_msg("seed %llu: refused without a word", seed);
        for (size_t row = 0; row < r.row_count; row++) {
            if (report_line_of(&r, row) < 1 || report_line_of(&r, row) > lines)
                fail_msg("seed %llu: row %zu on line %zu of %zu", seed, row, report_line_of(&r, row), lines);
            for (enum column c = 0; c < COL_COUNT; c++)
                assert_true(report_value(&r, row, c).state <= STATE_ABSENT);
        }
        report_free(&r);
        buffer_free(&csv);
        buffer_free(&noise);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_rows), cmocka_unit_test(test_dress), cmocka_unit_test(test_quoting),
        cmocka_unit_test(test_lines), cmocka_unit_test(test_piece_ends_with_cr),
        cmocka_unit_test(test_mark_behind_lines), cmocka_unit_test(test_many_problems), cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_long_and_short), cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_unknown), cmocka_unit_test(test_cells), cmocka_unit_test(test_problems_are_harmless),
        cmocka_unit_test(test_open_quote), cmocka_unit_test(test_not_a_report), cmocka_unit_test(test_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
