/* W: one form that loses nothing, waivers extended and withdrawn, undone; what files and other people do to it. */
#include "play.h"

#include "ui/form.h"
#include "ui/state.h"
#include "ui/undo.h"
#include "unit/sample.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *users_file(const char *const *names, size_t count)
{
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < count; i++)
        sample_user(&csv, names[i], "arn= access_key_1_active=true access_key_1_last_rotated=2021-03-21T12:00:00Z");
    const char *path = play_file("users.csv", csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* Type PATH in the place of what stands in the field. */
static void type_path(const char *path)
{
    play_keys("C-u");
    play_type(path);
}

/* Neither an empty field nor a key that is hit by accident loses what was typed; letters never run as commands. */
static void test_nothing_is_lost(void **state)
{
    (void)state;
    char path[300];
    snprintf(path, sizeof path, "%s/kept", play_directory());
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_keys("W Enter");
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_keys("2026-12-24 Tab C-u Tab"); /* the first letter replaces what was proposed */
    play_shows("until   2026-12-24");
    play_shows("^ an owner is needed");
    play_keys("q : q Enter");
    assert_false(play_has_ended());
    play_shows("reason  q:q");
    play_keys("ops"); /* Enter went to the field that is wrong */
    play_shows("owner   ops");
    play_lacks("is needed");
    play_keys("Up C-u Enter");
    play_shows("until     ^ expected a date");
    play_keys("25h Down");
    play_lacks("expected a date");
    play_keys("Up C-u 30mi Down");
    play_shows("30mi  ^ expected a date, such as 2026-12-31, or 6mo");
    play_keys("Up C-u 2026-06-15 Down");
    play_shows("2026-06-15  ^ that day is past");
    play_keys("Up C-u 2026-12-24 S-Tab"); /* round to the last one */
    type_path("/nonexistent/x");
    play_keys("Enter");
    play_shows("/nonexistent/x  ^ ");
    play_keys("C-n C-p C-n");
    play_shows("/nonexistent/x  ");
    play_keys("Enter");
    play_shows("/nonexistent/x  ^ ");
    play_shows("q:q");
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_keys("Esc");
    play_shows("Esc again discards what you typed");
    play_keys("Left");
    play_lacks("again discards");
    play_keys("Esc");
    play_keys("Tab");
    play_keys("Esc"); /* asks anew */
    play_shows("Esc again discards");
    headless_resize(10, 40);
    play_settle();
    play_shows("q:q");
    headless_resize(1, 10);
    play_settle();
    headless_resize(24, 100);
    play_settle();
    play_shows("reason  q:q");
    play_keys("S-Tab");
    type_path(path);
    play_keys("Enter");
    play_shows("Waived. Saved; next time start with --waivers ");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    assert_non_null(strstr(sample_text_of(path), "root-key  2026-12-24  ops  q:q\n"));
    play_close();
}

static void test_discard(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("W Enter");
    play_keys("Esc"); /* nothing was typed */
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_keys("W Enter Tab Tab why");
    play_keys("Esc");
    play_keys("Esc");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_keys("W Enter Tab Tab x Backspace"); /* typed, and gone again */
    play_keys("Esc");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    play_keys("W Enter Tab");
    play_type("\033[200~a\tb\nQ\033[201~"); /* pasted: text, whatever it holds */
    play_shows("a b Q");
    assert_false(play_has_ended());
    play_keys("M-x F1 PgDn");
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_close();
}

/* What is proposed is selected, and moving in it keeps it; a fault has its own look, and words without colours. */
static void test_cells(void **state)
{
    (void)state;
    int y, x, fy, fx;
    struct ui *ui = play_open(24, 80, "--demo", "--theme=mono", NULL);
    play_keys("W Enter");
    assert_true(play_find("until   2026-09-13", &y, &x));
    assert_true(headless_cell(y, x + 8).reverse && headless_cell(y, x + 17).reverse);
    assert_false(headless_cell(y, x).reverse);
    assert_int_equal(ui->cursor_y, y);
    assert_int_equal(ui->cursor_x, x + 18);
    play_keys("Left");
    assert_false(headless_cell(y, x + 8).reverse);
    play_keys("End Backspace 4 Tab");
    play_shows("2026-09-14");
    play_keys("C-u Enter");
    assert_true(play_find("^ an owner", &fy, &fx));
    assert_int_equal(fy, y + 1);
    play_close();
    play_open(24, 80, "--demo", NULL);
    play_keys("W Enter Tab C-u Enter");
    assert_true(play_find("^ an owner", &fy, &fx));
    assert_true(headless_cell(fy, fx).color >= 0 || headless_cell(fy, fx).bold);
    play_close();
}

/* On a narrow screen, and one with few lines, the field of the cursor and what is wrong with it are there. */
static void test_narrow(void **state)
{
    (void)state;
    static const int sizes[][2] = {{10, 40}, {6, 30}, {3, 20}, {2, 12}, {1, 8}};
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        struct ui *ui = play_open(sizes[i][0], sizes[i][1], "--demo", NULL);
        play_keys("W Enter Tab o");
        play_shows("o");
        play_keys("Tab Enter");
        if (sizes[i][0] >= 6)
            play_shows("a reason is needed");
        play_keys("Tab Tab C-u Enter");
        if (sizes[i][0] > 2)
            play_shows("expected a date");
        assert_int_equal(ui_mode(ui), MODE_FORM);
        play_close();
    }
}

