/* The tables of actions and keys, and editing a line with them. */
#include "unit/sample.h"
#include "base/text.h"
#include "browse/line_editor.h"

#include <locale.h>
#include <stdio.h>

static void test_tables(void **state)
{
    struct keymap m;
    (void)state;
    keymap_init(&m);
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        assert_non_null(actions[a].name);
        assert_non_null(actions[a].group);
        assert_non_null(actions[a].help);
        struct buffer b = {0};
        if (!keys_of(&b, &m, a, ~0u, 1))
            fail_msg("no key does %s", actions[a].name);
        buffer_free(&b);
        for (enum action other = 0; other < a; other++)
            assert_string_not_equal(actions[a].name, actions[other].name);
    }
    for (size_t i = 0; i < binding_count; i++) {
        if (keys_parse(slice_of(bindings[i].key)) == KEYS_NONE)
            fail_msg("no key is called %s", bindings[i].key);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(bindings[i].key, bindings[k].key) == 0 && (bindings[i].modes & bindings[k].modes))
                fail_msg("%s does two things in one place", bindings[i].key);
        }
    }
    keymap_free(&m);
}

static void test_names(void **state)
{
    struct keymap m;
    (void)state;
    keymap_init(&m);
    assert_int_equal(keys_parse(slice_of("j")), 'j');
    assert_int_equal(keys_parse(slice_of("C-l")), 12);
    assert_int_equal(keys_parse(slice_of("pgdn")), KEYS_PAGE_DOWN);
    assert_int_equal(keys_parse(slice_of("Esc")), 27);
    assert_int_equal(keys_parse(slice_of("Tab")), 9);
    assert_int_equal(keys_parse(slice_of("")), KEYS_NONE);
    assert_int_equal(keys_parse(slice_of("jj")), KEYS_NONE);
    assert_int_equal(keys_parse(slice_of("\x1b")), KEYS_NONE);
    assert_int_equal(keys_action(&m, '&', MODE_TABLE), ACTION_FILTER);
    assert_int_equal(keys_action(&m, '&', MODE_PROMPT), ACTION_NONE);
    assert_int_equal(keys_action(&m, KEYS_ENTER, MODE_PROMPT), ACTION_ACCEPT);
    keymap_free(&m);
}

static void type(struct line_editor *l, const char *text)
{
    while (*text) {
        uint32_t cp;
        text += utf8_decode(text, strlen(text), &cp);
        line_editor_insert(l, cp);
    }
}

static void test_editing(void **state)
{
    struct line_editor l = {0};
    (void)state;
    line_editor_set(&l, NULL, slice_of("key(active)"));
    line_editor_edit(&l, NULL, ACTION_LINE_LEFT);
    type(&l, " and age > 90d");
    assert_string_equal(l.text.data, "key(active and age > 90d)");
    line_editor_edit(&l, NULL, ACTION_ERASE_WORD);
    assert_string_equal(l.text.data, "key(active and age > )");
    line_editor_edit(&l, NULL, ACTION_ERASE_END);
    line_editor_edit(&l, NULL, ACTION_LINE_HOME);
    line_editor_edit(&l, NULL, ACTION_ERASE);
    assert_string_equal(l.text.data, "ey(active and age > ");
    assert_int_equal(l.at, 0);
    line_editor_edit(&l, NULL, ACTION_ERASE_BACK); /* nothing is before it */
    line_editor_edit(&l, NULL, ACTION_LINE_LEFT);
    line_editor_edit(&l, NULL, ACTION_LINE_END);
    line_editor_edit(&l, NULL, ACTION_LINE_RIGHT);
    assert_int_equal(l.at, l.text.len);
    line_editor_edit(&l, NULL, ACTION_ERASE_LINE);
    assert_string_equal(l.text.data, "");
    assert_false(line_editor_edit(&l, NULL, ACTION_QUIT));
    line_editor_free(&l);
}

/* A character is one step whatever its bytes, and what combines with it goes along. */
static void test_characters(void **state)
{
    struct line_editor l = {0};
    (void)state;
    line_editor_set(&l, NULL, slice_of(""));
    type(&l, "a\u65e5e\u0301");
    assert_int_equal(text_width((struct slice){l.text.data, l.at}), 4);
    line_editor_edit(&l, NULL, ACTION_LINE_LEFT);
    assert_int_equal(text_width((struct slice){l.text.data, l.at}), 3);
    line_editor_edit(&l, NULL, ACTION_ERASE_BACK);
    assert_string_equal(l.text.data, "ae\u0301");
    line_editor_edit(&l, NULL, ACTION_ERASE);
    assert_string_equal(l.text.data, "a");
    line_editor_insert(&l, 0x1b);
    line_editor_insert(&l, 0x9b);
    line_editor_insert(&l, 0x202e);
    assert_string_equal(l.text.data, "a");
    for (int i = 0; i < 2 * LINE_MAX_BYTES; i++)
        assert_true(line_editor_insert(&l, 'x') == (i + 1 < LINE_MAX_BYTES - 3)); /* room for any character */
    assert_true(l.text.len <= LINE_MAX_BYTES);
    line_editor_free(&l);
}

static void test_history(void **state)
{
    struct line_history h = {0};
    struct line_editor l = {0};
    (void)state;
    line_history_add(&h, slice_of("one"));
    line_history_add(&h, slice_of("two"));
    line_history_add(&h, slice_of("one"));
    line_history_add(&h, slice_of(""));
    assert_int_equal(h.count, 2);
    line_editor_set(&l, &h, slice_of("thr"));
    line_editor_edit(&l, &h, ACTION_HISTORY_BACK);
    assert_string_equal(l.text.data, "one");
    line_editor_edit(&l, &h, ACTION_HISTORY_BACK);
    line_editor_edit(&l, &h, ACTION_HISTORY_BACK);
    assert_string_equal(l.text.data, "two");
    line_editor_edit(&l, &h, ACTION_HISTORY_NEXT);
    line_editor_edit(&l, &h, ACTION_HISTORY_NEXT);
    line_editor_edit(&l, &h, ACTION_HISTORY_NEXT);
    assert_string_equal(l.text.data, "thr");
    for (int i = 0; i < 3 * LINE_HISTORY_MAX; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        line_history_add(&h, slice_of(text));
    }
    assert_int_equal(h.count, LINE_HISTORY_MAX);
    assert_string_equal(h.lines[LINE_HISTORY_MAX - 1], "299");
    line_editor_free(&l);
    line_history_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tables), cmocka_unit_test(test_names),
        cmocka_unit_test(test_editing), cmocka_unit_test(test_characters), cmocka_unit_test(test_history)};
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
