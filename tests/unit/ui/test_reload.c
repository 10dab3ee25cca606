/* Reports that change on disk while they are looked at. */
#include "play.h"

#include "unit/sample.h"

#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A report of COUNT users of the account of that digit, made so often that nothing but the time on disk may differ. */
static const char *users(const char *name, char digit, int count, const char *mfa)
{
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn,mfa_active,access_key_1_active\n");
    for (int i = 0; i < count; i++)
        buffer_printf(&csv, "%c-user-%d,arn:aws:iam::11111111111%c:user/%c-user-%d,%s,true\n", digit, i, digit, digit,
            i, mfa);
    const char *path = play_file(name, csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* Why a reload brought nothing, or not all, is in the list of problems in full, at any width. */
static void test_reasons(void **state)
{
    char one[256], two[256];
    (void)state;
    snprintf(one, sizeof one, "%s", users("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '1',
        2, "true"));
    snprintf(two, sizeof two, "%s", users("reasons-two-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '2',
        4, "true"));
    struct ui *ui = play_open(24, 80, one, two, NULL);
    assert_int_equal(unlink(two), 0);
    users("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '1', 2, "false");
    play_keys("R");
    play_shows("2 MFA removed");
    play_shows("reloaded, except 1 unreadable report: ");
    assert_int_equal(ui->report->row_count, 6);
    play_keys("P");
    play_shows("reading again: ");
    play_shows("No such file");
    play_shows("its 4 users stay as they were");
    play_keys("Esc");
    play_file("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", "user,arn", 8);
    play_keys("R");
    play_shows("nothing changed (P: why)");
    assert_int_equal(ui->report->row_count, 6);
    play_keys("P");
    play_shows("header and no user");
    play_close();
}

/* Until TEXT is on the screen, wait for what happens on disk; fail after the deadline. */
static void await(const struct ui *ui, const char *text)
{
    enum { TRIES = 6000, WAIT = 10 };
    for (int i = 0; i < TRIES && !play_find(text, NULL, NULL); i++) {
        struct pollfd p = {.fd = watching_descriptor(ui), .events = POLLIN};
        poll(&p, 1, WAIT);
        play_settle();
    }
    play_shows(text);
}

static void replace(const char *path, char digit, int count, const char *mfa)
{
    char temporary[300];
    snprintf(temporary, sizeof temporary, "%s", users("replacing.tmp", digit, count, mfa));
    assert_int_equal(rename(temporary, path), 0);
}

/* The title says that a file is another one; R reads it, and what was looked at stays in sight. */
static void test_noticed(void **state)
{
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", users("noticed.csv", '1', 40, "true"));
    struct ui *ui = play_open(24, 120, path, "-s", "user", NULL);
    play_lacks("changed on disk");
    play_keys("& user-1 Enter");
    play_keys("j j j Space l l");
    play_shows("11 of 40");
    replace(path, '1', 41, "false");
    await(ui, "changed on disk (R)");
    assert_int_equal(ui->report->row_count, 40);
    size_t line = ui->view.cursor - ui->view.top;
    play_keys("R");
    play_shows("reloaded: 1 user added, 40 MFA removed");
    play_lacks("changed on disk");
    assert_int_equal(ui->view.filter_count, 1);
    assert_int_equal(ui->view.mark_count, 1);
    assert_int_equal(ui->focus, 2);
    assert_int_equal(ui->view.cursor - ui->view.top, line);
    play_close();
}

/*
 * However narrow the screen, the message says which key lists the changes; and nothing has failed for "at least 0
 * days".
 */
static void test_message(void **state)
{
    (void)state;
    char path[300];
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ana", "password_enabled=true");
    snprintf(path, sizeof path, "%s", play_file("message.csv", csv.data, csv.len));
    play_open(24, 80, path, NULL);
    for (int i = 0; i < 3; i++)
        sample_user(&csv, (const char *const[]){"bob", "cleo", "dan"}[i], "access_key_1_active=true");
    play_file("message.csv", csv.data, csv.len);
    buffer_free(&csv);
    play_keys("R");
    play_shows("reloaded: 3 users added");
    play_shows("  (D lists the changes)");
    play_lacks(">=0d");
    play_close();
    snprintf(path, sizeof path, "%s", users("narrow.csv", '1', 40, "true"));
    play_open(24, 50, path, NULL);
    replace(path, '1', 41, "false");
    play_keys("R");
    play_shows("reloaded: 1 user added, \342\200\246  (D lists the changes)");
    play_close();
    snprintf(path, sizeof path, "%s", users("narrow.csv", '1', 40, "true"));
    play_open(24, 46, path, NULL);
    replace(path, '1', 41, "false");
    play_keys("R");
    play_shows("reloaded: \342\200\246  (D lists the changes)");
    play_close();
}

/* What else is written beside the report makes the program look now and then, not each time. */
static void test_others_written(void **state)
{
    enum { WRITTEN = 20 };
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", users("beside.csv", '1', 40, "true"));
    struct ui *ui = play_open(24, 120, path, NULL);
    play_settle();
    assert_true(watching_descriptor(ui) >= 0);
    bool rests = false;
    for (int i = 0; i < WRITTEN && !rests; i++) {
        users("another.csv", '1', 1, "true");
        play_settle();
        rests = watching_descriptor(ui) < 0 && watching_wait_at_most(ui) > 0;
    }
    assert_true(rests);
    play_lacks("changed on disk");
    replace(path, '1', 41, "false");
    await(ui, "changed on disk (R)"); /* and is not missed meanwhile */
    play_close();
}

/* --watch reads by itself: position, order, filters by name, marks and the kind of rows stay. */
static void test_watched(void **state)
{
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", users("watched.csv", '1', 60, "true"));
    struct ui *ui = play_open(24, 120, "--watch", path, "-s", "-user", NULL);
    play_keys("25j");
    play_keys("Space Up Up Up");
    size_t row = view_selected(&ui->view), line = ui->view.cursor - ui->view.top;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)report_raw(ui->report, row, COL_USER).len,
        report_raw(ui->report, row, COL_USER).data);
    for (int i = 0; i < 2; i++) {
        replace(path, '1', 60, i ? "true" : "false");
        await(ui, i ? "60 MFA added" : "60 MFA removed");
        sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), name);
        assert_int_equal(ui->view.cursor - ui->view.top, line);
        assert_int_equal(ui->view.mark_count, 1);
        play_shows("by user");
    }
    users("watched.csv", '1', 3, "true"); /* written in place, and the user under the cursor is gone */
    await(ui, "57 users removed");
    assert_int_equal(ui->view.count, 3);
    play_close();
}