/* A name that a terminal could take for commands stays a name: in the title, the file, and the message. */
static void test_hostile_name(void **state)
{
    (void)state;
    char path[300], cell[8] = "";
    static const char *const names[] = {"ev\033]0;x\007il\342\200\256(*", "ann"};
    snprintf(path, sizeof path, "%s/hostile", play_directory());
    struct ui *ui = play_open(24, 80, users_file(names, 2), NULL);
    play_keys("/ il Enter");
    play_keys("W Enter Tab ops Tab why Tab");
    for (int y = 0; y < 24; y++) {
        for (int x = 0; x < 80; x++) {
            snprintf(cell, sizeof cell, "%.7s", headless_cell(y, x).text);
            assert_false(strchr(cell, '\033') || strchr(cell, '\007') || strstr(cell, "\342\200\256"));
        }
    }
    assert_null(memchr(headless_sent().data ? headless_sent().data : "", '\007', headless_sent().len));
    type_path(path);
    play_keys("Enter");
    play_shows("Waived. Saved");
    assert_non_null(strstr(sample_text_of(path),
        "ev\\x1b]0;x\\x07il\\xe2\\x80\\xae(\\x2a  rotate-key  2026-09-13  ops  why\n"));
    play_keys("W G Enter Down Enter");
    play_shows("withdrawn from");
    assert_null(strstr(sample_text_of(path), "rotate-key"));
    play_keys("U");
    play_shows("undone: withdrawal of rotate-key for ev");
    assert_non_null(ui);
    play_close();
}

static const char waiver_file[] = "# reviewed\n"
    "ann rotate-key 2026-09-01 ops vendor\n"
    "b*  rotate-key 2026-10-01 sec robots\n";
static const char *const people[] = {"ann", "bob", "bert", "cleo"};

static struct ui *open_people(const char *text, char *path, size_t size)
{
    char flag[330];
    snprintf(path, size, "%s", play_file("waivers-people", text, strlen(text)));
    snprintf(flag, sizeof flag, "--waivers=%s", path);
    return play_open(24, 100, flag, "--sort=user", users_file(people, SAMPLE_COUNT(people)), NULL);
}

static size_t waived(const struct ui *ui)
{
    size_t n = 0;
    for (size_t row = 0; row < ui->report->row_count; row++)
        n += __builtin_popcountll(audit_waived(ui->report, row)) > 0;
    return n;
}

