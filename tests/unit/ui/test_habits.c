/* What people know from htop, less and lazygit: the selected row, orders and filters that show their answer, undo. */
#include "play.h"

#include "audit/finding.h"
#include "unit/sample.h"
#include "config/column_sets.h"
#include "ui/columns.h"
#include "ui/help_list.h"
#include "ui/state.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Whether the cells from X on, WIDTH of them, all have a background other than the terminal's own, or are reversed. */
static bool is_lit(int y, int x, int width)
{
    for (int i = x; i < x + width; i++) {
        struct headless_cell c = headless_cell(y, i);
        if (!c.reverse && c.back < 0)
            return false;
    }
    return true;
}

static int place_of(const char *text, int *x)
{
    int y = -1;
    if (!play_find(text, &y, x))
        fail_msg("\"%s\" is not on the screen", text);
    return y;
}

/* The whole row has a background of its own, its cell another one, and the heading above that cell is reversed. */
static void test_selected_row(void **state)
{
    (void)state;
    static const char *const looks[] = {"--theme=safe", "--theme=dark", "--theme=light", "--theme=terminal",
        "--theme=mono", "--no-color"};
    for (size_t i = 0; i < SAMPLE_COUNT(looks); i++) {
        struct ui *ui = play_open(24, 80, looks[i], "--demo", NULL);
        bool has_colors = i < 3;
        play_keys("j j l");
        int x, first = ui->layout.rows, y = ui->cursor_y;
        assert_int_equal(y, first + 2);
        place_of("MFA", &x);
        struct headless_cell row = headless_cell(y, 6), cell = headless_cell(y, x), before = headless_cell(y - 1, 6);
        assert_true(is_lit(y, 0, has_colors ? 80 : x));
        assert_true(is_lit(y, 40, 40));
        assert_true(has_colors ? row.back >= 0 && !row.reverse : row.reverse && row.back < 0);
        assert_true(cell.back != row.back || cell.reverse != row.reverse);
        assert_true(before.back < 0 && !before.reverse);
        assert_false(is_lit(y + 1, 6, 1));
        assert_true(headless_cell(ui->layout.header, x).reverse);
        assert_false(headless_cell(ui->layout.header, 6).reverse);
        play_close();
    }
}

/* With the pane open its head has the same background; lists and the overview look the same. */
static void test_selected_elsewhere(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 160, "--demo", NULL);
    struct headless_cell row = headless_cell(ui->cursor_y, 2);
    play_keys("Enter");
    assert_true(headless_cell(ui->cursor_y, 2).back == row.back && row.back >= 0);
    assert_int_equal(headless_cell(1, ui->layout.pane_x + 2).back, row.back);
    play_keys("Esc");
    play_keys("s j");
    assert_int_equal(headless_cell(ui->cursor_y, ui->menu.x + 2).back, row.back);
    assert_int_equal(headless_cell(ui->cursor_y, ui->menu.x + ui->menu.width - 3).back, row.back);
    assert_true(headless_cell(ui->cursor_y - 1, ui->menu.x + 2).back < 0);
    play_keys("Esc");
    play_keys("o j");
    assert_int_equal(headless_cell(ui->cursor_y, 1).back, row.back);
    assert_int_equal(headless_cell(ui->cursor_y, 40).back, row.back);
    assert_true(headless_cell(ui->cursor_y - 1, 1).back < 0);
    play_close();
}

/* An order is seen from its start; the message names it, a hidden column is shown, and ' leads back. */
static void test_sorted_from_the_top(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("5 j");
    size_t user = view_selected(&ui->view);
    play_keys("l l l s Enter");
    assert_int_equal(ui->view.sort.count, 1);
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    columns_shown(ui, columns);
    assert_int_equal(ui->view.sort.keys[0].column, columns[3].id);
    assert_int_equal(ui->view.cursor, 0);
    assert_int_equal(ui->view.top, 0);
    play_shows("first; I reverses");
    play_keys("'");
    assert_int_equal(view_selected(&ui->view), user);
    play_keys("'");
    assert_int_equal(ui->view.cursor, 0);
    play_keys(":sort Space -key_2_age Enter");
    play_shows("sorted by KEY 2 AGE, oldest first; I reverses");
    play_keys("I");
    play_shows("sorted by KEY 2 AGE, newest first; I reverses");
    play_lacks("PATH");
    play_keys(":sort Space path Enter");
    play_shows("PATH");
    play_shows("sorted by PATH, A first");
    play_keys("U");
    play_lacks("PATH");
    assert_int_equal(ui->view.sort.keys[0].column, COL_KEY_2_AGE);
    play_close();
}

