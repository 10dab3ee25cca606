/* Questions that the screen answers by itself: how many of each, why, what could be typed, where something is. */
#include "play.h"

#include "unit/sample.h"
#include "ui/state.h"

#include <locale.h>
#include <stdio.h>
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
    assert_int_equal(ui->view.count, ui->counting.by.order[0]->users);
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
    play_keys("# Enter K Esc"); /* credentials are not counted: the filter goes, and nothing comes back */
    assert_null(ui->menu.kind);
    assert_int_equal(ui->view.filter_count, 0);
    assert_true(ui->view.keys);
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
    play_keys("g > s");
    assert_int_equal(ui->counting.sort, COUNT_USERS);
    play_keys("<");
    assert_int_equal(ui->counting.sort, COUNT_VALUE);
    play_shows(ui->counting.by.order[0]->text.data[0] == '<' ? "<root_account>" : "anna");
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
    assert_string_equal(text,
        "value,users,critical,high,medium,low,unknown,no_mfa,key_over_90d,unused,high_or_worse_percent\n");
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
    for (int i = 0; i < 1009; i++) { /* numbers of four digits leave few columns for the bar */
        char name[32], changes[200];
        snprintf(name, sizeof name, "user%d", i);
        snprintf(changes, sizeof changes, "arn=arn:aws:iam::%012d:user/%s password_enabled=%s", i < 9 ? i / 3 : 2, name,
            i == 3 ? "true" : "false");
        sample_user(&csv, name, changes);
    }
    struct ui *ui = play_open(24, 80, play_file("accounts.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("A");
    assert_int_equal(ui->counting.by.count, 3);
    sample_is(ui->counting.by.order[0]->text, "000000000001");
    play_shows(" 33% \342\226\210\342\226\210"); /* a bar beside a number of 12 digits */
    play_shows("Enter keep these  s sort  # next column  , drop");
    play_keys("!");
    assert_int_equal(ui->view.count, 1006);
    play_keys("Esc");
    play_keys(",");
    assert_int_equal(ui->view.count, 1006);
    play_keys("Esc");
    play_keys("Esc");
    play_keys("K #");
    play_shows("K goes back to the users");
    play_close();
}

/* Per team in two keys: # in the list goes on with the columns that group users. Any column is counted by its name. */
static void test_count_by_team(void **state)
{
    (void)state;
    static const char *const columns[] = {"team", "owner", "tag.Team", "account", "path", "team"};
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("#");
    assert_int_equal(ui->counting.by.column, COL_USER);
    play_shows("# next column");
    for (size_t i = 0; i < SAMPLE_COUNT(columns); i++) {
        play_keys("#");
        assert_string_equal(report_column_info(ui->report, ui->counting.by.column)->name, columns[i]);
    }
    play_keys("/ mobile Enter Enter");
    assert_string_equal(ui->view.filters[0].text, "team = \"Mobile\"");
    play_shows("  team=Mobile \303\227"); /* the chip looks as one that a cell made */
    assert_int_equal(ui->view.count, 6);
    play_keys("Esc");
    assert_string_equal(report_column_info(ui->report, ui->counting.by.column)->name, "team");
    play_keys("Esc");
    play_keys(": count Space tag.t Tab Enter");
    assert_string_equal(report_column_info(ui->report, ui->counting.by.column)->name, "tag.Team");
    play_shows("Platform");
    play_keys("Esc");
    play_keys(": sort Space key_1_ag Tab Enter");
    assert_int_equal(ui->view.sort.keys[0].column, COL_KEY_1_AGE);
    play_keys(": count Space teem Enter");
    play_shows("no column \"teem\"");
    play_close();
}

/* A column that files of another option add names that option. */
static void test_given_by_option(void **state)
{
    static const char *const commands[] = {": count Space rights Enter", ": sort Space -rights Enter",
        ": columns Space user,rights Enter", ": filter Space rights=admin Enter"};
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "ann", "");
    play_open(24, 100, play_file("users.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    for (size_t i = 0; i < SAMPLE_COUNT(commands); i++) {
        play_keys(commands[i]);
        play_shows("no column \"rights\"; --details FILE adds it");
        play_keys("Esc");
    }
    play_close();
}

/* From 110 columns on, what is wrong with each user stands beside it. */
static void test_why(void **state)
{
    (void)state;
    play_open(24, 109, "--demo", NULL);
    play_lacks("WHY");
    play_close();
    int y, x;
    play_open(24, 110, "--demo", NULL); /* the number of findings leaves its place to the second of them */
    play_lacks("FINDINGS");
    play_shows("root has an access key \302\267 no MFA +3");
    play_close();
    struct ui *ui = play_open(24, 130, "--demo", NULL);
    play_shows("FINDINGS");
    assert_true(play_find("WHY", &y, &x));
    play_shows("no MFA");
    play_shows("no MFA \302\267 key 1 240d");
    play_lacks("key 1 never used \302\267 key 1 never used");
    play_keys("K");
    play_lacks("WHY");
    assert_true(ui->view.count > 0);
    play_close();
}

/* How many lines have something to the right of the middle. */
static int lines_beyond_middle(int lines, int columns)
{
    int count = 0;
    for (int y = 0; y < lines; y++) {
        bool any = false;
        for (int x = columns / 2; x < columns; x++)
            any |= headless_cell(y, x).text[0] && strcmp(headless_cell(y, x).text, " ") != 0;
        count += any;
    }
    return count;
}

/*
 * From 160 columns on the pane is there from the start; keys stay the table's until Enter, and Esc gives it the width.
 */
static void test_wide(void **state)
{
    static const int sizes[][2] = {{50, 200}, {60, 250}, {24, 160}};
    (void)state;
    play_open(24, 159, "--demo", NULL);
    play_lacks("arn:aws:iam::123456789012:root");
    play_close();
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        int lines = sizes[i][0], columns = sizes[i][1];
        struct ui *ui = play_open(lines, columns, "--demo", NULL);
        play_shows("arn:aws:iam::123456789012:root");
        play_shows("1 of 28");
        assert_true(lines_beyond_middle(lines, columns) > lines * 3 / 4);
        play_keys("j");
        play_shows("arn:aws:iam::123456789012:user/");
        play_keys("PgDn");
        assert_true(ui->view.cursor > 10);
        play_keys("g Enter");
        assert_true(ui->detail);
        size_t cursor = ui->view.cursor;
        play_keys("PgDn");
        assert_int_equal(ui->view.cursor, cursor);
        play_keys("Esc");
        play_lacks("arn:aws:iam::123456789012:root");
        play_shows("WHY");
        play_keys("o");
        assert_true(lines_beyond_middle(lines, columns) > (lines > 30 ? 30 : lines) / 2);
        play_keys("Esc q");
        assert_true(play_has_ended());
        play_close();
        play_open(lines, columns, "--demo", NULL);
        play_keys("q"); /* the pane was opened by nobody, so it is no level */
        assert_true(play_has_ended());
        play_close();
    }
}

