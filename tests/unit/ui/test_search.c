/*
 * Searching: matches are marked where they stand, "3 of 31", wrapped, as it is typed; in the table, lists, help,
 * overview.
 */
#include "play.h"

#include "ui/filter_search.h"
#include "ui/help_list.h"
#include "unit/sample.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const looks[] = {"--theme=dark", "--theme=light", "--theme=safe", "--theme=terminal",
    "--theme=mono"};

static bool same_look(struct headless_cell a, struct headless_cell b)
{
    return a.bold == b.bold && a.underline == b.underline && a.reverse == b.reverse && a.color == b.color
        && a.back == b.back;
}

/* Every match of the text in the rows is marked over its whole length and nothing beside it, in every theme. */
static void test_marked(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(looks); i++) {
        struct ui *ui = play_open(24, 80, looks[i], "--demo", NULL);
        play_keys("/ EN");
        size_t marked = 0;
        for (int pass = 0; pass < 2; pass++) { /* while it is typed, and then */
            for (int k = 0; k < ui->layout.row_lines && k < 18; k++) {
                int y = ui->layout.rows + k;
                const char *row = play_row(y);
                char name[23] = "";
                snprintf(name, sizeof name, "%.*s", 22,
                    text_width(slice_of(row)) > 5 ? row + (row[0] == ' ' ? 5 : 7) : "");
                name[strcspn(name, " ")] = '\0';
                const char *at = strcasestr(name, "en");
                if (!at)
                    continue;
                int x = 5 + (int)(at - name);
                struct headless_cell in = headless_cell(y, x), also = headless_cell(y, x + 1),
                    out = headless_cell(y, x + 2);
                struct headless_cell before = headless_cell(y, x - 1);
                assert_true(same_look(in, also));
                assert_false(same_look(in, before));
                assert_false(at[2] && strncasecmp(at + 2, "en", 2) != 0 && same_look(in, out));
                marked++;
            }
            if (!pass)
                play_keys("Enter");
        }
        assert_true(marked > 6);
        play_keys("Esc");
        assert_false(ui->search_place.is_lit);
        play_close();
    }
}

/* Several words find the row that holds all of them, in whatever columns, and each is marked. */
static void test_words(void **state)
{
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, "user,arn\n");
    for (int account = 1; account <= 9; account++) {
        for (int user = 0; user < 9; user++)
            buffer_printf(&csv, "ann-%d,arn:aws:iam::10000000000%d:user/ann-%d\n", user, account, user);
    }
    const char *names = "100000000007 labs prod\n";
    char accounts[300];
    snprintf(accounts, sizeof accounts, "--account-names=%s", play_file("names", names, strlen(names)));
    struct ui *ui = play_open(24, 120, play_file("words.csv", csv.data, csv.len), "-s", "account,user", accounts, NULL);
    play_keys("/");
    play_type("ANN-4  prod lab");
    play_shows("1 of 1");
    play_keys("Enter");
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_ARN), "arn:aws:iam::100000000007:user/ann-4");
    play_shows(", by ");
    int y = ui->layout.rows + (int)(ui->view.cursor - ui->view.top);
    assert_false(same_look(headless_cell(y, 5), headless_cell(y, 12)));
    for (int other = -1; other <= 1; other += 2) { /* the account is the same, but the name is not */
        for (int x = 5; x < 60; x++)
            assert_true(headless_cell(y + other, x).back == headless_cell(y + other, 4).back);
    }
    play_keys("/");
    play_type("ann-4 100000000003");
    play_shows("1 of 1");
    play_type(" bob");
    play_shows("not found");
    play_keys("Esc");
    buffer_free(&csv);
    play_close();
}

