/* The same table in every form gives the same rows. */
#include "read/rows.h"
#include "unit/sample.h"

#include <csv.h>
#include <stdlib.h>

struct seen {
    struct buffer text; /* fields by |, rows by newlines */
};

static bool see(struct seen *s, const struct slice *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_puts(&s->text, i ? "|" : "");
        buffer_add(&s->text, fields[i].data, fields[i].len);
    }
    buffer_putc(&s->text, '\n');
    return true;
}

static bool see_header(void *context, const struct slice *names, size_t count, struct error *err)
{
    (void)err;
    return see(context, names, count);
}

static bool see_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    (void)err;
    assert_true(line > 0);
    return see(context, fields, count);
}

static void test_forms(void **state)
{
    static const char *const forms[] = {
        "user,team\nann,Mobile\nbob,\"Web, two\"\n", "user\tteam\r\nann\tMobile\r\n\r\nbob\tWeb, two",
            "user;team\nann;Mobile\nbob;Web, two\n",
        "\xef\xbb\xbfuser|team\nann|Mobile\nbob|Web, two\n",
        "[{\"user\":\"ann\",\"team\":\"Mobile\"},{\"team\":\"Web, two\",\"user\":\"bob\"}]",
        "{\"user\":\"ann\",\"team\":\"Mobile\"}\n{\"user\":\"bob\",\"team\":\"Web, two\"}\n",
    };
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(forms); i++) {
        struct seen s = {0};
        if (!rows_read(slice_of(forms[i]), "owners",
            &(struct rows_sink){.context = &s, .header = see_header, .row = see_row}, &err))
            fail_msg("%s: %s", forms[i], err.text);
        assert_string_equal(s.text.data, "user|team\nann|Mobile\nbob|Web, two\n");
        buffer_free(&s.text);
    }
}

static void test_json_members(void **state)
{
    struct seen s = {0};
    struct error err;
    (void)state;
    assert_true(rows_read(slice_of("[{\"a\":1,\"n\":{\"x\":[1]}},{\"b\":true,\"a\":null}]"), "x",
        &(struct rows_sink){.context = &s, .header = see_header, .row = see_row}, &err));
    assert_string_equal(s.text.data, "a|n|b\n1||\n||true\n");
    buffer_free(&s.text);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {"", "\n\n", "[1]", "{\"a\":1", "[{\"a\":1},2]", "{\"a\":1}]"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct seen s = {0};
        if (rows_read(slice_of(texts[i]), "x", &(struct rows_sink){.context = &s, .header = see_header, .row = see_row},
            &err))
            fail_msg("accepted: %s", texts[i]);
        buffer_free(&s.text);
    }
}

/* A cell is as long as it may be, or one byte too long, in CSV and in JSON. */
static void test_long_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct buffer text = {0};
        struct seen s = {0};
        struct error err;
        buffer_puts(&text, i < 2 ? "user\n" : "{\"user\":\"");
        for (size_t n = 0; n < ROWS_FIELD_MAX + i % 2; n++)
            buffer_putc(&text, 'x');
        buffer_puts(&text, i < 2 ? "\n" : "\"}");
        bool ok = rows_read((struct slice){text.data, text.len}, "x",
            &(struct rows_sink){.context = &s, .header = see_header, .row = see_row}, &err);
        assert_int_equal(ok, i % 2 == 0);
        if (!ok)
            assert_non_null(strstr(err.text, "a field that is too long"));
        buffer_free(&s.text);
        buffer_free(&text);
    }
}

/* ---- against libcsv alone ---- */

struct by_libcsv {
    struct buffer row, all;
    size_t count, length; /* fields of the row; bytes of the last one */
};

static void libcsv_field(void *data, size_t len, void *context)
{
    struct by_libcsv *l = context;
    buffer_puts(&l->row, l->count++ ? "|" : "");
    buffer_add(&l->row, data, len);
    l->length = len;
}

static void libcsv_row(int end, void *context)
{
    struct by_libcsv *l = context;
    (void)end;
    if (l->count > 1 || (l->count == 1 && l->length)) { /* a blank line is no row */
        buffer_add(&l->all, l->row.data, l->row.len);
        buffer_putc(&l->all, '\n');
    }
    l->row.len = l->count = 0;
}

/*
 * Lines without quotation marks are read by other code: the same rows come of them, whatever blanks and ends they have.
 */
