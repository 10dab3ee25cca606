/* What reaches a terminal: decoding, widths, escapes, and cutting to fit. */
#include "unit/sample.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

struct decoded {
    const char *bytes;
    uint32_t cp;
    size_t len;
};

/* Boundaries from the Unicode Standard's tables 3-6 and 3-7, and Kuhn's decoder stress test. */
static const struct decoded valid[] = {
    {"a", 'a', 1}, {"\x01", 1, 1}, {"\x7f", 0x7f, 1}, {"\xc2\x80", 0x80, 2}, {"\xc3\xa9", 0xe9, 2},
    {"\xdf\xbf", 0x7ff, 2}, {"\xe0\xa0\x80", 0x800, 3}, {"\xe4\xb8\xad", 0x4e2d, 3}, {"\xed\x9f\xbf", 0xd7ff, 3},
    {"\xee\x80\x80", 0xe000, 3}, {"\xef\xbf\xbd", 0xfffd, 3}, {"\xef\xbf\xbf", 0xffff, 3},
    {"\xf0\x90\x80\x80", 0x10000, 4}, {"\xf0\x9f\x98\x80", 0x1f600, 4}, {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
};

static const char *const invalid[] = {
    "\x80", "\xbf", "\xc0", "\xc1", "\xf5", "\xfe", "\xff", "\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80",
    "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
    "\xed\xad\xbf", "\xed\xae\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
    "\xfc\x84\x80\x80\x80\x80", "\xc3", "\xc3(", "\xe4\xb8", "\xe4\xb8(", "\xe4(\xad", "\xf0\x9f\x98", "\xf0\x9f",
    "\xf0", "\xf0\x9f\x98(", "\xe4\xb8\xc3\xa9",
};

static void test_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(valid); i++) {
        uint32_t cp = 0;
        size_t n = utf8_decode(valid[i].bytes, strlen(valid[i].bytes), &cp);
        if (n != valid[i].len || cp != valid[i].cp)
            fail_msg("U+%04X: %zu bytes, U+%04X", (unsigned)valid[i].cp, n, (unsigned)cp);
        for (size_t less = 1; less < valid[i].len; less++) {
            char *part = xcalloc(less, 1);
            memcpy(part, valid[i].bytes, less);
            assert_int_equal(utf8_decode(part, less, &cp), 1);
            assert_true(cp == UINT32_MAX);
            free(part);
        }
    }
    for (size_t i = 0; i < SAMPLE_COUNT(invalid); i++) {
        uint32_t cp = 0;
        size_t n = utf8_decode(invalid[i], strlen(invalid[i]), &cp);
        if (n != 1 || cp != UINT32_MAX)
            fail_msg("invalid %zu: %zu bytes, U+%04X", i, n, (unsigned)cp);
    }
}

/* The same wherever it lies and whatever lies behind; another one for any other text. */
/* Every code point there is, encoded here by the definition. */
static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        char s[4];
        size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        uint32_t cp, rest = c;
        for (size_t i = len; i-- > 1; rest >>= 6)
            s[i] = (char)(0x80 | (rest & 0x3f));
        static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        s[0] = (char)(lead[len] | rest);
        size_t n = utf8_decode(s, len, &cp);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        if (n != (surrogate ? 1 : len) || cp != (surrogate ? UINT32_MAX : c))
            fail_msg("U+%04X: %zu bytes, U+%04X", (unsigned)c, n, (unsigned)cp);
    }
}

/* Wide and combining need a locale that knows them; without one the rest still holds. */
static bool use_utf8(void)
{
    return setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8");
}

