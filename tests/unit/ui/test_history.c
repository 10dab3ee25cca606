/* Many reports over time on screen: sparklines and the trend, the log, a user's life, and reading again. */
#include "play.h"

#include "base/base64.h"
#include "unit/sample.h"
#include "ui/log_screen.h"
#include "ui/reload_screen.h"
#include "session/session_history.h"
#include "ui/state.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PASSWORD \
    "password_enabled=true password_last_used=2026-01-01T00:00:00Z password_last_changed=2026-01-01T00:00:00Z "

static void day_after(char *day, size_t size, int days)
{
    char text[32];
    int64_t time = sample_time("2024-01-01") + (int64_t)days * 86400;
    snprintf(day, size, "%.10s", timestamp_format(text, sizeof text, time));
}

/* A report of the first of MONTH in 2026, by user: "name", "cells", ..., NULL. */
static void put_report(const char *directory, int month, const char *const *users)
{
    struct buffer csv = {0};
    char name[200];
    snprintf(name, sizeof name, "%s/%s", play_directory(), directory);
    mkdir(name, 0700);
    char day[16] = "";
    snprintf(day, sizeof day, "2026-%02d-01", month);
    if (month >= 1000) /* so many days after 2024-01-01 */
        day_after(day, sizeof day, month - 1000);
    snprintf(name, sizeof name, "%s/123456789012_status_reports_%sT12-00-00+00-00.csv", directory, day);
    buffer_puts(&csv, sample_header);
    for (; *users; users += 2)
        sample_user(&csv, users[0], users[1]);
    play_file(name, csv.data, csv.len);
    buffer_free(&csv);
}

/*
 * Five months: ana has no MFA, then has, then loses it; bob's key passes 90 days in June; cid comes and goes; dan is
 * there from March on, without MFA.
 */
static const char *put_history(const char *directory)
{
    static char path[200];
    static const char no_mfa[] = PASSWORD "mfa_active=false", mfa[] = PASSWORD "mfa_active=true",
        key[] = "access_key_1_active=true access_key_1_last_rotated=2026-02-20T00:00:00Z",
        used[] = "access_key_1_active=true access_key_1_last_rotated=2026-02-20T00:00:00Z "
            "access_key_1_last_used_date=2026-04-20T00:00:00Z";
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

/* On a narrow screen with several accounts, what happened is cut rather than out of sight; the strip has words. */
static void test_log_of_accounts(void **state)
{
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s", put_history("two"));
    for (int month = 2; month <= 3; month++) {
        char name[100];
        struct buffer csv = {0};
        snprintf(name, sizeof name, "two/111111111111_status_reports_2026-%02d-01T12-00-00+00-00.csv", month);
        buffer_puts(&csv, sample_header);
        sample_user(&csv, "eve", month == 2 ? PASSWORD "arn=arn:aws:iam::111111111111:user/eve mfa_active=true"
            : PASSWORD "arn=arn:aws:iam::111111111111:user/eve mfa_active=false");
        play_file(name, csv.data, csv.len);
        buffer_free(&csv);
    }
    static const char names[] = "111111111111,one of several accounts with a long name\n";
    struct ui *ui = play_open(24, 80, path, "--account-names", play_file("names.csv", names, sizeof names - 1), NULL);
    settle_history(ui);
    play_keys("L");
    play_shows("WHAT HAPPENED");
    play_shows("Esc back");
    play_lacks("q quit");
    play_shows("ACCOUNT NAME");
    int y;
    assert_true(play_find("2026-03-01 eve", &y, NULL));
    play_shows(" MFA removed");
    play_shows(" new finding: console us");
    assert_non_null(strstr(play_row(1), "2 MFA removed"));
    play_close();
}

/*
 * From 110 columns on WHY is there, whatever the names need; the number of findings goes first, as WHY ends with one.
 */
static void test_why_of_accounts(void **state)
{
    static const char names[] = "111111111111,one of several accounts with a long name\n";
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "a-name-of-two-dozen-characters",
        PASSWORD "arn=arn:aws:iam::111111111111:user/a mfa_active=false");
    sample_user(&csv, "bob", PASSWORD "arn=arn:aws:iam::222222222222:user/bob mfa_active=true");
    char path[300], accounts[300];
    snprintf(path, sizeof path, "%s", play_file("two-accounts.csv", csv.data, csv.len));
    snprintf(accounts, sizeof accounts, "%s", play_file("names.csv", names, sizeof names - 1));
    buffer_free(&csv);
    for (int columns = 110; columns <= 130; columns += 5) {
        play_open(24, columns, path, "--account-names", accounts, NULL);
        play_shows(" WHY");
        play_shows("ACCOUNT NAME");
        play_shows("a-name-of-two-d");
        play_shows("no MFA");
        play_keys("s Esc : sort Space -findings Enter"); /* what is sorted by stays in sight */
        play_shows("FINDINGS");
        play_close();
    }
}

