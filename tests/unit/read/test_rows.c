/* The same table in every form gives the same rows. */
#include "read/rows.h"
#include "unit/sample.h"

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
        "user,team\nann,Mobile\nbob,\"Web, two\"\n", "user\tteam\r\nann\tMobile\r\n\r\nbob\tWeb, two", "user;team\nann;Mobile\nbob;Web, two\n",
        "\xef\xbb\xbfuser|team\nann|Mobile\nbob|Web, two\n",
        "[{\"user\":\"ann\",\"team\":\"Mobile\"},{\"team\":\"Web, two\",\"user\":\"bob\"}]",
        "{\"user\":\"ann\",\"team\":\"Mobile\"}\n{\"user\":\"bob\",\"team\":\"Web, two\"}\n",
    };
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(forms); i++) {
        struct seen s = {0};
        if (!rows_read(slice_of(forms[i]), "owners", &(struct rows_sink){.context = &s, .header = see_header, .row = see_row}, &err))
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
        if (rows_read(slice_of(texts[i]), "x", &(struct rows_sink){.context = &s, .header = see_header, .row = see_row}, &err))
            fail_msg("accepted: %s", texts[i]);
        buffer_free(&s.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_json_members),
        cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
