/* Actions in states where they are not valid: each is refused, none does harm, however fast the keys come. */
#include "play.h"

#include "unit/sample.h"
#include "config/column_sets.h"
#include "ui/actions.h"
#include "ui/columns.h"

#include <locale.h>
#include <stdlib.h>

static void test_hide_last(void **state)
{
    (void)state;
    static const char *const last[] = {"--", "l-", "l-l-l-l-l-l-", "-[", "-]", "-{", "-}", "-y", "--------------------"};
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

/* Every action by its name in every state, and then in the state that it led to; in `make check' every thirteenth of them. */
static void test_all_pairs(void **state)
{
    (void)state;
    static const char *const states[] = {"", "Enter", "o", "K", "K Enter", "C", "s", "p", "F", "P", "?", "&nobody-at-all Enter",
        "W", "W Enter", "T", "Y", "r", "w", "&", "/", ":", "a", "&nobody Enter Enter"};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hide_last),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_overview_refuses),
        cmocka_unit_test(test_all_pairs),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
