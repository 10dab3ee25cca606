/* What is taken away from the screen: copied, written; and `:`, completion, columns changed on screen. */
#include "browse.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct browse_user users[] = {
    {.name = "alice", .mfa = true, .password_age = 412, .password_idle = 3, .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = -1, .key = {{.age = 91}, {.age = -1}}},
};

static struct term *open_users(const char *option)
{
    struct term *t = browse_open(24, 100, users, sizeof users / sizeof users[0], "-s", "user", option, NULL);
    browse_wait_names(t, "alice bob carol ");
    return t;
}

static void assert_sent(struct term *t, size_t from, const char *bytes)
{
    if (!term_sent(t, from, bytes, strlen(bytes)))
        term_fail(t, "not sent: %s", bytes + 1);
}

static void test_copy(void **state)
{
    (void)state;
    struct term *t = open_users(NULL);
    size_t from = t->raw_len;
    term_keys(t, "y");
    term_wait(t, "copied: alice");
    assert_sent(t, from, "\033]52;c;YWxpY2U=\a");
    term_keys(t, "l y");
    term_wait(t, "copied: yes");
    assert_sent(t, from, "\033]52;c;eWVz\a");
    term_keys(t, "Y a");
    term_wait(t, "copied: the ARN");
    assert_sent(t, from, "\033]52;c;YXJuOmF3czppYW06OjEyMzQ1Njc4OTAxMjp1c2VyL2FsaWNl\a");
    /* marked rows are what Enter takes, when there are any */
    term_keys(t, "Space j Space Y");
    term_wait(t, "rows of all 2 marked");
    term_keys(t, "A");
    term_wait(t, "copied: 2 ARNs, 73 bytes");
    browse_quit(t);
}

/* Where the clipboard is out of reach it is printed, after the screen has gone. */
static void test_print(void **state)
{
    (void)state;
    struct term *t = open_users("--clipboard=print");
    size_t from = t->raw_len;
    term_keys(t, "j y");
    term_wait(t, "to be printed when ncred ends: bob");
    assert_false(term_sent(t, from, "\033]52", 4));
    from = t->raw_len;
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 0);
    assert_sent(t, from, "bob\r\n");
}

static void read_back(const char *name, char *text, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", term_directory(), name);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s was not written", path);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

static void write_to(struct term *t, const char *name)
{
    term_keys(t, "w C-u");
    term_type(t, "~/");
    term_type(t, name);
    term_keys(t, "Enter");
}

