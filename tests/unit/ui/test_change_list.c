/*
 * Two reports compared: the summary that filters, a sentence where columns do not fit, the pane with what differs
 * first.
 */
#include "play.h"

#include "ui/state.h"
#include "unit/sample.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>

static char paths[2][300];

/* NAME, a part of a user's name and path, is whatever bytes a report may hold. */
static struct ui *compare(int lines, int columns, const char *name)
{
    struct buffer old = {0}, new = {0};
    char changes[2][700];
    buffer_puts(&old, sample_header);
    buffer_puts(&new, sample_header);
    for (int i = 0; i < 4; i++) {
        char user[100];
        snprintf(user, sizeof user, "%s%d", name, i);
        snprintf(changes[0], sizeof changes[0],
            "arn=arn:aws:iam::123456789012:user/%d password_enabled=true mfa_active=true "
            "user_creation_time=2024-02-03T04:05:06+00:00 access_key_1_active=true "
            "access_key_1_last_rotated=2026-03-16T12:00:00+00:00", i);
        snprintf(changes[1], sizeof changes[1],
            "arn=arn:aws:iam::123456789012:user/%d password_enabled=true mfa_active=%s "
            "user_creation_time=2024-02-03T04:05:06+00:00 access_key_1_active=true access_key_1_last_rotated=%s", i,
            i < 2 ? "false" : "true", i ? "2026-06-10T10:00:00+00:00" : "2026-03-16T12:00:00+00:00");
        sample_user(&old, user, changes[0]);
        if (i != 3)
            sample_user(&new, user, changes[1]);
    }
    sample_user(&new, "zoe", "arn=arn:aws:iam::123456789012:user/zoe user_creation_time=2026-06-01T00:00:00+00:00");
    snprintf(paths[0], sizeof paths[0], "%s", play_file("old.csv", old.data, old.len));
    snprintf(paths[1], sizeof paths[1], "%s", play_file("new.csv", new.data, new.len));
    buffer_free(&old);
    buffer_free(&new);
    return play_open(lines, columns, "--mouse", "--diff", paths[0], paths[1], NULL);
}

/* Every part of the summary filters by its kind, with keys and with the mouse. */
static void test_strip(void **state)
{
    (void)state;
    struct ui *ui = compare(24, 80, "anna");
    size_t all = ui->view.count;
    const char *strip = play_row(1);
    assert_non_null(strstr(strip, "2 MFA removed"));
    assert_non_null(strstr(strip, "2 rotated"));
    assert_true(strstr(strip, "MFA removed") < strstr(strip, "added")
        && strstr(strip, "added") < strstr(strip, "rotated"));
    size_t sum = 0;
    for (int i = 0; i < CHANGE_COUNT; i++) {
        play_keys(")");
        if (!ui->view.filter_count)
            break;
        assert_int_equal(ui->view.filter_count, 1);
        assert_int_equal(ui->view.cursor, 0);
        const char *kind = ui->view.filters[0].text + strlen("change = ");
        enum change change = 0;
        struct buffer part = {0};
        int y, x;
        while (strcmp(change_name(change), kind) != 0)
            change++;
        assert_int_equal(ui->report->changes->counts[change], ui->view.count);
        change_count(&part, ui->report->changes, change, "");
        assert_true(play_find(part.data, &y, &x));
        buffer_free(&part);
        assert_int_equal(y, 1);
        struct headless_cell cell = headless_cell(1, x);
        assert_true(cell.reverse || cell.back >= 0);
        sum += ui->view.count;
    }
    assert_int_equal(sum, all);
    assert_int_equal(ui->view.count, all);
    play_keys("( (");
    play_keys("U");
    play_shows("undone:");
    while (ui->view.filter_count)
        play_keys("Backspace");
    int y, x;
    assert_true(play_find("2 MFA removed", &y, &x));
    for (int i = 0; i < 2; i++) {
        char click[64];
        snprintf(click, sizeof click, "\033[<0;%d;%dM\033[<0;%d;%dm", x + 3, y + 1, x + 3, y + 1);
        play_type(click);
        assert_int_equal(ui->view.count, i ? all : 2);
    }
    play_keys("& user Space = Space zoe Enter )");
    assert_int_equal(ui->view.filter_count, 2); /* beside other filters */
    play_close();
    play_open(24, 80, "--demo", NULL);
    play_keys(")");
    play_shows("only in a list of changes");
    play_close();
}