/* Facts about a key, and sheets, wrap at every width: nothing of them is cut. */
static void test_facts_wrap(void **state)
{
    static const int widths[] = {80, 60, 120};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(widths); i++) {
        play_open(24, widths[i], "--demo", NULL);
        play_keys("i");
        play_type("AKIARZPUZDIKKLSE3J7S");
        play_keys("Enter");
        play_shows("Access key: facts");
        for (int page = 0; page < 8; page++) {
            for (int y = 1; y < 22; y++)
                assert_null(strstr(play_row(y), "\342\200\246"));
            play_keys("PgDn");
        }
        play_keys("Esc r g");
        play_shows("Remedies for 1 user");
        for (int page = 0; page < 8; page++) {
            for (int y = 1; y < 22; y++)
                assert_null(strstr(play_row(y), "\342\200\246"));
            play_keys("PgDn");
        }
        play_close();
    }
}

/* What is on screen is written, too; Markdown always says how bad it is and why. */
static void test_why_written(void **state)
{
    static const struct {
        int columns;
        const char *name, *head;
    } files[] = {
        {109, "narrow.csv", "user,mfa_active,password_age,password_idle,key_1_age,key_1_idle,key_2_age,key_2_idle,"
            "findings\n"},
        {130, "wide.csv", "user,mfa_active,password_age,password_idle,key_1_age,key_1_idle,key_2_age,key_2_idle,"
            "findings,why\n"},
        {80, "any.md", "| user | mfa\\_active | password\\_age | password\\_idle | key\\_1\\_age | key\\_1\\_idle | "
            "key\\_2\\_age "
            "| key\\_2\\_idle | findings | severity | why |\n"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(files); i++) {
        char path[300], line[512];
        snprintf(path, sizeof path, "%s/%s", play_directory(), files[i].name);
        play_open(24, files[i].columns, "--demo", NULL);
        play_keys("w C-u");
        play_type(path);
        play_keys("Enter");
        play_shows("wrote 28 users");
        play_close();
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        assert_non_null(fgets(line, sizeof line, f));
        fclose(f);
        assert_string_equal(line, files[i].head);
    }
}

/* Account names, tags and key IDs are searched, too; how many match is said, and when the search has gone round. */
static void test_search(void **state)
{
    (void)state;
    char join[300];
    const char *csv = "user,team,key_1_id\njane.doe,Zeppelin,AKIAQ47UFLPRYKTN3A4E\n";
    snprintf(join, sizeof join, "--join=%s", play_file("owners.csv", csv, strlen(csv)));
    struct ui *ui = play_open(24, 120, "--demo", join, NULL);
    play_keys("/ arn:");
    play_shows("1 of 28");
    play_keys("Enter N");
    play_shows("wrapped to the last one");
    play_keys("n");
    play_shows("wrapped to the first one");
    play_keys("/ zeppelin Enter");
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), "jane.doe");
    play_keys("g / AKIAQ47UFLPRYKTN3A4E Enter");
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), "jane.doe");
    play_keys("/ AKIAIOSFODNN7EXAMPLE Enter");
    play_shows("old format");
    play_keys("/ AKIAQNZGKIQY56JQ7WML Enter");
    play_shows("account 029608264753 by the ID's format, not in these reports");
    play_keys("/ ASIAQNZGKIQY56JQ7WML Enter"); /* IAM does not know temporary credentials */
    play_shows("temporary credentials of account 029608264753, by the ID's format; y copies: aws cloudtrail");
    play_keys("/ akiarzpuzdikaaaqeaye Enter");
    play_shows("account 123456789012 by the ID's format: at least 18 active keys here; y copies: aws iam");
    play_keys("y");
    play_shows("aws iam get-access-key-last-used --access-key-id AKIARZPUZDIKAAAQEAYE");
    play_keys("/ AKIARZPUZDIKAAAQEAYE Enter l y"); /* any other key takes that back */
    play_lacks("get-access-key-last-used");
    play_close();

    /* with ids the search finds the user, and the key view has them */
    ui = play_open(24, 100, "--demo", NULL);
    play_keys("/ AKIARZPUZDIKF3RNWYI2 Enter");
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), "vendor-access");
    play_keys("K / AKIARZPUZDIKDZMGMJ4S"); /* on the line of that key only */
    play_shows("1 of 1");
    play_keys("Enter");
    sample_is(report_raw(ui->report, view_selected(&ui->view), COL_USER), "svc-jenkins-prod");
    assert_int_equal(credential_slot(ui->view.rows[ui->view.cursor]), CREDENTIAL_KEY_2);
    play_shows("AKIARZPUZDIKDZMGMJ4S");
    play_keys("& id Space = Space AKIARZPUZDIKNS3N2IIP Enter");
    assert_int_equal(ui->view.count, 1);
    play_keys(": sort Space -rights,id Enter");
    play_shows("by rights");
    play_close();
}

