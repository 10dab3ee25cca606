/* The reader of JSON: its events, and what it accepts against jansson, which is an implementation of its own. */
#include "base/json_reader.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A text that comes in pieces of SIZE bytes. */
struct pieces {
    struct slice rest;
    size_t size;
    bool fails; /* at its end */
};

static bool next_piece(void *context, struct buffer *piece, bool *is_end)
{
    struct pieces *p = context;
    size_t n = p->rest.len < p->size ? p->rest.len : p->size;
    buffer_add(piece, p->rest.data, n);
    p->rest = (struct slice){p->rest.data + n, p->rest.len - n};
    *is_end = !p->rest.len;
    return !*is_end || !p->fails;
}

/* The events of TEXT as a line of words, of the whole text or, if SIZE is not 0, read in pieces of SIZE bytes. */
static void events_of(struct buffer *out, struct slice text, bool many, size_t size)
{
    static const char *const names[] = {"end", "error", "{", "}", "[", "]", "key", "string", "number", "true", "false",
        "null"};
    struct json_reader j;
    struct pieces pieces = {text, size, false};
    if (size)
        json_reader_start_pieces(&j, next_piece, &pieces);
    else
        json_reader_start(&j, text);
    j.many = many;
    for (enum json_event e = json_reader_next(&j);; e = json_reader_next(&j)) {
        buffer_printf(out, "%s%s", out->len ? " " : "", names[e]);
        if (e == JSON_EVENT_KEY || e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER)
            buffer_printf(out, "=%.*s", (int)j.text.len, j.text.data);
        if (e == JSON_EVENT_ERROR)
            buffer_printf(out, " line %zu: %s", j.line, j.error);
        if (e == JSON_EVENT_END || e == JSON_EVENT_ERROR)
            break;
    }
    json_reader_free(&j);
}

static void expect(const char *text, bool many, const char *wanted)
{
    for (size_t size = 0; size < 12; size++) {
        struct buffer got = {0};
        events_of(&got, slice_of(text), many, size);
        assert_string_equal(got.data, wanted);
        buffer_free(&got);
    }
}

static void test_events(void **state)
{
    (void)state;
    expect("{\"a\": [1, -2.5e+3, true, false, null], \"b\": {}, \"c\":[]}", false,
        "{ key=a [ number=1 number=-2.5e+3 true false null ] key=b { } key=c [ ] } end");
    expect("\"a\\n\\u00e9\\ud83d\\ude00\\\\z\"", false, "string=a\n\xc3\xa9\xf0\x9f\x98\x80\\z end");
    expect("{\"a\":1}\n{\"a\":2}\n", true, "{ key=a number=1 } { key=a number=2 } end");
    expect("", true, "end");
}

static void test_errors(void **state)
{
    (void)state;
    expect(" \n", false, "error line 2: it is empty");
    expect("[1,\n2", false, "[ number=1 number=2 error line 2: it ends too early");
    expect("[1,]", false, "[ number=1 error line 1: expected a value");
    expect("{\"a\":1,}", false, "{ key=a number=1 error line 1: expected the name of a member");
    expect("{\"a\" 1}", false, "{ error line 1: expected a colon");
    expect("[1 2]", false, "[ number=1 error line 1: expected a comma or ]");
    expect("{}\n{}", false, "{ } error line 2: a second document begins");
    expect("\"a", false, "error line 1: a string is not closed");
    expect("\"\\q\"", false, "error line 1: a string has an invalid escape");
    expect("\"\\ud83d\"", false, "error line 1: a string has an invalid escape");
    expect("\"\xff\"", false, "error line 1: a string is not UTF-8");
    expect("\"a\nb\"", false, "error line 1: a string has a control character or a line end");
    expect("01", false, "error line 1: a number is not valid JSON");
    expect("[}", false, "[ error line 1: expected a value");
}

static void test_depth(void **state)
{
    struct json_reader j;
    char text[JSON_DEPTH_MAX + 1];
    (void)state;
    memset(text, '[', sizeof text);
    json_reader_start(&j, (struct slice){text, sizeof text});
    for (size_t i = 0; i < JSON_DEPTH_MAX; i++)
        assert_int_equal(json_reader_next(&j), JSON_EVENT_ARRAY);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ERROR);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ERROR);
    json_reader_free(&j);
}

