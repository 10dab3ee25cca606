/* However it ends, the terminal is as it was before. */
#include "places.h"

#include <signal.h>
#include <string.h>

static void test_quit(void **state)
{
    (void)state;
    struct term *t = place_open_demo();
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
    assert_string_equal(t->unknown, "");
    /* the marks around pastes end before the screen is left, not when the program's last buffer is flushed */
    const char *marks = memmem(t->raw, t->raw_len, "\033[?2004l", 8);
    assert_non_null(marks);
    assert_non_null(memmem(marks, t->raw_len - (size_t)(marks - t->raw), "\033[?1049l", 8));
}

static void test_signals(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    (void)state;
    for (int place = 0; place < place_count; place++) {
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
            struct term *t = place_open(place);
            term_signal(t, signals[i]);
            assert_int_equal(term_wait_end(t), 128 + signals[i]);
            term_assert_restored(t);
            term_teardown(state);
        }
    }
}

/* Ctrl-C goes back a level, as Esc; where there is none, it says how to end. */
static void test_ctrl_c(void **state)
{
    (void)state;
    for (int place = 1; place < place_count; place++) {
        struct term *t = place_open(place);
        term_keys(t, "C-c");
        term_wait_gone(t, places[place].marker);
        term_keys(t, "C-c");
        term_wait(t, "nothing to go back to");
        term_keys(t, "q");
        assert_int_equal(term_wait_end(t), 0);
        term_assert_restored(t);
        term_teardown(state);
    }
}

/* The connection is lost: it ends, whether the shell passes SIGHUP on, or the program was started under nohup. */
static void test_hang_up(void **state)
{
    static const char *const args[] = {"--demo", NULL};
    (void)state;
    struct term *t = place_open_demo();
    term_hang_up(t, true);
    term_wait_end(t);
    t = term_start(&(struct term_options){.args = args, .ignore_hangup = true});
    term_wait(t, "of 28");
    term_hang_up(t, false);
    term_wait_end(t);
}

/* What cannot be opened is said in a line, and the terminal is not touched. */
static void test_no_report(void **state)
{
    (void)state;
    const char *path = term_file("page.csv", "<html>\n", 7);
    struct term *t = term_open(24, 80, path, NULL);
    assert_int_equal(term_wait_end(t), 2);
    term_wait(t, "page.csv");
    assert_false(t->had_altscreen);
    assert_false(term_sent(t, 0, "\033", 1));
    term_assert_restored(t);
}

/* When standard output is no terminal, nothing but the rows is written, and curses is never started. */
static void test_no_screen(void **state)
{
    static const char *const args[] = {"--demo", NULL};
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s", term_file("out", "", 0));
    struct term *t = term_start(&(struct term_options){.args = args, .output = path});
    assert_int_equal(term_wait_end(t), 0);
    term_settle(t);
    assert_false(term_sent(t, 0, "\033", 1));
    assert_false(t->had_altscreen);
    FILE *f = fopen(path, "r");
    char text[8192] = "";
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    assert_non_null(strstr(text, "svc-jenkins-prod"));
    assert_null(strchr(text, 27));
    term_assert_restored(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_quit), TERM_TEST(test_signals), TERM_TEST(test_ctrl_c),
        TERM_TEST(test_hang_up), TERM_TEST(test_no_report), TERM_TEST(test_no_screen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