static void test_write(void **state)
{
    char text[4096];
    struct stat st;
    (void)state;
    struct term *t = open_users(NULL);
    write_to(t, "out.csv");
    term_wait(t, "wrote 3 users as csv");
    read_back("out.csv", text, sizeof text);
    assert_non_null(strstr(text, "user,mfa_active,password_age,"));
    assert_non_null(strstr(text, "\nalice,true,412,"));
    assert_non_null(strstr(text, "\ncarol,"));
    snprintf(text, sizeof text, "%s/out.csv", term_directory());
    assert_int_equal(stat(text, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    /* marked ones only; what is there is kept unless it is to go */
    term_keys(t, "j Space");
    write_to(t, "out.csv");
    term_wait(t, "no, keep it");
    term_keys(t, "Enter");
    term_wait(t, "nothing was written");
    read_back("out.csv", text, sizeof text);
    assert_non_null(strstr(text, "alice"));
    write_to(t, "out.csv");
    term_wait(t, "yes, overwrite");
    term_keys(t, "y");
    term_wait(t, "wrote 1 user as csv");
    read_back("out.csv", text, sizeof text);
    assert_null(strstr(text, "alice"));
    assert_non_null(strstr(text, "\nbob,"));
    /* an ending that is no format */
    write_to(t, "out.dat");
    term_wait(t, "In which format?");
    term_keys(t, "d");
    term_keys(t, "j j j Enter");
    term_wait(t, "wrote 1 user as json");
    term_keys(t, "u");
    write_to(t, "none/out.csv");
    term_wait(t, "cannot save: No such file or directory");
    term_keys(t, "Esc");
    term_wait(t, "& filter");
    write_to(t, "findings.sarif");
    term_wait(t, "wrote 3 users as sarif");
    read_back("findings.sarif", text, sizeof text);
    assert_non_null(strstr(text, "2.1.0"));
    term_keys(t, "K");
    term_wait(t, "CREDENTIAL");
    write_to(t, "keys.tsv");
    term_wait(t, "wrote 5 credentials as tsv");
    read_back("keys.tsv", text, sizeof text);
    assert_non_null(strstr(text, "user\tcredential\tstate\t"));
    browse_quit(t);
}

/* Names of files in the test's directory that begin with START. */
static size_t count_files(const char *start)
{
    DIR *d = opendir(term_directory());
    size_t n = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strncmp(e->d_name, start, strlen(start)) == 0;
    closedir(d);
    return n;
}

/* No room for all of the file: an error, what was there before, and nothing beside it. */
static void test_write_full(void **state)
{
    static const char *const args[] = {"-c", "ulimit -f 2; exec \"${NCRED:-./ncred}\" --demo", NULL};
    char text[4096];
    (void)state;
    term_file("out.json", "before\n", 7);
    struct term *t = term_start(&(struct term_options){.columns = 100, .program = "/bin/sh", .args = args});
    term_wait(t, "28 of 28");
    write_to(t, "out.json");
    term_wait(t, "yes, overwrite");
    term_keys(t, "y");
    term_wait(t, "out.json: cannot save: File too large");
    read_back("out.json", text, sizeof text);
    assert_string_equal(text, "before\n");
    write_to(t, "new.json");
    term_wait(t, "new.json: cannot save: File too large");
    term_keys(t, "Esc");
    term_wait(t, "& filter");
    assert_int_equal(count_files("new.json"), 0);
    assert_int_equal(count_files("out.json"), 1);
    browse_quit(t);
}

static void test_command(void **state)
{
    (void)state;
    struct term *t = open_users(NULL);
    term_type(t, ":3\r");
    browse_wait_selected(t, "carol");
    term_type(t, ":sort -user\r");
    browse_wait_names(t, "carol bob alice ");
    term_type(t, ":filter key(active)\r");
    browse_wait_names(t, "carol bob ");
    term_type(t, ":columns password\r");
    term_wait_row(t, -2, "password");
    term_type(t, ":columns user,arn\r");
    term_wait(t, "arn:aws:iam::123456789012:user/bob");
    term_type(t, ":columns usr\r");
    term_wait(t, "no column \"usr\"; user?");
    term_keys(t, "Esc");
    term_wait_gone(t, "no column");
    term_type(t, ":nothing\r");
    term_wait(t, "no action \"nothing\"");
    term_keys(t, "C-u");
    term_type(t, "col\r");
    term_wait(t, "could be columns-next");
    term_keys(t, "C-u");
    term_type(t, "line-left\r");
    term_wait(t, "only in lists and while typing");
    term_keys(t, "C-u");
    term_type(t, "overv\t");
    term_wait_row(t, -2, ":overview");
    term_keys(t, "Enter");
    term_wait(t, "FINDINGS  ");
    /* what was typed before comes back */
    term_keys(t, ": Up");
    term_wait_row(t, -2, ":overview");
    term_keys(t, "Esc");
    term_settle(t);
    term_type(t, ":q!\r"); /* the columns were changed */
    assert_int_equal(term_wait_end(t), 0);
}

static void test_complete(void **state)
{
    (void)state;
    struct term *t = open_users(NULL);
    term_type(t, "&key(ac\t");
    term_wait_row(t, -2, "& key(active");
    term_type(t, "and la\t");
    term_wait_row(t, -2, "& key(active and last_");
    term_wait(t, "last_rotated  time");
    term_wait(t, "last_used     time");
    term_type(t, "\t\t");
    term_wait_row(t, -2, "& key(active and last_used");
    term_type(t, " = nev\t)");
    term_wait_row(t, -2, "& key(active and last_used = never )");
    term_wait(t, "1 of 3");
    term_keys(t, "Enter");
    browse_wait_names(t, "bob ");
    browse_quit(t);
}

static void test_save_filter(void **state)
{
    char text[1024];
    (void)state;
    struct term *t = open_users(NULL);
    term_type(t, "&!mfa_active\r");
    browse_wait_names(t, "bob ");
    term_keys(t, "F w");
    term_wait(t, "Save filter as");
    term_type(t, "without = MFA\r");
    term_wait(t, "expected a name without =");
    term_keys(t, "C-u");
    term_type(t, "without MFA\r");
    term_wait(t, "without MFA\" in");
    read_back(".config/ncred/config", text, sizeof text);
    assert_string_equal(text, "filter without MFA = not (mfa_active)\n");
    term_keys(t, "Esc");
    term_settle(t);
    term_keys(t, "p");
    term_wait(t, "without MFA");
    term_keys(t, "Enter");
    browse_wait_names(t, "bob ");
    browse_quit(t);
}

static void test_columns(void **state)
{
    char text[4096];
    int y, x;
    (void)state;
    struct term *t = open_users(NULL);
    term_keys(t, "l");
    term_locate(t, "MFA", &y, &x);
    term_keys(t, "-");
    term_wait_gone(t, "MFA");
    term_keys(t, "}");
    term_keys(t, "C-s");
    term_wait(t, "saved in");
    read_back(".config/ncred/config", text, sizeof text);
    assert_string_equal(text,
        "columns triage = user,account?,password_idle,password_age,key_1_age,key_1_idle,key_2_age,key_2_idle,"
        "findings\n");
    term_keys(t, "] ] C-s");
    term_settle(t);
    read_back(".config/ncred/config", text, sizeof text);
    if (!strstr(text, ",password_age:7,"))
        term_fail(t, "%s", text);
    term_keys(t, "=");
    term_wait(t, "MFA");
    term_keys(t, "C");
    term_wait(t, "Enter shows or hides");
    term_keys(t, "j Enter Esc");
    term_wait_gone(t, "Enter shows");
    for (int i = 0; i < 12; i++)
        term_keys(t, "l");
    term_wait(t, "arn:aws:iam::123456789012:user/carol");
    /* the terminal's own cursor is in the cell */
    term_settle(t);
    int row, column;
    term_cursor(t, &row, &column);
    term_locate(t, "arn:aws:iam::123456789012:user/alice", &y, &x);
    assert_int_equal(row, y);
    assert_int_equal(column, x);
    browse_quit(t);
    /* and the next time */
    t = open_users(NULL);
    assert_null(strstr(term_text(t), "MFA"));
    browse_quit(t);
}

/* Widths are remembered as the columns are, of --columns too. */
static void test_widths(void **state)
{
    char text[4096];
    int y, x, after;
    (void)state;
    struct term *t = open_users("--columns=user:20,key_1_age,mfa_active");
    term_locate(t, "MFA", &y, &x);
    term_keys(t, "] ] ] [ C-s");
    term_wait(t, "saved in");
    term_locate(t, "MFA", &y, &after);
    assert_int_equal(after, x + 2);
    read_back(".config/ncred/config", text, sizeof text);
    assert_string_equal(text, "set columns = user:22,key_1_age,mfa_active\n");
    browse_quit(t);
    t = open_users(NULL);
    term_locate(t, "MFA", &y, &x);
    assert_int_equal(x, after);
    browse_quit(t);
}

/* As xterm tells it: at row Y, column X. */
static void click(struct term *t, int button, int y, int x)
{
    char bytes[64];
    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, x + 1, y + 1, button, x + 1, y + 1);
    term_type(t, bytes);
}

static void test_mouse(void **state)
{
    int y, x;
    (void)state;
    struct term *t = open_users("--mouse");
    assert_sent(t, 0, "\033[?1006;1000h");
    term_locate(t, "carol", &y, &x);
    click(t, 0, y, x);
    browse_wait_selected(t, "carol");
    click(t, 64, y, x);
    browse_wait_selected(t, "alice");
    term_locate(t, "USER", &y, &x);
    click(t, 0, y, x);
    browse_wait_names(t, "carol bob alice ");
    term_locate(t, "MFA", &y, &x);
    click(t, 0, y, x);
    browse_wait_names(t, "bob carol alice ");
    browse_wait_selected(t, "bob");
    term_locate(t, "alice", &y, &x);
    click(t, 0, y, x);
    browse_wait_selected(t, "alice");
    term_settle(t);
    click(t, 0, y, x);
    term_wait(t, "created");
    term_keys(t, "Esc");
    term_wait_gone(t, "created");
    term_keys(t, "p");
    term_wait(t, "Saved filters");
    click(t, 65, y, x);
    term_locate(t, "Saved filters", &y, &x);
    click(t, 0, 0, 0);
    term_wait_gone(t, "Saved filters");
    browse_quit(t);
    assert_sent(t, 0, "\033[?1006;1000l"); /* the terminal has its mouse again */
    t = open_users(NULL);
    assert_false(term_sent(t, 0, "1000h", 5));
    browse_quit(t);
}

/* The overview's bars, in either column, and the detail pane under the wheel. */
static void test_mouse_elsewhere(void **state)
{
    int y, x, label;
    (void)state;
    struct term *t = open_users("--mouse");
    term_keys(t, "o");
    term_wait(t, "USERS BY AGE OF AN ACTIVE KEY");
    term_locate(t, "USERS BY AGE OF AN ACTIVE KEY", &y, &x);
    click(t, 0, y, x); /* a heading is nothing to choose */
    term_settle(t);    /* ncurses 6.6 makes one of two clicks that arrive together, wherever they are */
    click(t, 0, y + 2, x + 3);
    term_settle(t);
    assert_string_equal(term_cell(t, y + 2, x).text, BROWSE_CURSOR);
    click(t, 0, y + 3, x + 3);
    term_settle(t);
    assert_string_equal(term_cell(t, y + 2, x).text, " ");
    assert_string_equal(term_cell(t, y + 3, x).text, BROWSE_CURSOR);
    term_locate(t, "FINDINGS", &y, &x);
    term_locate(t, "active key not rotated", &y, &label);
    click(t, 0, y, label);
    term_settle(t);
    assert_string_equal(term_cell(t, y, x).text, BROWSE_CURSOR);
    click(t, 0, y, label);
    browse_wait_names(t, "bob carol ");
    term_wait_gone(t, "USERS BY AGE OF AN ACTIVE KEY");
    term_keys(t, "Enter");
    term_wait(t, "created");
    click(t, 65, 10, 10); /* over the pane, which hides the table here */
    term_wait_gone(t, "user/bob");
    click(t, 64, 10, 10);
    term_wait(t, "user/bob");
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_copy), TERM_TEST(test_print), TERM_TEST(test_write),
        TERM_TEST(test_write_full), TERM_TEST(test_command), TERM_TEST(test_complete), TERM_TEST(test_save_filter),
        TERM_TEST(test_columns),
        TERM_TEST(test_widths), TERM_TEST(test_mouse), TERM_TEST(test_mouse_elsewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