static void test_widths(void **state)
{
    static const struct {
        uint32_t cp;
        int width;
    } table[] = {{' ', 1}, {'a', 1}, {'~', 1}, {0xe9, 1}, {0x416, 1}, {0x4e2d, 2}, {0x3042, 2}, {0xac00, 2},
        {0xff21, 2}, {0x1f600, 2}, {0x301, 0}, {0x20d7, 0}, {0x2500, 1}};
    static const uint32_t never[] = {0, 1, 7, 9, 0xa, 0xd, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c,
        0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068,
            0x2069, 0xfeff,
        0xe0001, 0xe0041, 0x110000, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(never); i++) {
        if (codepoint_width(never[i]) >= 0)
            fail_msg("U+%04X would reach the terminal", (unsigned)never[i]);
    }
    if (!use_utf8())
        skip();
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        if (codepoint_width(table[i].cp) != table[i].width)
            fail_msg("U+%04X: width %d", (unsigned)table[i].cp, codepoint_width(table[i].cp));
    }
}

/* Default_Ignorable_Code_Point as Unicode 15 lists it, and what is blank besides: no two names may look the same. */
static void test_invisible(void **state)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
        {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
        {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
        /* blanks, line separators, annotations, private use, surrogates, noncharacters */
        {0xa0, 0xa0}, {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
        {0x2800, 0x2800}, {0x3000, 0x3000}, {0x1d159, 0x1d159}, {0xfff9, 0xfffb}, {0xe000, 0xf8ff}, {0xd800, 0xdfff},
        {0xfdd0, 0xfdef}, {0xfffe, 0xffff}, {0x10fffe, 0x10ffff}, {0xf0000, 0xf00ff}};
    static const char *const names[] = {"admin\u034f", ("\u115f" "admin"), "admin\u3164", "admin\u2800", "admin\ufe0f",
        "admin\uffa0", "admin\U000e0061", "admin\u00a0", "adm\u00adin"};
    (void)state;
    use_utf8();
    for (size_t i = 0; i < SAMPLE_COUNT(ranges); i++) {
        for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++) {
            if (codepoint_is_visible(c) || codepoint_width(c) >= 0)
                fail_msg("U+%04X is taken for visible", (unsigned)c);
        }
    }
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++) {
        struct buffer out = {0};
        text_harmless(&out, slice_of(names[i]), false);
        assert_false(text_is_harmless(slice_of(names[i])));
        assert_true(text_is_harmless((struct slice){out.data, out.len}));
        assert_true(strchr(out.data, '\\'));
        buffer_free(&out);
    }
    assert_true(text_is_harmless(slice_of("J\u00f6rg \u4e2d e\u0301 \U0001f600")));
}

/* In a locale without UTF-8 no byte above 0x7e reaches the terminal: 0x9b would be CSI. */
static void test_8_bit_locale(void **state)
{
    struct buffer out = {0};
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C"));
    assert_false(utf8_is_in_locale());
    text_harmless(&out, slice_of("J\u00f6rg \u015b \xc2\x9b" "31m \xff"), false);
    assert_string_equal(out.data, "J\\u00f6rg \\u015b \\u009b31m \\xff");
    assert_true(text_is_harmless(slice_of("J\u00f6rg")));
    buffer_free(&out);
    use_utf8();
}

/* What is encoded is decoded to the same. */
static void test_encode(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        char bytes[UTF8_MAX];
        uint32_t cp;
        size_t n = utf8_write(bytes, c);
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        if (utf8_decode(bytes, n, &cp) != n || cp != c)
            fail_msg("U+%04X", (unsigned)c);
    }
}