/* Half a file takes the place of nothing; the rest of it is read when it comes. */
static void test_half_written(void **state)
{
    static const char half[] =
        "user,arn,mfa_active\n1-user-0,arn:aws:iam::111111111111:user/1-user-0,true\n1-user-1,arn:aw";
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", users("half.csv", '1', 5, "true"));
    struct ui *ui = play_open(24, 120, "--watch", path, NULL);
    play_file("half.csv", half, sizeof half - 1);
    await(ui, "changed on disk, unreadable (P)");
    play_shows("5 of 5");
    play_keys("P");
    play_shows("its last line is incomplete");
    play_keys("Esc");
    users("half.csv", '1', 6, "true");
    await(ui, "reloaded: 1 user added");
    play_lacks("changed on disk");
    assert_int_equal(unlink(path), 0);
    await(ui, "changed on disk, unreadable (P)");
    play_shows("6 of 6");
    users("half.csv", '1', 7, "true");
    await(ui, "reloaded: 1 user added");
    play_close();
}

/* A directory stands for what is in it; credentials stay credentials. */
static void test_directory(void **state)
{
    char path[256], deep[300];
    (void)state;
    snprintf(path, sizeof path, "%s/folder", play_directory());
    snprintf(deep, sizeof deep, "%s/deep", path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(mkdir(deep, 0700), 0);
    users("folder/deep/one.csv", '1', 3, "true");
    struct ui *ui = play_open(24, 120, "--watch", path, NULL);
    play_shows("3 of 3");
    users("folder/two.csv", '2', 4, "true");
    await(ui, "reloaded: 4 users added");
    play_shows("7 of 7");
    play_keys("K");
    play_keys("& account=111111111112 Enter");
    play_keys("j j j"); /* the last of four */
    users("folder/deep/one.csv", '1', 2, "true");
    await(ui, "reloaded: 1 user removed");
    assert_true(ui->view.keys);
    assert_int_equal(ui->view.count, 4);
    assert_int_equal(ui->view.cursor, 3);
    assert_int_equal(ui->view.filter_count, 1);
    play_close();
}

/* A filter about a column that the new report lacks is left out, which is said, and why. */
static void test_filter_left_out(void **state)
{
    static const char with[] = "user,arn,mfa_active,role\nann,arn:aws:iam::123456789012:user/ann,true,dev\n"
        "bob,arn:aws:iam::123456789012:user/bob,true,ops\n";
    static const char *const without[] = {"user,arn,mfa_active\nann,arn:aws:iam::123456789012:user/ann,true\n"
        "bob,arn:aws:iam::123456789012:user/bob,true\n", "user,arn,mfa_active\n"
        "ann,arn:aws:iam::123456789012:user/ann,false\nbob,arn:aws:iam::123456789012:user/bob,true\n"};
    char path[300];
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(without); i++) {
        snprintf(path, sizeof path, "%s", play_file("roles.csv", with, sizeof with - 1));
        struct ui *ui = play_open(24, 80, path, "-f", "role = ops", "-f", "mfa", NULL);
        assert_int_equal(ui->view.count, 1);
        play_file("roles.csv", without[i], strlen(without[i]));
        play_keys("R");
        assert_int_equal(ui->view.filter_count, 1);
        play_shows(i ? "reloaded: 1 MFA removed; a filter was left out (P: why)  (D lists the changes)"
            : "reloaded: nothing changed; a filter was left out (P: why)");
        play_keys("P");
        play_shows("reading again: left out the filter role = ops: no column \"role\"");
        play_close();
    }
}