/* While the text is wrong, no number stands beside it. */
static void test_filter_count(void **state)
{
    (void)state;
    play_open(24, 100, "--demo", NULL);
    play_keys("& mfa_active");
    play_lacks("- of 28");
    play_keys("Space = Space (");
    play_shows("- of 28");
    play_close();
}

/* What other files say about the user stands in the pane. */
static void test_context(void **state)
{
    (void)state;
    char join[300];
    const char *csv = "user,seats,groups\njane.doe,31,pilots\n";
    snprintf(join, sizeof join, "--join=%s", play_file("context.csv", csv, strlen(csv)));
    struct ui *ui = play_open(40, 100, "--demo", join, NULL);
    play_keys("/ jane.doe Enter");
    play_keys("Enter");
    play_shows("admin   by group ops: AdministratorAccess");
    play_shows("groups      ops");
    play_shows("tags        Team = Platform");
    play_shows("context     seats = 31, context.groups = pilots");
    play_keys("Esc :columns Space user,rights,groups Enter / ivan.novak Enter l .");
    assert_string_equal(ui->view.filters[0].text, "rights = escalate");
    play_keys("l / ivan.novak Enter .");
    assert_string_equal(ui->view.filters[1].text, "groups = \"developers\" and groups = \"readers\"");
    play_close();
}

