/* A crash, too, leaves the terminal as it was before. */
#include "places.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void test_crash(void **state)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct term *t = place_open((int)i % place_count);
        term_signal(t, signals[i]);
        assert_int_equal(term_wait_end(t), 128 + signals[i]);
        term_assert_restored(t);
        term_teardown(state);
    }
}

/* A sanitizer in the program is not to take these signals for itself. */
static void spare_signals(void)
{
    const char *given = getenv("ASAN_OPTIONS");
    char options[1024];
    snprintf(options, sizeof options, "%s:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0",
        given ? given : "");
    setenv("ASAN_OPTIONS", options, 1);
}

int main(void)
{
    spare_signals();
    const struct CMUnitTest tests[] = {TERM_TEST(test_crash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