static void test_skip(void **state)
{
    struct json_reader j;
    (void)state;
    json_reader_start(&j, slice_of("{\"a\":{\"b\":[{},[1]]},\"c\":[[]],\"d\":7,\"e\":1}"));
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT);
    for (const char *key = "acd"; *key; key++) {
        assert_int_equal(json_reader_next(&j), JSON_EVENT_KEY);
        assert_int_equal(j.text.data[0], *key);
        assert_true(json_reader_skip(&j));
    }
    assert_int_equal(json_reader_next(&j), JSON_EVENT_KEY);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_NUMBER);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT_END);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_END);
    json_reader_free(&j);
    json_reader_start(&j, slice_of("[[1,[2}"));
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ARRAY);
    assert_false(json_reader_skip(&j));
    json_reader_free(&j);
}

static bool is_accepted(struct slice text)
{
    struct json_reader j;
    enum json_event e;
    json_reader_start(&j, text);
    while ((e = json_reader_next(&j)) != JSON_EVENT_END && e != JSON_EVENT_ERROR)
        ;
    json_reader_free(&j);
    return e == JSON_EVENT_END;
}

/* Texts that are nearly JSON: what the reader accepts is what jansson does. */
static void test_against_jansson(void **state)
{
    static const char *const pieces[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\u00e9\"", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"\\u12\"", "\"\xc3\xa9\"", "\"\xc3\"", "1", "-0", "01", "1.5", "1.", "1e3", "1e", "-", "true",
        "false", "null", "nul", " ", "\n", "\"", "\\", "{\"k\":", "[1,2]", "{}", "\"\\/\\b\\f\\n\\r\\t\\\\\\\"\""};
    enum { PIECES = sizeof pieces / sizeof pieces[0], TEXTS = 20000 };
    unsigned seed = 1;
    size_t valid = 0;
    (void)state;
    for (size_t n = 0; n < TEXTS; n++) {
        struct buffer text = {0};
        bool is_list = n % 2;
        buffer_puts(&text, is_list ? "[" : "");
        for (size_t i = 0; i < 1 + n % 7; i++) {
            seed = seed * 1103515245 + 12345;
            buffer_puts(&text, is_list && i ? "," : "");
            buffer_puts(&text, pieces[(seed >> 16) % PIECES]);
        }
        buffer_puts(&text, is_list ? "]" : "");
        json_t *root = json_loadb(text.data, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        bool ok = is_accepted((struct slice){text.data, text.len});
        if (ok != (root != NULL))
            fail_msg("%s: %s", text.data, ok ? "accepted" : "refused");
        struct buffer whole = {0}, in_pieces = {0};
        events_of(&whole, (struct slice){text.data, text.len}, false, 0);
        events_of(&in_pieces, (struct slice){text.data, text.len}, false, 1 + n % 5);
        assert_string_equal(in_pieces.data, whole.data);
        buffer_free(&whole);
        buffer_free(&in_pieces);
        valid += ok;
        json_decref(root);
        buffer_free(&text);
    }
    assert_true(valid > TEXTS / 100);
}

/* Members of the same name in one object, whatever is around them; not in what is skipped. */
static void test_doubles(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        const char *name;
    } cases[] = {
        {"{\"a\":1,\"b\":2}", 0, ""}, {"{\"a\":1,\"a\":2}", 1, "a"}, {"{\"a\":1,\"\\u0061\":2,\"a\":3}", 2, "a"},
        {"[{\"a\":1},{\"a\":1}]", 0, ""}, {"{\"a\":{\"a\":{\"a\":1}}}", 0, ""},
        {"{\"a\":{\"b\":1,\"b\":[{}]},\"b\":1,\"c\":[{\"c\":{},\"d\":1}],\"a\":1}", 2, "b"},
        {"{\"\":{},\"\":{}}", 1, ""},
        {"{\"skip\":{\"a\":1,\"a\":1},\"a\":1,\"skip\":[{\"a\":1,\"a\":1}],\"a\":2}", 2, "skip"},
        {"{\"o\":{\"leave\":1,\"leave\":1,\"x\":{\"y\":1}},\"o\":1,\"x\":1}", 2, "leave"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_reader j;
        enum json_event e;
        json_reader_start(&j, slice_of(cases[i].text));
        j.finds_doubles = true;
        while ((e = json_reader_next(&j)) != JSON_EVENT_END) {
            assert_int_not_equal(e, JSON_EVENT_ERROR);
            if (e == JSON_EVENT_KEY && slice_equal(j.text, slice_of("skip")))
                assert_true(json_reader_skip(&j));
        }
        if (j.doubles.count != cases[i].count || strcmp(j.doubles.name, cases[i].name) != 0)
            fail_msg("%s: %zu, \"%s\"", cases[i].text, j.doubles.count, j.doubles.name);
        json_reader_free(&j);
    }
    struct json_reader j; /* an object that is left in its middle */
    json_reader_start(&j, slice_of("[{\"a\":1,\"b\":2},{\"a\":1,\"a\":1}]"));
    j.finds_doubles = true;
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ARRAY);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT);
    assert_true(json_reader_skip(&j));
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_KEY);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_NUMBER);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_KEY);
    assert_int_equal(j.doubles.count, 1);
    json_reader_free(&j);
}