/* Extended and withdrawn in the file that has the line, which keeps everything else; undone and done again. */
static void test_extend_and_withdraw(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_people(waiver_file, path, sizeof path);
    assert_int_equal(waived(ui), 3);
    play_keys("W / waived Enter Enter");
    play_shows("until 2026-09-01 by ops: vendor");
    play_keys("Enter");
    play_shows("Extend the waiver of");
    play_shows("waivers-people:2");
    play_shows("until   2026-11-30"); /* 90 days more */
    play_keys("S-Tab S-Tab S-Tab"); /* never into the file, which is that of the line */
    play_shows("\342\226\214 until");
    play_keys("1y Down Down still Enter"); /* a year from now */
    play_shows("extended until 2027-06-15");
    assert_string_equal(sample_text_of(path),
        "# reviewed\nann rotate-key 2027-06-15 ops still\nb*  rotate-key 2026-10-01 sec robots\n");
    play_keys("W / waived Enter Enter Down Enter");
    play_shows("withdrawn from");
    assert_string_equal(sample_text_of(path), "# reviewed\nb*  rotate-key 2026-10-01 sec robots\n");
    assert_int_equal(waived(ui), 2);
    play_keys("U");
    play_shows("undone: withdrawal of rotate-key for ann");
    assert_int_equal(waived(ui), 3);
    play_keys("U");
    assert_string_equal(sample_text_of(path), waiver_file);
    play_keys("C-r C-r");
    assert_string_equal(sample_text_of(path), "# reviewed\nb*  rotate-key 2026-10-01 sec robots\n");
    play_keys("U U U");
    play_shows("nothing to undo");
    assert_string_equal(sample_text_of(path), waiver_file);
    play_close();
}

/* A pattern that covers others says so, and for how many, before it is touched; or the user gets one of their own. */
static void test_pattern(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_people(waiver_file, path, sizeof path);
    play_keys("/ bob Enter");
    play_keys("W / waived Enter Enter Down Enter");
    play_shows("b*  until 2026-10-01 by sec: robots");
    play_shows("withdraw it for all of them: bob and 1 other");
    play_keys("Enter"); /* leaves it as it is */
    play_shows("nothing changed");
    assert_string_equal(sample_text_of(path), waiver_file);
    play_keys("W / waived Enter Enter Enter");
    play_shows("extend it for all of them: bob and 1 other");
    play_keys("G Enter");
    play_keys("2026-12-31 Enter");
    assert_non_null(strstr(sample_text_of(path), "robots\nbob  rotate-key  2026-12-31  sec  robots\n"));
    play_keys("U");
    assert_string_equal(sample_text_of(path), waiver_file);
    play_keys("W / waived Enter Enter Down Enter Down Enter");
    assert_int_equal(waived(ui), 1);
    assert_string_equal(sample_text_of(path), "# reviewed\nann rotate-key 2026-09-01 ops vendor\n");
    play_close();
}

/* All marked users at once: whoever has the finding is waived, whoever is waived is extended or withdrawn. */
static void test_marked(void **state)
{
    (void)state;
    char path[300];
    struct ui *ui = open_people("ann rotate-key 2026-09-01 ops vendor\nbob rotate-key 2026-10-01 sec robots\n", path,
        sizeof path);
    play_keys("a W");
    play_shows("2, 2 waived");
    play_keys("/ rotated Enter Enter");
    play_shows("waive it for the 2 users for whom it counts");
    play_keys("Down Enter");
    play_shows("Extend the waiver of \"active key not rotated for 90 days\" for 2 users");
    play_keys("Tab Tab Tab");
    play_lacks("needed"); /* empty: each line keeps its own */
    play_keys("2027-01-31 Enter");
    play_shows("2 lines extended until 2027-01-31");
    assert_string_equal(sample_text_of(path),
        "ann rotate-key 2027-01-31 ops vendor\nbob rotate-key 2027-01-31 sec robots\n");
    play_keys("W / rotated Enter Enter Enter");
    play_keys("Tab me Tab all Enter");
    play_shows("Waived for 2 users. Saved in");
    play_lacks("next time start with"); /* it was read at the start */
    assert_int_equal(waived(ui), 4);
    play_keys("W / rotated Enter Enter Down Enter");
    play_shows("4 lines withdrawn");
    assert_int_equal(waived(ui), 0);
    assert_string_equal(sample_text_of(path), "");
    play_keys("U U U");
    assert_int_equal(waived(ui), 2);
    assert_int_equal(ui->view.mark_count, 4);
    play_close();
}

