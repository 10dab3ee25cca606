/* The table: what stands in it, what stays put, what moves. */
#include "browse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct browse_user few[] = {
    {.name = "alice", .mfa = true, .password_age = 412, .password_idle = 3, .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = -1,
        .key = {{.age = 91, .idle = 0}, {.age = -1}}},
    {.name = "dave", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
};
enum { FEW = sizeof few / sizeof few[0] };

/* The cells of the row that shows NAME, from X on. */
static const char *row_of(struct term *t, const char *name)
{
    int y, x;
    term_locate(t, name, &y, &x);
    return term_row(t, y);
}

/* Everything that triage needs fits in 80 columns. */
static void test_first_screen(void **state)
{
    static const char *const headings[] = {"USER", "MFA", "PASSWORD", "KEY 1", "KEY 2", "AGE", "IDLE"};
    (void)state;
    struct term *t = browse_open(24, 80, few, FEW, "-s", "user", NULL);
    term_wait(t, "4 of 4");
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        term_wait(t, headings[i]);
    term_wait(t, "2026-06-15 12:00");
    term_wait(t, "(--as-of)");
    browse_wait_names(t, "alice bob carol dave ");
    assert_non_null(strstr(row_of(t, "alice"), "yes"));
    assert_non_null(strstr(row_of(t, "alice"), "412d"));
    assert_non_null(strstr(row_of(t, "alice"), "3d"));
    assert_non_null(strstr(row_of(t, "bob"), "1912d"));
    assert_non_null(strstr(row_of(t, "carol"), "91d"));
    assert_null(strstr(term_text(t), "ACCOUNT"));
    /* no bare time stands in the table */
    for (int i = 0; i < FEW; i++) {
        assert_null(strstr(row_of(t, few[i].name), "202"));
        assert_null(strstr(row_of(t, few[i].name), "T12:"));
    }
    browse_quit(t);
}

/* Ages end where their heading ends. */
static void test_right_aligned(void **state)
{
    (void)state;
    struct term *t = browse_open(24, 80, few, FEW, "-s", "user", NULL);
    int header, x, y, day;
    term_wait(t, "4 of 4");
    term_locate(t, " AGE ", &header, &x);
    x += 3;
    term_locate(t, "412d", &y, &day);
    assert_int_equal(day + 3, x);
    term_locate(t, " 7d", &y, &day);
    assert_int_equal(day + 2, x);
}

/* No credential, inactive, never used, unknown: four words or glyphs, so that no colour is needed. */
static void test_absence(void **state)
{
    static const char report[] =
        "user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date\n"
        "u-none,arn:aws:iam::123456789012:user/u-none,2020-01-01T00:00:00Z,false,N/A,N/A\n"
        "u-inactive,arn:aws:iam::123456789012:user/u-inactive,2020-01-01T00:00:00Z,false,2026-06-01T12:00:00Z,N/A\n"
        "u-never,arn:aws:iam::123456789012:user/u-never,2020-01-01T00:00:00Z,true,2026-06-01T12:00:00Z,N/A\n"
        "u-unknown,arn:aws:iam::123456789012:user/u-unknown,2020-01-01T00:00:00Z,,,\n";
    static const char *const names[] = {"u-none", "u-inactive", "u-never", "u-unknown"};
    (void)state;
    struct term *t = term_open(24, 80, "--as-of", BROWSE_AS_OF, "-c", "user,key_1_age,key_1_idle", "-s", "user",
        term_file("r.csv", report, sizeof report - 1), NULL);
    term_wait(t, "4 of 4");
    browse_wait_names(t, "u-inactive u-never u-none u-unknown ");
    char *rest[4];
    for (int i = 0; i < 4; i++) {
        int y, x;
        term_locate(t, names[i], &y, &x);
        rest[i] = strdup(strstr(term_row(t, y), names[i]) + strlen(names[i]));
        for (int k = 0; k < i; k++) {
            char *a = rest[k] + strspn(rest[k], " "), *b = rest[i] + strspn(rest[i], " ");
            if (strcmp(a, b) == 0)
                term_fail(t, "%s and %s look the same: %s", names[k], names[i], a);
        }
    }
    assert_non_null(strstr(rest[1], "off"));
    assert_non_null(strstr(rest[2], "never"));
    assert_non_null(strstr(rest[3], "?"));
    for (int i = 0; i < 4; i++)
        free(rest[i]);
}

/* Tab goes through the sets and comes back; the user column stays where it is. */
static void test_column_sets(void **state)
{
    static const char *const marks[] = {"NEXT ROTATION", "SERVICE", "CERT", "ARN"};
    (void)state;
    struct term *t = browse_open(24, 80, few, FEW, NULL);
    term_wait(t, "4 of 4");
    term_settle(t);
    char *first = term_capture(t);
    int y, x, at;
    term_locate(t, "USER", &y, &x);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        term_keys(t, "Tab");
        term_wait(t, marks[i]);
        term_locate(t, "USER", &y, &at);
        assert_int_equal(x, at);
        browse_selected(t);
    }
    term_keys(t, "Tab");
    term_wait_gone(t, " ARN");
    term_wait_row(t, -1, "columns: triage");
    term_keys(t, "g"); /* the next key clears the message */
    term_wait_row(t, -1, "& filter");
    term_settle(t);
    char *again = term_capture(t);
    assert_string_equal(first, again);
    term_keys(t, "S-Tab");
    term_wait(t, " ARN");
    free(first);
    free(again);
}

