/* T: checks switched on and off, days typed, all findings at once, undone, and saved where somebody asks for it. */
#include "play.h"

#include "ui/columns.h"
#include "ui/state.h"
#include "ui/thresholds.h"
#include "ui/undo.h"
#include "ui/user_table.h"
#include "unit/sample.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Users whose only fault is a key of so many days: 30, 60, 100, 400. */
static const char *keys_file(void)
{
    static const char *const made[] = {"2026-05-16", "2026-04-16", "2026-03-07", "2025-05-11"};
    struct buffer csv = {0};
    char name[32], changes[160];
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < SAMPLE_COUNT(made); i++) {
        snprintf(name, sizeof name, "user-%zu", i);
        snprintf(changes, sizeof changes, "access_key_1_active=true access_key_1_last_rotated=%sT12:00:00Z"
            " access_key_1_last_used_date=2026-06-15T10:00:00Z", made[i]);
        sample_user(&csv, name, changes);
    }
    const char *path = play_file("keys.csv", csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

static struct ui *open_keys(const char *config, char *path, size_t size)
{
    char flag[330];
    snprintf(path, size, "%s", play_file("config-thresholds", config, strlen(config)));
    snprintf(flag, sizeof flag, "--config=%s", path);
    return play_open(24, 80, flag, keys_file(), NULL);
}

/* How many users have a finding that counts. */
static size_t failing(const struct ui *ui)
{
    size_t n = 0;
    for (size_t row = 0; row < ui->report->row_count; row++)
        n += audit_counted(ui->report, row) != 0;
    return n;
}

static const char *here(const struct ui *ui)
{
    return play_row(ui->cursor_y);
}

static void test_days(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_keys("", path, sizeof path);
    assert_int_equal(failing(ui), 2);
    play_keys("T / rotate Enter");
    assert_non_null(strstr(here(ui), "[x] +  rotate-key  "));
    assert_non_null(strstr(here(ui), "   90       2  CIS 1.14  active key"));
    play_keys("/ admin-key Enter"); /* which no file tells anything about */
    assert_non_null(strstr(here(ui), "   30       ?  "));
    play_keys("/ rotate Enter");
    play_keys("3"); /* what is typed is counted at once, and holds with Enter */
    assert_int_equal(ui_mode(ui), MODE_PROMPT);
    play_shows("Days: 3");
    play_keys("0");
    play_shows("  30_       3  ");
    play_shows("3 users");
    assert_int_equal(failing(ui), 2);
    play_keys("Esc");
    assert_int_equal(ui_mode(ui), MODE_MENU);
    assert_int_equal(failing(ui), 2);
    play_keys("3 Backspace Backspace"); /* an empty line goes back, too */
    assert_int_equal(ui_mode(ui), MODE_MENU);
    play_keys("3 9 Enter");
    assert_int_equal(failing(ui), 3);
    play_shows("* [x] +  rotate-key");
    play_keys("Enter 9 9 9 9 9 9 9 Enter"); /* the old number was selected */
    play_shows("expected a number of days up to 36500");
    play_keys("C-u x Enter");
    play_shows("expected a number of days up to 36500");
    play_keys("C-u 1 y Enter");
    assert_non_null(strstr(here(ui), "  365       1  "));
    play_keys("Esc");
    play_shows("1 medium");
    assert_int_equal(failing(ui), 1);
    play_keys(":thresholds Enter");
    assert_int_equal(ui_mode(ui), MODE_MENU);
    play_keys("g 9");
    play_shows("has no threshold; Space switches it on and off");
    assert_int_equal(ui_mode(ui), MODE_MENU);
    play_keys("Esc q");
    play_shows("changed thresholds would be lost");
    assert_false(play_has_ended());
    play_keys("q");
    assert_true(play_has_ended());
    play_close();
    assert_string_equal(sample_text_of(path), "");
}

/* The list opens on the check that the cell is about, so that a threshold is three keys and a number. */
static void test_place(void **state)
{
    (void)state;
    char path[300];
    open_keys("", path, sizeof path);
    play_keys("T 1 2 0 Enter");
    play_shows("* [x] +  rotate-key          120       1  ");
    play_keys("Esc");
    play_close();
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_keys("/ ivan.novak Enter");
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns), found = 0;
    for (size_t i = 0; i < n; i++) {
        int column = table_sort_column(ui, columns[i].id);
        const char *want = column == COL_USER ? "admin-key" : column == COL_PASSWORD_AGE ? "old-password"
            : column == COL_KEY_2_IDLE ? "unused" : NULL;
        play_keys("T");
        if (want) {
            assert_string_equal(check_at(ui->menu.cursor - 1)->id, want);
            found++;
        }
        play_keys("Esc l");
    }
    assert_int_equal(found, 3);
    play_close();
}