/* Which of how many, also after n and N; wrapped; by what, where the name does not show it. */
static void test_places(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    size_t expected = 0;
    for (size_t i = 0; i < ui->view.count; i++)
        expected += view_holds(&ui->view, i, slice_of("en"));
    char text[64];
    play_keys("/ en");
    snprintf(text, sizeof text, "1 of %zu", expected);
    play_shows(text);
    play_keys("Enter");
    play_shows(text);
    for (size_t i = 1; i < expected; i++) {
        play_keys("n");
        snprintf(text, sizeof text, "%zu of %zu", i + 1, expected);
        play_shows(text);
    }
    play_keys("n");
    snprintf(text, sizeof text, "1 of %zu; wrapped to the first one", expected);
    play_shows(text);
    play_keys("N");
    snprintf(text, sizeof text, "%zu of %zu; wrapped to the last one", expected, expected);
    play_shows(text);
    play_keys("/ Platform Enter");
    play_shows("by team");
    play_keys("/ user/ci/ Enter");
    play_shows("by arn");
    play_keys("/ jane.doe Enter n");
    play_shows("1 of 1; this is the only one");
    size_t before = ui->view.cursor;
    play_keys("/ zzz");
    play_shows("not found");
    assert_int_equal(ui->view.cursor, before);
    play_keys("Esc");
    assert_int_equal(ui->view.cursor, before);
    play_close();
}

/* In a list the cursor goes along as it is typed; Esc returns, n goes on and wraps. */
static void test_lists(void **state)
{
    static const char *const lists[] = {"s", "p", "?", "? Tab", "C", "#"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(lists); i++) {
        struct ui *ui = play_open(24, 80, "--demo", NULL);
        play_keys(lists[i]);
        size_t origin = ui->menu.cursor;
        play_keys("/ y");
        assert_true(strstr(play_row(-2), " of ") && strpbrk(play_row(-2), "0123456789"));
        play_keys("Esc");
        assert_int_equal(ui->menu.cursor, origin);
        play_keys("/ y Enter");
        size_t first = ui->menu.cursor;
        size_t seen = 1;
        for (play_keys("n"); ui->menu.cursor != first && seen < 500; seen++)
            play_keys("n");
        char text[64];
        if (seen > 1) {
            snprintf(text, sizeof text, "1 of %zu", seen);
            if (!origin)
                play_shows("wrapped");
        }
        int lit = 0;
        for (int x = ui->menu.x + 4; x < ui->menu.x + ui->menu.width - 2; x++) {
            struct headless_cell c = headless_cell(ui->cursor_y, x);
            lit += strcasecmp(c.text, "y") == 0 && !same_look(c, headless_cell(ui->cursor_y, ui->menu.x + 2));
        }
        assert_true(lit > 0);
        play_keys("/ zzzz");
        play_shows("not found");
        play_keys("Esc");
        play_close();
    }
}

