/* What does not fit gives way as a whole: no half numbers, no half words, no empty room beside a text that is cut. */
#include "play.h"

#include "unit/sample.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* Where the frame of the list that is open begins and ends in its line of the title; its title is TITLE. */
static void frame_of(const char *title, int *left, int *right)
{
    int y, x;
    assert_true(play_find(title, &y, &x));
    *left = x - 3;
    assert_string_equal(headless_cell(y, *left).text, "\342\224\214");
    for (*right = x; strcmp(headless_cell(y, *right).text, "\342\224\220") != 0;)
        ++*right;
}

/* The numbers of a list of counts are there in full or not at all, however narrow the screen is. */
static void test_counts(void **state)
{
    (void)state;
    static const char *const all[] = {"USERS", "!!", "NO MFA", "KEY>90d", "UNUSED", "HIGH+"};
    play_open(24, 100, "--demo", NULL);
    for (int columns = 30; columns <= 100; columns++) {
        int left, right;
        size_t before = 0;
        headless_resize(24, columns);
        play_keys("A");
        play_shows("Users by account");
        frame_of("Users by account", &left, &right);
        assert_true(left == 0 ? right == columns - 1 : left >= 2); /* no stripe of the table that nobody can read */
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            before += play_find(all[i], NULL, NULL);
        assert_true(play_find("HIGH+", NULL, NULL)); /* what the list is sorted by */
        assert_true(columns < 80 || before == 6);
        assert_true(play_find("43%", NULL, NULL));
        assert_false(strstr(play_row(12), "\342\200\246")); /* nothing is cut */
        play_keys("Esc");
    }
    play_close();
}

/* The column of values is as wide in every order. */
static void test_counts_in_order(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    play_keys(": count Space password_last_changed Enter");
    play_shows("Users by password_last_changed");
    int width = ui->counting.widths[COUNT_VALUE];
    for (int i = 0; i < COUNT_COLUMNS; i++) {
        play_keys(">");
        assert_int_equal(ui->counting.widths[COUNT_VALUE], width);
    }
    assert_int_equal(ui->counting.sort, COUNT_RATE); /* once around */
    play_close();
}

/* The title of a list leaves out what explains it; so does the line below a prompt with its last keys. */
static void test_titles(void **state)
{
    (void)state;
    play_open(15, 60, "--demo", NULL);
    play_keys("A");
    play_shows(" Users by account \342\224\200");
    play_keys("Esc");
    play_keys("T");
    play_shows(" Checks: Space on/off, digits or Enter days, w saves \342\224\200");
    play_keys("Esc");
    play_keys("&");
    play_shows("Tab, Down, Up choose   Enter filters   Esc back");
    play_lacks("C-p earl");
    play_close();
    play_open(24, 120, "--demo", NULL);
    play_keys("#");
    play_shows("Users by user: HIGH+ is the share with a high or critical finding");
    play_close();
}

/* The card's second half stands below the first where there is no room beside it: nothing is cut. */
static void test_card(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 60, "--demo", NULL);
    play_keys("?");
    play_shows("WHAT YOU WANT");
    play_lacks("WHAT YOU SEE");
    play_keys("G");
    play_shows("WHAT YOU SEE");
    play_shows("late    later than the SLA allows");
    play_shows("the filter has a mistake");
    play_keys("Enter");
    play_shows("WHAT YOU SEE"); /* there is nothing to do about a sign */
    headless_resize(24, 80);
    play_settle();
    play_shows("WHAT YOU WANT                            WHAT YOU SEE");
    assert_true(ui->menu.cursor < ui->menu.kind->count(ui));
    play_close();
}