/* Somebody else writes the file meanwhile: their lines stay, and what is gone is not brought back. */
static void test_changed_meanwhile(void **state)
{
    (void)state;
    char path[300];
    static const char theirs[] = "cleo rotate-key 2026-09-01 they new\n";
    struct ui *ui = open_people(waiver_file, path, sizeof path);
    play_keys("W / waived Enter Enter");
    play_file("waivers-people", theirs, sizeof theirs - 1);
    play_keys("Enter Enter");
    play_shows("was changed by somebody else");
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_keys("Esc");
    play_keys("W / waived Enter Enter Down Enter");
    play_shows("it was withdrawn in ");
    assert_string_equal(sample_text_of(path), theirs);
    assert_int_equal(waived(ui), 1); /* what the file says now */
    play_keys("W / rotated Enter Enter Tab me Tab why Enter");
    assert_string_equal(sample_text_of(path),
        "cleo rotate-key 2026-09-01 they new\nann  rotate-key  2026-09-13  me  why\n");
    play_file("waivers-people", waiver_file, sizeof waiver_file - 1);
    play_keys("U");
    play_shows("not undone: ");
    play_shows("changed by somebody else since");
    assert_string_equal(sample_text_of(path), waiver_file);
    play_file("waivers-people", "ann rotate-key soon ops x\n", 26);
    play_keys("/ cleo Enter");
    play_keys("W / waived Enter Enter Down Enter");
    play_shows(":1: expected a date");
    assert_int_equal(waived(ui), 2);
    static const char *const wrong[][2] = {
        {"(late) rotate-key 2027-01-01 x y\n", "waivers cannot ask for late"},
        {"(mfa_activ = true) rotate-key 2027-01-01 x y\n", "no column \"mfa_activ\"; mfa_active?"}};
    for (size_t i = 0; i < SAMPLE_COUNT(wrong); i++) { /* errors as they are at the start */
        play_file("waivers-people", wrong[i][0], strlen(wrong[i][0]));
        play_keys("W / waived Enter Enter Down Enter");
        play_shows(wrong[i][1]);
        assert_string_equal(sample_text_of(path), wrong[i][0]);
        assert_int_equal(waived(ui), 2);
    }
    play_close();
}

