/* What somebody typed or chose is not lost: column sets, lines being typed, filters, answers, the place in the pane. */
#include "play.h"

#include "unit/sample.h"
#include "ui/columns.h"
#include "ui/state.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

static const char *text_file(const char *name, const char *text)
{
    return play_file(name, text, strlen(text));
}

/* = brings back what each set was: the configuration's list, a built-in set redefined there, the key view's own. */
static void test_usual_columns(void **state)
{
    char config[300];
    (void)state;
    snprintf(config, sizeof config, "--config=%s", text_file("config",
        "columns mine = user,age\ncolumns other = user,path\ncolumns triage = user,password_age\n"));
    play_open(24, 100, config, "--demo", NULL);
    play_keys("l - ="); /* triage, as the configuration has it */
    play_lacks("KEY 1");
    play_keys(":columns Space mine Enter");
    play_keys("l - =");
    play_shows("AGE");
    play_lacks("CREDENTIAL");
    play_lacks("STATE");
    play_keys(":columns Space other Enter");
    play_keys("l -");
    play_lacks("PATH");
    play_keys("=");
    play_shows("PATH");
    play_keys("K l l - =");
    play_shows("CREDENTIAL");
    play_close();
}

/* A set without a column of this report, by which it is sorted; joined columns are in sets as any other. */
static void test_other_columns(void **state)
{
    char config[300], join[300];
    (void)state;
    snprintf(join, sizeof join, "--join=%s", text_file("jobs.csv", "user,role\njane.doe,lead\n"));
    snprintf(config, sizeof config, "--config=%s",
        text_file("config", "columns jobs = user,role\ncolumns none = report.nothing\n"));
    struct ui *ui = play_open(24, 100, config, join, "--demo", NULL);
    play_keys(":columns Space none Enter");
    play_shows("USER");
    play_keys(":sort Space -role Enter");
    play_shows("role");
    play_keys(":columns Space jobs Enter");
    play_shows("role");
    play_keys(":columns Space user,age,role Enter");
    play_shows("AGE");
    play_shows("role");
    play_keys(":columns Space user,rol Enter");
    play_shows("no column \"rol\"");
    assert_int_equal(ui->view.count, 28);
    play_close();
}

/* Alt with a letter is one key: never Esc, never the letter; nor is a sequence that no key is known by. */
static void test_alt(void **state)
{
    static const char *const others[] = {"\033j", "\033&", "\033q", "\033:", "\033\303\251", "\033[1;5C",
        "\033[999;999R", "\033]11;rgb:0000/0000/0000\033\\", "\033]11;rgb:0/0/0\007", "\033P1$r0m\033\\", "\033[",
        "\033O",
        "\033[27;5;9~", "\033R"};
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_keys("& mfa_active Enter");
    assert_int_equal(ui->view.filter_count, 1);
    size_t cursor = ui->view.cursor;
    for (size_t i = 0; i < SAMPLE_COUNT(others); i++) {
        play_type(others[i]);
        assert_false(play_has_ended());
        assert_int_equal(ui->view.filter_count, 1);
        assert_int_equal(ui->view.cursor, cursor);
        assert_int_equal(ui_mode(ui), MODE_TABLE);
    }
    play_keys("& one Space two Space three");
    for (size_t i = 0; i < SAMPLE_COUNT(others); i++) {
        play_type(others[i]);
        assert_string_equal(ui->prompt.line.text.data, "one two three");
    }
    play_keys("M-b M-b");
    assert_int_equal(ui->prompt.line.at, 4);
    play_keys("M-f");
    assert_int_equal(ui->prompt.line.at, 7);
    play_keys("M-d");
    assert_string_equal(ui->prompt.line.text.data, "one two");
    play_keys("M-Backspace");
    assert_string_equal(ui->prompt.line.text.data, "one ");
    play_keys("Esc");
    play_keys("Esc"); /* by itself it still takes the filter away */
    assert_int_equal(ui->view.filter_count, 0);
    play_close();
}

/* A name that was proposed is replaced by the first letter typed, and kept by moving in it. */
static void test_proposed_name(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_keys("w ticket.md");
    assert_string_equal(ui->prompt.line.text.data, "ticket.md");
    play_keys("Esc");
    play_keys("w");
    play_type("\033[200~from the clipboard.csv\033[201~");
    assert_string_equal(ui->prompt.line.text.data, "from the clipboard.csv");
    play_keys("Esc");
    play_keys("w Home old-");
    assert_non_null(strstr(ui->prompt.line.text.data, "old-ncred-"));
    play_keys("Esc");
    play_keys("w Backspace");
    assert_string_equal(ui->prompt.line.text.data, "");
    play_keys("Esc");
    play_keys("r w all.sh");
    assert_string_equal(ui->prompt.line.text.data, "all.sh");
    play_keys("Esc");
    play_keys("Esc");
    play_keys("T / rotate Enter Enter 4");
    assert_string_equal(ui->prompt.line.text.data, "4");
    play_keys("Esc");
    play_keys("Esc");
    play_keys("i nobody Enter"); /* a question of its own, with nothing in it that must stay */
    play_shows("Access key ID: nobody");
    play_shows("expected an access key ID");
    play_keys("C-u AKIAQ47UFLPRYKTN3A4E Enter");
    assert_int_equal(ui_mode(ui), MODE_MENU);
    play_keys("Esc");
    play_keys("& mfa_active Enter F e x"); /* a filter that is edited is no proposal */
    assert_string_equal(ui->prompt.line.text.data, "mfa_activex");
    play_close();
}

