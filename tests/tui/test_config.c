/* The configuration on screen: keys, saved filters, sets of columns, looks; and one that is wrong. */
#include "browse.h"

#include <string.h>
#include <sys/stat.h>

static const struct browse_user users[] = {
    {.name = "alice", .mfa = true, .password_age = 412, .password_idle = 3, .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = -1, .key = {{.age = 91}, {.age = -1}}},
};

/* A configuration where the program looks for it. */
static void open_config(const char *config)
{
    char path[512];
    snprintf(path, sizeof path, "%s/.config", term_directory());
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/.config/ncred", term_directory());
    mkdir(path, 0700);
    term_file(".config/ncred/config", config, strlen(config));
}

static struct term *open_with(const char *config)
{
    open_config(config);
    return browse_open(24, 100, users, sizeof users / sizeof users[0], NULL);
}

static void test_all(void **state)
{
    (void)state;
    struct term *t = open_with("bind x = sort-invert\nbind table q = none\nfilter with old keys = key(age > 1000d)\n"
        "columns brief = user:30,findings\nset sort = user\ncolor header = red\ncheck unused = off\n");
    browse_wait_names(t, "alice bob carol ");
    term_keys(t, "x");
    browse_wait_names(t, "carol bob alice ");
    term_keys(t, "q p");
    term_wait(t, "with old keys");
    term_keys(t, "Enter");
    browse_wait_names(t, "bob ");
    term_keys(t, "S-Tab");
    term_wait(t, "brief");
    assert_null(strstr(term_text(t), "MFA"));
    int y, x;
    term_locate(t, "FINDINGS", &y, &x);
    assert_int_equal(term_cell(t, y, x).fg, 1);
}

/* The screen opens, with what is right, and says what is wrong; afterwards it stands in the terminal. */
static void test_wrong(void **state)
{
    (void)state;
    struct term *t = open_with("set sort = -user\nset srot = user\nbind x = nothing\n");
    browse_wait_names(t, "carol bob alice ");
    term_wait(t, "config:2: no option \"srot\"; sort?");
    browse_quit(t);
    term_wait(t, "config:3: no action \"nothing\"");
}

/* The configuration after the keys, in which text of a report has become no line. */
static void read_config(char *text, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/.config/ncred/config", term_directory());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

static struct term *open_hostile(const char *report)
{
    char file[512];
    snprintf(file, sizeof file, "%s/hostile.csv", term_directory());
    open_config("# mine\n");
    term_file("hostile.csv", report, strlen(report));
    return term_open(48, 100, file, NULL);
}

static void test_hostile_column(void **state)
{
    char text[512];
    (void)state;
    struct term *t = open_hostile("user,arn,\"x\nset waivers = /nonexistent/waivers\nbind j = quit\n#\"\n"
        "bob,arn:aws:iam::123456789012:user/bob,1\nmallory,arn:aws:iam::123456789012:user/mallory,1\n");
    browse_wait_names(t, "bob mallory ");
    term_keys(t, "S-Tab C-s");
    term_wait(t, "cannot be saved: the configuration takes no control or invisible");
    read_config(text, sizeof text);
    if (strstr(text, "waivers") || strstr(text, "bind"))
        term_fail(t, "%s", text);
}

static void test_hostile_account(void **state)
{
    char text[512];
    (void)state;
#define ACCOUNT "\"arn:aws:iam::x\nset filter = user != 'mallory'\n#:user/"
    struct term *t = open_hostile("user,arn\nann," ACCOUNT "ann\"\nbob," ACCOUNT "bob\"\n"
        "mallory,arn:aws:iam::123456789012:user/mallory\n");
    browse_wait_names(t, "ann bob mallory ");
    term_keys(t, "o");
    term_wait(t, "USERS BY ACCOUNT");
    term_keys(t, "G");
    term_settle(t);
    term_keys(t, "k Enter");
    browse_wait_names(t, "ann bob ");
    term_keys(t, "F w");
    term_wait(t, "Save filter as");
    term_type(t, "mine\r");
    term_wait(t, "cannot be saved: the configuration takes no control or invisible");
    read_config(text, sizeof text);
    assert_string_equal(text, "# mine\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_all), TERM_TEST(test_wrong), TERM_TEST(test_hostile_column),
        TERM_TEST(test_hostile_account)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
