/* What is written can be read back, by small strict readers of CSV, TSV and JSON that live in this file. */
#include "export/export.h"
#include "base/cancel.h"
#include "unit/sample.h"
#include "export/users.h"

#include <stdio.h>
#include <stdlib.h>

/* All rows in a format; by the report's own columns, or by COUNT given ones. */
static struct buffer written(const struct report *r, const char *format, const enum column *columns, size_t count)
{
    struct buffer b = {0};
    char *text = NULL;
    size_t size = 0;
    uint32_t *rows = xcalloc(r->row_count, sizeof *rows);
    for (uint32_t row = 0; row < r->row_count; row++)
        rows[row] = row;
    size_t n = columns ? count : r->column_count;
    struct users_column *chosen = xcalloc(n, sizeof *chosen);
    for (size_t i = 0; i < n; i++)
        chosen[i] = columns ? (struct users_column){columns[i], SIZE_MAX}
            : (struct users_column){r->columns[i].known, i};
    struct users users;
    struct table table = users_table(&users, r, rows, r->row_count, chosen, n, !columns);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_non_null(export_find(format));
    export_find(format)->write(&table, false, out);
    users_free(&users);
    fclose(out);
    buffer_add(&b, text, size);
    free(text);
    free(chosen);
    free(rows);
    return b;
}

/* ---- readers ---- */

enum { FIELDS_MAX = 4000 };

/* Fields in order; each row ends with a mark. */
struct fields {
    struct buffer text[FIELDS_MAX];
    bool ends_row[FIELDS_MAX];
    size_t count;
};

static void fields_free(struct fields *f)
{
    for (size_t i = 0; i < f->count; i++)
        buffer_free(&f->text[i]);
    free(f);
}

static struct buffer *field_new(struct fields *f)
{
    assert_true(f->count < FIELDS_MAX);
    buffer_puts(&f->text[f->count], "");
    return &f->text[f->count++];
}

/* RFC 4180 to the letter, but for lines that end in LF: a quotation mark outside of quotes fails the test. */
static struct fields *read_csv(struct slice s)
{
    struct fields *f = xcalloc(1, sizeof *f);
    size_t i = 0;
    while (i < s.len) {
        struct buffer *field = field_new(f);
        bool quoted = s.data[i] == '"';
        for (i += quoted; i < s.len; i++) {
            if (quoted && s.data[i] == '"') {
                if (i + 1 < s.len && s.data[i + 1] == '"')
                    i++;
                else
                    break;
            } else if (!quoted) {
                if (s.data[i] == ',' || s.data[i] == '\n')
                    break;
                assert_true(s.data[i] != '"' && s.data[i] != '\r');
            }
            buffer_putc(field, s.data[i]);
        }
        i += quoted;
        assert_true(i < s.len && (s.data[i] == ',' || s.data[i] == '\n'));
        f->ends_row[f->count - 1] = s.data[i++] == '\n';
    }
    return f;
}

static struct fields *read_tsv(struct slice s)
{
    struct fields *f = xcalloc(1, sizeof *f);
    size_t i = 0;
    while (i < s.len) {
        struct buffer *field = field_new(f);
        for (; i < s.len && s.data[i] != '\t' && s.data[i] != '\n'; i++) {
            static const char letters[] = "tnr\\", bytes[] = "\t\n\r\\";
            char c = s.data[i];
            assert_int_not_equal(c, '\r');
            if (c == '\\') {
                const char *at = strchr(letters, s.data[++i]);
                assert_true(at && *at);
                c = bytes[at - letters];
            }
            buffer_putc(field, c);
        }
        assert_true(i < s.len);
        f->ends_row[f->count - 1] = s.data[i++] == '\n';
    }
    return f;
}

/* A JSON text by RFC 8259: what is left of S after one value; a NULL pointer when there is none. */
static struct slice json_value(struct slice s, int depth);

static const struct slice bad = {NULL, 0};