/* Tab leads from the card to all of the help, and there from part to part and round. */
static void test_parts_of_help(void **state)
{
    (void)state;
    static const char *const parts[] = {"Move", "Filter and search", "Sort", "Views", "Columns"};
    char seen[30][81];
    size_t n = 0;
    play_open(24, 80, "--demo", NULL);
    play_keys("?");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        play_keys("Tab");
        assert_non_null(strstr(play_row(1), parts[i]));
    }
    for (; n < sizeof seen / sizeof seen[0] && !strstr(play_row(1), "Move"); n++) {
        snprintf(seen[n], sizeof seen[n], "%.80s", play_row(1));
        for (size_t i = 0; i < n; i++) /* no heading comes twice */
            assert_string_not_equal(seen[i], seen[n]);
        play_keys("Tab");
    }
    assert_non_null(strstr(play_row(1), "Move"));
    play_shows("Tab next part");
    play_close();
}

/* On a narrow screen the label of a line leaves room for what is typed. */
static void test_narrow_prompts(void **state)
{
    static const char *const keys[] = {"E", "w", "i"};
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        play_open(5, 20, "--demo", NULL);
        play_keys(keys[i]);
        play_type("xyzzy");
        play_settle();
        assert_non_null(strstr(play_row(-2), "xyzzy"));
        play_close();
    }
}

/* What is wrong with what is typed is not cut as long as it fits in the line. */
static void test_errors_of_prompts(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    play_keys("E");
    play_keys("C-u");
    play_type("/bin");
    play_keys("Enter");
    play_shows("; name a new folder"); /* the end of the message */
    play_keys("Esc w"); /* and the name stays, to be corrected */
    play_type("/nonexistent/x.csv");
    play_keys("Enter");
    play_shows("/nonexistent/x.csv: cannot save: No such file or directory");
    play_shows("write to: /nonexistent/x.csv");
    play_keys("Esc A w"); /* a list of counts, too */
    play_type("/nonexistent/x.csv");
    play_keys("Enter");
    play_shows("cannot save");
    play_shows("1 value as csv");
    play_keys("Esc : w r i t e Space");
    play_type("/nonexistent/x.csv");
    play_keys("Enter");
    play_shows("/nonexistent/x.csv: cannot save: No such file or directory");
    play_shows(":write /nonexistent/x.csv");
    play_keys("Esc :");
    for (int i = 0; i < 5; i++) {
        char some[1001];
        memset(some, 'x', sizeof some - 1);
        some[1000] = '\0';
        play_lacks("a line holds 4096 bytes");
        play_type(some);
    }
    play_shows("a line holds 4096 bytes; the rest is left out");
    play_keys("Backspace");
    play_lacks("a line holds 4096 bytes");
    play_close();
}

/* The title says by which benchmark users are judged, unless it is ncred's own. */
static void test_benchmark(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", "--benchmark", "cis-5.0", NULL);
    assert_non_null(strstr(play_row(0), " ncred  demo  123456789012  cis-5.0"));
    play_close();
}

/* A message about the inputs that is longer than the line is in the list of problems. */
static void test_no_users(void **state)
{
    (void)state;
    play_open(24, 80, play_file("nobody.csv", sample_header, strlen(sample_header)), NULL);
    play_shows("0 of 0");
    play_keys("P");
    play_shows("so this one was cut off");
    play_close();
}

/* The line that tells of more in the pane covers none of it in part. */
static void test_more_below(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    for (int lines = 10; lines <= 30; lines++) {
        int y = 0;
        headless_resize(lines, 80);
        play_keys("Enter");
        while (play_find("more line", &y, NULL)) {
            assert_int_equal(strspn(play_row(y), " 0123456789"), strcspn(play_row(y), "m"));
            play_keys("PgDn");
        }
        play_keys("Esc");
    }
    play_close();
}

/* Cells that names do not need are for what explains each user, and for columns of text. */
static void test_room(void **state)
{
    (void)state;
    int x, y;
    play_open(24, 120, "--demo", NULL);
    assert_true(play_find("WHY", &y, &x));
    assert_true(x < 90);
    play_shows("svc-jenkins-prod ");
    play_close();
    play_open(24, 80, "--demo", NULL);
    play_keys("Tab");
    play_shows("IDLE  PASSWORD"); /* two headings */
    play_keys("Tab");
    play_shows("cloudformation ");
    play_keys("K");
    play_shows(" IDLE "); /* the arrow to the right of it covers nothing */
    play_close();
    play_open(24, 80, "--demo", "--columns=user,access_key_1_last_used_service:5,age,arn,path", NULL);
    play_shows("clou\342\200\246"); /* as wide as somebody wanted */
    play_close();
}