/* Below 100 columns a sentence says what was and what is; from there on four columns do. */
static void test_sentence(void **state)
{
    (void)state;
    struct ui *ui = compare(24, 80, "anna");
    play_lacks("BEFORE");
    play_shows("key 1 rotated 2026-06-10, before 2026-03-16");
    play_shows("MFA removed");
    play_shows("user added, created 2026-06-01");
    play_shows("user removed, created 2024-02-03");
    play_keys("l .");
    assert_string_equal(ui->view.filters[0].text, "change = \"finding-new\"");
    play_keys("Backspace");
    play_keys("C-l");
    headless_resize(24, 120);
    play_keys("C-l");
    play_shows("BEFORE");
    play_shows("2026-03-16T12:00:00+00:00");
    headless_resize(24, 80);
    play_keys("C-l l -"); /* whoever chooses columns gets them */
    play_shows("WHAT");
    play_keys("=");
    play_lacks("WHAT");
    play_close();
}

/* Fail if a date on screen is cut, in a row or at the end of a line, or a time at the end of a line. */
static void check_dates(int columns)
{
    for (int y = 0; y < paint_lines(); y++) {
        for (const char *at = play_row(y); (at = strstr(at, "20")); at += 2) {
            if (at[2] != '2' || !isdigit((unsigned char)at[3]) || at[4] != '-')
                continue;
            bool is_whole = strlen(at) >= 10 && at[7] == '-' && isdigit((unsigned char)at[9]);
            bool is_broken = at[10] == 'T' && strlen(at) < strlen("2026-06-10T12:00:00+00:00")
                && !strstr(at, "\342\200\246");
            if (!is_whole || is_broken)
                fail_msg("%d columns, line %d: %s", columns, y, play_row(y));
        }
    }
}

/* Changes that D lists over the users are a level: q and Esc go back to the users, and the hints say so. */
static void test_back_to_users(void **state)
{
    static const char *const keys[] = {"q", "Esc"};
    (void)state;
    compare(24, 80, "anna");
    play_close();
    struct ui *ui = play_open(24, 80, paths[0], paths[1], NULL);
    for (int i = 0; i < 2; i++) {
        play_keys("D");
        for (int k = 0; k < 10000 && !ui->report->changes; k++)
            play_settle();
        play_shows("2 MFA removed");
        play_keys("j"); /* the message has gone */
        play_shows("Esc back");
        play_lacks("q quit");
        play_keys("& no-such-user Enter v");
        play_shows("no change is shown");
        play_keys("Backspace");
        play_keys(keys[i]);
        assert_false(play_has_ended());
        assert_null(ui->report->changes);
        play_shows("q quit");
    }
    play_close();
}

/* In each view over the users, Esc removes the marks of a search first and goes back when pressed again. */
static void test_back_from_search(void **state)
{
    static const char *const views[] = {"D", "K", "L"};
    (void)state;
    compare(24, 80, "anna");
    play_close();
    struct ui *ui = play_open(24, 80, paths[0], paths[1], NULL);
    for (size_t i = 0; i < SAMPLE_COUNT(views); i++) {
        play_keys(views[i]);
        for (int k = 0; k < 10000 && !ui->report->changes && !ui->view.keys; k++)
            play_settle();
        assert_true(ui_is_over_users(ui));
        play_keys("/ anna Enter");
        assert_true(ui->search_place.is_lit);
        play_keys("Esc");
        assert_false(ui->search_place.is_lit);
        assert_true(ui_is_over_users(ui));
        play_keys("Esc");
        assert_false(ui_is_over_users(ui));
    }
    play_keys("& anna Enter / anna Enter Esc"); /* nor does it remove a filter */
    assert_int_equal(ui->view.filter_count, 1);
    assert_false(ui->search_place.is_lit);
    play_close();
}

/* It shows which files are compared, and uses one set of words in the list, the pane and the line below. */
static void test_words(void **state)
{
    (void)state;
    compare(24, 80, "anna");
    assert_non_null(strstr(play_row(0), "changes  old.csv -> new.csv"));
    play_keys("/ anna1 Enter Enter");
    play_shows("CHANGED");
    assert_non_null(strstr(play_row(-3), "new finding console-mfa: "));
    play_shows("high     MFA removed");
    play_lacks("rotated key_1");
    play_keys("C-d");
    play_shows("old.csv                   new.csv"); /* their times are the same */
    play_close();
}

static void test_dates_are_whole(void **state)
{
    int step = (int)sample_rounds(5, 1);
    (void)state;
    struct ui *ui = compare(40, 60, "anna");
    for (int columns = 44; columns < 180; columns += step) {
        headless_resize(40, columns);
        play_keys("C-l");
        check_dates(columns);
        for (int i = 0; i < 4; i++) {
            play_keys("Enter G");
            check_dates(columns);
            for (int k = 0; k < i; k++)
                play_keys("k");
            check_dates(columns);
            play_keys("q");
        }
    }
    assert_false(ui->detail);
    play_close();
}