static struct slice drop(struct slice s, size_t n)
{
    return (struct slice){s.data + n, s.len - n};
}

static struct slice json_space(struct slice s)
{
    while (s.len && strchr(" \t\r\n", s.data[0]) && s.data[0])
        s = drop(s, 1);
    return s;
}

static struct slice json_string(struct slice s)
{
    if (!s.len || s.data[0] != '"')
        return bad;
    for (s = drop(s, 1); s.len && s.data[0] != '"';) {
        uint32_t cp;
        size_t n = utf8_decode(s.data, s.len, &cp);
        if (cp == UINT32_MAX || cp < 0x20)
            return bad;
        if (cp == '\\') {
            n = s.len > 1 && s.data[1] == 'u' ? 6 : 2;
            if (s.len < n || !s.data[1] || !strchr("\"\\/bfnrtu", s.data[1]))
                return bad;
            for (size_t i = 2; i < n; i++) {
                if (!s.data[i] || !strchr("0123456789abcdefABCDEF", s.data[i]))
                    return bad;
            }
        }
        s = drop(s, n);
    }
    return s.len ? drop(s, 1) : bad;
}

static struct slice json_number(struct slice s)
{
    size_t i = s.data[0] == '-';
    size_t first = i;
    while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
        i++;
    /* whole numbers are all that is written; none starts with a nought */
    return i == first || (s.data[first] == '0' && i > first + 1) ? bad : drop(s, i);
}

/* An array or an object, from its bracket on. */
static struct slice json_list(struct slice s, int depth)
{
    bool object = s.data[0] == '{';
    char close = object ? '}' : ']';
    s = json_space(drop(s, 1));
    if (s.len && s.data[0] == close)
        return drop(s, 1);
    for (;;) {
        if (object) {
            s = json_space(json_string(json_space(s)));
            if (!s.len || s.data[0] != ':')
                return bad;
            s = drop(s, 1);
        }
        s = json_space(json_value(s, depth + 1));
        if (!s.len || (s.data[0] != ',' && s.data[0] != close))
            return bad;
        bool last = s.data[0] == close;
        s = drop(s, 1);
        if (last)
            return s;
    }
}

static struct slice json_value(struct slice s, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    s = json_space(s);
    if (!s.len || depth > 10)
        return bad;
    for (size_t i = 0; i < SAMPLE_COUNT(words); i++) {
        size_t n = strlen(words[i]);
        if (s.len >= n && memcmp(s.data, words[i], n) == 0)
            return drop(s, n);
    }
    if (s.data[0] == '"')
        return json_string(s);
    return s.data[0] == '{' || s.data[0] == '[' ? json_list(s, depth) : json_number(s);
}

static bool json_is_valid(struct slice s)
{
    s = json_value(s, 0);
    return s.data && json_space(s).len == 0;
}

/* A checker that lets everything pass would check nothing. */
static void test_checker(void **state)
{
    static const char *const good[] = {"[]", "[\n ]", "{}", "[{\"a\":1,\"b\":null}]", "\"\\u00ff\\n\"", "-1",
        " [true, false] ", "0"};
    static const char *const wrong[] = {"", "[", "[1,]", "{\"a\"}", "{a:1}", "\"", "\"\n\"", "\"\\x\"", "\"\\u12g4\"",
        "01", "[1 2]",
        "nul", "\"\xff\"", "{\"a\":1,}", "[]]", "-", "\"\\"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(good); i++)
        assert_true(json_is_valid(slice_of(good[i])));
    for (size_t i = 0; i < SAMPLE_COUNT(wrong); i++) {
        if (json_is_valid(slice_of(wrong[i])))
            fail_msg("taken for JSON: %s", wrong[i]);
    }
}

/* ---- hostile reports ---- */

static void add_quoted(struct buffer *csv, struct slice field)
{
    buffer_putc(csv, '"');
    for (size_t i = 0; i < field.len; i++) {
        if (field.data[i] == '"')
            buffer_putc(csv, '"');
        buffer_putc(csv, field.data[i]);
    }
    buffer_putc(csv, '"');
}