/* With the report as it is, every column of the file can be gone to; header and user column stay put. */
static void test_sideways(void **state)
{
    (void)state;
    struct term *t = browse_open(24, 80, few, FEW, "-s", "user", NULL);
    term_keys(t, "Tab Tab Tab Tab");
    term_wait(t, " ARN");
    term_wait(t, "arn:aws:iam::123456789012:user/alice");
    for (int i = 0; i < 20 && !term_find(t, "CERT 2", NULL, NULL); i++) {
        term_keys(t, i % 2 ? "Right" : "l");
        term_settle(t);
        browse_wait_names(t, "alice bob carol dave ");
    }
    term_wait(t, "CERT 2");
    assert_false(term_find(t, "arn:aws:iam::123456789012:user/alice", NULL, NULL));
    for (int i = 0; i < 25; i++)
        term_keys(t, "Left");
    term_wait(t, "arn:aws:iam::123456789012:user/alice");
}

static void test_moving(void **state)
{
    (void)state;
    struct term *t = browse_open_many(24, 80);
    char header[512];
    int y, x;
    term_settle(t);
    term_locate(t, "USER", &y, &x);
    snprintf(header, sizeof header, "%s", term_row(t, y));
    term_keys(t, "s");
    term_wait(t, "Sort by");
    term_keys(t, "Enter");
    term_wait_gone(t, "Sort by");
    term_keys(t, "g");
    browse_wait_selected(t, "user-0000");
    term_keys(t, "j Down");
    browse_wait_selected(t, "user-0002");
    term_keys(t, "k Up");
    browse_wait_selected(t, "user-0000");
    term_keys(t, "k");
    term_keys(t, "G");
    browse_wait_selected(t, "user-5011");
    term_locate(t, "USER", &y, &x);
    assert_memory_equal(header, term_row(t, y), (size_t)x + 4);
    term_keys(t, "j");
    term_keys(t, "PgUp");
    term_wait_gone(t, "user-5011");
    term_keys(t, "Home");
    browse_wait_selected(t, "user-0000");
    term_keys(t, "PgDn");
    term_wait_gone(t, "user-0000");
    term_keys(t, "C-b");
    browse_wait_selected(t, "user-0000");
    term_keys(t, "C-f");
    term_wait_gone(t, "user-0000");
    term_keys(t, "End");
    browse_wait_selected(t, "user-5011");
    browse_quit(t);
}

static void test_accounts(void **state)
{
    struct browse_user users[FEW];
    (void)state;
    memcpy(users, few, sizeof users);
    users[2].account = "210987654321";
    struct term *t = browse_open(24, 100, users, FEW, "-s", "user", NULL);
    term_wait(t, "ACCOUNT");
    assert_non_null(strstr(row_of(t, "carol"), "210987654321"));
    assert_non_null(strstr(row_of(t, "alice"), "123456789012"));
    /* what one goes to is told apart by account, at 80 columns too */
    term_resize(t, 24, 80);
    term_wait(t, "210987654321");
}

/* Wide and combining characters, and names longer than their column, leave all columns straight. */
static void test_straight_columns(void **state)
{
    static const char *const names[] = {"ascii", "\346\274\242\345\255\227", "\355\225\234\352\270\200-user",
        "e\314\201e\314\201e\314\201",
        "\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227",
        "a-name-that-is-far-longer-than-the-column-is-wide-0123456789", "x\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227\346\274\242\345\255\227",
        "na\303\257ve", "\302\240nbsp", "\033[031mred", "\360\237\230\200"};
    enum { COUNT = sizeof names / sizeof names[0] };
    struct browse_user users[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++)
        users[i] = (struct browse_user){.name = names[i], .mfa = i % 2, .password_age = 412, .password_idle = 33,
            .key = {{.age = -1}, {.age = -1}}};
    static const int widths[] = {80, 81, 83, 100, 119};
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        struct term *t = browse_open(24, widths[w], users, COUNT, NULL);
        int header, mfa, y, x, seen = 0;
        term_wait(t, "11 of 11");
        term_settle(t);
        term_locate(t, "MFA", &header, &mfa);
        term_locate(t, "412d", &y, &x);
        for (y = header + 1; y < term_rows(t) && seen < COUNT; y++) {
            char first = term_cell(t, y, mfa).text[0];
            if (first != 'y' && first != 'n')
                continue;
            assert_string_equal(term_cell(t, y, x).text, "4");
            assert_string_equal(term_cell(t, y, x + 3).text, "d");
            assert_string_equal(term_cell(t, y, mfa - 1).text, " ");
            seen++;
        }
        if (seen != COUNT)
            term_fail(t, "%d rows of %d are straight", seen, COUNT);
        term_teardown(state);
    }
}