/* The only match is not called wrapped; an item far behind the first ones is as wide as it needs. */
static void test_only_one(void **state)
{
    enum { COLUMNS = 1500 };
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, "user,arn");
    for (int i = 0; i < COLUMNS; i++)
        buffer_printf(&csv, ",%s_%d", i == COLUMNS - 10 ? "a_name_that_is_longer_than_those_of_all_the_other_columns"
            : "c", i);
    buffer_puts(&csv, "\nann,arn:aws:iam::111122223333:user/ann");
    for (int i = 0; i < COLUMNS; i++)
        buffer_putc(&csv, ',');
    buffer_putc(&csv, '\n');
    play_open(24, 120, play_file("columns.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("C / longer_than Enter");
    play_shows("a_name_that_is_longer_than_those_of_all_the_other_columns_1490  as the file has it");
    play_keys("n");
    play_shows("1 of 1; this is the only one");
    play_keys("N");
    play_shows("1 of 1; this is the only one");
    play_close();
    play_open(24, 80, "--demo", NULL);
    play_keys("o / two Enter n");
    play_shows("1 of 1; this is the only one");
    play_close();
}

/* Columns of other files stand before those as the file has them; a column that is added comes into sight. */
static void test_added_column(void **state)
{
    (void)state;
    static const char owners[] = "user,boss\njane.doe,ana@example.org\n";
    struct ui *ui = play_open(24, 80, "--demo", "--join", play_file("owners.csv", owners, sizeof owners - 1), NULL);
    play_lacks("ana@example.org");
    play_keys("C / owners.csv Enter Enter");
    int boss, raw;
    assert_true(play_find("* boss ", &boss, NULL));
    play_keys("/ as Space the Space file Enter");
    assert_true(play_find("as the file has it", &raw, NULL) && play_find("* boss ", &boss, NULL));
    assert_true(boss < raw);
    play_keys("Esc Esc");
    play_shows("ana@example.org");
    assert_int_equal(ui->view.count, 28);
    play_close();
}

/* A column of the report is listed twice: with a type, for queries, and as the file has it. Each can be shown. */
static void test_column_as_in_file(void **state)
{
    (void)state;
    static const char report[] = "user,arn,flag\nann,arn:aws:iam::123456789012:user/ann,TRUE\n";
    play_open(24, 120, play_file("flags.csv", report, sizeof report - 1), NULL);
    play_keys("C / report.flag Enter");
    play_shows("  report.flag ");
    play_keys("Enter");
    play_shows("* report.flag ");
    play_keys("Esc Esc");
    play_shows("TRUE");
    play_keys("C / report.flag Enter Enter");
    play_shows("  report.flag ");
    play_close();
}

static void test_overview(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("o / two");
    size_t at = ui->bars.cursor;
    assert_non_null(strcasestr(ui->bars.overview.bars[at].label.data, "two"));
    play_shows("1 of ");
    play_keys("Esc");
    assert_int_equal(ui->bars.cursor, 0);
    play_keys("/ used Enter n");
    play_shows("2 of ");
    play_keys("n n n n n n n n n n n n n n n n n n");
    play_keys("g n N");
    play_shows("wrapped");
    play_close();
}

/* Esc removes the marks, then closes the overview, then removes the filter; o and q close at once, without marks. */
static void test_overview_left(void **state)
{
    static const char *const ends[] = {"o", "q"};
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", "-f", "mfa_active = false", NULL);
    play_keys("o / used Enter Esc");
    assert_true(ui->bars.is_open);
    assert_false(ui->search_place.is_lit);
    play_keys("Esc");
    assert_false(ui->bars.is_open);
    assert_int_equal(ui->view.filter_count, 1);
    play_keys("Esc");
    assert_int_equal(ui->view.filter_count, 0);
    for (size_t i = 0; i < SAMPLE_COUNT(ends); i++) {
        play_keys("o / used Enter");
        play_keys(ends[i]);
        assert_false(ui->bars.is_open);
        assert_false(ui->search_place.is_lit);
    }
    play_keys("/ jenkins Enter o Esc"); /* marks of the table are none of the overview's */
    assert_false(ui->bars.is_open);
    play_keys("/ jenkins Enter L Esc"); /* nor of the log */
    assert_false(ui->log.is_open);
    play_close();
}

/* Names with bytes that no terminal may see, wide letters, and texts that look like formats. */
static void test_hostile(void **state)
{
    static const char *const names[] = {"\346\274\242\345\255\227-x", "a\033[31mb", "%s%n%d", "\342\200\256rtl",
        "e\314\201t\303\251"};
    static const char *const searches[] = {"\345\255\227", "b", "%n", "rtl", "t"};
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++)
        sample_user(&csv, names[i], "");
    struct ui *ui = play_open(24, 80, play_file("names.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    for (size_t i = 0; i < SAMPLE_COUNT(searches); i++) {
        play_type("/");
        play_type(searches[i]);
        play_keys("Enter");
        assert_true(slice_contains_nocase(report_raw(ui->report, view_selected(&ui->view), COL_USER),
            slice_of(searches[i])));
        for (int y = 0; y < 24; y++)
            assert_null(strchr(play_row(y), '\033'));
    }
    headless_resize(5, 12);
    play_keys("C-l / x");
    headless_resize(1, 1);
    play_keys("C-l Enter n");
    play_close();
}

/* Counting goes on behind keys, in steps, and what comes of it is said unless something else was. */
static void test_many(void **state)
{
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < 30000; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s-%d", i % 3 ? "app" : "job", i);
        sample_user(&csv, name, "");
    }
    struct ui *ui = play_open(24, 80, "-s", "user", play_file("many.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("/ job");
    play_shows("1 of 10,000");
    play_keys("Enter n n");
    play_shows("3 of 10,000");
    play_keys("& app Enter");
    play_keys("/ app Enter");
    play_shows("1 of 20,000");
    assert_int_equal(ui->search_place.count, 20000);
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_marked), cmocka_unit_test(test_words),
        cmocka_unit_test(test_places), cmocka_unit_test(test_lists), cmocka_unit_test(test_only_one),
        cmocka_unit_test(test_added_column), cmocka_unit_test(test_column_as_in_file), cmocka_unit_test(test_overview),
        cmocka_unit_test(test_overview_left),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_many)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