/* A report whose fields hold anything but NUL, and in which unknown columns have such names. */
static void hostile_report(struct buffer *csv, size_t rows)
{
    size_t odd = sample_below(3), columns = 4 + odd;
    buffer_puts(csv, "user,arn,mfa_active,user_creation_time");
    for (size_t row = 0; row <= rows; row++) {
        /* one row in ten is too long or too short */
        size_t count = row && sample_below(10) == 0 ? 1 + sample_below(9) : columns;
        for (size_t i = row ? 0 : 4; i < count; i++) {
            struct buffer field = {0};
            buffer_puts(&field, "");
            sample_random_bytes(&field, sample_below(12));
            for (size_t k = 0; k < field.len; k++)
                field.data[k] = (char)(field.data[k] ? field.data[k] : '0');
            if (!row)
                buffer_printf(&field, "%zu", i); /* names differ */
            if (i)
                buffer_putc(csv, ',');
            add_quoted(csv, (struct slice){field.data, field.len});
            buffer_free(&field);
        }
        buffer_putc(csv, '\n');
    }
}

static void load_hostile(struct buffer *csv, struct report *r)
{
    buffer_puts(csv, "");
    hostile_report(csv, sample_below(8));
    sample_load(r, (struct slice){csv->data, csv->len});
}

/* Each field as the report has it against what was read from what was written. */
static void check_fields(const struct report *r, const struct fields *f, unsigned long long seed)
{
    size_t at = 0;
    for (size_t i = 0; i < r->column_count; i++, at++) {
        assert_true(at < f->count);
        sample_is((struct slice){f->text[at].data, f->text[at].len}, r->columns[i].name);
    }
    assert_true(f->ends_row[at - 1]);
    for (size_t row = 0; row < r->row_count; row++) {
        for (size_t i = 0; i < report_field_count(r, row); i++, at++) {
            struct slice want = report_field(r, row, i);
            bool last = i + 1 == report_field_count(r, row);
            if (at >= f->count || !slice_equal((struct slice){f->text[at].data, f->text[at].len}, want)
                || f->ends_row[at] != last)
                fail_msg("seed %llu: row %zu, field %zu is not what it was", seed, row, i);
        }
    }
    assert_int_equal(at, f->count);
}

static void test_round_trip(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < sample_rounds(300, 1000); i++) {
        struct buffer csv = {0};
        struct report r, again;
        load_hostile(&csv, &r);
        struct buffer once = written(&r, "csv", NULL, 0);
        struct fields *f = read_csv((struct slice){once.data, once.len});
        check_fields(&r, f, seed);
        sample_load(&again, (struct slice){once.data, once.len});
        check_fields(&again, f, seed);
        if (again.row_count != r.row_count)
            fail_msg("seed %llu: %zu rows became %zu", seed, r.row_count, again.row_count);
        struct buffer twice = written(&again, "csv", NULL, 0);
        assert_true(slice_equal((struct slice){once.data, once.len}, (struct slice){twice.data, twice.len}));
        fields_free(f);
        struct buffer tsv = written(&r, "tsv", NULL, 0);
        f = read_tsv((struct slice){tsv.data, tsv.len});
        check_fields(&r, f, seed);
        fields_free(f);
        report_free(&r);
        report_free(&again);
        buffer_free(&csv);
        buffer_free(&once);
        buffer_free(&twice);
        buffer_free(&tsv);
    }
}