static void test_harmless(void **state)
{
    static const struct {
        const char *text, *utf8, *ascii;
    } table[] = {
        {"", "", ""}, {"plain text", "plain text", "plain text"}, {"~", "~", "~"},
        {"\x1b[31mred", "^[[31mred", "^[[31mred"}, {"a\tb", "a^Ib", "a^Ib"}, {"a\nb", "a^Jb", "a^Jb"},
        {"a\r\nb", "a^M^Jb", "a^M^Jb"}, {"\a\b\v\f", "^G^H^K^L", "^G^H^K^L"}, {"\x01\x1f", "^A^_", "^A^_"},
        {"\x7f", "^?", "^?"}, {"\x9b", "\\x9b", "\\x9b"}, {"\x80\xff", "\\x80\\xff", "\\x80\\xff"},
        {"\xc2\x9b" "31m", "\\u009b31m", "\\u009b31m"}, {"\xc2\x85", "\\u0085", "\\u0085"},
        {"\xe2\x80\xae" "abc", "\\u202eabc", "\\u202eabc"}, {"\xe2\x81\xa6", "\\u2066", "\\u2066"},
        {"\xe2\x80\x8b", "\\u200b", "\\u200b"}, {"\xef\xbb\xbf", "\\ufeff", "\\ufeff"},
        {"\xf3\xa0\x81\x81", "\\U0e0041", "\\U0e0041"}, {"\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"}, {"\xe4\xb8", "\\xe4\\xb8", "\\xe4\\xb8"},
        {"J\xc3\xb6rg", "J\xc3\xb6rg", "J\\u00f6rg"}, {"\xe4\xb8\xad", "\xe4\xb8\xad", "\\u4e2d"},
        {"e\xcc\x81", "e\xcc\x81", "e\\u0301"}, {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\\U01f600"},
    };
    (void)state;
    bool utf8 = use_utf8();
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct buffer a = {0}, u = {0};
        text_harmless(&a, slice_of(table[i].text), true);
        text_harmless(&u, slice_of(table[i].text), false);
        sample_is((struct slice){a.data, a.len}, table[i].ascii);
        if (utf8)
            sample_is((struct slice){u.data, u.len}, table[i].utf8);
        buffer_free(&a);
        buffer_free(&u);
    }
    struct buffer b = {0};
    text_harmless(&b, (struct slice){"a\0b", 3}, false);
    assert_string_equal(b.data, "a^@b");
    buffer_free(&b);
}

/* Written apart from the code under test: what no terminal may ever get. */
static bool forbidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c || cp == 0x200e || cp == 0x200f
        || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x2028 || cp == 0x2029
        || cp == UINT32_MAX;
}

static void check_harmless(struct slice out, bool ascii, unsigned long long seed)
{
    for (size_t i = 0; i < out.len;) {
        uint32_t cp;
        i += utf8_decode(out.data + i, out.len - i, &cp);
        if (forbidden(cp) || (ascii && cp > 0x7e))
            fail_msg("seed %llu: U+%04X came through", seed, (unsigned)cp);
    }
}

static void test_harmless_random(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    use_utf8();
    for (int i = 0; i < 20000; i++) {
        struct buffer in = {0}, out = {0}, again = {0};
        bool ascii = sample_below(2);
        sample_random_bytes(&in, sample_below(60));
        text_harmless(&out, (struct slice){in.data, in.len}, ascii);
        check_harmless((struct slice){out.data, out.len}, ascii, seed);
        /* what is harmless already stays as it is */
        text_harmless(&again, (struct slice){out.data, out.len}, ascii);
        assert_true(slice_equal((struct slice){out.data, out.len}, (struct slice){again.data, again.len}));
        buffer_free(&in);
        buffer_free(&out);
        buffer_free(&again);
    }
}

/* Every code point by itself, so that no range of controls is left to chance. */
static void test_harmless_every_code_point(void **state)
{
    struct buffer in = {0}, out = {0};
    (void)state;
    use_utf8();
    uint32_t step_unassigned = (uint32_t)sample_rounds(32, 1); /* planes 4 to 13 */
    for (uint32_t c = 0; c <= 0x10ffff; c += c >= 0x40000 && c < 0xe0000 ? step_unassigned : 1) {
        in.len = out.len = 0;
        if (c < 0x80)
            buffer_putc(&in, (char)c);
        else if (c < 0x800)
            buffer_printf(&in, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
        else if (c < 0x10000)
            buffer_printf(&in, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3f)),
                (int)(0x80 | (c & 0x3f)));
        else
            buffer_printf(&in, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3f)),
                (int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
        text_harmless(&out, (struct slice){in.data, in.len}, c % 2);
        check_harmless((struct slice){out.data, out.len}, c % 2, 0);
        assert_true(out.len > 0);
    }
    buffer_free(&in);
    buffer_free(&out);
}