/* So is what a filter leaves; a filter that is removed keeps the user. */
static void test_filtered_from_the_top(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("G");
    size_t user = view_selected(&ui->view);
    play_keys("& findings Space >= Space 0 Enter");
    assert_int_equal(ui->view.cursor, 0);
    play_keys("'");
    assert_int_equal(view_selected(&ui->view), user);
    play_keys("Backspace");
    assert_int_equal(ui->view.filter_count, 0);
    assert_int_equal(view_selected(&ui->view), user);
    play_keys("p / console Space users Enter Enter");
    assert_int_equal(ui->view.cursor, 0);
    play_shows("console users \303\227");
    play_close();
}

/* q goes back one level and at last quits; Q and F10 quit from anywhere; what would be lost is asked about. */
static void test_leaving(void **state)
{
    static const char *const levels[] = {"Enter", "o", "K", "s", "?", "p", "Enter s"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(levels); i++) {
        struct ui *ui = play_open(24, 80, "--demo", NULL);
        play_keys(levels[i]);
        play_keys("q");
        assert_false(play_has_ended());
        play_keys(i == 6 ? "q" : "C-l");
        assert_int_equal(ui_mode(ui), MODE_TABLE);
        assert_false(ui->view.keys);
        play_keys("q");
        assert_true(play_has_ended());
        play_close();
        play_open(24, 80, "--demo", NULL);
        play_keys(levels[i]);
        play_type(i % 2 ? "Q" : "\033[21~");
        assert_true(play_has_ended());
        play_close();
    }
    play_open(24, 80, "--demo", NULL);
    play_keys("Space q");
    assert_false(play_has_ended());
    play_shows("1 mark would be lost; the same key again quits");
    play_keys("j q");
    assert_false(play_has_ended());
    play_keys("q");
    assert_true(play_has_ended());
    play_close();
    play_open(24, 80, "--demo", NULL);
    play_keys("l -");
    play_keys(":q Enter");
    assert_false(play_has_ended());
    play_shows("changed columns would be lost");
    play_keys(":q! Enter");
    assert_true(play_has_ended());
    play_close();
}

/* A letter that no key is bound to. */
static char unbound_letter(void)
{
    char letter = 'a';
    for (size_t i = 0; i < binding_count; i++) {
        if (strcmp(bindings[i].key, (const char[]){letter, '\0'}) == 0) {
            letter = letter == 'z' ? 'A' : (char)(letter + 1);
            i = SIZE_MAX; /* from the start, for the next letter */
        }
    }
    return letter;
}

static void test_numbers_and_strange_keys(void **state)
{
    char key[] = {unbound_letter(), '\0'}, message[40];
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_type("10j");
    assert_int_equal(ui->view.cursor, 10);
    play_type("3k");
    assert_int_equal(ui->view.cursor, 7);
    play_type("5G");
    assert_int_equal(ui->view.cursor, 4);
    play_type("99999999999999999999j");
    assert_int_equal(ui->view.cursor, ui->view.count - 1);
    play_type("2g");
    assert_int_equal(ui->view.cursor, 1);
    play_type("3 ");
    assert_int_equal(ui->view.mark_count, 3);
    play_type("s3G");
    assert_int_equal(ui->menu.cursor, 2);
    play_keys("Esc");
    play_keys(key);
    snprintf(message, sizeof message, "%s: no such key (? help)", key);
    play_shows(message);
    play_keys("M-x");
    play_shows("M-x: no such key (? help)");
    play_keys("C-t");
    play_shows("C-t: no such key (? help)");
    play_keys("# D"); /* a key of the table */
    play_shows("D: no such key here (? help)");
    play_keys("q Tab");
    play_shows("columns: password");
    play_keys("F1");
    play_shows("WHAT YOU WANT");
    play_close();
}