/* The name of the worst user, which is in each account, is whole on the smallest screen, beside the account. */
static void test_root(void **state)
{
    (void)state;
    struct buffer csv = {0};
    buffer_puts(&csv, sample_header);
    sample_user(&csv, "<root_account>", "arn=arn:aws:iam::111111111111:root access_key_1_active=true "
        "access_key_1_last_rotated=2010-01-01T00:00:00Z");
    sample_user(&csv, "<root_account>", "arn=arn:aws:iam::222222222222:root access_key_2_active=true "
        "access_key_2_last_rotated=2010-01-01T00:00:00Z");
    play_open(24, 80, play_file("accounts.csv", csv.data, csv.len), NULL);
    play_shows("<root_account> 111111111111");
    assert_true(play_find("KEY 2", NULL, NULL));
    buffer_free(&csv);
    play_close();
}

/* What a leaked key is about fits beside where it is known from; only tags and tables of others tell of owners. */
static void test_key(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    play_keys("i AKIARZPUZDIKF3RNWYI2 Enter");
    play_shows("# user        vendor-access           --key-ids, by user and creation time");
    play_shows("# owner       tag Team = Finance");
    play_lacks("WHY =");
    play_close();
}

/* What people often sort by is on the first page of the list, with the letter that chooses it. */
static void test_usual_orders(void **state)
{
    (void)state;
    static const char *const usual[] = {"LAST ACTIVITY", "SEVERITY", "PATH"};
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        int y, x;
        play_keys("s");
        assert_true(play_find(usual[i], &y, &x));
        play_type(headless_cell(y, x - 2).text);
        assert_int_equal(ui->view.sort.count, 1);
        char text[40];
        snprintf(text, sizeof text, "sorted by %s, ", usual[i]);
        play_shows(text);
    }
    play_close();
}

/* What the line under the cursor has no room for stands in full at the list's edge. */
static void test_foot(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", NULL);
    play_keys("T");
    play_shows("root used within 30 d\342\200\246");
    assert_non_null(strstr(play_row(-2), " root used within 30 days \342\224\200"));
    play_keys("k k k k k k");
    assert_null(strstr(play_row(-2), "root has")); /* the line has all of it */
    play_keys("Esc");
    play_keys("s / OLDEST Enter");
    assert_non_null(strstr(play_row(-2), " age of the oldest active password, key or certificate "));
    play_close();
}

/* An empty list says what does not match, and of how many filters; so does the list of filters. */
static void test_nobody(void **state)
{
    (void)state;
    play_open(24, 80, "--demo", "--log", NULL);
    play_keys("L");
    play_keys("& path=/nowhere Enter");
    play_shows("No user matches. Esc removes the last filter; F lists them.");
    play_keys("& mfa Enter");
    play_shows("No user matches all 2 filters. Esc removes");
    play_keys("p");
    play_shows("Saved filters, with the number of users matching");
    play_keys("Esc");
    play_keys("L");
    play_keys("p");
    play_shows("Saved filters, with the number of events matching");
    play_keys("Esc");
    play_keys("& user=nobody Enter");
    play_shows("No event matches. ");
    play_keys("L");
    play_keys("K");
    play_shows("No credential matches all 2 filters. Esc removes");
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts), cmocka_unit_test(test_counts_in_order),
        cmocka_unit_test(test_titles), cmocka_unit_test(test_card), cmocka_unit_test(test_parts_of_help),
        cmocka_unit_test(test_narrow_prompts),
        cmocka_unit_test(test_errors_of_prompts), cmocka_unit_test(test_no_users), cmocka_unit_test(test_benchmark),
        cmocka_unit_test(test_more_below),
        cmocka_unit_test(test_room), cmocka_unit_test(test_root), cmocka_unit_test(test_key),
        cmocka_unit_test(test_usual_orders), cmocka_unit_test(test_foot),
        cmocka_unit_test(test_nobody)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