/* Rows that could vanish or change when they are written without quotes. */
static void test_quotes(void **state)
{
    static const struct {
        const char *csv, *written;
    } table[] = {
        {"user,arn\na,b", "user,arn\na,b\n"},
        {"user,arn\n\"a,b\",\"c\"\"d\"\n", "user,arn\n\"a,b\",\"c\"\"d\"\n"},
        {"user,arn\n\"a\nb\",\"c\rd\"\n", "user,arn\n\"a\nb\",\"c\rd\"\n"},
        {"user,arn\n a , b \n", "user,arn\n a , b \n"},
        {"user,arn\n,\n", "user,arn\n"}, /* nothing in any column: no row */
        {"user,arn\n\"\"\nb,c\n", "user,arn\nb,c\n"},
        {"USER,Arn,Odd\na,b,c\n", "USER,Arn,Odd\na,b,c\n"},
        {"user,arn\nshort\nlong,b,c,d\n", "user,arn\nshort\nlong,b,c,d\n"},
        {"odd,arn,user,\"x,y\"\n1,2,3,\n", "odd,arn,user,\"x,y\"\n1,2,3,\n"},
        {"user,arn,mfa_active\na,b,TRUE\nc,d,N/A\ne,f,no_information\ng,h,what\n",
            "user,arn,mfa_active\na,b,TRUE\nc,d,N/A\ne,f,no_information\ng,h,what\n"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct report r;
        sample_load(&r, slice_of(table[i].csv));
        struct buffer b = written(&r, "csv", NULL, 0);
        sample_is((struct slice){b.data, b.len}, table[i].written);
        buffer_free(&b);
        report_free(&r);
    }
}

/* A column and a row for each kind of cell. */
static const char kinds[] =
    "user,arn,user_creation_time,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "a|b\n"
    "anna,arn:aws:iam::123456789012:user/ci/anna,2026-06-05T12:00:00+00:00,TRUE,true,2026-03-17T11:59:59Z,N/A,x|y\n"
    "\"b\"\"o\\b\",N/A,,perhaps,false,N/A,N/A,\n";

static const enum column some[] = {COL_USER, COL_ACCOUNT, COL_ROOT, COL_USER_CREATION_TIME, COL_MFA_ACTIVE, COL_AGE,
    COL_KEY_1_AGE,
    COL_ACTIVE_KEYS, COL_LAST_ACTIVITY};

static void check_format(const char *format, const enum column *columns, size_t count, const char *want)
{
    struct report r;
    sample_load(&r, slice_of(kinds));
    struct buffer b = written(&r, format, columns, count);
    sample_is((struct slice){b.data, b.len}, want);
    buffer_free(&b);
    report_free(&r);
}

static void test_formats(void **state)
{
    (void)state;
    check_format("csv", some, SAMPLE_COUNT(some),
        "user,account,root,user_creation_time,mfa_active,age,key_1_age,active_keys,last_activity\n"
        "anna,123456789012,false,2026-06-05T12:00:00+00:00,TRUE,10,90,,\n"
        "\"b\"\"o\\b\",,false,,perhaps,,N/A,,\n");
    check_format("tsv", some, 2, "user\taccount\nanna\t123456789012\nb\"o\\\\b\t\n");
    check_format("jsonl", some, SAMPLE_COUNT(some),
        "{\"user\":\"anna\",\"account\":\"123456789012\",\"root\":false,"
        "\"user_creation_time\":\"2026-06-05T12:00:00+00:00\",\"mfa_active\":true,"
        "\"age\":10,\"key_1_age\":90,\"active_keys\":null,\"last_activity\":null}\n"
        "{\"user\":\"b\\\"o\\\\b\",\"account\":null,\"root\":false,\"user_creation_time\":null,"
        "\"mfa_active\":null,\"age\":null,\"key_1_age\":null,\"active_keys\":null,\"last_activity\":null}\n");
    check_format("json", some, 1, "[\n {\"user\":\"anna\"},\n {\"user\":\"b\\\"o\\\\b\"}\n]\n");
}

/* The number of bars in a line of Markdown that are not escaped. */
static size_t bars(struct slice line)
{
    size_t n = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '\\')
            i++;
        else
            n += line.data[i] == '|';
    }
    return n;
}