/* Each step back and forth; the message says what it was. */
static void test_undo(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("U");
    play_shows("nothing to undo");
    play_keys("& not Space mfa_active Enter");
    size_t count = ui->view.count;
    play_keys("U");
    play_shows("undone: filter not mfa_active");
    assert_int_equal(ui->view.filter_count, 0);
    play_keys("C-r");
    play_shows("redone: filter not mfa_active");
    assert_int_equal(ui->view.count, count);
    play_keys("a");
    play_keys("s / path Enter Enter");
    play_keys("l l -");
    play_keys("K");
    play_keys("& active Enter");
    play_keys("Esc");
    static const char *const expected[] = {"removal of filter active", "filter active", "one row per credential",
        "columns of triage", "order by path", "marking", "filter not mfa_active"};
    for (size_t i = 0; i < SAMPLE_COUNT(expected); i++) {
        char text[80];
        snprintf(text, sizeof text, "undone: %s", expected[i]);
        play_keys("U");
        play_shows(text);
    }
    play_keys("U");
    play_shows("nothing to undo");
    assert_int_equal(ui->view.mark_count, 0);
    assert_int_equal(ui->view.filter_count, 0);
    for (size_t i = SAMPLE_COUNT(expected); i-- > 0;) {
        play_keys("C-r");
        play_shows(expected[i]);
    }
    assert_true(ui->view.keys);
    assert_int_equal(ui->view.mark_count, count);
    for (int i = 0; i < 70; i++)
        play_type(i % 2 ? "I" : "*");
    for (int i = 0; i < 50; i++)
        play_type("U");
    play_lacks("nothing to undo");
    play_type("U");
    play_shows("nothing to undo");
    play_close();
}

/* Keys typed ahead act on what the keys before them left, although nothing was drawn in between. */
static void test_typed_ahead(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("& not Space mfa_active Enter");
    play_keys("& active Enter");
    assert_int_equal(ui->view.filter_count, 2);
    play_keys("F");
    play_type("Gdd"); /* the cursor was on the last one, which is gone */
    play_settle();
    assert_int_equal(ui->view.filter_count, 0);
    play_close();
}

static void (*really_draw)(struct ui *ui);

/* Draw, and then, once, make the screen wider and press Enter: both happen before the next time that it is drawn. */
static void widen_after_drawing(struct ui *ui)
{
    really_draw(ui);
    ui->draw = really_draw;
    headless_resize(24, 100);
    headless_type(slice_of("\r"));
}

/* On a wider screen the help card has fewer lines. A key that comes before it is drawn there acts on its last line. */
static void test_resized_before_a_key(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 60, "--demo", NULL);
    play_keys("? G");
    size_t last_of_narrow = ui->menu.cursor;
    really_draw = ui->draw;
    ui->draw = widen_after_drawing;
    play_settle();
    assert_int_equal(ui_mode(ui), MODE_PROMPT); /* that line asks for an access key ID */
    play_keys("Esc ? G");
    assert_true(ui->menu.cursor < last_of_narrow);
    play_close();
}

static void click(const char *text, int more)
{
    int y, x;
    char bytes[64];
    assert_true(play_find(text, &y, &x));
    snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", x + 1 + more, y + 1, x + 1 + more, y + 1);
    play_type(bytes);
}

/* A click on a filter in the title removes it, also from the overview; beside them it does nothing. */
static void test_chips(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", "--mouse", NULL);
    play_keys("& not Space mfa Enter & idle Space > Space 1d Enter & findings Space > Space 1 Enter");
    assert_int_equal(ui->view.filter_count, 3);
    click("demo", 0);
    click("idle > 1d", -1);
    assert_int_equal(ui->view.filter_count, 3);
    click("idle > 1d", 10); /* the cross */
    assert_int_equal(ui->view.filter_count, 2);
    assert_string_equal(ui->view.filters[1].text, "findings > 1");
    play_keys("U");
    assert_int_equal(ui->view.filter_count, 3);
    play_keys("o");
    click("not mfa", 0);
    assert_int_equal(ui->view.filter_count, 2);
    assert_true(ui->bars.is_open);
    play_keys("q");
    for (int i = 0; i < 9; i++)
        play_keys("& findings Space >= Space 0 Enter");
    play_shows("+9");
    click("+9", 0);
    assert_int_equal(ui->view.filter_count, 11);
    click("findings >= 0 \303\227", 0);
    assert_int_equal(ui->view.filter_count, 10);
    play_close();
}

