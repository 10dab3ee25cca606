/* Questions that the screen answers by itself: how many of each, why, what could be typed, where something is. */
#include "play.h"

#include "unit/sample.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

/* # counts the column in focus; Enter keeps the users of a value, Esc leads back to the list and then to the table. */
static void test_count_column(void **state)
{
    (void)state;
    int y, x;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("l #"); /* MFA */
    play_shows("mfa_active");
    play_shows("HIGH+");
    assert_int_equal(ui->counting.by.column, COL_MFA_ACTIVE);
    assert_true(play_find("no ", &y, &x));
    play_keys("Enter");
    assert_int_equal(ui->view.filter_count, 1);
    assert_string_equal(ui->view.filters[0].text, "mfa_active = false");
    assert_int_equal(ui->view.count, ui->counting.by.list[0].users);
    play_keys("Esc");
    assert_int_equal(ui->view.filter_count, 0);
    play_shows("HIGH+");
    play_keys("Esc");
    assert_null(ui->menu.kind);
    play_keys("# Enter F d");
    play_keys("Esc");
    play_keys("& mfa_active Enter");
    play_keys("Esc"); /* that filter did not come from counting */
    assert_null(ui->menu.kind);
    play_close();
}

/* Sorted by any of its columns, searched, written; the heading stays in sight. */
static void test_count_list(void **state)
{
    (void)state;
    char path[300], text[4096];
    struct ui *ui = play_open(12, 80, "--demo", NULL);
    play_keys("#"); /* a value for each user: more than the screen has lines */
    play_shows("user ");
    play_keys("G");
    play_shows("user ");
    play_shows("of 28");
    play_keys("g > >");
    assert_int_equal(ui->counting.sort, COUNT_USERS);
    play_keys("<");
    assert_int_equal(ui->counting.sort, COUNT_VALUE);
    play_shows(ui->counting.by.list[0].text.data[0] == '<' ? "<root_account>" : "anna");
    play_keys("I / jenkins Enter");
    assert_non_null(strstr(play_row(ui->cursor_y), "jenkins"));
    snprintf(path, sizeof path, "%s/counts.csv", play_directory());
    play_keys("w");
    assert_int_equal(ui_mode(ui), MODE_PROMPT);
    play_type(path);
    play_keys("Enter");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    assert_string_equal(text, "value,users,critical,high,medium,low,unknown,no_mfa,key_over_90d,unused,high_or_worse_percent\n");
    fclose(f);
    assert_false(ui->counting.is_written);
    play_keys("w Esc"); /* users again */
    assert_false(ui->counting.is_written);
    play_close();
}

/* A counts accounts, worst rate first; dropping is the other way to choose. */
static void test_count_accounts(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < 9; i++) {
        char name[32], changes[200];
        snprintf(name, sizeof name, "user%d", i);
        snprintf(changes, sizeof changes, "arn=arn:aws:iam::%012d:user/%s password_enabled=%s", i / 3, name, i == 3 ? "true" : "false");
        sample_user(&csv, name, changes);
    }
    struct ui *ui = play_open(24, 80, play_file("accounts.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("A");
    assert_int_equal(ui->counting.by.count, 3);
    sample_is(ui->counting.by.list[0].text, "000000000001");
    play_shows("33%");
    play_keys("!");
    assert_int_equal(ui->view.count, 6);
    play_keys("Esc");
    play_keys("Esc");
    play_keys("K #");
    play_shows("K goes back to the users");
    play_close();
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_count_column), cmocka_unit_test(test_count_list),
        cmocka_unit_test(test_count_accounts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