/* A sign of the timeline and what it means stay together where the legend wraps. */
static void test_legend(void **state)
{
    (void)state;
    open_history(70, 80, NULL);
    play_keys("Enter");
    play_shows("r rotated  f first used");
    play_shows("! new  v fixed");
    play_close();
}

/*
 * What a key says stays while older reports are read, although no report contains its time. Which one is older is known
 * from the latest time in each, so these must differ: reports of sample_user() alone are equally new, and no history.
 */
static void test_said_while_reading(void **state)
{
    enum { REPORTS = 12 };
    (void)state;
    struct buffer csv = {0};
    char name[256], history[200];
    snprintf(history, sizeof history, "%s/untimed", play_directory());
    mkdir(history, 0700);
    for (int day = 1; day <= REPORTS; day++) {
        csv.len = 0;
        buffer_puts(&csv, "user,arn,user_creation_time\n");
        for (int i = 0; i < 3000; i++)
            buffer_printf(&csv, "u%d,arn:aws:iam::123456789012:user/u%d,2026-01-%02dT00:00:00Z\n", i, i, day);
        snprintf(name, sizeof name, "untimed/report-%d.csv", day);
        play_file(name, csv.data, csv.len);
    }
    play_ahead("L"); /* before the older reports are read */
    struct ui *ui = play_open(24, 100, history, NULL);
    settle_history(ui);
    assert_string_equal(ui->as_of_why, "now");
    assert_int_equal(chronicle_report_count(ui->report->chronicle), REPORTS);
    if (!ui->log.is_open) /* else all were read before the key */
        play_shows("the older reports are still being read");
    play_close();
    play_ahead("Q"); /* a sanitizer sees what their thread reads after it was freed */
    play_open(24, 100, history, NULL);
    play_close();
    buffer_free(&csv);
}