/* A cell filters by its value, whatever its column is; each filter is a chip, and Backspace removes the last one. */
static void test_cell_filters(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 200, "--demo", NULL);
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    for (int keys = 0; keys < 2; keys++) {
        for (int set = 0; set < 5; set++) {
            size_t n = columns_shown(ui, columns);
            for (size_t i = (size_t)set % sample_rounds(2, 1); i < n * sample_rounds(1, 8); i += sample_rounds(2, 1)) {
                view_move_to(&ui->view, i * 5 % ui->view.count);
                ui->focus = i % n;
                size_t row = ui->view.rows[ui->view.cursor], count = ui->view.count;
                play_keys(".");
                assert_int_equal(ui->view.filter_count, 1);
                size_t kept = ui->view.count, at = 0;
                while (at < kept && ui->view.rows[at] != row)
                    at++;
                assert_true(at < kept);
                play_shows("\303\227");
                play_keys("Backspace");
                view_move_to(&ui->view, i * 5 % ui->view.count);
                play_keys(",");
                assert_int_equal(ui->view.count, count - kept);
                play_keys("Backspace");
                assert_int_equal(ui->view.filter_count, 0);
            }
            play_keys("Tab");
        }
        play_keys("K");
    }
    play_close();
    ui = play_open(24, 80, "--demo", NULL);
    play_keys("l . j ,");
    play_shows("not mfa");
    for (int i = 0; i < 20; i++)
        play_keys("& findings Space >= Space 0 Enter");
    assert_true(strstr(play_row(0), "+") && strstr(play_row(0), "findings >= 0 \303\227"));
    play_close();
    static const char csv[] = "user,arn,user_creation_time\n"
        "ann,arn:aws:iam::123456789012:user/ann,9999-12-31T10:00:00Z\n"
        "bob,arn:aws:iam::123456789012:user/bob,2024-12-31T10:00:00Z\n"; /* no day follows the first one */
    ui = play_open(24, 80, "-c", "user,user_creation_time", play_file("last-day.csv", csv, sizeof csv - 1), NULL);
    play_keys("/ ann Enter l .");
    assert_int_equal(ui->view.filter_count, 1);
    assert_int_equal(ui->view.count, 1);
    play_close();
}

/*
 * Enter on a bar and Esc lead back to it; Down stays in its half; / finds bars; 1 of 28 and 10 of 28 differ; a gauge.
 */
static void test_overview(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("o");
    play_shows("of 28 users have no finding");
    play_shows("14%");
    const struct overview_counts *o = &ui->bars.overview;
    for (int i = 0; i < 40; i++) {
        play_keys("j");
        assert_true(headless_cell(ui->cursor_y, 1).back >= 0); /* in the left half */
    }
    play_keys("g l");
    for (int i = 0; i < 40; i++) {
        play_keys("j");
        assert_true(headless_cell(ui->cursor_y, 1).back < 0);
    }
    play_keys("h g / unused Space for Enter");
    size_t bar = ui->bars.cursor;
    assert_non_null(strstr(o->bars[bar].label.data, "unused for 45 days"));
    play_keys("Enter");
    assert_false(ui->bars.is_open);
    assert_int_equal(ui->view.count, 10);
    play_keys("j j Enter");
    play_keys("Esc");
    play_keys("Esc");
    assert_true(ui->bars.is_open);
    assert_int_equal(ui->bars.cursor, bar);
    assert_int_equal(ui->view.count, 28);
    play_keys("/ two Space active Enter n N");
    assert_non_null(strstr(o->bars[ui->bars.cursor].label.data, "two active"));
    int y, y2;
    play_keys("h g");
    assert_true(play_find("root without MFA ", &y, NULL));
    assert_non_null(strstr(play_row(y), "1 \342\226\216")); /* a quarter */
    assert_true(play_find("credential unused", &y2, NULL));
    assert_non_null(strstr(play_row(y2), "10 \342\226\210\342\226\210"));
    play_close();
    play_open(50, 200, "--demo", NULL); /* users who are not judged are counted on the scale of those who fail */
    play_keys("o");
    assert_true(play_find("root without MFA ", &y, NULL) && play_find("USERS NOT JUDGED", &y2, NULL));
    char one[400];
    snprintf(one, sizeof one, "%s", strstr(play_row(y), "1 \342\226\210"));
    *strchr(one + 2, ' ') = '\0';
    const char *unknown = strstr(play_row(y2 + 1), "1 \342\226\210");
    assert_non_null(unknown);
    assert_int_equal(strcspn(unknown + 2, " "), strlen(one + 2));
    play_close();
}

