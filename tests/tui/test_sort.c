/* The order of the table, and that it is shown. */
#include "browse.h"

#include <string.h>

static const struct browse_user users[] = {
    {.name = "alice", .mfa = true, .password_age = 412, .password_idle = 3, .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 300, .idle = -1}, {.age = -1}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = 5, .key = {{.age = 91, .idle = 0}, {.age = -1}}},
    {.name = "dave", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
    {.name = "erin", .mfa = true, .password_age = 50, .password_idle = 50,
        .key = {{.age = 91, .idle = 2}, {.age = -1}}},
};

static struct term *open_users(const char *sort)
{
    struct term *t = browse_open(24, 80, users, sizeof users / sizeof users[0], "-s", sort, NULL);
    term_wait(t, "5 of 5");
    return t;
}

/* Missing values last, both ways. */
static void test_missing_last(void **state)
{
    (void)state;
    struct term *t = open_users("password_age");
    browse_wait_names(t, "carol erin alice bob dave ");
    term_keys(t, "I");
    browse_wait_names(t, "alice erin carol bob dave ");
    term_keys(t, "I");
    browse_wait_names(t, "carol erin alice bob dave ");
    browse_quit(t);
}

/* The arrow stands at the column that is sorted by: under its heading or right behind it. */
static void assert_arrow(struct term *t, const char *arrow, int from, int to)
{
    term_settle(t);
    for (int y = 1; y <= 2; y++) {
        for (int x = from; x <= to; x++) {
            struct term_cell c = term_cell(t, y, x);
            if (strcmp(c.text, arrow) == 0)
                return;
        }
    }
    term_fail(t, "no %s in columns %d to %d of the header", arrow, from, to);
}

static void test_header(void **state)
{
    (void)state;
    struct term *t = open_users("user");
    int y, user, mfa, age;
    browse_wait_names(t, "alice bob carol dave erin ");
    term_locate(t, "USER", &y, &user);
    term_locate(t, "MFA", &y, &mfa);
    assert_arrow(t, BROWSE_ASCENDING, user, mfa - 1);
    term_keys(t, "I");
    browse_wait_names(t, "erin dave carol bob alice ");
    assert_arrow(t, BROWSE_DESCENDING, user, mfa - 1);
    term_keys(t, ">");
    term_wait(t, "by mfa_active");
    assert_arrow(t, BROWSE_ASCENDING, mfa, mfa + 5);
    term_keys(t, ">");
    term_wait(t, "by password_age");
    /* ages start with the oldest */
    browse_wait_names(t, "alice erin carol dave bob ");
    term_locate(t, "PASSWORD", &y, &age);
    assert_arrow(t, BROWSE_DESCENDING, age - 4, age + 4);
    term_keys(t, "< <");
    term_wait(t, "by user");
}

/* s lists the columns; the one chosen is sorted by, the same again turns it round. */
static void test_menu(void **state)
{
    (void)state;
    struct term *t = open_users("user");
    browse_go(t, "j", "carol");
    for (int i = 0; i < 2; i++) {
        term_keys(t, "s");
        term_wait(t, "Sort by");
        term_keys(t, "/");
        term_type(t, "KEY 1 AGE");
        term_keys(t, "Enter");
        term_settle(t);
        term_keys(t, "Enter");
        term_wait_gone(t, "Sort by");
        /* the two that are equal stay in the order of before; the answer is seen from its start */
        browse_wait_names(t, i == 0 ? "bob carol erin alice dave " : "carol erin bob alice dave ");
        browse_wait_selected(t, i == 0 ? "bob" : "carol");
    }
    term_keys(t, "s");
    term_wait(t, "Sort by");
    term_keys(t, "Esc");
    term_wait_gone(t, "Sort by");
    browse_wait_names(t, "carol erin bob alice dave ");
    browse_quit(t);
}

static void test_several_keys(void **state)
{
    (void)state;
    struct term *t = open_users("-mfa_active,-user");
    browse_wait_names(t, "erin carol alice dave bob ");
    term_wait(t, "by mfa_active");
    term_wait(t, "user");
    int y, user, mfa;
    term_locate(t, "USER", &y, &user);
    term_locate(t, "MFA", &y, &mfa);
    assert_arrow(t, BROWSE_DESCENDING, user, mfa - 1);
    assert_arrow(t, BROWSE_DESCENDING, mfa, mfa + 5);
    /* a further key on screen */
    t = open_users("mfa_active");
    term_keys(t, "S");
    term_wait(t, "Then by");
    term_keys(t, "/");
    term_type(t, "PASSWORD AGE");
    term_keys(t, "Enter");
    term_settle(t);
    term_keys(t, "Enter");
    term_wait_gone(t, "Then by");
    browse_wait_names(t, "bob dave alice erin carol ");
    term_wait(t, "password_age");
}

/* At start the worst come first. */
static void test_start(void **state)
{
    (void)state;
    struct term *t = term_open(24, 80, "--demo", NULL);
    term_wait(t, "28 of 28");
    browse_wait_selected(t, "<root_account>");
    term_wait(t, "by severity");
    term_wait(t, "root has an access key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_missing_last), TERM_TEST(test_header), TERM_TEST(test_menu),
        TERM_TEST(test_several_keys), TERM_TEST(test_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