/* A file that cannot be written, and its folder, too: everything is as it was, and the form is still there. */
static void test_unwritable(void **state)
{
    (void)state;
    char path[330], folder[300], flag[350];
    snprintf(folder, sizeof folder, "%s/locked", play_directory());
    snprintf(path, sizeof path, "%s/waivers", folder);
    snprintf(flag, sizeof flag, "--waivers=%s", path);
    assert_int_equal(mkdir(folder, 0700), 0);
    play_file("locked/waivers", waiver_file, sizeof waiver_file - 1);
    assert_int_equal(chmod(folder, 0500), 0);
    struct ui *ui = play_open(24, 100, flag, "--sort=user", users_file(people, SAMPLE_COUNT(people)), NULL);
    if (geteuid() == 0) { /* who may write everywhere, but not into a folder as if it were a file */
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    play_keys("/ cleo Enter");
    play_keys("W / rotated Enter Enter Tab me Tab why Enter");
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_shows("file    ");
    play_shows("  ^ ");
    play_shows("reason  why");
    play_keys("Esc");
    play_keys("Esc");
    play_keys("/ ann Enter");
    play_keys("W / waived Enter Enter Down Enter");
    play_shows("locked/waivers: ");
    assert_int_equal(waived(ui), 3);
    play_close();
    chmod(folder, 0700);
}

static const char one[] = "ann rotate-key 2026-09-01 ops a\n", two[] = "bob rotate-key 2026-09-01 ops b\n";

/* Open users whose waivers are in two files, ONE and TWO, with those PATHS. */
static struct ui *open_two_files(char paths[2][300])
{
    char flags[2][330];
    snprintf(paths[0], sizeof paths[0], "%s", play_file("waivers-one", one, sizeof one - 1));
    snprintf(paths[1], sizeof paths[1], "%s", play_file("waivers-two", two, sizeof two - 1));
    for (int i = 0; i < 2; i++)
        snprintf(flags[i], sizeof flags[i], "--waivers=%s", paths[i]);
    return play_open(24, 100, flags[0], flags[1], "--sort=user", users_file(people, SAMPLE_COUNT(people)), NULL);
}

/* Two files of which the second was spoiled: what was changed in the first is said, and can be undone. */
static void test_two_files(void **state)
{
    (void)state;
    char paths[2][300];
    for (int deed = 0; deed < 2; deed++) {
        struct ui *ui = open_two_files(paths);
        assert_int_equal(waived(ui), 2);
        play_file("waivers-two", "spoiled\n", 8);
        play_keys(deed ? "Space Space Space Space W / rotated Enter Enter Down Down Enter"
            : "Space Space Space Space W / rotated Enter Enter Down Enter 2027-01-01 Enter");
        play_shows(deed ? "not all were withdrawn: " : "not all were extended: ");
        play_shows("waivers-two:1: ");
        assert_int_equal(ui_mode(ui), MODE_TABLE);
        assert_string_equal(sample_text_of(paths[0]), deed ? "" : "ann rotate-key 2027-01-01 ops a\n");
        play_keys("U");
        assert_string_equal(sample_text_of(paths[0]), one);
        play_file("waivers-two", two, sizeof two - 1);
        play_keys("W / rotated Enter Enter Down Down Enter");
        play_shows("2 lines withdrawn");
        assert_int_equal(waived(ui), 0);
        play_keys("U");
        assert_string_equal(sample_text_of(paths[0]), one);
        assert_string_equal(sample_text_of(paths[1]), two);
        assert_int_equal(waived(ui), 2);
        play_keys("C-r");
        assert_string_equal(sample_text_of(paths[1]), "");
        play_file("waivers-two", two, sizeof two - 1); /* so that only one of both can be put back */
        play_keys("U");
        play_shows("not undone: ");
        assert_string_equal(sample_text_of(paths[0]), "");
        assert_string_equal(sample_text_of(paths[1]), two);
        play_file("waivers-one", one, sizeof one - 1);
        play_close();
    }
}

/* Waivers that end within 14 days, or have ended, are said at the start and in the list of problems. */
static void test_ending(void **state)
{
    (void)state;
    static const char soon[] =
        "ann rotate-key 2026-06-20 ops a\nbob rotate-key 2026-05-01 ops b\ncleo rotate-key 2026-12-01 ops c\n";
    char path[300];
    char flag[330];
    snprintf(path, sizeof path, "%s", play_file("waivers-people", soon, sizeof soon - 1));
    snprintf(flag, sizeof flag, "--waivers=%s", path);
    play_open(24, 100, flag, "--as-of=2026-06-15T12:00:00Z", users_file(people, SAMPLE_COUNT(people)), NULL);
    play_shows("2 warnings about waivers (P)");
    play_shows("  2 problems (P)"); /* which stays */
    play_keys("P");
    play_shows(":1: the waiver of rotate-key for ann ends on 2026-06-20");
    play_shows(":2: the waiver of rotate-key for bob ended on 2026-05-01");
    play_lacks("for cleo");
    play_keys("/ ended Enter Enter");
    play_shows("W on a user extends or withdraws");
    play_keys("Esc");
    play_keys("/ ann Enter W / waived Enter Enter Enter Enter");
    play_shows("extended until 2026-09-");
    play_shows("  1 problem (P)");
    play_keys("U");
    play_shows("  2 problems (P)");
    play_close();
}

/* A key that cancels an undo, whenever it comes, leaves both files, what is shown and the steps as they were. */
static void test_cancelled_undo(void **state)
{
    (void)state;
    char paths[2][300];
    struct ui *ui = open_two_files(paths);
    play_keys("Space Space Space Space W / rotated Enter Enter Down Down Enter");
    play_shows("2 lines withdrawn");
    size_t tries = 0;
    for (bool was_cancelled = true; was_cancelled; tries++) {
        size_t left = tries + 1;
        struct cancel_token key = {.is_over = play_key_comes_later, .context = &left};
        ui->view.cancel = &key;
        undo_back(ui);
        was_cancelled = key.has_ended;
        ui->view.cancel = NULL;
        undo_note(ui);
        assert_int_equal(strncmp(ui->message, "not undone: ", 12) == 0, was_cancelled);
        assert_string_equal(sample_text_of(paths[0]), was_cancelled ? "" : one);
        assert_string_equal(sample_text_of(paths[1]), was_cancelled ? "" : two);
        assert_int_equal(waived(ui), was_cancelled ? 0 : 2);
    }
    print_message("cancelled at each of %zu questions\n", tries - 1);
    assert_true(tries > 2);
    play_keys("C-r");
    play_shows("redone: withdrawal");
    assert_string_equal(sample_text_of(paths[0]), "");
    assert_int_equal(waived(ui), 0);
    play_close();
}

static void (*really_draw)(struct ui *ui);
static bool is_cancelling;

/* After drawing: a key comes while the screen says that it works, once. */
static void cancel_what_takes_long(struct ui *ui)
{
    really_draw(ui);
    if (is_cancelling && strstr(play_row(-1), "any key cancels")) {
        is_cancelling = false;
        headless_type(slice_of("\033"));
    }
}

/*
 * A key that comes while a finding of many users is waived leaves form and file as they were; without one, it is done.
 */
static void test_cancelled(void **state)
{
    enum { USERS = 300 };
    (void)state;
    char path[300];
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < USERS; i++) {
        char name[64];
        snprintf(name, sizeof name, "person%04d", i);
        sample_user(&csv, name, "access_key_1_active=true access_key_1_last_rotated=2021-03-21T12:00:00Z");
    }
    snprintf(path, sizeof path, "%s/cancelled", play_directory());
    /* half a millisecond for each user, each time */
    static const char slow[] = "!user ~ \"^((.+.+)+(.+)+)+(.+)+[~#]\"";
    struct ui *ui = play_open(24, 100, "-f", slow, play_file("long.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    assert_int_equal(ui->view.count, USERS);
    play_keys("a W / rotated Enter Enter");
    play_keys("Tab C-u ops Tab vendors Tab");
    type_path(path);
    really_draw = ui->draw;
    ui->draw = cancel_what_takes_long;
    is_cancelling = true;
    play_keys("Enter");
    assert_false(is_cancelling);
    play_shows("cancelled; nothing changed");
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(ui_mode(ui), MODE_FORM);
    play_shows("reason  vendors");
    play_keys("Enter");
    play_shows("Waived for 300 users");
    size_t lines = 0;
    for (const char *at = sample_text_of(path); (at = strstr(at, "rotate-key  2026-09-13  ops  vendors\n")); at++)
        lines++;
    assert_int_equal(lines, USERS);
    play_close();
}

/* What still waives a finding when one of its lines is withdrawn is said: for one user the line, for more how many. */
static void test_still_waived(void **state)
{
    (void)state;
    static const char *const names[] = {"ann", "bob"};
    static const char lines[] = "ann rotate-key 2027-01-01 ops first\n* rotate-key 2027-02-01 sec all of them\n";
    char path[300];
    snprintf(path, sizeof path, "%s", play_file("still", lines, sizeof lines - 1));
    const char *report = users_file(names, 2);
    play_open(24, 100, "--checks=rotate-key", "--waivers", path, report, NULL);
    play_keys("/ ann Enter W Enter");
    play_shows("until 2027-01-01 by ops: first");
    play_keys("j Enter");
    play_shows(", but it is still waived until 2027-02-01 by sec: all of them");
    assert_string_equal(sample_text_of(path), "* rotate-key 2027-02-01 sec all of them\n");
    play_close();
}

/* Of changes, one user has several; each user is waived once, and who is gone cannot be. */
static void test_changes(void **state)
{
    (void)state;
    static const char *const names[] = {"ann", "bob", "gone"};
    static const char both[] = "access_key_1_active=true access_key_1_last_rotated=2021-03-21T12:00:00Z "
        "access_key_2_active=true access_key_2_last_rotated=2021-03-21T12:00:00Z mfa_active=true password_enabled=true";
    struct buffer csv = {0};
    char old[300], new[300], path[300];
    snprintf(old, sizeof old, "%s", users_file(names, 3));
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < 2; i++) {
        char changes[400];
        snprintf(changes, sizeof changes, "arn= %s", both);
        sample_user(&csv, names[i], changes);
    }
    snprintf(new, sizeof new, "%s", play_file("newer.csv", csv.data, csv.len));
    buffer_free(&csv);
    snprintf(path, sizeof path, "%s/changed", play_directory());
    struct ui *ui = play_open(24, 100, "--checks=rotate-key,two-keys", "--diff", old, new, NULL);
    assert_true(ui->view.count > 4);
    play_keys("/ gone Enter W");
    play_shows("this user has no findings");
    play_keys("Esc");
    play_keys("a W / two Enter Enter");
    play_shows("Waive \"two active keys\" for 2 users");
    play_keys("Tab ops Tab why Tab");
    type_path(path);
    play_keys("Enter");
    play_shows("Waived for 2 users. Saved");
    const char *text = sample_text_of(path), *first = strstr(text, "two-keys");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "two-keys"));
    assert_null(strstr(strstr(first + 1, "two-keys") + 1, "two-keys"));
    assert_null(strstr(text, "gone"));
    play_close();
}

