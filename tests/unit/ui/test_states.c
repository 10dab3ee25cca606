/* Actions in states where they are not valid: each is refused, none does harm, however fast the keys come. */
#include "play.h"

#include "unit/sample.h"
#include "config/column_sets.h"
#include "ui/actions.h"
#include "ui/columns.h"
#include "ui/state.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_hide_last(void **state)
{
    (void)state;
    static const char *const last[] = {"--", "l-", "l-l-l-l-l-l-", "-[", "-]", "-{", "-}", "-y",
        "--------------------"};
    for (size_t i = 0; i < SAMPLE_COUNT(last); i++) {
        play_open(24, 80, "--demo", NULL);
        play_type("llllllllllllllll");
        play_type(last[i]);
        play_shows("28 of 28");
        play_close();
    }
    play_open(24, 80, "--demo", NULL);
    play_type("----------------------------");
    play_shows("already the last column");
    play_type("l=");
    play_shows("MFA");
    play_close();
}

static const char *wide_report(size_t rows, size_t columns)
{
    struct buffer csv = {0};
    play_wide_report(&csv, rows, columns);
    const char *path = play_file("wide.csv", csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* More columns than a set holds: the list refuses one more, and shows and hides the others. */
static void test_too_many_columns(void **state)
{
    (void)state;
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    struct ui *ui = play_open(24, 80, wide_report(3, 380), NULL);
    play_keys("S-Tab");
    assert_int_equal(columns_shown(ui, columns), COLUMN_SETS_COLUMNS_MAX);
    play_keys("C G Enter");
    play_shows("at most 256 columns");
    assert_int_equal(columns_shown(ui, columns), COLUMN_SETS_COLUMNS_MAX);
    play_keys("g Enter G Enter");
    play_keys("Esc");
    play_type("lll-=");
    play_close();
}

/* What needs the table is refused in the overview, with a reason, by its name too. */
static void test_overview_refuses(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("o");
    play_keys(":keys Enter");
    play_shows("not in the overview");
    assert_false(ui->view.keys);
    play_keys("Esc");
    play_keys("? Tab / credential: Enter Enter");
    play_keys("Esc");
    play_keys("Esc");
    assert_false(ui->bars.is_open);
    play_keys("K o");
    assert_false(ui->view.keys);
    assert_true(ui->bars.is_open);
    play_close();
}

/*
 * Every action by its name in every state, and then in the state that it led to; in `make check' every thirteenth of
 * them.
 */
static void test_all_pairs(void **state)
{
    (void)state;
    static const char *const states[] = {"", "Enter", "o", "K", "K Enter", "C", "s", "p", "F", "P", "?",
        "&nobody-at-all Enter", "W", "W Enter", "T", "Y", "r", "w", "&", "/", ":", "a", "&nobody Enter Enter"};
    size_t step = sample_rounds(13, 1);
    for (size_t i = 0; i < SAMPLE_COUNT(states); i++) {
        struct ui *ui = play_open(24, 80, "--demo", NULL);
        for (enum action a = (enum action)(i % step); a < ACTION_COUNT; a = (enum action)(a + step)) {
            play_keys(states[i]);
            ui->quit = false;
            ui_act(ui, a);
            play_settle();
            play_keys("Esc");
            play_keys("Esc");
            play_keys("Esc");
            if (play_has_ended()) { /* it was quit */
                play_close();
                ui = play_open(24, 80, "--demo", NULL);
            }
        }
        play_close();
    }
}

/* A press and the release of the button on column X of line Y. */
static void click(int y, int x)
{
    char bytes[64];
    snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", x + 1, y + 1, x + 1, y + 1);
    play_type(bytes);
}

/* A click selects, the second on the same line chooses; beside a list it closes it; beside a form it loses nothing. */
static void test_clicks(void **state)
{
    (void)state;
    int y, x;
    struct ui *ui = play_open(24, 100, "--demo", "--mouse", NULL);
    play_keys("p");
    assert_true(play_find("console user without MFA", &y, &x));
    y += 1;
    click(y, x);
    assert_int_equal(ui->menu.cursor, (size_t)(y - ui->menu.y));
    assert_int_equal(ui->view.filter_count, 0);
    click(y, x);
    assert_int_equal(ui->view.filter_count, 1);
    play_keys("p");
    click(0, 0);
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_keys("Esc");
    play_keys("W Enter");
    assert_true(play_find("reason  ", &y, &x));
    click(y, x + 10);
    play_keys("why");
    play_shows("reason  why");
    click(y - 1, x);
    play_keys("ops");
    click(1, 1);
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_shows("owner   ops");
    play_shows("reason  why");
    play_keys("Esc");
    play_keys("Esc");
    play_keys("& idle");
    click(8, 8); /* what is being typed stays */
    play_shows("& idle");
    play_close();
}

static const char *one_day(int day)
{
    static const char header[] = "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n";
    struct buffer csv = {0};
    char name[80];
    buffer_printf(&csv, "%sann,arn:aws:iam::123456789012:user/ann,true,false,true,2020-01-01T00:00:00Z\n", header);
    snprintf(name, sizeof name, "123456789012_status_reports_2026-01-%02dT06-00-00+00-00.csv", day);
    const char *path = play_file(name, csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* The same in the list below the graph; without a second date, or a finding, it says so. */
static void test_trend_clicks(void **state)
{
    (void)state;
    int y, x;
    char first[300];
    snprintf(first, sizeof first, "%s", one_day(1));
    struct ui *ui = play_open(24, 100, "--checks=console-mfa,rotate-key,two-keys", "--mouse", "--history", first,
        one_day(2), NULL);
    play_keys("t");
    assert_true(play_find("[x] b", &y, &x));
    click(y, x);
    play_shows("& fails(rotate-key)");
    play_shows("[x] b");
    click(y, x);
    play_lacks("[x] b");
    click(1, 1);
    play_shows("& fails(rotate-key)");
    assert_true(ui->trend.is_open);
    play_close();
    play_open(24, 100, "--checks=two-keys", "--history", first, one_day(2), NULL);
    play_keys("t");
    play_shows("No report has a finding.");
    play_keys("j Space Enter");
    play_shows("No report has a finding.");
    play_close();
    play_open(24, 100, one_day(2), NULL);
    play_keys("t");
    play_shows("only one date is known; open a directory of reports, or use --history");
    play_close();
}

/* A letter that a list shows beside a line chooses that line, and is no key of lists, such as n or Q. */
static void test_letters(void **state)
{
    (void)state;
    static const char *const lists[] = {"s", "Y"};
    for (size_t i = 0; i < SAMPLE_COUNT(lists); i++) {
        struct ui *ui = play_open(60, 100, "--demo", "--clipboard=print", NULL);
        play_keys(lists[i]);
        assert_non_null(ui->menu.kind->letters);
        const char *letters = ui->menu.kind->letters;
        size_t count = ui->menu.kind->count(ui);
        play_close();
        for (size_t at = 0; at < count && letters[at]; at++) {
            char letter[2] = {letters[at], '\0'};
            ui = play_open(60, 100, "--demo", "--clipboard=print", NULL);
            play_keys(lists[i]);
            play_type(letter);
            if (play_has_ended() || ui->menu.kind)
                fail_msg("%s: the letter %s does not choose", lists[i], letter);
            play_close();
        }
    }
}

/* A line of actions: those that take an argument do with it what their key does; others refuse it. */
static void test_command_arguments(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_type(":search terraform\r");
    struct slice user = report_raw(ui->report, view_user(&ui->view, ui->view.cursor), COL_USER);
    assert_int_equal(user.len, strlen("terraform"));
    assert_memory_equal(user.data, "terraform", user.len);
    play_type(":search nobody-at-all\r");
    play_shows("no user shown contains \"nobody-at-all\"");
    play_type(":filter key_1_age > 1d\r");
    assert_int_equal(ui->view.filter_count, 1);
    play_type(":down 3\r");
    play_shows("^ down takes no argument");
    play_keys("Esc");
    play_type("R");
    play_shows("the sample cannot be read again");
    play_close();
}

/* What is too long for the screen is cut at a character, and says how long it is. */
static void test_long_cell(void **state)
{
    enum { LETTERS = 9000 };
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn,note\nann,arn:aws:iam::123456789012:user/ann,x");
    for (int i = 0; i < LETTERS; i++)
        buffer_puts(&csv, "\303\251");
    buffer_puts(&csv, "\n");
    struct ui *ui = play_open(60, 100, play_file("long.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("Enter");
    for (int i = 0; i < 20 && !play_find("(18,001 bytes in all)", NULL, NULL); i++)
        play_keys("PgDn");
    play_shows("\303\251 \342\200\246 (18,001 bytes in all)");
    play_lacks("\\x");
    play_keys("q");
    play_type(":columns user,note\r");
    play_shows("x\303\251\303\251");
    play_lacks("\\x");
    assert_int_equal(ui->view.count, 1);
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hide_last),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_overview_refuses),
        cmocka_unit_test(test_all_pairs),
        cmocka_unit_test(test_clicks),
        cmocka_unit_test(test_trend_clicks),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_command_arguments),
        cmocka_unit_test(test_long_cell),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