static void test_sparkline(void **state)
{
    (void)state;
    int y;
    open_history(24, 80, NULL);
    play_keys("o");
    play_shows("since 2026-02-01");
    assert_true(play_find(" now", &y, NULL));
    assert_non_null(strstr(play_row(y), "since 2026-02-01"));
    play_lacks("all users since");
    play_keys("& user Space = Space ana Enter"); /* the counts are ana's, the trends everybody's */
    play_shows("all users since 2026-02-01");
    play_keys("Backspace");
    play_lacks("all users since");
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

/* With --trend the history has only the users of the command line's filters. */
static void test_trends_of_filter(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", "--trend", "-f", "mfa_active", NULL);
    settle_history(ui);
    play_keys("q o");
    play_shows(" since 2025-06-16");
    play_lacks("users since");
    play_keys("Backspace");
    play_shows("-f users since 2025-06-16");
    play_close();
}

/* The history in evidence is of all users, too, but for --trend -f. */
static void test_evidence_of_filter(void **state)
{
    static const char *const listings[] = {"--trend", "--log"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char folder[200], page[230];
        snprintf(folder, sizeof folder, "%s/evidence-%d", play_directory(), i);
        snprintf(page, sizeof page, "%s/report.html", folder);
        struct ui *ui = play_open(24, 80, "--demo", listings[i], "-f", i ? "change = removed" : "mfa_active", NULL);
        settle_history(ui);
        play_keys(i ? "L & mfa_active Enter E C-u" : "q E C-u");
        play_type(folder);
        play_keys("Enter");
        play_shows("wrote evidence about 10 users to ");
        const char *text = sample_text_of(page);
        assert_non_null(strstr(text, "<h2>History</h2>"));
        assert_int_equal(strstr(text, "Numbers of all users") != NULL, i);
        play_close();
    }
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

/* The graph over the log: its own title, and the kinds of changes again when it is closed. */
static void test_trend_over_log(void **state)
{
    (void)state;
    open_history(24, 80, NULL);
    play_keys("L");
    play_shows("new findings");
    play_keys("t");
    assert_non_null(strstr(play_row(1), "USERS WHO FAIL, 2026-02-01 to 2026-06-01, 5 dates"));
    play_lacks("new findings");
    play_keys("Esc");
    assert_non_null(strstr(play_row(1), "new finding"));
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

/* The sample has a history for whoever asks; until then the first page is that of a single report. */
static void test_sample(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    assert_false(chronicle_has_past(ui->report));
    play_keys("t");
    play_shows("27 dates");
    play_keys("q");
    play_keys("& failing Space > Space 300d Enter");
    assert_true(ui->view.count > 0 && ui->view.count < 28);
    play_keys("Esc o");
    play_shows("\342\226\205"); /* a sparkline */
    play_close();
    ui = play_open(24, 80, "--demo", NULL);
    play_keys("L");
    play_shows("2026-06-");
    assert_true(ui->log.is_open && ui->view.count > 28);
    play_close();
}

static void test_without_history(void **state)
{
    (void)state;
    const char *path = put_history("reports") ? play_file("one.csv", sample_header, strlen(sample_header)) : "";
    struct ui *ui = play_open(24, 80, "--config=", path, NULL);
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

/* The log is a table like that of changes: it is sorted, filtered, opened, written, and left again. */
static void test_log(void **state)
{
    (void)state;
    int y;
    struct ui *ui = open_history(24, 80, NULL);
    play_keys("& bob Enter L");
    play_shows("WHAT HAPPENED");
    assert_int_equal(ui->view.count, 15);
    assert_true(play_find("2026-06-01 bob", &y, NULL)); /* the newest first */
    assert_int_equal(y, 4); /* behind the title, the summary of kinds and two lines of heading */
    assert_non_null(strstr(play_row(1), "new finding"));
    assert_non_null(strstr(play_row(y), "new finding: active key"));
    assert_true(play_find("2026-05-01 ana                  MFA removed", &y, NULL));
    play_shows("2026-05-01 bob                  key 1 used for the first time");
    play_keys("& change Space = Space mfa-lost Enter");
    assert_int_equal(ui->view.count, 1);
    play_shows("2026-05-01: MFA removed");
    play_keys("Enter"); /* the user, as in the newest report */
    play_shows("MFA         not active");
    play_shows("it had been fixed 1 time");
    play_keys("Esc");
    play_keys("Backspace & when Space > Space 2026-04-15 Space and Space user Space = Space bob Enter");
    assert_int_equal(ui->view.count, 3);
    char path[200], line[300] = "";
    snprintf(path, sizeof path, "%s/log.csv", play_directory());
    play_keys("w C-u");
    play_type(path);
    play_keys("Enter");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    assert_string_equal(line, "when,user,event\n");
    assert_non_null(fgets(line, sizeof line, f));
    assert_string_equal(line, "2026-06-01T12:00:00Z,bob,new finding: active key not rotated for 90 days\n");
    fclose(f);
    play_keys(":changes Enter"); /* what means nothing here is refused */
    play_shows("not in the log");
    play_keys("Esc");
    play_keys("o");
    play_shows("not in the log");
    play_keys("Esc"); /* the filter */
    assert_int_equal(ui->view.count, 15);
    play_keys("Esc"); /* the log */
    play_shows("bob \u00d7");
    assert_int_equal(ui->view.count, 1);
    play_keys(":log Enter");
    play_shows("WHAT HAPPENED");
    play_keys("q");
    assert_int_equal(ui->view.count, 1);
    play_close();
}

/* Somebody who left is in the log, with what is known. */
static void test_log_of_gone(void **state)
{
    (void)state;
    open_history(40, 80, NULL);
    play_keys("L & cid Enter");
    play_shows("2026-04-01 cid                  user removed");
    play_keys("Enter");
    play_shows("arn:aws:iam::123456789012:user/cid");
    play_shows("2026-04-01  user removed");
    play_close();
}

/* --log and --trend without -o open on the screen what they are called for; leaving that ends the program. */
static void test_listed(void **state)
{
    (void)state;
    const char *path = put_history("reports");
    struct ui *ui = play_open(24, 80, path, "--log", "-f", "when > 2026-04-15", "-s", "user,when",
        "-c", "user,when,change", NULL);
    settle_history(ui);
    assert_true(ui->log.is_open);
    assert_int_equal(ui->view.count, 5);
    play_shows("USER");
    play_shows("finding-new");
    play_lacks("WHAT HAPPENED");
    play_keys("q");
    assert_true(play_has_ended());
    play_close();
    ui = play_open(24, 80, path, "--log", "-f", "wen > 2026-04-15", NULL);
    settle_history(ui);
    play_shows("no column \"wen\"; when?");
    play_keys("L"); /* to the users, whose order and filters are their own */
    assert_int_equal(ui->view.count, 3);
    play_close();
    ui = play_open(24, 80, path, "--trend", "-c", "date,high", "-s", "-date", NULL);
    settle_history(ui);
    assert_int_equal(ui_mode(ui), MODE_TREND);
    play_keys("q");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    assert_int_equal(ui->view.count, 3);
    play_close();
}

/* With other files about users the history comes, too; what is in them is in the log. */
static void test_log_with_owners(void **state)
{
    (void)state;
    char join[300];
    const char *path = put_history("reports");
    snprintf(join, sizeof join, "--join=%s", play_file("teams.csv", "user,team\nana,mobile\n", 21));
    struct ui *ui = play_open(24, 80, path, join, NULL);
    settle_history(ui);
    play_keys("L & team Space = Space mobile Enter");
    assert_int_equal(ui->view.count, 5);
    play_keys("& since(console-mfa) Space > Space 2026-04-15 Enter"); /* as of the newest report */
    assert_int_equal(ui->view.count, 5);
    play_close();
}

/* The pane tells the life of a user, and the line below the table since when, and that it is late. */
static void test_life(void **state)
{
    (void)state;
    char config[300];
    int y, x;
    snprintf(config, sizeof config, "--config=%s", play_file("config", "sla high = 20d\n", 15));
    struct ui *ui = play_open(60, 115, put_history("reports"), config, NULL);
    settle_history(ui);
    play_shows("failing 31d again, late"); /* ana */
    play_keys("Enter");
    play_shows("first seen  2026-02-01, the oldest report");
    play_shows("since 2026-05-01");
    play_shows("due 2026-05-21: late");
    play_shows("2026-05-01  MFA removed");
    play_shows("2026-05-01  new finding: console user without MFA (password)");
    play_shows("2026-03-01  fixed: console user without MFA");
    assert_true(play_find(" MFA  ", &y, NULL) && play_find(" findings  ", &y, &x));
    assert_true(strchr(play_row(y), 'v') && strchr(play_row(y), '!'));
    assert_true(strchr(play_row(y), 'v') < strchr(play_row(y), '!'));
    play_keys("j"); /* dan, since the second report */
    play_shows("first seen  2026-03-01");
    play_lacks("the oldest report");
    play_keys("j"); /* bob */
    play_shows("2026-05-01  key 1 used for the first time (2026-04-20)");
    play_shows("2026-03-01  key 1 created (2026-02-20)");
    play_close();
    ui = play_open(24, 159, "--ascii", put_history("reports"), config, NULL);
    settle_history(ui);
    play_shows("no MFA");
    play_shows("- failing 31d again, late"); /* WHY */
    play_close();
}

/* D names the list that has the changes. A reason is not cut for the sake of how long it has lasted. */
static void test_hints(void **state)
{
    char path[200];
    (void)state;
    open_history(24, 80, NULL);
    play_keys("D");
    play_shows("L lists what happened");
    play_close();
    play_open(24, 80, "--demo", NULL); /* its history is there when it is asked for */
    play_keys("D");
    play_shows("L lists what happened");
    play_close();
    play_open(24, 80, "--log", play_file("one.csv", "user,arn\nann,\n", 14), NULL);
    play_keys("L"); /* from an empty log to the users */
    play_shows("one.csv");
    play_keys("D");
    play_shows("only one report is open; start with");
    play_close();
    put_report("why", 4, (const char *const[]){"ana", PASSWORD "mfa_active=true", NULL});
    put_report("why", 6, (const char *const[]){"ana", PASSWORD "mfa_active=true", NULL});
    snprintf(path, sizeof path, "%s/why", play_directory());
    int shown = 0;
    for (int columns = 110; columns < 140 || (!shown && columns < 300); columns++) {
        struct ui *ui = play_open(24, columns, path, NULL);
        settle_history(ui);
        assert_null(strstr(play_row(ui->layout.rows), "\342\200\246"));
        shown += strstr(play_row(ui->layout.rows), "failing ") != NULL;
        play_close();
    }
    assert_true(shown > 0);
}

/* A filter typed while the older reports are being read holds when they are there. */
static void test_filter_before(void **state)
{
    (void)state;
    play_ahead("&failing(console-mfa) > 40d\r");
    struct ui *ui = play_open(24, 80, put_history("reports"), NULL);
    settle_history(ui);
    assert_int_equal(ui->view.count, 1);
    play_shows("dan");
    play_close();
}

static void read_again(struct ui *ui)
{
    play_keys("R");
    for (int i = 0; i < 100000 && reload_screen_is_on(ui); i++)
        play_settle();
    assert_false(reload_screen_is_on(ui));
    play_settle();
}

/* R keeps the history, and goes on with it: with the newest report and with those that have come between. */
static void test_read_again(void **state)
{
    static const char no_mfa[] = PASSWORD "mfa_active=false", mfa[] = PASSWORD "mfa_active=true";
    (void)state;
    struct ui *ui = play_open(40, 115, put_history("growing"), NULL);
    settle_history(ui);
    play_keys("L");
    assert_int_equal(ui->view.count, 15);
    read_again(ui); /* the same files: nothing is new */
    assert_false(ui->log.is_open);
    assert_int_equal(chronicle_report_count(ui->report->chronicle), 5);
    assert_int_equal(ui->view.count, 3);
    play_shows("failing 31d again");
    play_keys("o T"); /* the trend is still there */
    play_shows("5 dates");
    play_keys("q q L");
    assert_int_equal(ui->view.count, 15);
    put_report("growing", 8, (const char *const[]){"dan", mfa, "ana", no_mfa, NULL});
    put_report("growing", 7, (const char *const[]){"ana", mfa, "dan", no_mfa, NULL});
    read_again(ui);
    assert_int_equal(chronicle_report_count(ui->report->chronicle), 7);
    assert_int_equal(ui->view.count, 2);
    play_shows("failing 0d again");
    play_keys("& since(console-mfa) Space > Space 2026-07-15 Enter");
    assert_int_equal(ui->view.count, 1);
    play_keys("Esc");
    play_keys("L & when Space > Space 2026-06-15 Space and Space change Space in Space (mfa-gained,mfa-lost) Enter");
    assert_int_equal(ui->view.count, 3);
    play_shows("2026-08-01: MFA");
    read_again(ui); /* from the log, once more */
    assert_int_equal(chronicle_report_count(ui->report->chronicle), 7);
    play_keys("L & bob Enter");
    read_again(ui); /* what is undone in one log is not in the next, which lies in the same place */
    play_keys("L U U");
    assert_int_equal(ui->view.filter_count, 0);
    play_keys("q D");
    play_shows("ncred  changes");
    play_keys("L");
    play_shows("not in a list of changes; D goes back");
    play_close();
}

/* A key that comes while the history is continued loses nothing, whenever it comes: the rest is done after it. */
static void test_read_again_cancelled(void **state)
{
    (void)state;
    struct ui *ui = play_open(40, 115, put_history("interrupted"), NULL);
    settle_history(ui);
    put_report("interrupted", 9,
        (const char *const[]){"dan", PASSWORD "mfa_active=true", "ana", PASSWORD "mfa_active=false", NULL});
    for (int month = 7; month <= 8; month++)
        put_report("interrupted", month,
            (const char *const[]){"ana", PASSWORD "mfa_active=true", "dan", PASSWORD "mfa_active=false", NULL});
    headless_type(slice_of("R&")); /* an open line keeps what was read from being shown */
    for (int i = 0; i < 100000 && !(ui->coming && reload_is_compared(ui->coming)); i++)
        play_settle();
    size_t tries = 0;
    bool has_part = false;
    for (bool is_done = false; !is_done; tries++) {
        size_t left = tries + 1;
        struct cancel_token key = {.is_over = play_key_comes_later, .context = &left};
        ui->session->cancel = &key;
        is_done = session_history_extend(ui->session, ui->report, ui->coming);
        assert_true(is_done != key.has_ended);
        ui->session->cancel = NULL;
        has_part |= ui->coming->between_taken == 1;
        assert_true(ui->coming->is_in_history || !ui->coming->between_taken); /* else it could be cancelled */
    }
    assert_true(tries > 3 && has_part);
    play_keys("Esc");
    play_settle();
    assert_false(reload_screen_is_on(ui));
    assert_int_equal(chronicle_report_count(ui->report->chronicle), 8);
    assert_int_equal(ui->view.count, 2);
    play_shows("failing 0d again");
    play_keys("L & when Space > Space 2026-06-15 Space and Space change Space in Space (mfa-gained,mfa-lost) Enter");
    assert_int_equal(ui->view.count, 3);
    play_close();
}

/* What was opened without older reports has a history from the second reading on. */
static void test_history_begins(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-06-01", "2026-06-02"};
    struct ui *ui = NULL;
    for (int i = 0; i < 2; i++) {
        struct buffer json = {0}, csv = {0};
        buffer_puts(&csv, sample_header);
        sample_user(&csv, "ana", i ? PASSWORD "mfa_active=true" : PASSWORD "mfa_active=false");
        buffer_printf(&json, "{\"GeneratedTime\": \"%sT12:00:00Z\", \"ReportFormat\": \"text/csv\", \"Content\": \"",
            days[i]);
        base64_encode((struct slice){csv.data, csv.len}, &json);
        buffer_puts(&json, "\"}");
        const char *path = play_file("one.json", json.data, json.len);
        if (!i)
            ui = play_open(24, 80, path, NULL);
        buffer_free(&json);
        buffer_free(&csv);
    }
    settle_history(ui);
    play_keys("L");
    play_shows("only one date is known");
    read_again(ui);
    play_keys("L");
    play_shows("MFA added");
    assert_int_equal(ui->view.count, 2);
    play_close();
}

/* The newest report is there before the older ones; C-c leaves out those that were not read until then. */
static void test_cancelled(void **state)
{
    enum { REPORTS = 400 };
    (void)state;
    for (int i = 0; i < REPORTS; i++)
        put_report("many", 1000 + i, (const char *const[]){"ana", PASSWORD "mfa_active=false", NULL});
    char path[300];
    snprintf(path, sizeof path, "%s/many", play_directory());
    play_ahead("oTL\003"); /* keys that are there before the first one was read */
    struct ui *ui = play_open(24, 80, path, NULL);
    assert_int_equal(ui->view.count, 1);
    settle_history(ui);
    size_t count = chronicle_report_count(ui->report->chronicle);
    char said[100];
    snprintf(said, sizeof said, "stopped: only the first %zu of %d older reports", count - 1, REPORTS - 1);
    if (count < REPORTS)
        play_shows(said);
    play_keys("Esc");
    print_message("%zu of %d reports were read before C-c\n", count, REPORTS);
    assert_true(count > 0 && count <= REPORTS);
    if (count < REPORTS)
        assert_non_null(strstr(ui->session->sides[0].inputs.messages.data, "older reports are in the history"));
    assert_int_equal(ui->view.count, 1);
    play_shows("ana");
    play_close();
}

/* What a key says while the older reports, those of test_cancelled(), are being read stays. */
static void test_message_stays(void **state)
{
    enum { TRIES = 5 }; /* on a busy machine, what was said of the files may come after the key, once */
    (void)state;
    char path[300];
    const char *bad = play_file("bad.csv", "user,arn", 8);
    bool stays = false;
    snprintf(path, sizeof path, "%s/many", play_directory());
    for (int i = 0; i < TRIES && !stays; i++) {
        play_ahead("Z");
        struct ui *ui = play_open(24, 80, path, bad, NULL);
        settle_history(ui);
        stays = play_find("Z: no such key", NULL, NULL);
        play_keys("P");
        play_shows("bad.csv: ");
        play_close();
    }
    assert_true(stays);
}

/* Waivers that come while the users are shown hold in the log, too. */
static void test_log_follows(void **state)
{
    (void)state;
    struct ui *ui = open_history(24, 80, NULL);
    play_keys("L & user Space != Space nobody Enter");
    size_t all = ui->view.count;
    assert_int_equal(all, 15);
    play_keys("L"); /* the users: ana is the first */
    assert_true(audit_change(ui->audit, &ui->audit->settings, NULL, 0, NULL));
    ui->judged++;
    play_keys("L");
    play_settle();
    assert_int_equal(ui->view.count, all);
    assert_int_equal(ui->log.judged, ui->judged);
    play_keys("L");
    assert_int_equal(ui->view.count, 3);
    play_close();
}

/* A key that comes while the users are judged again leaves the log open; without one it closes. */
static void test_close_cancelled(void **state)
{
    (void)state;
    struct ui *ui = open_history(24, 80, NULL);
    play_keys("L");
    assert_true(audit_change(ui->audit, &ui->audit->settings, NULL, 0, NULL));
    ui->judged++;
    size_t left = 1;
    struct cancel_token key = {.is_over = play_key_comes_later, .context = &left};
    ui->view.cancel = &key;
    assert_false(log_close(ui));
    assert_true(ui->log.is_open);
    assert_int_not_equal(ui->log.judged, ui->judged);
    ui->view.cancel = NULL;
    assert_true(log_close(ui));
    assert_false(ui->log.is_open);
    assert_ptr_equal(ui->report, ui->session->report);
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legend), cmocka_unit_test(test_log_of_accounts), cmocka_unit_test(test_why_of_accounts),
        cmocka_unit_test(test_said_while_reading),
        cmocka_unit_test(test_sparkline), cmocka_unit_test(test_trends_of_filter),
        cmocka_unit_test(test_evidence_of_filter), cmocka_unit_test(test_trend), cmocka_unit_test(test_trend_sizes),
        cmocka_unit_test(test_trend_over_log),
        cmocka_unit_test(test_sample), cmocka_unit_test(test_without_history), cmocka_unit_test(test_log),
        cmocka_unit_test(test_log_of_gone),
        cmocka_unit_test(test_listed), cmocka_unit_test(test_log_with_owners), cmocka_unit_test(test_life),
        cmocka_unit_test(test_hints), cmocka_unit_test(test_filter_before), cmocka_unit_test(test_read_again),
        cmocka_unit_test(test_read_again_cancelled),
        cmocka_unit_test(test_history_begins),
        cmocka_unit_test(test_log_follows), cmocka_unit_test(test_close_cancelled),
        cmocka_unit_test(test_cancelled), cmocka_unit_test(test_message_stays),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