/* Every line has the same number of cells, whatever is in them or in the names of columns. */
static void check_markdown(const struct report *r, const struct buffer *b, unsigned long long seed)
{
    size_t lines = 0;
    for (size_t from = 0; from < b->len; lines++) {
        const char *end = memchr(b->data + from, '\n', b->len - from);
        assert_non_null(end);
        struct slice line = {b->data + from, (size_t)(end - b->data) - from};
        if (bars(line) != r->column_count + 1)
            fail_msg("seed %llu: %zu bars for %zu columns: %.*s", seed, bars(line), r->column_count, (int)line.len,
                line.data);
        from += line.len + 1;
    }
    assert_int_equal(lines, r->row_count + 2);
}

static void test_markdown(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn,,a|b,<i>\n\"a|b\",\"c\nd\",,\\|,<b>x</b>\n"));
    struct buffer b = written(&r, "markdown", NULL, 0);
    check_markdown(&r, &b, 0);
    assert_non_null(strstr(b.data, "a\\|b"));
    assert_null(strstr(b.data, "<b>"));
    buffer_free(&b);
    report_free(&r);
}

static bool is_printable(const struct buffer *b)
{
    for (size_t i = 0; i < b->len;) {
        uint32_t cp;
        i += utf8_decode(b->data + i, b->len - i, &cp);
        if (cp != '\n' && codepoint_width(cp) < 0)
            return false;
    }
    return true;
}

static size_t count_char(const struct buffer *b, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        n += b->data[i] == c;
    return n;
}

/* Nothing in a cell or a name is a tag: there are as many as rows and columns make. */
static void check_html(const struct report *r, const struct buffer *b, unsigned long long seed)
{
    static size_t fixed, more;
    size_t columns = r->column_count, wanted = 2 * columns + r->row_count * (2 + 2 * columns);
    size_t starts = count_char(b, '<'), ends = count_char(b, '>');
    fixed = fixed ? fixed : starts - wanted; /* of the page itself */
    more = more ? more : ends - starts; /* selectors of the style sheet */
    if (starts != fixed + wanted || ends != starts + more)
        fail_msg("seed %llu: %zu < and %zu > for %zu rows of %zu columns", seed, starts, ends, r->row_count, columns);
}

/* A name alone: no line that is not JSON by itself. */
static void check_lines(const struct buffer *b, size_t count, unsigned long long seed)
{
    size_t lines = 0;
    for (size_t from = 0; from < b->len; lines++) {
        const char *end = memchr(b->data + from, '\n', b->len - from);
        assert_non_null(end);
        struct slice line = {b->data + from, (size_t)(end - b->data) - from};
        if (!json_is_valid(line))
            fail_msg("seed %llu: not JSON: %.*s", seed, (int)line.len, line.data);
        from += line.len + 1;
    }
    assert_int_equal(lines, count);
}

static void test_hostile(void **state)
{
    unsigned long long seed = sample_start();
    enum column every[COL_COUNT];
    (void)state;
    for (enum column c = 0; c < COL_COUNT; c++)
        every[c] = c;
    for (size_t i = 0; i < sample_rounds(200, 600); i++) {
        struct buffer csv = {0};
        struct report r;
        const enum column *columns = i % 2 ? every : NULL;
        load_hostile(&csv, &r);
        struct buffer json = written(&r, "json", columns, COL_COUNT), lines = written(&r, "jsonl", columns, COL_COUNT);
        if (!json_is_valid((struct slice){json.data, json.len}))
            fail_msg("seed %llu: not JSON: %s", seed, json.data);
        check_lines(&lines, r.row_count, seed);
        struct buffer table = written(&r, "text", columns, COL_COUNT), markdown;
        markdown = written(&r, "markdown", columns, COL_COUNT);
        if (!columns)
            check_markdown(&r, &markdown, seed);
        struct buffer page = written(&r, "html", columns, COL_COUNT);
        if (!columns)
            check_html(&r, &page, seed);
        if (!is_printable(&table) || !is_printable(&page) || !is_printable(&markdown) || !is_printable(&json)
            || !is_printable(&lines))
            fail_msg("seed %llu: something that no terminal may get", seed);
        report_free(&r);
        buffer_free(&csv);
        buffer_free(&json);
        buffer_free(&lines);
        buffer_free(&table);
        buffer_free(&markdown);
        buffer_free(&page);
    }
}