static void test_plain_lines(void **state)
{
    static const char *const pieces[] = {"a", "bc", ",", ",", ",,", " ", "\t", "\n", "\n", "\r\n", "\r", "\"",
        "\"x, y\"", "\"\"", ";", "1 2"};
    struct error err;
    (void)state;
    srand(7);
    for (int round = 0; round < 5000; round++) {
        struct buffer text = {0};
        struct by_libcsv want = {0};
        struct seen got = {0};
        struct csv_parser parser;
        buffer_puts(&text, "h,i\n");
        for (int n = rand() % 24; n > 0; n--)
            buffer_puts(&text, pieces[rand() % (rand() % 3 ? 11 : (int)SAMPLE_COUNT(pieces))]);
        assert_int_equal(csv_init(&parser, CSV_APPEND_NULL), 0);
        csv_parse(&parser, text.data, text.len, libcsv_field, libcsv_row, &want);
        csv_fini(&parser, libcsv_field, libcsv_row, &want);
        csv_free(&parser);
        buffer_puts(&want.all, "");
        /* else a quotation mark is never closed, which is an error here */
        if (rows_read((struct slice){text.data, text.len}, "x", &(struct rows_sink){&got, see_header, see_row, NULL},
            &err)
            && strcmp(got.text.data, want.all.data) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", text.data, got.text.data, want.all.data);
        buffer_free(&text);
        buffer_free(&want.row);
        buffer_free(&want.all);
        buffer_free(&got.text);
    }
}

/* ---- in pieces ---- */

static void see_number(struct seen *s, size_t line)
{
    buffer_number(&s->text, (int64_t)line);
    buffer_putc(&s->text, ':');
}

static bool see_numbered(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    (void)err;
    see_number(context, line);
    return see(context, fields, count);
}

/* What a piece has of each row before its text. */
struct piece_row {
    size_t line, len;
};

static void *begin_piece(void *context, struct buffer *out)
{
    (void)context;
    assert_int_equal(out->len, 0);
    return out;
}

static bool add_to_piece(void *piece, const struct slice *fields, size_t count, size_t line)
{
    struct buffer *out = piece;
    struct seen s = {0};
    see(&s, fields, count);
    buffer_add(out, &(struct piece_row){line, s.text.len}, sizeof(struct piece_row));
    buffer_add(out, s.text.data, s.text.len);
    buffer_free(&s.text);
    return out->len < 100;
}

static void end_piece(void *piece)
{
    (void)piece;
}

static bool take_piece(void *context, struct slice rows, size_t line, size_t read, struct error *err)
{
    (void)read;
    (void)err;
    for (struct piece_row row; rows.len;) {
        memcpy(&row, rows.data, sizeof row);
        see_number(context, line + row.line);
        buffer_add(&((struct seen *)context)->text, rows.data + sizeof row, row.len);
        rows = (struct slice){rows.data + sizeof row + row.len, rows.len - sizeof row - row.len};
    }
    return true;
}

/* Wherever a text is cut into pieces, even within quotation marks, they have the same rows and faults, on its lines. */
static void test_pieces(void **state)
{
    static const char *const parts[] = {"a", "bc", ",", ",", "\n", "\n", "\r\n", "\r", " ", "\"x\n, y\"", "\"\"",
        "\"x\"", ",\"", "\n\"", "\"\"\"z\"", "1234567890123456", "\n\"p\",\"q\"\n", "\"\r\n"};
    struct error err, other;
    (void)state;
    srand(11);
    for (int round = 0; round < 3000; round++) {
        struct buffer text = {0};
        struct seen want = {0}, got = {0};
        int kinds = rand() % 3 ? 10 : (int)SAMPLE_COUNT(parts);
        buffer_puts(&text, rand() % 4 ? "h,i\n" : "sep=,\n\n\"h\n\",i\r\n");
        for (int n = rand() % (rand() % 4 ? 30 : 200); n > 0; n--)
            buffer_puts(&text, parts[rand() % kinds]);
        for (int n = rand() % 100 ? 0 : 20000; n > 0; n--) /* longer than what is looked at once */
            buffer_puts(&text, "0123456789");
        struct slice all = {text.data, text.len};
        err.text[0] = other.text[0] = '\0';
        bool ok = rows_read(all, "x", &(struct rows_sink){&want, see_header, see_numbered, NULL}, &err);
        struct rows_pieces pieces = {{&got, see_header, NULL, NULL}, begin_piece, add_to_piece, end_piece, take_piece,
            1 + (size_t)rand() % 40};
        assert_int_equal(rows_read_pieces(all, "x", &pieces, &other), ok);
        assert_string_equal(other.text, err.text);
        if (ok)
            assert_string_equal(got.text.data, want.text.data);
        buffer_free(&text);
        buffer_free(&want.text);
        buffer_free(&got.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_json_members),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_long_cell), cmocka_unit_test(test_plain_lines),
        cmocka_unit_test(test_pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