/* Ctrl-L puts right what something else wrote over the screen. */
static void test_redraw(void **state)
{
    static const char left[] = "\033[2J\033[7;7Hwall: the system is going down";
    (void)state;
    struct term *t = browse_open(24, 80, few, FEW, NULL);
    term_wait(t, "4 of 4");
    term_settle(t);
    char *before = term_capture(t);
    vterm_input_write(t->vt, left, sizeof left - 1);
    term_keys(t, "C-l");
    term_wait_gone(t, "wall:");
    term_wait(t, "4 of 4");
    term_settle(t);
    char *after = term_capture(t);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* Five steps down, of which each goes to another user and sends at most MOST bytes. */
static void check_steps(struct term *t, size_t most)
{
    for (int i = 0; i < 5; i++) {
        size_t from = t->raw_len;
        char name[256];
        snprintf(name, sizeof name, "%s", browse_selected(t));
        term_keys(t, "j");
        term_settle(t);
        assert_string_not_equal(name, browse_selected(t));
        if (t->raw_len - from > most)
            term_fail(t, "one row further down sent %zu bytes", t->raw_len - from);
    }
}

/* Over a slow line: a step within the screen sends the row that was selected and the one that is, and nothing else. */
static void test_bytes(void **state)
{
    (void)state;
    struct term *t = browse_open_many(24, 80);
    term_keys(t, "&");
    term_type(t, "mfa_active and active_keys = 0");
    term_keys(t, "Enter");
    term_wait(t, "this user has no findings");
    term_keys(t, "g");
    term_settle(t);
    check_steps(t, 260);
}

/* One row further down the terminal scrolls by itself; only the new row is sent, and what changes around it. */
static void test_scroll_bytes(void **state)
{
    static const struct {
        int rows, columns;
        size_t most;
    } sizes[] = {{24, 80, 200}, {50, 200, 250}};
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct term *t = browse_open_many(sizes[s].rows, sizes[s].columns);
        term_settle(t);
        if (sizes[s].columns >= 160) { /* the pane would be sent anew */
            term_keys(t, "Esc");
            term_settle(t);
        }
        for (int i = 0; i < sizes[s].rows; i++)
            term_keys(t, "j");
        term_settle(t);
        check_steps(t, sizes[s].most);
        term_teardown(state);
    }
}

/* Scrolling keeps the selected row, so that only the row that appears is sent, with at most MOST bytes. */
static void check_scrolling(struct term *t, const char *key, size_t most)
{
    for (int i = 0; i < 5; i++) {
        size_t from = t->raw_len;
        char name[256];
        snprintf(name, sizeof name, "%s", browse_selected(t));
        term_keys(t, key);
        term_settle(t);
        assert_string_equal(name, browse_selected(t));
        assert_true(t->raw_len > from);
        if (t->raw_len - from > most)
            term_fail(t, "scrolling a line sent %zu bytes", t->raw_len - from);
    }
}

static void test_scrolling_bytes(void **state)
{
    (void)state;
    struct term *t = browse_open_many(24, 80);
    term_keys(t, "1 0 j");
    term_settle(t);
    check_scrolling(t, "C-e", 180);
    check_scrolling(t, "C-y", 180);
}

/* How often the program has written anything, as Linux counts it; -1 where nobody does. */
static long writes_of(const struct term *t)
{
    char path[64], line[128];
    long count = -1;
    snprintf(path, sizeof path, "/proc/%d/io", (int)t->job);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "syscw: ", 7) == 0)
            count = strtol(line + 7, NULL, 10);
    }
    if (f)
        fclose(f);
    return count;
}

/* Over SSH every write is a packet: a screen is one, or as many as ncurses' buffer makes of it. */
static void test_writes(void **state)
{
    enum { PIECES = 3 };
    (void)state;
    struct term *t = browse_open_many(24, 80);
    term_settle(t);
    for (int i = 0; i < 3; i++) {
        long before = writes_of(t);
        size_t from = t->raw_len;
        if (before < 0)
            skip();
        term_keys(t, "C-l");
        term_settle(t);
        assert_true(t->raw_len - from > 500);
        if (writes_of(t) - before > PIECES)
            term_fail(t, "a screen was written in %ld pieces", writes_of(t) - before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_first_screen), TERM_TEST(test_right_aligned),
        TERM_TEST(test_absence), TERM_TEST(test_column_sets), TERM_TEST(test_sideways), TERM_TEST(test_moving),
        TERM_TEST(test_accounts), TERM_TEST(test_straight_columns), TERM_TEST(test_redraw), TERM_TEST(test_bytes),
        TERM_TEST(test_scroll_bytes), TERM_TEST(test_scrolling_bytes), TERM_TEST(test_writes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