/* Two files with other columns: every row has as many fields as the header. */
static void test_two_files(void **state)
{
    struct report r = {0};
    struct error err;
    (void)state;
    assert_true(parse_report(&r, "one", slice_of("user,arn\na,b\n"), &err));
    assert_true(parse_report(&r, "two", slice_of("arn,note,user\nd,e,c\n"), &err));
    struct buffer b = written(&r, "csv", NULL, 0);
    assert_string_equal(b.data, "user,arn,note\na,b,\nc,d,e\n");
    buffer_free(&b);
    b = written(&r, "jsonl", NULL, 0);
    assert_string_equal(b.data,
        "{\"user\":\"a\",\"arn\":\"b\",\"note\":null}\n{\"user\":\"c\",\"arn\":\"d\",\"note\":\"e\"}\n");
    buffer_free(&b);
    report_free(&r);
}

/* Characters beyond U+FFFF that no terminal may get take two escapes; what is no character takes one. */
static void test_json_escapes(void **state)
{
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn\n\xf3\xa0\x81\x81,\"\x1b\xff\x7f\xe2\x80\xae\nx\"\n"));
    struct buffer b = written(&r, "jsonl", NULL, 0);
    assert_string_equal(b.data, "{\"user\":\"\\udb40\\udc41\",\"arn\":\"\\u001b\\ufffd\\u007f\\u202e\\u000ax\"}\n");
    buffer_free(&b);
    report_free(&r);
}

static bool at_once(void *context)
{
    ++*(int *)context;
    return true;
}

/* Whoever waits is asked now and then, and what is written ends soon when nobody does. */
static void test_cancelled(void **state)
{
    enum { ROWS = 20000 };
    struct buffer csv = {0};
    struct report r;
    uint32_t *rows = xcalloc(ROWS, sizeof *rows);
    (void)state;
    buffer_puts(&csv, "user,arn\n");
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i] = i;
        buffer_printf(&csv, "u%u,arn:aws:iam::1:user/u%u\n", i, i);
    }
    sample_load(&r, (struct slice){csv.data, csv.len});
    for (size_t i = 0; i < export_format_count; i++) {
        int asked = 0;
        char *text = NULL;
        size_t size = 0;
        struct cancel_token cancel = {.is_over = at_once, .context = &asked};
        struct users_column user = {COL_USER, SIZE_MAX};
        struct users users;
        struct table table = users_table(&users, &r, rows, ROWS, &user, 1, false);
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        table.cancel = &cancel;
        export_formats[i].write(&table, false, out);
        fclose(out);
        assert_int_equal(asked, 1);
        assert_true(cancel.has_ended);
        assert_null(strstr(text, "u15000"));
        users_free(&users);
        free(text);
    }
    report_free(&r);
    buffer_free(&csv);
    free(rows);
}

static void test_no_rows(void **state)
{
    static const char *const json[] = {"json", "jsonl"};
    struct report r;
    (void)state;
    sample_load(&r, slice_of("user,arn\n"));
    for (size_t i = 0; i < export_format_count; i++) {
        struct buffer b = written(&r, export_formats[i].name, NULL, 0);
        if (strcmp(export_formats[i].name, json[0]) == 0 || export_formats[i].sarif)
            assert_true(json_is_valid((struct slice){b.data, b.len}));
        else
            assert_int_equal(b.len == 0, strcmp(export_formats[i].name, json[1]) == 0);
        buffer_free(&b);
    }
    assert_null(export_find("xml"));
    assert_null(export_find(""));
    report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_checker), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_quotes), cmocka_unit_test(test_formats), cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_json_escapes), cmocka_unit_test(test_two_files),
        cmocka_unit_test(test_no_rows), cmocka_unit_test(test_cancelled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
