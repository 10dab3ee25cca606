/* Every size draws, and a size that changes ends in the very screen of a start at that size. */
#include "term.h"

#include <stdlib.h>

static const int sizes[][2] = {{24, 80}, {50, 200}, {5, 20}, {1, 1}, {1, 80}, {24, 1}, {2, 10}, {3, 120}, {200, 500},
    {24, 119},
    {24, 120}};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* NAMES are typed in each of T, and each has taken them. */
static void type_in_all(struct term **t, const char *names)
{
    for (int i = 0; i < SIZES; i++)
        term_keys(t[i], names);
    term_settle_all();
}

/* All sizes at once, so that what waits for one waits for all. */
static void open_all(struct term **t)
{
    for (int i = 0; i < SIZES; i++)
        t[i] = term_open(sizes[i][0], sizes[i][1], "--demo", NULL);
    term_settle_all();
}

static void test_start(void **state)
{
    struct term *t[SIZES];
    (void)state;
    open_all(t);
    type_in_all(t, "Down Tab Enter j k");
    type_in_all(t, "Esc");
    type_in_all(t, "& x");
    type_in_all(t, "Esc");
    for (int i = 0; i < SIZES; i++) {
        term_keys(t[i], "q");
        assert_int_equal(term_wait_end(t[i]), 0);
        term_assert_plain(t[i]);
        term_assert_restored(t[i]);
    }
}

static void test_what_fits(void **state)
{
    (void)state;
    struct term *t = term_open(5, 20, "--demo", NULL);
    term_wait(t, "<roo");
    term_wait(t, "28 of 28");
    t = term_open(50, 200, "--demo", NULL);
    term_wait(t, "28 of 28");
    term_wait(t, "zoe.imported");
}

/* From size to size by KEYS's screen, each compared with that of a fresh start. */
static void check_resizes(void **state, const char *keys)
{
    struct term *fresh[SIZES];
    (void)state;
    struct term *t = term_open(sizes[0][0], sizes[0][1], "--demo", NULL);
    open_all(fresh);
    term_keys(t, keys);
    type_in_all(fresh, keys);
    for (int i = 1; i <= SIZES; i++) {
        const int *size = sizes[i % SIZES];
        term_resize(t, size[0], size[1]);
        term_wait_same(t, fresh[i % SIZES]);
    }
    term_signal(t, 15);
    assert_int_equal(term_wait_end(t), 143);
    term_assert_plain(t);
    term_assert_restored(t);
}

static void test_resize(void **state)
{
    check_resizes(state, "");
}

static void test_resize_detail(void **state)
{
    check_resizes(state, "Enter");
}

static void test_resize_prompt(void **state)
{
    check_resizes(state, "& m f a");
}

/* A window dragged: many sizes at once, of which the last one counts. */
static void test_storm(void **state)
{
    (void)state;
    struct term *t = term_open(24, 80, "--demo", NULL);
    for (int i = 0; i < 300; i++) {
        term_resize(t, 1 + i * 7 % 60, 1 + i * 13 % 180);
        term_pump(t, 0);
    }
    term_resize(t, 24, 80);
    struct term *fresh = term_open(24, 80, "--demo", NULL);
    term_settle(fresh);
    term_wait_same(t, fresh);
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    term_assert_plain(t);
    term_assert_restored(t);
}

/* What is wide is sent to a screen of one column when that has just become so: the emulator is to live through it. */
static void test_one_column(void **state)
{
    (void)state;
    const char *const args[] = {"-", "\346\274\242\345\255\227", NULL};
    struct term *t = term_start(&(struct term_options){.rows = 6, .columns = 1, .program = "/bin/echo", .args = args});
    assert_int_equal(term_wait_end(t), 0);
    term_wait_row(t, 4, "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_start), TERM_TEST(test_what_fits), TERM_TEST(test_resize),
        TERM_TEST(test_resize_detail), TERM_TEST(test_resize_prompt), TERM_TEST(test_storm),
        TERM_TEST(test_one_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