/* Y s copies what there is to say of a user, with nothing that Markdown would take for its own. */
static void test_ticket(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "[x](y)*_<b>",
        "password_enabled=true arn=arn:aws:iam::123456789012:user/@team://#1\xe2\x80\xae$`|");
    struct ui *ui = play_open(24, 100, "--clipboard=print", play_file("ticket.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys("Y");
    play_shows("the user as Markdown, for a ticket");
    play_keys("s");
    assert_non_null(strstr(ui->copied.data, "## \\[x\\](y)\\*\\_\\<b\\>\n"));
    assert_non_null(strstr(ui->copied.data, "**high**"));
    assert_null(strstr(ui->copied.data, "<b>"));
    /* neither a mention, an address, an issue, a formula, code nor a turned text, nor the end of a table's cell */
    assert_non_null(strstr(ui->copied.data,
        "- ARN: arn:aws:iam::123456789012:user/@<!-- -->team:<!-- -->//\\#<!-- -->1\\\\u202e\\$<!-- -->\\`\\|\n"));
    assert_non_null(strstr(ui->copied.data, "ticket.csv:2\n"));
    size_t before = ui->copied.len;
    play_keys("Y u");
    assert_string_equal(ui->copied.data + before, "[x](y)*_<b>\n");
    play_close();
}

/* It tells which checks cannot judge the user, instead of no findings, and why a finding is waived. */
static void test_ticket_of_unknown(void **state)
{
    (void)state;
    static const char csv[] = "user,arn,password_enabled,mfa_active\nann,arn:aws:iam::123456789012:user/ann,,false\n"
        "bob,arn:aws:iam::123456789012:user/bob,true,false\n";
    static const char waiver[] = "bob console-mfa 2027-01-01 ops vendor *only*\n";
    const char *report = play_file("unknown.csv", csv, sizeof csv - 1),
        *file = play_file("w", waiver, sizeof waiver - 1);
    struct ui *ui = play_open(24, 100, "--clipboard=print", "--checks=console-mfa", "--waivers", file, report, NULL);
    play_keys("/ ann Enter Y s");
    assert_null(strstr(ui->copied.data, "No findings"));
    assert_non_null(strstr(ui->copied.data,
        "\nFindings:\n\n- **unknown** console-mfa: empty or malformed: password\\_enabled\n"));
    size_t before = ui->copied.len;
    play_keys("/ bob Enter Y s");
    assert_non_null(strstr(ui->copied.data + before, "(waived until 2027-01-01 by ops)"));
    assert_non_null(strstr(ui->copied.data + before, "; waived because: vendor \\*only\\*\n"));
    assert_null(strstr(ui->copied.data + before, "**unknown**"));
    play_close();
}

/* Marked rows are copied where they are shown; one is no "rows". */
static void test_copy_marked(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", "--clipboard=print", NULL);
    play_keys("/ jane.doe Enter Space & user Space ~ Space svc Enter Y A");
    play_shows("none of the marked users is shown");
    assert_int_equal(ui->copied.len, 0);
    play_keys("Backspace Y");
    play_shows("ARNs of all 1 marked");
    play_keys("A");
    play_shows("1 ARN, ");
    assert_string_equal(ui->copied.data, "arn:aws:iam::123456789012:user/staff/jane.doe\n");
    play_close();
}

/*
 * A terminal that answers what it was asked gets OSC 52, whatever TERM says; from one that does not, text is printed
 * later.
 */
static void test_clipboard_by_answer(void **state)
{
    (void)state;
    static const char *const names[] = {"TMUX", "STY", "TERM"};
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++)
        unsetenv(names[i]);
    assert_int_equal(setenv("TERM", "xterm-256color", 1), 0);
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("j y");
    play_shows("to be printed when ncred ends: jane.doe");
    assert_null(strstr(headless_sent().data, "\033]52;"));
    assert_int_equal(setenv("TERM", "somebody-s-own", 1), 0);
    play_type("\033[?62;4c");
    play_lacks("no such key");
    play_keys("y");
    play_shows("copied: jane.doe");
    assert_non_null(strstr(headless_sent().data, "\033]52;c;amFuZS5kb2U=\a"));
    assert_string_equal(ui->copied.data, "jane.doe\n");
    play_close();
}