static void test_fit(void **state)
{
    static const struct {
        const char *text;
        size_t columns, bytes;
    } table[] = {
        {"", 0, 0}, {"", 9, 0}, {"abc", 0, 0}, {"abc", 1, 1}, {"abc", 3, 3}, {"abc", 9, 3}, {"\xc3\xa9t\xc3\xa9", 1, 2},
        {"\xc3\xa9t\xc3\xa9", 2, 3}, {"\xc3\xa9t\xc3\xa9", 3, 5}, {"\xe4\xb8\xad\xe6\x96\x87", 1, 0},
        {"\xe4\xb8\xad\xe6\x96\x87", 2, 3}, {"\xe4\xb8\xad\xe6\x96\x87", 3, 3}, {"\xe4\xb8\xad\xe6\x96\x87", 4, 6},
        {"a\xe4\xb8\xad", 2, 1}, {"a\xe4\xb8\xad", 3, 4}, {"e\xcc\x81x", 1, 3}, {"e\xcc\x81x", 2, 4},
    };
    (void)state;
    if (!use_utf8())
        skip();
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        size_t n = text_fit(slice_of(table[i].text), table[i].columns);
        if (n != table[i].bytes)
            fail_msg("%s in %zu columns: %zu bytes, not %zu", table[i].text, table[i].columns, n, table[i].bytes);
    }
    assert_int_equal(text_width(slice_of("abc")), 3);
    assert_int_equal(text_width(slice_of("\xe4\xb8\xad\xe6\x96\x87")), 4);
    assert_int_equal(text_width(slice_of("e\xcc\x81x")), 2);
    assert_int_equal(text_width(slice_of("")), 0);
}

/* Whether byte N of the text is where a character starts. */
static bool is_boundary(struct slice s, size_t n)
{
    return n == s.len || ((unsigned char)s.data[n] & 0xc0) != 0x80;
}

static void test_fit_random(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    use_utf8();
    for (int i = 0; i < 20000; i++) {
        struct buffer in = {0}, out = {0};
        sample_random_bytes(&in, sample_below(30));
        text_harmless(&out, (struct slice){in.data, in.len}, false);
        struct slice text = {out.data, out.len};
        size_t columns = sample_below(40), n = text_fit(text, columns);
        size_t width = text_width((struct slice){text.data, n});
        if (n > text.len || width > columns || !is_boundary(text, n))
            fail_msg("seed %llu: %s in %zu columns: %zu bytes of width %zu", seed, out.data, columns, n, width);
        /* the longest: one more character would not have fitted */
        uint32_t cp;
        size_t more = n < text.len ? utf8_decode(text.data + n, text.len - n, &cp) : 0;
        if (more && text_width((struct slice){text.data, n + more}) <= columns)
            fail_msg("seed %llu: %s in %zu columns: only %zu bytes", seed, out.data, columns, n);
        buffer_free(&in);
        buffer_free(&out);
    }
}

static void test_escape(void **state)
{
    char out[8];
    (void)state;
    text_escape(out, sizeof out, slice_of("abcdefghij"));
    assert_string_equal(out, "abcdefg");
    text_escape(out, sizeof out, slice_of(""));
    assert_string_equal(out, "");
    text_escape(out, 1, slice_of("abc"));
    assert_string_equal(out, "");
    if (!use_utf8())
        skip();
    text_escape(out, sizeof out, slice_of("abcdef\xc3\xa9"));
    assert_string_equal(out, "abcdef");
    text_escape(out, sizeof out, slice_of("abcde\xc3\xa9"));
    assert_string_equal(out, "abcde\xc3\xa9");
}

