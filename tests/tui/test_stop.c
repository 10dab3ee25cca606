/* Stopped and continued: in between the terminal is the shell's, afterwards all is as it was. */
#include "places.h"

#include <signal.h>
#include <stdlib.h>

static void test_stop_and_continue(void **state)
{
    (void)state;
    for (int place = 0; place < place_count; place++) {
        struct term *t = place_open(place);
        term_settle(t);
        char *before = term_capture(t);
        term_keys(t, "C-z");
        term_wait_stopped(t);
        term_settle(t);
        if (!term_is_restored(t))
            term_fail(t, "stopped, and the terminal is not as it was");
        vterm_input_write(t->vt, "$ fg\r\n", 6);
        term_foreground(t);
        term_wait(t, places[place].marker);
        term_settle(t);
        char *after = term_capture(t);
        assert_string_equal(before, after);
        free(before);
        free(after);
        term_signal(t, SIGTERM);
        assert_int_equal(term_wait_end(t), 128 + SIGTERM);
        term_assert_restored(t);
        term_teardown(state);
    }
}

static void test_resized_while_stopped(void **state)
{
    (void)state;
    struct term *t = place_open_demo();
    term_keys(t, "C-z");
    term_wait_stopped(t);
    term_resize(t, 10, 60);
    term_foreground(t);
    term_wait(t, "28 of 28");
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
}

/* SIGSTOP cannot be prepared for; once continued, all is drawn again over what the shell left there. */
static void test_halted(void **state)
{
    static const char left[] = "\033[2J\033[5;1H[1]+ Stopped\033[10;40Hgarbage";
    (void)state;
    struct term *t = place_open_demo();
    term_signal(t, SIGSTOP);
    term_wait_stopped(t);
    vterm_input_write(t->vt, left, sizeof left - 1);
    term_foreground(t);
    term_wait(t, "of 28");
    term_wait_gone(t, "garbage");
    term_wait_gone(t, "Stopped");
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_stop_and_continue), TERM_TEST(test_resized_while_stopped),
        TERM_TEST(test_halted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
