/* Whole screens, with their attributes, as kept in tests/tui/screens: a change of any is to be seen and meant. */
#include "browse.h"

static const struct browse_user users[] = {
    {.name = "alice", .path = "/staff/", .mfa = true, .password_age = 412, .password_idle = 3,
        .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = -1, .key = {{.age = 91}, {.age = -1}}},
    {.name = "dave", .password_age = 20, .password_idle = 2, .key = {{.age = -1}, {.age = -1}}},
};

static struct term *open_users(int rows, int columns, const char *flag)
{
    struct term *t = browse_open(rows, columns, users, sizeof users / sizeof users[0], flag, NULL);
    term_wait(t, "4 of 4");
    return t;
}

static void test_start(void **state)
{
    (void)state;
    term_screen(open_users(12, 80, "--benchmark=cis-1.4"), "start");
}

/* Nothing but ASCII, and no colour. */
static void test_plain(void **state)
{
    (void)state;
    struct term *t = browse_open(12, 80, users, sizeof users / sizeof users[0], "--ascii", "--no-color", NULL);
    term_wait(t, "4 of 4");
    term_screen(t, "plain");
}

static void test_filter(void **state)
{
    (void)state;
    struct term *t = open_users(12, 80, "--no-color");
    term_keys(t, "&");
    term_type(t, "key(active and ag > 90d)");
    term_screen(t, "filter-fault");
}

static void test_sort(void **state)
{
    (void)state;
    struct term *t = open_users(12, 80, "--no-color");
    term_keys(t, "> >");
    term_screen(t, "sorted");
}

static void test_small(void **state)
{
    (void)state;
    term_screen(open_users(5, 20, "--no-color"), "small");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_start), TERM_TEST(test_plain), TERM_TEST(test_filter),
        TERM_TEST(test_sort), TERM_TEST(test_small)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
