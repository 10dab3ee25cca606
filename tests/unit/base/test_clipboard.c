/* OSC 52, byte by byte, alone and through tmux and screen. */
#include "unit/sample.h"
#include "base/base64.h"
#include "base/clipboard.h"

static void is(const char *text, struct clipboard_path path, const char *want)
{
    struct buffer out = {0};
    struct error err;
    assert_true(clipboard_sequence(&out, slice_of(text), path, &err));
    assert_string_equal(out.data, want);
    buffer_free(&out);
}

static void test_sequences(void **state)
{
    (void)state;
    is("hello", (struct clipboard_path){0}, "\033]52;c;aGVsbG8=\a");
    is("", (struct clipboard_path){0}, "\033]52;c;\a");
    is("hello", (struct clipboard_path){.tmux = true},
        "\033]52;c;aGVsbG8=\a" "\033Ptmux;\033\033]52;c;aGVsbG8=\a\033\\");
    is("hello", (struct clipboard_path){.screen = true}, "\033]52;c;aGVsbG8=\a" "\033P\033]52;c;aGVsbG8=\a\033\\");
}

/* screen takes short strings only; together they are the whole. */
static void test_pieces(void **state)
{
    struct buffer text = {0}, out = {0}, whole = {0};
    struct error err;
    (void)state;
    for (int i = 0; i < 1000; i++)
        buffer_putc(&text, (char)('a' + i % 26));
    assert_true(clipboard_sequence(&out, (struct slice){text.data, text.len}, (struct clipboard_path){.screen = true},
        &err));
    const char *at = strstr(out.data, "\033P");
    size_t plain = (size_t)(at - out.data);
    for (const char *end; at && (end = strstr(at, "\033\\")); at = strstr(end, "\033P")) {
        assert_true(end - at < 256);
        buffer_add(&whole, at + 2, (size_t)(end - at) - 2);
    }
    assert_int_equal(whole.len, plain);
    assert_memory_equal(whole.data, out.data, plain);
    buffer_free(&text);
    buffer_free(&out);
    buffer_free(&whole);
}

static void test_limit(void **state)
{
    struct buffer text = {0}, out = {0};
    struct error err;
    (void)state;
    for (int i = 0; i < CLIPBOARD_MAX; i++)
        buffer_putc(&text, 'x');
    assert_true(clipboard_sequence(&out, (struct slice){text.data, text.len}, (struct clipboard_path){0}, &err));
    assert_true(out.len <= 100000);
    buffer_putc(&text, 'x');
    assert_false(clipboard_sequence(&out, (struct slice){text.data, text.len}, (struct clipboard_path){0}, &err));
    assert_string_equal(err.text, "74,995 bytes are more than the 74,994 that terminals take; w writes a file");
    buffer_free(&text);
    buffer_free(&out);
}

static void test_paths(void **state)
{
    struct clipboard_path p;
    (void)state;
    p = clipboard_path_of("xterm-256color", NULL, NULL);
    assert_false(p.tmux || p.screen);
    p = clipboard_path_of("screen-256color", "/tmp/tmux-0/default,1,0", NULL);
    assert_true(p.tmux && !p.screen);
    p = clipboard_path_of("tmux-256color", NULL, NULL);
    assert_true(p.tmux && !p.screen);
    p = clipboard_path_of("screen", NULL, "1234.pts-0.host");
    assert_true(!p.tmux && p.screen);
    p = clipboard_path_of("linux", NULL, NULL);
    assert_false(p.tmux || p.screen);
    p = clipboard_path_of(NULL, "", "");
    assert_false(p.tmux || p.screen);
}

/* What is encoded is decoded to the same. */
static void test_base64(void **state)
{
    static const struct {
        const char *text, *code;
    } rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\xfd", "//79"}}; /* RFC 4648, section 10, and the two last digits */
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(rows); i++) {
        struct buffer code = {0}, back = {0};
        base64_encode(slice_of(rows[i].text), &code);
        sample_is((struct slice){code.data, code.len}, rows[i].code);
        assert_true(base64_decode((struct slice){code.data, code.len}, &back, &err));
        sample_is((struct slice){back.data, back.len}, rows[i].text);
        buffer_free(&code);
        buffer_free(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sequences), cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_limit), cmocka_unit_test(test_paths), cmocka_unit_test(test_base64)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