/* Every bar is a place: Enter shows as many users as it counts, and Esc goes back to the bar and to all users. */
static void test_bars(void **state)
{
    (void)state;
    struct ui *ui = play_open(60, 60, "--demo", NULL);
    play_keys("o g");
    int bars = 0;
    for (size_t last = SIZE_MAX; ui->bars.cursor != last && bars < 100; bars++) {
        last = ui->bars.cursor;
        const char *row = play_row(ui->cursor_y), *digit = row + strlen(row);
        while (digit > row && !isdigit((unsigned char)digit[-1]))
            digit--;
        while (digit > row && isdigit((unsigned char)digit[-1]))
            digit--;
        size_t count = strtoul(digit, NULL, 10);
        play_keys("Enter");
        assert_false(ui->bars.is_open);
        assert_int_equal(ui->view.count, count);
        play_keys("Esc");
        play_shows("have no finding");
        assert_int_equal(ui->bars.cursor, last);
        assert_int_equal(ui->view.count, 28);
        play_keys("j");
    }
    assert_true(bars > 30 && bars < 100);
    play_close();
}

/*
 * The list of problems also says which checks could not judge whom, and which were not made; Enter shows these users.
 */
static void test_problems(void **state)
{
    static const char csv[] = "user,arn,mfa_active,password_enabled,access_key_1_active,access_key_1_last_rotated\n"
        "ann,arn:aws:iam::123456789012:user/ann,false,true,true,2020-01-01T00:00:00Z\n"
        "bob,arn:aws:iam::123456789012:user/bob,,true,false,N/A\n";
    static const char owners[] = "user,owner\nann,kim\nnobody,lee\n";
    (void)state;
    const char *report = play_file("report.csv", csv, sizeof csv - 1),
        *table = play_file("owners.csv", owners, sizeof owners - 1);
    struct ui *ui = play_open(30, 120, report, "--join", table, NULL);
    play_keys("P");
    play_shows("columns missing: ");
    play_shows("console-mfa is unknown for 1 of 2 users: empty or malformed: mfa_active");
    play_shows("skipped without --details: quarantined, admin-mfa, admin-key, direct-policy");
    play_shows("owners.csv: 1 row without a user in the reports");
    play_keys("j j Enter");
    assert_string_equal(ui->view.filters[0].text, "unknown(console-mfa)");
    assert_int_equal(ui->view.count, 1);
    play_keys("p j j Enter"); /* a check without its facts finds nobody, and says so */
    play_shows("\"AWS found a key of the user in public\" is skipped without --details");
    play_close();
}

/* Enter on a problem of a line of a file goes to its user, if shown; on others it says what they are about. */
static void test_problem_lines(void **state)
{
    static const char csv[] =
        "user,arn,user_creation_time\nann,arn:aws:iam::123456789012:user/ann,2020-01-01T00:00:00Z\n"
        "bob,arn:aws:iam::123456789012:user/bob,tomorrow\ncyd,arn:aws:iam::123456789012:user/cyd,2020-01-01T00:00:00Z,"
        "more\n";
    static const char config[] = "check console-mfa = sometimes\n";
    (void)state;
    char option[300];
    snprintf(option, sizeof option, "--config=%s", play_file("config", config, sizeof config - 1));
    struct ui *ui = play_open(24, 100, option, play_file("lines.csv", csv, sizeof csv - 1), NULL);
    play_keys("P");
    play_keys("/ tomorrow Enter Enter");
    assert_int_equal(ui_mode(ui), MODE_TABLE);
    assert_int_equal(report_line_of(ui->report, view_user(&ui->view, ui->view.cursor)), 3);
    play_keys("K P / more Space fields Enter");
    play_keys("Esc");
    play_keys("P / fields, Enter Enter"); /* no credential of cyd is known, so that the key view has no row of it */
    play_shows("that line is not among the users shown");
    play_keys("g / columns Space missing Enter Enter");
    play_shows("this is about all users of the file");
    play_keys("/ console-mfa Space has Enter Enter");
    play_shows("this is about the configuration; it is read when ncred starts");
    play_close();
}