/* What differs stands before what is the same; no two names are cut to the same text. */
static void test_pane(void **state)
{
    static const int widths[] = {50, 80, 200};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(widths); i++) {
        compare(60, widths[i], "anna");
        play_keys("/ anna1 Enter");
        play_keys("Enter");
        int mfa, rotated, user, y;
        assert_true(play_find("* mfa_active", &mfa, NULL));
        assert_true(play_find("* access_key_1_last_rotated", &rotated, NULL));
        assert_true(play_find("user_creation_time", &user, NULL));
        assert_true(mfa < user && rotated < user);
        play_shows("2026-06-10T10:00:00+00:00");
        play_shows("2026-03-16T12:00:00+00:00");
        assert_true(play_find("access_key_1_last_used_region", &y, NULL));
        assert_true(play_find("access_key_1_last_used_service", &y, NULL));
        play_close();
    }
}

static void test_hostile_names(void **state)
{
    static const char *const names[] = {"\033]0;x\007", "\342\200\256evil", "%s%n",
        "\346\274\242\346\274\242\346\274\242"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++) {
        struct ui *ui = compare(24, 60, names[i]);
        for (int y = 0; y < 24; y++)
            assert_null(strpbrk(play_row(y), "\033\007"));
        play_keys(") Enter");
        play_lacks("\342\200\256");
        play_keys("q q"); /* the pane, then the program */
        assert_true(play_has_ended() || ui->view.filter_count);
        play_close();
    }
}

static void test_sizes(void **state)
{
    static const int sizes[][2] = {{10, 40}, {6, 30}, {3, 10}, {1, 1}, {50, 200}, {24, 80}};
    (void)state;
    struct ui *ui = compare(24, 80, "anna");
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        headless_resize(sizes[i][0], sizes[i][1]);
        play_keys("C-l");
        assert_true(ui->layout.rows + ui->layout.row_lines <= sizes[i][0]);
        play_keys(") ) Enter j ( q");
    }
    play_close();
}

/*
 * What is to be done, for a user with several changes, is there once; for one who is gone, there is nothing: neither
 * commands, nor in the text for a ticket, nor as the owner of a key.
 */
static void test_gone(void **state)
{
    static const char ids[] = "access_key_id,user\nAKIAIOSFODNN7EXAMPLE,anna3\n";
    char option[300];
    (void)state;
    struct ui *ui = compare(24, 100, "anna");
    size_t users = 0;
    play_keys("a r");
    for (const char *at = ui->sheet.text.data; (at = strstr(at, "\n# ---- ")); at++)
        users++;
    assert_int_equal(users, 3);
    assert_non_null(strstr(ui->sheet.text.data, "\n# ---- anna0\n"));
    assert_null(strstr(ui->sheet.text.data, "anna3"));
    play_keys("Esc");
    play_type("w");
    snprintf(option, sizeof option, "%s/found.sarif", play_directory());
    play_type(option);
    play_keys("Enter");
    play_shows("as sarif");
    const char *sarif = sample_text_of(option), *found = strstr(sarif, "\"anna0: console user without MFA");
    assert_non_null(found);
    assert_null(strstr(found + 1, "\"anna0: console user without MFA"));
    assert_null(strstr(sarif, "anna3"));
    play_keys("u / anna3 Enter r");
    play_shows("nothing to fix");
    play_close();
    snprintf(option, sizeof option, "--key-ids=%s", play_file("ids", ids, sizeof ids - 1));
    ui = play_open(60, 100, "--clipboard=print", option, "--diff", paths[0], paths[1], NULL);
    play_keys("/ anna3 Enter Enter");
    play_shows("user removed");
    play_lacks("FINDINGS");
    play_keys("q Y");
    play_type("s");
    assert_non_null(strstr(ui->copied.data, "\nThe user is not in the newer report.\n"));
    assert_null(strstr(ui->copied.data, "Next:"));
    play_type(":whose AKIAIOSFODNN7EXAMPLE\r");
    play_shows("anna3, who is not in these reports");
    assert_null(strstr(ui->sheet.text.data, "\naws iam"));
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_back_to_users), cmocka_unit_test(test_back_from_search), cmocka_unit_test(test_strip),
        cmocka_unit_test(test_sentence),
        cmocka_unit_test(test_words), cmocka_unit_test(test_dates_are_whole), cmocka_unit_test(test_pane),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_sizes), cmocka_unit_test(test_gone)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
