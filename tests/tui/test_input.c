/* Where reports come from, on screen: files, pipes with the keys from the terminal, and what is said about it. */
#include "term.h"

#include <stdlib.h>
#include <string.h>

static const char report[] =
    "user,arn,user_creation_time,password_enabled,mfa_active\n"
    "alice,arn:aws:iam::111111111111:user/alice,2024-01-01T00:00:00Z,true,false\n"
    "bob,arn:aws:iam::111111111111:user/bob,2024-01-01T00:00:00Z,true,true\n"
    "carol,arn:aws:iam::111111111111:user/carol,2024-01-01T00:00:00Z,false,false\n";
static const char other[] =
    "user,arn,user_creation_time,password_enabled,mfa_active\n"
    "dave,arn:aws:iam::222222222222:user/dave,2024-01-01T00:00:00Z,true,false\n"
    "erin,arn:aws:iam::222222222222:user/erin,2024-01-01T00:00:00Z,true,false,extra\n";

static void browse_and_quit(struct term *t)
{
    term_wait(t, "3 of 3");
    term_wait(t, "alice");
    term_keys(t, "G Enter");
    term_wait(t, "arn:aws:iam::111111111111:user/");
    term_keys(t, "Esc");
    term_wait_gone(t, "arn:aws:iam::111111111111:user/");
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
}

static void test_file(void **state)
{
    (void)state;
    browse_and_quit(term_open(24, 80, term_file("r.csv", report, sizeof report - 1), NULL));
}

static void test_standard_input(void **state)
{
    static const char *const args[] = {"-", NULL}, *const none[] = {NULL};
    (void)state;
    const char *path = term_file("r.csv", report, sizeof report - 1);
    browse_and_quit(term_start(&(struct term_options){.args = args, .input = path}));
    browse_and_quit(term_start(&(struct term_options){.args = none, .input = path}));
    struct term *t = term_start(&(struct term_options){.args = (const char *[]){"--demo", NULL}, .input = "/dev/null"});
    term_wait(t, "28 of 28");
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_restored(t);
}

static void test_pipe(void **state)
{
    (void)state;
    const char *path = term_file("r.csv", report, sizeof report - 1), *ncred = getenv("NCRED");
    const char *args[] = {"-c", "cat \"$1\" | \"$2\"", "sh", path, ncred ? ncred : "./ncred", NULL};
    browse_and_quit(term_start(&(struct term_options){.program = "sh", .args = args}));
}

static void test_nothing_named(void **state)
{
    static const char *const none[] = {NULL};
    (void)state;
    struct term *t = term_start(&(struct term_options){.args = none});
    assert_int_equal(term_wait_end(t), 2);
    term_wait(t, "ncred --demo");
    assert_false(t->had_altscreen);
}

static void test_several_files(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s", term_file("r.csv", report, sizeof report - 1));
    struct term *t = term_open(24, 100, path, term_file("o.csv", other, sizeof other - 1), NULL);
    term_wait(t, "5 of 5");
    term_wait(t, "222222222222");
    term_wait(t, "111111111111");
    term_wait(t, "3 problems"); /* columns are missing in both, and a row is short */
}

/* The status line says the time that ages count to, and why it is that. */
static void test_as_of(void **state)
{
    (void)state;
    const char *path = term_file("status_reports_2025-03-27T03-01-45+00-00.csv", report, sizeof report - 1);
    struct term *t = term_open(24, 100, path, NULL);
    term_wait(t, "2025-03-27");
    term_wait(t, "file name");
    t = term_open(24, 100, "--as-of", "2025-01-31", path, NULL);
    term_wait(t, "2025-01-31");
    term_wait(t, "--as-of");
    assert_false(term_find(t, "2025-03-27 03", NULL, NULL));
    t = term_open(24, 100, "--as-of", "now", path, NULL);
    term_wait(t, "3 of 3");
    assert_false(term_find(t, "2025-03-27 03", NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_file), TERM_TEST(test_standard_input), TERM_TEST(test_pipe),
        TERM_TEST(test_nothing_named), TERM_TEST(test_several_files), TERM_TEST(test_as_of)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