/* Messages name the keys that the configuration has bound, and the action itself where there is none. */
static void test_messages_name_bound_keys(void **state)
{
    static const char config[] = "bind K = none\nbind Z = keys\nbind line Enter = none\nbind line C-o = accept\n"
        "bind F = none\n";
    (void)state;
    char option[300];
    snprintf(option, sizeof option, "--config=%s", play_file("config", config, sizeof config - 1));
    play_open(24, 100, option, "--demo", NULL);
    play_keys("Z A");
    play_shows("users are counted, not credentials; Z goes back to the users");
    play_keys("Z /");
    play_shows("C-o accept, Esc back");
    play_keys("Esc & user Space = Space nobody C-o");
    play_shows("Esc removes the last filter; :filters lists them.");
    play_close();
    static const char others[] = "bind / = none\nbind list C-o = search\nbind table C-n = search\n"
        "bind & = none\nbind x = filter\nbind q = none\n";
    snprintf(option, sizeof option, "--config=%s", play_file("others", others, sizeof others - 1));
    play_open(24, 100, option, "--demo", NULL);
    play_keys("n");
    play_shows("nothing to repeat; C-n searches");
    play_keys("? n");
    play_shows("nothing to repeat; C-o searches");
    play_keys("Esc F");
    play_shows("none: x adds one, p lists saved filters");
    play_keys("Esc Esc");
    play_shows("nothing to go back to; :leave quits, ? is help");
    play_close();
    static const char third[] = "bind P = none\nbind F6 = problems\nbind K = none\nbind Esc = none\nbind C-c = none\n"
        "bind list Space = none\nbind list C-o = choose\n";
    static const char report[] = "user,arn,mfa_active\nann,arn:aws:iam::123456789012:user/ann,perhaps\n";
    snprintf(option, sizeof option, "--config=%s", play_file("third", third, sizeof third - 1));
    play_open(24, 100, option, play_file("wrong.csv", report, sizeof report - 1), NULL);
    play_shows("problems (F6)");
    play_keys("?");
    play_shows("(F6)    problems in the files");
    play_keys("q T / root-key Enter 5");
    play_shows("root-key has no threshold; C-o switches it on and off");
    play_keys("q");
    play_type(":keys\r");
    play_shows("q back"); /* no other key goes back */
    play_close();
}

/* A rule about a column that only the report has judges the rows that were read before the column was known, too. */
static void test_own_columns(void **state)
{
    static const char rules[] = "rule ours = critical: role = ops\n";
    static const char report[] = "user,arn,mfa_active,role,tags\n"
        "ann,arn:aws:iam::123456789012:user/ann,true,dev,b\nbob,arn:aws:iam::123456789012:user/bob,true,ops,a\n";
    (void)state;
    struct ui *ui = play_open(24, 100, "--rules", play_file("own.rules", rules, sizeof rules - 1),
        play_file("own.csv", report, sizeof report - 1), NULL);
    play_keys("& fails(ours) Enter");
    assert_int_equal(ui->view.count, 1);
    play_keys("Backspace");
    play_type(":sort tags\r");
    assert_int_equal(view_user(&ui->view, 0), 1);
    play_keys("& tags Space = Space b Enter");
    assert_int_equal(view_user(&ui->view, 0), 0);
    play_close();
}

/* One page; Tab leads on; Enter does what a line says. Nothing of it is cut at 80x24. */
static void test_help_card(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("?");
    play_shows("find a user");
    play_shows("WHAT YOU SEE");
    play_lacks("\342\200\246");
    play_lacks(" of 20 ");
    play_keys("Tab");
    play_shows("a row down");
    play_keys("Esc");
    play_keys("F1 / undo Enter Enter");
    play_shows("nothing to undo");
    play_keys("? ?");
    assert_ptr_equal(ui->menu.kind, &menu_help);
    play_close();
}

/* Nor is anything cut if keys have longer names, or actions none. */
static void test_help_card_of_own_keys(void **state)
{
    static const char *const configs[] = {"bind C-x = search\n", "bind M-PgDn = search\nbind M-Delete = search-next\n",
        "bind M-Backspace = search\n", "bind M-Backspace = waive\nbind M-Right = problems\nbind M-Left = mark\n",
        "bind M-Backspace = problems\nbind Delete = mark\n", "bind P = none\nbind / = none\nbind n = none\n",
        "bind M-Backspace = mark\nbind P = none\nbind Enter = none\n"};
    char option[300];
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(configs); i++) {
        snprintf(option, sizeof option, "--config=%s", play_file("own_keys", configs[i], strlen(configs[i])));
        play_open(24, 80, "--demo", option, NULL);
        play_keys("?");
        play_shows("sorted by (2: that next)");
        play_shows("3 of 31 place among the matches");
        play_shows("since last use or creation");
        play_shows(" problems in the files");
        play_lacks("\342\200\246");
        play_close();
    }
}