/* What is shown follows: the columns, filters in force, the counts at the bottom; undo and redo, too. */
static void test_toggle(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_keys("", path, sizeof path);
    play_keys("& findings Space > Space 0 Enter");
    assert_int_equal(ui->view.count, 2);
    play_keys("Space"); /* a mark */
    play_keys("T / rotate Enter Space");
    assert_non_null(strstr(here(ui), "* [ ] +  rotate-key"));
    assert_non_null(strstr(here(ui), "   90       2  ")); /* who would fail it */
    assert_int_equal(failing(ui), 0);
    play_keys("Esc");
    assert_int_equal(ui->view.count, 0);
    play_shows("0 of 4");
    play_keys("U");
    play_shows("undone: rotate-key switched off");
    assert_int_equal(ui->view.count, 2);
    play_keys("C-r");
    assert_int_equal(ui->view.count, 0);
    play_keys("T / rotate Enter U");
    play_shows("undone: rotate-key switched off");
    assert_non_null(strstr(here(ui), "  [x] +  rotate-key"));
    assert_int_equal(ui->view.mark_count, 1);
    play_keys("2 0 Enter 5 0 Enter U");
    play_shows("undone: rotate-key = 50 days, was 20");
    play_keys("U");
    assert_non_null(strstr(here(ui), "   90       2  "));
    play_keys("C-r C-r");
    assert_non_null(strstr(here(ui), "   50       3  "));
    assert_int_equal(ui->view.count, 3);
    play_keys("Esc");
    play_close();
}

/* Only what was changed is written, and only when asked for; lines for some users, comments and other settings stay. */
static void test_save(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_keys("# ours\r\ncheck rotate-key = 60d\ncheck unused = 30d where user = x\nset mouse = yes\n"
        "check two-keys = off\ncheck two-keys = on where user = user-1\n"
        "check dormant = off\ncheck dormant = 50d where user = user-2\n", path, sizeof path);
    play_keys("T w");
    play_shows("nothing to save: no check was changed");
    play_keys("/ two-keys Enter");
    assert_non_null(strstr(here(ui), "[~] ")); /* for some users only */
    play_keys("Space");
    assert_non_null(strstr(here(ui), "[ ] "));
    play_keys("Space");
    assert_non_null(strstr(here(ui), "  [~] ")); /* as before, so there is nothing to save */
    play_keys("/ dormant Enter 9");
    play_shows("dormant is on for some users only");
    assert_int_equal(ui_mode(ui), MODE_MENU);
    play_keys("/ rotate Enter 4 5 Enter");
    play_keys("/ unused Enter Space");
    play_keys("w");
    play_shows("saved 2 checks in ");
    play_lacks("* [");
    assert_string_equal(sample_text_of(path), "# ours\r\ncheck rotate-key = on 45d\ncheck unused = 30d where user = x\n"
        "set mouse = yes\ncheck two-keys = off\ncheck two-keys = on where user = user-1\n"
        "check dormant = off\ncheck dormant = 50d where user = user-2\ncheck unused = off\n");
    play_keys("Esc q");
    assert_true(play_has_ended());
    play_close();
    ui = open_keys(sample_text_of(path), path, sizeof path);
    play_keys("T / rotate Enter");
    assert_non_null(strstr(here(ui), "  [x] +  rotate-key"));
    assert_non_null(strstr(here(ui), "   45       3  "));
    play_keys("/ unused Enter");
    assert_non_null(strstr(here(ui), "  [ ] +  unused"));
    play_close();
}