/* E makes a folder of what is shown; one that is there is refused where its name is typed. */
static void test_evidence(void **state)
{
    (void)state;
    char folder[128], readme[160];
    snprintf(folder, sizeof folder, "%s/folder", play_directory());
    snprintf(readme, sizeof readme, "%s/README.md", folder);
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("& mfa_active Space = Space no Enter E");
    play_shows("folder for evidence: evidence-123456789012-2026-06-15");
    play_shows("17 users");
    play_type(folder);
    play_keys("Enter");
    play_shows("wrote evidence about 17 users to ");
    FILE *f = fopen(readme, "r");
    assert_non_null(f);
    char text[4096] = "";
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    assert_non_null(strstr(text, "\n- Users: 17 of 28\n- Filter: mfa\\_active = no\n"));
    assert_non_null(strstr(text, "\n| built-in sample | report | "));
    assert_non_null(strstr(text, "\n| changes.csv | ")); /* the sample's history is there when it is asked for */
    play_keys("E");
    play_type(folder);
    play_keys("Enter");
    play_shows("already exists");
    assert_non_null(ui->prompt.kind);
    play_keys("Esc : e v i d e n c e Space");
    play_type(folder);
    play_keys("Enter");
    play_shows("already exists");
    play_close();
    static const char *const names[] = {"findings.csv", "users.csv", "changes.csv", "report.html", "README.md"};
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++) {
        snprintf(readme, sizeof readme, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(readme), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* Numbers above 999 have separators in a count, as in the other lines. */
static void test_large_counts(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn\n");
    for (int i = 0; i < 1234; i++)
        buffer_printf(&csv, "u%d,arn:aws:iam::123456789012:user/u%d\n", i, i);
    play_open(24, 80, play_file("many-users.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_keys(": count Space path Enter");
    play_shows("Users by path");
    play_shows(" 1,234 ");
    play_lacks(" 1234 ");
    play_close();
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_count_column), cmocka_unit_test(test_count_list),
        cmocka_unit_test(test_large_counts), cmocka_unit_test(test_count_accounts),
        cmocka_unit_test(test_count_by_team), cmocka_unit_test(test_given_by_option),
        cmocka_unit_test(test_why), cmocka_unit_test(test_wide),
        cmocka_unit_test(test_facts_wrap), cmocka_unit_test(test_why_written), cmocka_unit_test(test_search),
        cmocka_unit_test(test_filter_count), cmocka_unit_test(test_context), cmocka_unit_test(test_ticket),
        cmocka_unit_test(test_ticket_of_unknown), cmocka_unit_test(test_copy_marked),
        cmocka_unit_test(test_clipboard_by_answer),
        cmocka_unit_test(test_evidence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