/* All keys, columns, queries and checks: every word of it can be read at any width, because lines wrap. */
static void test_help_is_whole(void **state)
{
    static const int widths[] = {80, 50, 40, 200};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(widths); i++) {
        struct ui *ui = play_open(24, widths[i], "--demo", NULL);
        play_keys("? Tab");
        size_t before = SIZE_MAX;
        for (int pages = 0; ui->menu.cursor != before && pages < 100; pages++) {
            before = ui->menu.cursor;
            for (int y = ui->menu.y; y < ui->menu.y + (int)ui->menu.height; y++)
                assert_null(strstr(play_row(y), "\342\200\246"));
            play_keys("PgDn");
        }
        assert_true(ui->menu.cursor > 150);
        play_shows("password only");
        play_close();
    }
}

/* The pane says what the least obvious word for rights means. */
static void test_rights_in_words(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    play_keys("/ yusuf Enter Enter");
    play_shows("rights      escalate: may become an administrator");
    play_close();
}

/* The README shows the screen as it is. */
static void test_readme(void **state)
{
    (void)state;
    char path[500];
    const char *srcdir = getenv("srcdir");
    snprintf(path, sizeof path, "%s/README.md", srcdir ? srcdir : ".");
    const char *readme = sample_text_of(path);
    play_open(24, 80, "--demo", NULL);
    for (int y = 0; y < 9; y++) {
        char row[500];
        snprintf(row, sizeof row, "%s", play_row(y));
        row[strcspn(row, "\n")] = '\0';
        for (size_t n = strlen(row); n && row[n - 1] == ' '; n--)
            row[n - 1] = '\0';
        if (!strstr(readme, row))
            fail_msg("README.md lacks: %s", row);
    }
    play_close();
}

