/* A report that is still on its way: its first rows are there to work with, and the rest comes in behind. */
#include "browse.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct browse_user first[] = {
    {.name = "alice", .mfa = true, .password_age = 10, .password_idle = 1, .key = {{-1, -1, false}, {-1, -1, false}}},
    {.name = "bob", .mfa = true, .password_age = 10, .password_idle = 1, .key = {{-1, -1, false}, {-1, -1, false}}},
    {.name = "carol", .mfa = true, .password_age = 10, .password_idle = 1, .key = {{-1, -1, false}, {-1, -1, false}}},
};
/* Worse than those before: at the end they are to be on top. */
static const struct browse_user second[] = {
    {.name = "dave", .password_age = 900, .password_idle = 800, .key = {{900, -1, false}, {-1, -1, false}}},
    {.name = "erin", .password_age = 10, .password_idle = 1, .key = {{400, 3, false}, {-1, -1, false}}},
};

static void send_users(FILE *f, const struct browse_user *users, size_t count)
{
    for (size_t i = 0; i < count; i++)
        browse_user(f, &users[i]);
    assert_int_equal(fflush(f), 0);
}

/* The screen with the first three, and the pipe that more may come through. */
static struct term *open_slow(FILE **f)
{
    const char *path = term_file("slow.csv", "", 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct term *t = term_open(24, 80, "--as-of", BROWSE_AS_OF, path, NULL);
    *f = fopen(path, "w"); /* once the program reads it */
    assert_non_null(*f);
    browse_header(*f);
    send_users(*f, first, 3);
    term_wait_row(t, -2, "3 of 3");
    term_wait_row(t, -2, "loading");
    return t;
}

/* Rows are moved through, filtered and read while the rest is on its way. */
static void test_keys_meanwhile(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    browse_wait_names(t, "alice bob carol ");
    browse_go(t, "j", "carol");
    term_keys(t, "& b o b");
    term_wait_row(t, -2, "1 of 3");
    term_keys(t, "Enter");
    browse_wait_names(t, "bob ");
    send_users(f, second, 1);
    term_wait_row(t, -2, "1 of 4");
    term_keys(t, "Enter");
    term_wait(t, ":user/bob");
    term_keys(t, "Esc");
    term_wait_gone(t, ":user/bob");
    fclose(f);
    term_wait_gone(t, "loading");
    term_wait_row(t, -2, "1 of 4");
    browse_quit(t);
}

/*
 * New rows stand at the end until the last has come; then worst first, and the selected user is still the selected one.
 */
static void test_order_at_the_end(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    browse_go(t, "j", "bob");
    send_users(f, second, 2);
    browse_wait_names(t, "alice bob carol dave erin ");
    fclose(f);
    term_wait_gone(t, "loading");
    browse_wait_names(t, "dave erin alice bob carol ");
    browse_wait_selected(t, "bob");
    browse_quit(t);
}

/* A filter typed meanwhile chooses nobody: the cursor is on the worst one when all have come. */
static void test_filter_meanwhile(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    term_keys(t, "&");
    term_type(t, "password_enabled");
    term_wait_row(t, -2, "password_enabled");
    term_keys(t, "Enter");
    term_wait_row(t, 0, "password_enabled");
    send_users(f, second, 2);
    term_wait_row(t, -2, "5 of 5");
    fclose(f);
    term_wait_gone(t, "loading");
    browse_wait_selected(t, "dave");
    browse_quit(t);
}

/* Ctrl-C stops the load and keeps what is there, with its findings; the next Ctrl-C is only a key again. */
static void test_interrupt(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    send_users(f, second, 1);
    term_wait_row(t, -2, "4 of 4");
    term_keys(t, "C-c");
    term_wait_gone(t, "loading");
    browse_wait_names(t, "dave alice bob carol ");
    term_wait(t, "stopped");
    term_keys(t, "C-c");
    term_settle(t);
    assert_false(t->ended);
    browse_quit(t);
    fclose(f);
}

/* A pipe that stays silent holds nobody. */
static void test_quit_meanwhile(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    browse_quit(t);
    fclose(f);
}

/* What ends in the middle of a row has a last row, and it is a problem. */
static void test_cut_short(void **state)
{
    FILE *f;
    (void)state;
    struct term *t = open_slow(&f);
    fputs("frank,arn:aws:iam::123456789012:user/fra", f);
    fclose(f);
    term_wait_gone(t, "loading");
    term_wait_row(t, -2, "4 of 4");
    term_wait_row(t, -2, "1 problem (P)");
    term_wait(t, "frank");
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_keys_meanwhile), TERM_TEST(test_order_at_the_end),
        TERM_TEST(test_filter_meanwhile), TERM_TEST(test_interrupt), TERM_TEST(test_quit_meanwhile),
        TERM_TEST(test_cut_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