static void test_slices(void **state)
{
    (void)state;
    assert_true(slice_equal(slice_of(""), (struct slice){NULL, 0}));
    assert_false(slice_equal(slice_of("a"), slice_of("A")));
    assert_true(slice_equal_nocase(slice_of("N/a"), slice_of("n/A")));
    assert_false(slice_equal_nocase(slice_of("ab"), slice_of("a")));
    assert_false(slice_equal_nocase(slice_of("@"), slice_of("`"))); /* neighbours of the letters */
    assert_false(slice_equal_nocase(slice_of("["), slice_of("{")));
    assert_true(slice_compare_nocase(slice_of("a"), slice_of("B")) < 0);
    assert_true(slice_compare_nocase(slice_of("B"), slice_of("a")) > 0);
    assert_true(slice_compare_nocase(slice_of("a"), slice_of("ab")) < 0);
    assert_int_equal(slice_compare_nocase(slice_of("aB"), slice_of("Ab")), 0);
    assert_true(slice_contains_nocase(slice_of("hello"), slice_of("")));
    assert_true(slice_contains_nocase(slice_of("hello"), slice_of("LLO")));
    assert_true(slice_contains_nocase(slice_of("aab"), slice_of("ab")));
    assert_false(slice_contains_nocase(slice_of("hello"), slice_of("hello!")));
    assert_false(slice_contains_nocase(slice_of(""), slice_of("a")));
}

static void test_buffers(void **state)
{
    struct buffer b = {0};
    char big[5000];
    (void)state;
    memset(big, 'x', sizeof big);
    buffer_puts(&b, "");
    assert_string_equal(b.data, "");
    for (int i = 0; i < 10; i++) {
        buffer_putc(&b, '<');
        buffer_add(&b, big, sizeof big);
        buffer_printf(&b, "%d>", i);
        assert_int_equal(strlen(b.data), b.len);
    }
    assert_int_equal(b.len, 10 * (sizeof big + 3));
    buffer_free(&b);
    assert_null(b.data);
}

static void test_count(void **state)
{
    static const struct {
        unsigned long long n;
        const char *text;
    } table[] = {{0, "0"}, {7, "7"}, {999, "999"}, {1000, "1,000"}, {12345, "12,345"}, {123456, "123,456"},
        {1234567, "1,234,567"}, {18446744073709551615ull, "18,446,744,073,709,551,615"}};
    char out[28];
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++)
        assert_string_equal(text_count(out, sizeof out, table[i].n), table[i].text);
}

/* "Did you mean" offers what is a slip away, whatever its case, and nothing rather than something far off. */
static void test_nearest(void **state)
{
    static const char *const names[] = {"age", "idle", "user", "mfa_active"};
    static const struct {
        const char *typed, *meant;
    } table[] = {{"mfa_activ", "mfa_active"}, {"MFAACTIVE", "mfa_active"}, {"idel", "idle"}, {"usre", "user"},
        {"aeg", "age"}, {"mfa", "mfa_active"},
        {"xyzzyplugh", NULL}, {"", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct nearest n = nearest_to(slice_of(table[i].typed));
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            nearest_try(&n, names[k]);
        if (!table[i].meant)
            assert_null(n.name);
        else
            assert_string_equal(n.name ? n.name : "(none)", table[i].meant);
    }
}

static void test_trimmed(void **state)
{
    static const char *const table[][2] = {{"", ""}, {" \t\r\n", ""}, {"a", "a"}, {"\ta b \r\n", "a b"},
        {"\033 a\a", "\033 a\a"}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char *copy = slice_copy(slice_trimmed(slice_of(table[i][0])));
        assert_string_equal(copy, table[i][1]);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_every_code_point), cmocka_unit_test(test_widths), cmocka_unit_test(test_invisible),
        cmocka_unit_test(test_8_bit_locale), cmocka_unit_test(test_encode),
        cmocka_unit_test(test_harmless), cmocka_unit_test(test_harmless_random),
        cmocka_unit_test(test_harmless_every_code_point), cmocka_unit_test(test_fit), cmocka_unit_test(test_fit_random),
        cmocka_unit_test(test_escape), cmocka_unit_test(test_slices), cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_nearest), cmocka_unit_test(test_trimmed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