/* Beside a table the pane is narrow: there, too, no name of a column and no time is cut. */
static void test_narrow_fields(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ana",
        "user_creation_time=2026-01-02T03:04:05+00:00 access_key_1_last_rotated=2026-02-03T04:05:06+00:00");
    play_open(70, 120, play_file("narrow-pane.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("Enter PgDn PgDn");
    static const char *const whole[] = {"2026-01-02T03:04:05+00:00", "2026-02-03T04:05:06+00:00",
        "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region",
        "access_key_2_last_used_service"};
    for (size_t i = 0; i < SAMPLE_COUNT(whole); i++)
        play_shows(whole[i]);
    play_close();
}

/* The pane says how much is left below, and where the user stands among those shown. */
static void test_pane_goes_on(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    play_keys("Enter");
    play_shows("1 of 28");
    play_shows("below: PgDn");
    play_keys("PgDn PgDn PgDn PgDn PgDn PgDn");
    play_lacks("below: ");
    play_close();
}

/* Whose pane it is stays on screen when it is scrolled. Times are told as evidence tells them: hours, then days. */
static void test_head_of_pane(void **state)
{
    (void)state;
    for (int columns = 80; columns <= 200; columns += 120) {
        struct ui *ui = play_open(24, columns, "--demo", NULL);
        play_keys("j");
        int back = headless_cell(ui->cursor_y, 2).back;
        play_keys("Enter PgDn PgDn");
        assert_true(ui->detail_top > 0);
        assert_non_null(strstr(play_row(1), "jane.doe"));
        assert_non_null(strstr(play_row(1), "2 of 28"));
        assert_int_equal(headless_cell(1, ui->layout.pane_x + 4).back, back);
        play_keys("k");
        assert_non_null(strstr(play_row(1), "<root_account>"));
        play_close();
    }
    play_open(50, 200, "--demo", NULL);
    play_shows("2026-06-15 09:40Z, 2 hours ago, iam in us-east-1");
    play_lacks("today");
    play_keys("j");
    play_shows("2026-06-14 12:00Z, 24 hours ago");
    play_close();
    struct ui *ui = play_open(5, 80, "--demo", NULL); /* a line or two: all of them scroll */
    play_keys("Enter j");
    play_keys("PgDn PgDn PgDn");
    assert_true(ui->detail_top > 0);
    play_close();
}

/* What AWS does not report is said of anybody, not only of root; nowhere are two empty lines. */
static void test_pane_of_unknown(void **state)
{
    (void)state;
    play_open(70, 80, "--demo", NULL); /* all of it, but too much for one page of the short form */
    play_keys("/ zoe Enter Enter");
    play_shows("set       not reported by AWS");
    play_lacks("for root");
    play_close();
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("/ zoe Enter Enter");
    for (int pages = 0; pages < 2; pages++) {
        for (int y = 2; y + 1 < ui->layout.rows + ui->layout.row_lines; y++)
            assert_true(play_row(y)[0] || play_row(y + 1)[0]);
        play_keys("PgDn");
    }
    play_close();
    /* in the short form, too, a credential is none only where the report says so */
    static const char csv[] = "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n"
        "ann,arn:aws:iam::123456789012:user/ann,perhaps,true,,N/A\nbob,arn:aws:iam::123456789012:user/bob,false,false,"
        "false,N/A\n";
    play_open(20, 80, play_file("unknown.csv", csv, sizeof csv - 1), NULL);
    play_keys("/ ann Enter Enter");
    play_shows("password    unreadable: \"perhaps\"");
    play_shows("key 1       unknown: the report does not say");
    play_shows("key 2       unknown: the report does not say");
    play_shows("more lines below");
    play_keys("/ bob Enter");
    play_shows("password    none");
    play_shows("key 1       none");
    play_shows("key 2       unknown: the report does not say");
    play_close();
}

/* What a line to type in says below it is whole at 80 columns. */
static void test_help_of_lines(void **state)
{
    (void)state;
    static const char *const keys[] = {"&", "/", ":", "i", "w", "E", "o /", "s /", "T 3", "r w",
        "& idle Space > Space 1d Enter F w"};
    for (size_t i = 0; i < SAMPLE_COUNT(keys); i++) {
        struct ui *ui = play_open(24, 80, "--demo", NULL);
        play_keys(keys[i]);
        if (!ui->prompt.kind)
            fail_msg("nothing can be typed after %s", keys[i]);
        const char *help = play_row(-1);
        if (!help[0] || strstr(help, "\342\200\246"))
            fail_msg("after %s: \"%s\"", keys[i], help);
        play_close();
    }
}

/* At 80x24 the first page has password, MFA, keys and the reason of every finding, whoever is opened. */
static void test_first_page(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("Enter");
    for (size_t i = 0; i < ui->view.count; i++) {
        static const char *const labels[] = {" password  ", " MFA  ", " key 1  ", " key 2  ", " account  ",
            " FINDINGS"};
        struct finding list[CHECKS_MAX];
        size_t row = view_selected(&ui->view), n = finding_list(ui->report, row, list);
        char place[32];
        for (size_t k = 0; k < SAMPLE_COUNT(labels); k++)
            play_shows(labels[k]);
        snprintf(place, sizeof place, "%zu of 28", i + 1);
        play_shows(place);
        for (size_t k = 0; k < n; k++) {
            enum { START = 12 }; /* of evidence that goes on in the next line */
            struct buffer title = {0}, brief = {0}, evidence = {0};
            int y;
            check_title(&title, list[k].check, &ui->audit->settings);
            finding_brief(&brief, ui->report, &list[k]);
            finding_evidence(&evidence, ui->report, &list[k]);
            evidence.data[evidence.len < START ? evidence.len : START] = '\0';
            assert_true(play_find(title.data, &y, NULL) && y < ui->layout.status);
            if (!play_find(evidence.data, NULL, NULL) && !play_find(brief.data, NULL, NULL))
                fail_msg("%s: neither %s nor %s", title.data, brief.data, evidence.data);
            buffer_free(&title);
            buffer_free(&brief);
            buffer_free(&evidence);
        }
        play_keys("j");
    }
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selected_row), cmocka_unit_test(test_selected_elsewhere),
        cmocka_unit_test(test_sorted_from_the_top), cmocka_unit_test(test_filtered_from_the_top),
        cmocka_unit_test(test_leaving), cmocka_unit_test(test_numbers_and_strange_keys), cmocka_unit_test(test_undo),
        cmocka_unit_test(test_typed_ahead), cmocka_unit_test(test_resized_before_a_key), cmocka_unit_test(test_chips),
        cmocka_unit_test(test_cell_filters), cmocka_unit_test(test_overview), cmocka_unit_test(test_bars),
        cmocka_unit_test(test_problems), cmocka_unit_test(test_problem_lines),
        cmocka_unit_test(test_messages_name_bound_keys),
        cmocka_unit_test(test_own_columns), cmocka_unit_test(test_help_card),
        cmocka_unit_test(test_help_card_of_own_keys),
        cmocka_unit_test(test_help_is_whole), cmocka_unit_test(test_readme), cmocka_unit_test(test_rights_in_words),
        cmocka_unit_test(test_narrow_fields),
        cmocka_unit_test(test_pane_goes_on),
        cmocka_unit_test(test_head_of_pane), cmocka_unit_test(test_help_of_lines),
        cmocka_unit_test(test_pane_of_unknown), cmocka_unit_test(test_first_page),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
