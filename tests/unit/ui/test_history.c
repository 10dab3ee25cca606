/* Many reports over time on screen: sparklines and the trend, the log, a user's life, and reading again. */
#include "play.h"

#include "unit/sample.h"
#include "ui/state.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PASSWORD "password_enabled=true password_last_used=2026-01-01T00:00:00Z password_last_changed=2026-01-01T00:00:00Z "

/* A report of 2026-0MONTH-01, by user: "name", "cells", ..., NULL. */
static void put_report(const char *directory, int month, const char *const *users)
{
    struct buffer csv = {0};
    char name[200];
    snprintf(name, sizeof name, "%s/%s", play_directory(), directory);
    mkdir(name, 0700);
    snprintf(name, sizeof name, "%s/123456789012_status_reports_2026-%02d-01T12-00-00+00-00.csv", directory, month);
    buffer_puts(&csv, sample_header);
    for (; *users; users += 2)
        sample_user(&csv, users[0], users[1]);
    play_file(name, csv.data, csv.len);
    buffer_free(&csv);
}

/*
 * Five months: ana has no MFA, then has, then loses it; bob's key passes 90 days in June; cid comes and goes; dan is there from
 * March on, without MFA.
 */
static const char *put_history(const char *directory)
{
    static char path[200];
    static const char no_mfa[] = PASSWORD "mfa_active=false", mfa[] = PASSWORD "mfa_active=true",
        key[] = "access_key_1_active=true access_key_1_last_rotated=2026-02-20T00:00:00Z",
        used[] = "access_key_1_active=true access_key_1_last_rotated=2026-02-20T00:00:00Z access_key_1_last_used_date=2026-04-20T00:00:00Z";
    put_report(directory, 2, (const char *const[]){"ana", no_mfa, "bob", "", "cid", "", NULL});
    put_report(directory, 3, (const char *const[]){"ana", mfa, "bob", key, "cid", "", "dan", no_mfa, NULL});
    put_report(directory, 4, (const char *const[]){"ana", mfa, "bob", key, "dan", no_mfa, NULL});
    put_report(directory, 5, (const char *const[]){"ana", no_mfa, "bob", used, "dan", no_mfa, NULL});
    put_report(directory, 6, (const char *const[]){"ana", no_mfa, "bob", used, "dan", no_mfa, NULL});
    snprintf(path, sizeof path, "%s/%s", play_directory(), directory);
    return path;
}

/* The older reports are read behind; they are few. */
static void settle_history(struct ui *ui)
{
    for (int i = 0; i < 10000 && session_is_busy(ui->session); i++)
        play_settle();
    assert_false(session_is_busy(ui->session));
    play_settle();
}

static struct ui *open_history(int lines, int columns, const char *arg)
{
    const char *path = put_history("reports");
    struct ui *ui = play_open(lines, columns, path, arg, NULL);
    settle_history(ui);
    return ui;
}

static void test_sparkline(void **state)
{
    (void)state;
    int y;
    open_history(24, 80, NULL);
    play_keys("o");
    play_shows("since 2026-02-01");
    assert_true(play_find("console user without MFA", &y, NULL));
    assert_non_null(strstr(play_row(y), "\u2581\u2581\u2581\u2588\u2588        1 -> 2 2 \u2588"));
    assert_true(play_find("key not rotated", &y, NULL));
    assert_non_null(strstr(play_row(y), "\u2581\u2581\u2581\u2581\u2588        0 -> 1 1 "));
    play_close();
    open_history(24, 80, "--ascii");
    play_keys("o");
    assert_true(play_find("console user without MFA", &y, NULL));
    assert_non_null(strstr(play_row(y), "___##        1 -> 2 2 #"));
    play_close();
}

static void test_trend(void **state)
{
    (void)state;
    int y, x;
    struct ui *ui = open_history(24, 80, "--ascii");
    play_keys("o / without Space MFA Enter n T"); /* root without MFA comes first */
    assert_int_equal(ui_mode(ui), MODE_TREND);
    play_shows("USERS WHO FAIL, 2026-02-01 to 2026-06-01, 5 dates");
    assert_true(play_find("[x] a !  console user without MFA", &y, &x));
    assert_non_null(strstr(play_row(y), "1 -> 2"));
    play_shows(" 2 |");
    play_shows(" 0 |");
    assert_true(play_find("2026-02-01 ", NULL, NULL));
    assert_true(play_find("  2026-04-02  ", &y, NULL)); /* in the middle */
    assert_non_null(strstr(play_row(y), "2026-06-01"));
    play_lacks("[x] b");
    play_keys("/"); /* nothing to search for */
    play_keys("G k Space");
    play_shows("[x] b");
    play_keys("Space");
    play_lacks("[x] b");
    play_keys("g Space");
    play_lacks("[x]");
    play_shows(" 1 |"); /* empty axes stay */
    play_keys("Enter");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_shows("fails(console-mfa)");
    assert_int_equal(ui->view.count, 2);
    play_keys(":trend Enter");
    assert_int_equal(ui_mode(ui), MODE_TREND);
    play_keys("Esc");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_keys("o T T");
    assert_int_equal(ui_mode(ui), MODE_OVERVIEW);
    play_keys("t q");
    assert_int_equal(ui_mode(ui), MODE_OVERVIEW);
    play_close();
    open_history(24, 80, NULL);
    play_keys("o T");
    play_shows("\u2809");
    play_close();
}

/* At any size nothing is drawn beyond its place, and the list stays in sight. */
static void test_trend_sizes(void **state)
{
    static const int sizes[][2] = {{1, 1}, {5, 20}, {12, 40}, {3, 200}, {60, 12}, {50, 200}, {24, 80}};
    (void)state;
    struct ui *ui = open_history(24, 80, "--mouse");
    play_keys("t");
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        headless_resize(sizes[i][0], sizes[i][1]);
        play_keys("j k G g PgDn PgUp C-d C-u Space Space");
        assert_int_equal(ui_mode(ui), MODE_TREND);
        if (sizes[i][0] >= 12 && sizes[i][1] >= 40)
            play_shows("console us");
    }
    play_close();
}

static void test_without_history(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--config=", put_history("reports") ? play_file("one.csv", sample_header, strlen(sample_header)) : "", NULL);
    settle_history(ui);
    play_keys("t");
    play_shows("only one date is known");
    play_keys("o T");
    play_shows("only one date is known");
    assert_int_equal(ui_mode(ui), MODE_OVERVIEW);
    play_keys(":choose Enter");
    play_shows("only in the trend");
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sparkline), cmocka_unit_test(test_trend), cmocka_unit_test(test_trend_sizes),
        cmocka_unit_test(test_without_history),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