static void test_not_saved(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL); /* without a configuration */
    play_keys("T Space w");
    play_shows("--config= means none");
    play_shows("* [ ]");
    play_keys("Esc");
    play_keys("Q");
    play_shows("changed thresholds would be lost");
    play_keys("Space Q");
    play_shows("1 mark and changed thresholds would be lost");
    play_keys("- Q");
    play_shows("1 mark, changed columns and changed thresholds would be lost");
    play_keys(":q! Enter");
    assert_true(play_has_ended());
    play_close();
}

/* In mono, and on every size: the cursor's row is there, with its days and its number of users. */
static void test_sizes(void **state)
{
    (void)state;
    static const int sizes[][2] = {{10, 40}, {24, 80}, {50, 200}, {5, 20}, {2, 10}, {1, 1}};
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        int y, x;
        struct ui *ui = play_open(sizes[i][0], sizes[i][1], "--demo", "--theme=mono", NULL);
        play_keys("T / rotate Enter");
        if (sizes[i][1] >= 40) {
            assert_true(play_find("[x] +  rotate-key", &y, &x));
            assert_true(headless_cell(y, x).reverse && headless_cell(y, x + 8).reverse);
            play_shows("   90       8");
        }
        if (sizes[i][1] >= 200)
            play_shows("active key not rotated for 90 days");
        play_keys("1 2 0 Enter Space");
        headless_resize(24, 80);
        play_settle();
        assert_int_equal(ui_mode(ui), MODE_MENU);
        play_shows("* [ ] +  rotate-key");
        play_shows("  120       7");
        play_close();
    }
}

/* Waived findings do not count; a rule is a check like the others, and its words are made harmless. */
static void test_waived_and_rules(void **state)
{
    (void)state;
    char path[300], waivers[330];
    static const char waived[] = "user-3 rotate-key 2026-12-01 ops x\nuser-1 rotate-key 2026-12-01 ops x\n";
    snprintf(waivers, sizeof waivers, "--waivers=%s", play_file("waivers-t", waived, sizeof waived - 1));
    const char *text = "rule mine = high: user ~ '^user'\ntitle mine = ours \xe2\x80\xae\nnumber mine = N-1\n";
    char flag[330];
    snprintf(path, sizeof path, "%s", play_file("config-rules", text, strlen(text)));
    snprintf(flag, sizeof flag, "--config=%s", path);
    struct ui *ui = play_open(24, 100, flag, waivers, keys_file(), NULL);
    play_keys("T / rotate Enter");
    assert_non_null(strstr(here(ui), "   90       1  "));
    play_keys("4 5"); /* user-1 would fail, too, but is waived */
    play_shows("1 user");
    play_lacks("2 users");
    play_keys("Esc G");
    assert_non_null(strstr(here(ui), "[x] !  mine "));
    assert_non_null(strstr(here(ui), "    -       4  N-1"));
    play_keys("Space Esc");
    assert_int_equal(failing(ui), 1);
    play_close();
}

/* A list of changes has no checks of its own; users that were not shown meanwhile are judged anew when they are. */
static void test_changes(void **state)
{
    (void)state;
    char older[300];
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "user-9", "access_key_1_active=true");
    snprintf(older, sizeof older, "%s", play_file("keys-older.csv", csv.data, csv.len));
    buffer_free(&csv);
    struct ui *ui = play_open(24, 80, older, keys_file(), NULL);
    play_keys("T / rotate Enter 3 0 Enter Esc");
    play_keys("D");
    for (int i = 0; i < 1000 && !ui->report->changes; i++)
        play_settle();
    assert_non_null(ui->report->changes);
    play_keys("T");
    play_shows("not in a list of changes");
    play_keys("D");
    assert_null(ui->report->changes);
    play_keys("T / rotate Enter");
    assert_non_null(strstr(here(ui), "   30       3  "));
    play_keys("9 0 Enter Esc D D");
    assert_int_equal(failing(ui), 2);
    play_close();
}

/* The cell of the column of this name in the row of the cursor. */
static struct value cell(const struct ui *ui, const char *name)
{
    enum column column = report_column_find(ui->report, slice_of(name));
    assert_int_not_equal(column, COL_COUNT);
    return report_value(ui->report, view_selected(&ui->view), column);
}