/* A report that is read again may have fewer columns of its own: the order is by those that are left. */
static void test_fewer_columns(void **state)
{
    char path[300], join[300], rules[300];
    (void)state;
    snprintf(path, sizeof path, "%s", text_file("team.csv", "user,arn,password_enabled,mfa_active,desk,seat\n"
        "ann,arn:aws:iam::123456789012:user/ann,true,false,a,1\nbob,arn:aws:iam::123456789012:user/bob,true,true,b,"
        "2\n"));
    snprintf(join, sizeof join, "--join=%s", text_file("jobs.csv", "user,role\nann,lead\nbob,tester\n"));
    snprintf(rules, sizeof rules, "--rules=%s", text_file("own.rules", "rule lead = critical: role = lead\n"));
    struct ui *ui = play_open(24, 100, join, rules, path, NULL);
    play_shows("lead");
    play_keys(":sort Space -seat,role Enter");
    play_shows("by seat");
    play_keys(":sort Space user Enter # Enter"); /* counted by user, one chosen */
    play_shows("1 of 2");
    play_keys(":sort Space -seat,role Enter");
    text_file("team.csv", "user,arn,password_enabled,mfa_active\n"
        "bob,arn:aws:iam::123456789012:user/bob,true,true\nann,arn:aws:iam::123456789012:user/ann,true,false\n");
    play_keys("R");
    play_shows("by role");
    play_keys("Esc"); /* not back to counts of rows that are gone */
    assert_null(ui->menu.kind);
    play_shows("2 of 2");
    sample_is(report_raw(ui->report, view_user(&ui->view, 0), COL_USER), "ann");
    play_shows("role: lead"); /* the rule's evidence, and the joined column, are there again */
    play_close();
}

static void test_changes_and_back(void **state)
{
    (void)state;
    char old[300], new[300];
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ana", "");
    snprintf(old, sizeof old, "%s", play_file("old.csv", csv.data, csv.len));
    sample_user(&csv, "bob", "");
    snprintf(new, sizeof new, "%s", play_file("new.csv", csv.data, csv.len));
    buffer_free(&csv);
    struct ui *ui = play_open(24, 100, "--as-of=2026-06-15T12:00:00Z", old, new, NULL);
    play_keys("Tab Tab");
    const char *set = columns_set_name(ui);
    assert_string_equal(set, "keys");
    play_keys("D");
    assert_string_equal(columns_set_name(ui), "changes");
    play_keys("D j :sort Space -user Enter");
    play_type("D'"); /* at once: where the cursor was among the users is nowhere in the changes */
    play_shows("nothing to return to");
    play_keys("Tab");
    play_keys("D");
    assert_string_equal(columns_set_name(ui), "keys");
    play_keys("D");
    assert_string_equal(columns_set_name(ui), "report");
    play_close();
}

/* At the end of the pane the first key back shows another page, however often one went on before. */
static void test_pane_end(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    char before[200];
    play_keys("Enter PgDn");
    play_keys("PgDn PgDn PgDn PgDn PgDn PgDn PgDn PgDn");
    snprintf(before, sizeof before, "%s", play_row(5));
    play_keys("C-u");
    assert_string_not_equal(before, play_row(5));
    play_keys("PgDn PgDn PgDn PgDn C-u"); /* in one write */
    assert_string_not_equal(before, play_row(5));
    play_keys("PgDn");
    assert_string_equal(before, play_row(5));
    play_close();
}

/* The histograms have the right half, however many checks are on. */
static void test_overview_without_checks(void **state)
{
    (void)state;
    int y, x;
    struct ui *ui = play_open(24, 100, "--demo", "--checks=console-mfa", NULL);
    play_keys("o");
    play_shows("console user without MFA");
    assert_true(play_find("USERS BY AGE OF AN ACTIVE KEY", &y, &x));
    assert_true(x > 40);
    play_keys("l");
    assert_true(ui->bars.cursor > 0);
    play_close();
}

/* account is the number and account_name the name, wherever somebody asks for them. */
static void test_account_names(void **state)
{
    (void)state;
    int y, x, y2, x2;
    char names[300], flag[320], path[300];
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ana", "arn=arn:aws:iam::111122223333:user/ana");
    sample_user(&csv, "bob", "arn=arn:aws:iam::444455556666:user/bob");
    snprintf(path, sizeof path, "%s", play_file("two.csv", csv.data, csv.len));
    buffer_free(&csv);
    snprintf(names, sizeof names, "%s", text_file("names.csv", "111122223333,prod\n444455556666,test\n"));
    snprintf(flag, sizeof flag, "--account-names=%s", names);
    play_open(24, 120, flag, path, NULL);
    play_shows("prod");
    play_lacks("111122223333 ");
    play_keys(":columns Space user,account,account_name,age Enter");
    play_shows("prod");
    play_shows("111122223333");
    assert_true(play_find("ACCOUNT NAME", &y, &x));
    assert_true(play_find("ACCOUNT ", &y2, &x2) && x2 < x);
    play_close();
}