/* A column to sort by that the new report lacks is said, too, alone and beside a filter; the others stay in force. */
static void test_order_lost(void **state)
{
    static const char with[] = "user,arn,mfa_active,role\nann,arn:aws:iam::123456789012:user/ann,true,dev\n"
        "bob,arn:aws:iam::123456789012:user/bob,true,ops\n";
    static const char without[] = "user,arn,mfa_active\nann,arn:aws:iam::123456789012:user/ann,true\n"
        "bob,arn:aws:iam::123456789012:user/bob,true\n";
    char path[300];
    (void)state;
    for (int filters = 0; filters < 2; filters++) {
        snprintf(path, sizeof path, "%s", play_file("roles.csv", with, sizeof with - 1));
        struct ui *ui = play_open(24, 80, path, "-s", "role,-user", filters ? "-f" : NULL, "role != x", NULL);
        assert_int_equal(ui->view.sort.count, 2);
        play_file("roles.csv", without, sizeof without - 1);
        play_keys("R");
        assert_int_equal(ui->view.sort.count, 1);
        assert_int_equal(ui->view.sort.keys[0].column, COL_USER);
        play_shows(filters ? "reloaded: nothing changed; a filter and a sort column are lost (P: why)"
            : "reloaded: nothing changed; a sort column is lost (P: why)");
        play_keys("P");
        play_shows("reading again: no longer sorted by role: no such column");
        play_close();
    }
}

/* A list of changes has the columns of other files, from the start and when it is opened later. */
static void test_changes_of_teams(void **state)
{
    static const char head[] = "user,arn,user_creation_time,mfa_active\n";
    static const char table[] = "user,team\nann,Web\nbob,Ops\n";
    char old[300], new[300], join[300], text[2][400];
    (void)state;
    for (int i = 0; i < 2; i++)
        snprintf(text[i], sizeof text[i], "%sann,arn:aws:iam::123456789012:user/ann,2020-01-01T00:00:00Z,%s\n"
            "bob,arn:aws:iam::123456789012:user/bob,2020-01-01T00:00:00Z,%s\n", head, i ? "false" : "true",
            i ? "false" : "true");
    snprintf(old, sizeof old, "%s", play_file("old.csv", text[0], strlen(text[0])));
    snprintf(new, sizeof new, "%s", play_file("new.csv", text[1], strlen(text[1])));
    snprintf(join, sizeof join, "--join=%s", play_file("owners.csv", table, strlen(table)));
    struct ui *ui = play_open(24, 100, "--diff", old, new, join, "-f", "team = Web", NULL);
    assert_int_equal(ui->view.count, 1);
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), "ann");
    play_close();
    ui = play_open(24, 100, "--diff", old, new, join, NULL);
    play_keys("& team Space = Space ops Enter");
    assert_int_equal(ui->view.count, 1);
    play_keys("Esc : sort Space -team Enter");
    play_shows("by team");
    play_close();
}

/*
 * The list of columns is opened before the report's own columns have become columns for queries: it has one number per
 * line all the same, and the right marks.
 */
static void test_columns_that_come(void **state)
{
    enum { ROWS = 3000, MORE = 200 };
    (void)state;
    struct buffer csv = {0};
    play_wide_report(&csv, ROWS, MORE);
    play_ahead("C");
    struct ui *ui = play_open(24, 120, play_file("columns.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    assert_non_null(ui->menu.kind);
    assert_int_equal(ui->menu.numbered, ui->menu.kind->count(ui));
    assert_true(ui->menu.numbered > 2 * MORE);
    play_keys("j Enter");
    assert_int_equal(ui->menu.numbers[ui->menu.cursor], 1);
    play_keys("Enter");
    assert_int_equal(ui->menu.numbers[ui->menu.cursor], 0);
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reasons), cmocka_unit_test(test_columns_that_come),
        cmocka_unit_test(test_noticed),
        cmocka_unit_test(test_message), cmocka_unit_test(test_others_written), cmocka_unit_test(test_watched),
        cmocka_unit_test(test_half_written), cmocka_unit_test(test_directory),
        cmocka_unit_test(test_filter_left_out),
        cmocka_unit_test(test_order_lost), cmocka_unit_test(test_changes_of_teams)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