/* What a history of other thresholds tells is not said of this one; since when it is beyond it is worked out anew. */
static void test_history(void **state)
{
    (void)state;
    char older[300], newer[300], waivers[330];
    static const char row[] = "access_key_1_active=true access_key_1_last_rotated=2025-05-11T12:00:00Z"
        " access_key_1_last_used_date=2026-06-15T10:00:00Z";
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ann", row);
    snprintf(older, sizeof older, "%s", play_file("status_reports_2026-03-15T12:00:00Z.csv", csv.data, csv.len));
    snprintf(newer, sizeof newer, "%s", play_file("status_reports_2026-06-15T12:00:00Z.csv", csv.data, csv.len));
    snprintf(waivers, sizeof waivers, "%s/waivers-history", play_directory());
    buffer_free(&csv);
    struct ui *ui = play_open(24, 100, older, newer, NULL);
    for (int i = 0; i < 1000 && !ui->report->chronicle; i++)
        play_settle();
    assert_non_null(ui->report->chronicle);
    assert_int_equal(cell(ui, "since").state, STATE_VALUE);
    int64_t overdue = cell(ui, "overdue").number;
    assert_int_equal(overdue, INT64_C(310) * TIMESTAMP_DAY);
    play_keys("T 8 0 Enter Esc");
    assert_int_equal(cell(ui, "since").state, STATE_NA);
    assert_int_equal(cell(ui, "overdue").number, overdue + 10 * TIMESTAMP_DAY);
    play_keys("U");
    assert_int_equal(cell(ui, "since").state, STATE_VALUE);
    assert_int_equal(cell(ui, "overdue").number, overdue);
    struct threshold_state wanted = thresholds_state(ui);
    wanted.days[check_find(slice_of("rotate-key"), BENCHMARK_NCRED, NULL)] = 80;
    size_t stale = 0;
    for (size_t tries = 1; !stale; tries++) { /* a key that comes while the columns are filled again */
        struct cancel_token key = {.is_over = play_key_comes_later, .context = &(size_t){tries}};
        ui->view.cancel = &key;
        assert_true(thresholds_restore(ui, &wanted) != key.has_ended);
        ui->view.cancel = NULL;
        stale += ui->report->has_stale_times;
        assert_true(stale || tries < 10);
    }
    undo_note(ui);
    play_settle(); /* is made up for */
    assert_false(ui->report->has_stale_times);
    assert_int_equal(cell(ui, "overdue").number, overdue + 10 * TIMESTAMP_DAY);
    play_keys("U");
    assert_int_equal(cell(ui, "overdue").number, overdue);
    play_keys("W Enter Tab me Tab why Tab");
    play_type(waivers);
    play_keys("Enter");
    play_shows("Waived. Saved; next time start with --waivers");
    assert_int_equal(cell(ui, "overdue").state, STATE_NA); /* it does not count any more */
    play_close();
}

/*
 * A key that comes while all users are judged cancels the change: no step, no mark, and the same findings. Later it
 * does not.
 */
static void test_cancelled(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_keys("", path, sizeof path);
    struct threshold_state before = thresholds_state(ui), wanted = before, now;
    size_t check = check_find(slice_of("rotate-key"), BENCHMARK_NCRED, NULL), users = failing(ui);
    wanted.days[check] = 500;
    bool is_done = false;
    for (size_t tries = 1; !is_done; tries++) {
        size_t left = tries;
        struct cancel_token key = {.is_over = play_key_comes_later, .context = &left};
        ui->view.cancel = &key;
        is_done = thresholds_restore(ui, &wanted);
        assert_true(is_done != key.has_ended);
        assert_true(is_done || tries == 1);
        ui->view.cancel = NULL;
        if (is_done)
            break;
        undo_note(ui);
        now = thresholds_state(ui);
        assert_true(thresholds_same(&now, &before));
        assert_int_equal(failing(ui), users);
        assert_false(thresholds_unsaved(ui));
        play_keys("U");
        play_shows("nothing to undo");
    }
    assert_int_equal(failing(ui), 0);
    assert_true(thresholds_unsaved(ui));
    undo_note(ui);
    play_keys("U");
    play_shows("undone: rotate-key = 500 days, was 90");
    assert_int_equal(failing(ui), users);
    play_close();
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_days), cmocka_unit_test(test_place),
        cmocka_unit_test(test_toggle), cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_save), cmocka_unit_test(test_not_saved), cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_waived_and_rules), cmocka_unit_test(test_changes), cmocka_unit_test(test_history)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