/* Returns a report of ana in one account and, if IS_TWO, bob in another; in the file one.csv. */
static const char *accounts_file(bool is_two)
{
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ana", "arn=arn:aws:iam::111122223333:user/ana");
    if (is_two)
        sample_user(&csv, "bob", "arn=arn:aws:iam::444455556666:user/bob");
    const char *path = play_file("one.csv", csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/*
 * A set that was changed, or saved, while one account was shown has the account's column as soon as there are several.
 */
static void test_account_returns(void **state)
{
    (void)state;
    char path[300], config[320];
    snprintf(config, sizeof config, "--config=%s", play_file("config", "", 0));
    snprintf(path, sizeof path, "%s", accounts_file(false));
    play_open(24, 120, config, path, NULL);
    play_keys("l");
    play_shows("MFA");
    play_keys("-");
    play_lacks("MFA");
    play_lacks("ACCOUNT");
    play_keys("C-s");
    play_shows("saved in");
    assert_non_null(strstr(sample_text_of(config + strlen("--config=")),
        "columns triage = user,account?,password_age,"));
    accounts_file(true);
    play_keys("R");
    play_shows("bob");
    play_shows("ACCOUNT");
    play_keys("-"); /* what the cursor is in now: the account */
    play_lacks("ACCOUNT");
    play_keys("Q Q");
    play_close();
    play_open(24, 120, config, path, NULL);
    play_shows("ACCOUNT");
    play_lacks("MFA");
    play_close();
    accounts_file(false);
    play_open(24, 120, config, path, NULL);
    play_lacks("ACCOUNT");
    play_keys("C /account Enter Enter Esc");
    play_shows("ACCOUNT");
    play_close();
}

/* With one account its column is left out only where nobody asked for it. */
static void test_one_account(void **state)
{
    (void)state;
    char path[300], config[320];
    snprintf(path, sizeof path, "%s", accounts_file(false));
    struct ui *ui = play_open(24, 120, path, NULL);
    play_shows("USER");
    play_lacks("ACCOUNT");
    play_keys("C /account Enter");
    play_shows("  account ");
    play_keys("Enter Esc");
    play_shows("ACCOUNT");
    play_keys("=");
    play_lacks("ACCOUNT");
    play_keys(":sort Space account Enter");
    play_shows("ACCOUNT");
    assert_null(strstr(config_pairs_find(&ui->sets, slice_of("triage")), "account?")); /* not a second time */
    play_keys("=");
    play_lacks("ACCOUNT");
    play_keys(":columns Space user,account,mfa_active Enter");
    play_shows("ACCOUNT");
    play_close();
    snprintf(config, sizeof config, "--config=%s", text_file("config", "columns triage = user,account,age\n"));
    play_open(24, 120, config, path, NULL);
    play_shows("ACCOUNT");
    play_close();
}

/* Columns about time are filled behind the first frame, unless a set of the configuration shows them there. */
static void test_first_frame(void **state)
{
    (void)state;
    char config[320];
    snprintf(config, sizeof config, "--config=%s", text_file("config", "columns triage = user,why,overdue\n"));
    play_ahead("Q");
    play_open(24, 120, config, "--demo", NULL);
    assert_true(play_has_ended()); /* the first frame was the last one */
    play_shows("no MFA");
    play_close();
    play_ahead("&why~'no MFA'\r"); /* keys find them filled in any case */
    assert_true(play_open(24, 80, "--demo", NULL)->view.count > 0);
    play_close();
}

/* However long a path is, what happened is read. */
static void test_long_paths(void **state)
{
    (void)state;
    char directory[200], keys[240];
    memset(directory, 'x', sizeof directory);
    directory[sizeof directory - 1] = '\0';
    snprintf(keys, sizeof keys, "w C-u /%s/out.csv Enter", directory);
    play_open(24, 80, "--demo", NULL);
    play_keys(keys);
    play_shows("\342\200\246/out.csv: cannot save: No such file or directory");
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_columns), cmocka_unit_test(test_other_columns),
            cmocka_unit_test(test_fewer_columns), cmocka_unit_test(test_alt),
        cmocka_unit_test(test_proposed_name), cmocka_unit_test(test_changes_and_back), cmocka_unit_test(test_pane_end),
        cmocka_unit_test(test_overview_without_checks), cmocka_unit_test(test_account_names),
        cmocka_unit_test(test_one_account), cmocka_unit_test(test_account_returns), cmocka_unit_test(test_first_frame),
        cmocka_unit_test(test_long_paths),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