/* Of white space and of what is skipped nothing is kept; what is kept of a string has a limit. */
static void test_long(void **state)
{
    static const char *const starts[] = {"", "{\"a\":", "{\"b\":", "{\"b\":[\"", "{\"b\":{\""};
    static const char *const ends[] = {"{}", "1}", "1}", "\\n\"]}", "\":1}}"};
    enum { LONG = JSON_TEXT_MAX + (1 << 18), PIECE = 1 << 16 };
    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct buffer text = {0};
        struct json_reader j;
        enum json_event e;
        buffer_puts(&text, starts[i]);
        for (size_t n = 0; n < LONG / sizeof "xxxxxxxxxxxxxxx"; n++)
            buffer_puts(&text, i < 3 ? "                " : "xxxxxxxxxxxxxxxx");
        buffer_puts(&text, ends[i]);
        struct pieces pieces = {{text.data, text.len}, PIECE, false};
        json_reader_start_pieces(&j, next_piece, &pieces);
        while ((e = json_reader_next(&j)) != JSON_EVENT_END && e != JSON_EVENT_ERROR) {
            if (e == JSON_EVENT_KEY && j.text.data[0] == 'b')
                assert_true(json_reader_skip(&j));
        }
        assert_int_equal(e, JSON_EVENT_END);
        assert_true(j.piece.cap <= 4 * PIECE && j.decoded.cap <= 4 * PIECE);
        json_reader_free(&j);
        pieces = (struct pieces){{text.data, text.len}, PIECE, false}; /* without skipping */
        json_reader_start_pieces(&j, next_piece, &pieces);
        while ((e = json_reader_next(&j)) != JSON_EVENT_END && e != JSON_EVENT_ERROR)
            continue;
        assert_int_equal(e, i < 3 ? JSON_EVENT_END : JSON_EVENT_ERROR);
        json_reader_free(&j);
        buffer_free(&text);
    }
}

/* A number that comes in pieces has a limit, because it is read again with each piece. */
static void test_long_number(void **state)
{
    struct buffer text = {0};
    struct json_reader j;
    (void)state;
    buffer_putc(&text, '[');
    for (size_t n = 0; n < 2000; n++)
        buffer_putc(&text, '1');
    buffer_putc(&text, ']');
    for (size_t piece = 1; piece < 4000; piece *= 7) {
        struct pieces pieces = {{text.data, text.len}, piece, false};
        json_reader_start_pieces(&j, next_piece, &pieces);
        assert_int_equal(json_reader_next(&j), JSON_EVENT_ARRAY);
        assert_int_equal(json_reader_next(&j), JSON_EVENT_ERROR);
        assert_string_equal(j.error, "a number is too long");
        json_reader_free(&j);
    }
    json_reader_start(&j, (struct slice){text.data, text.len});
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ARRAY);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_NUMBER);
    assert_int_equal(j.text.len, 2000);
    json_reader_free(&j);
    buffer_free(&text);
}

/* A text that cannot be read further has no end and no further event, even between two documents. */
static void test_unreadable(void **state)
{
    struct json_reader j;
    struct pieces pieces = {slice_of("{} "), 1, true};
    (void)state;
    json_reader_start_pieces(&j, next_piece, &pieces);
    j.many = true;
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_OBJECT_END);
    assert_int_equal(json_reader_next(&j), JSON_EVENT_ERROR);
    assert_true(j.has_failed);
    json_reader_free(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long), cmocka_unit_test(test_long_number), cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_events), cmocka_unit_test(test_errors), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_skip), cmocka_unit_test(test_against_jansson),
    };
    return cmocka_run_group_tests_name("json_reader", tests, NULL, NULL);
}