/* Names that only a report knows, in the file to write to, are judged as at the start. */
static void test_own_names(void **state)
{
    static const char waivers[] = "(role = ops) two-keys 2027-01-01 x y\n";
    static const char with[] = "user,arn,mfa_active,access_key_1_active,access_key_1_last_rotated,role\n"
        "ann,arn:aws:iam::123456789012:user/ann,true,true,2021-03-21T12:00:00Z,dev\n";
    static const char without[] = "user,arn,mfa_active,access_key_1_active,access_key_1_last_rotated\n"
        "ann,arn:aws:iam::123456789012:user/ann,false,true,2021-03-21T12:00:00Z\n";
    char old[300], new[300], path[300];
    (void)state;
    snprintf(old, sizeof old, "%s", play_file("with.csv", with, sizeof with - 1));
    snprintf(new, sizeof new, "%s", play_file("without.csv", without, sizeof without - 1));
    snprintf(path, sizeof path, "%s", play_file("waivers-own", waivers, sizeof waivers - 1));
    const char *const args[][5] = {{"--checks=rotate-key,two-keys", "--diff", old, new, NULL},
        {"--checks=rotate-key,two-keys", old, NULL}, {"--checks=rotate-key,two-keys", new, NULL}};
    for (size_t i = 0; i < SAMPLE_COUNT(args); i++) {
        play_open_list(24, 120, args[i]);
        play_keys("W Enter Tab ops Tab why Tab");
        type_path(path);
        play_keys("Enter");
        play_shows(i < 2 ? "Saved" : "no column \"role\"");
        play_close();
    }
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing_is_lost), cmocka_unit_test(test_discard),
        cmocka_unit_test(test_cells), cmocka_unit_test(test_narrow), cmocka_unit_test(test_hostile_name),
        cmocka_unit_test(test_extend_and_withdraw), cmocka_unit_test(test_pattern), cmocka_unit_test(test_marked),
        cmocka_unit_test(test_changed_meanwhile), cmocka_unit_test(test_unwritable), cmocka_unit_test(test_two_files),
        cmocka_unit_test(test_cancelled_undo), cmocka_unit_test(test_cancelled), cmocka_unit_test(test_still_waived),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_own_names), cmocka_unit_test(test_ending)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
