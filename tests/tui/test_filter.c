/* Filters, searches and what is typed for them. */
#include "browse.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char old_keys[] = "key(active and age > 90d)";

static struct term *open_filter(const char *text)
{
    struct term *t = browse_open_many(24, 80);
    term_keys(t, "&");
    term_wait_row(t, -2, "& ");
    term_type(t, text);
    return t;
}

/* The count goes along with the text; what is incomplete or wrong leaves the last valid result. */
static void test_live_count(void **state)
{
    (void)state;
    struct term *t = open_filter(old_keys);
    term_wait_row(t, -2, "37 of 5,012");
    term_wait_row(t, -2, old_keys);
    browse_wait_selected(t, "user-4462"); /* the table goes along */
    term_keys(t, "Enter");
    term_wait_row(t, -2, "37 of 5,012");
    term_wait_row(t, 0, old_keys);
    browse_quit(t);
}

static void test_last_valid(void **state)
{
    (void)state;
    struct term *t = open_filter("not mfa_active");
    term_wait_row(t, -2, "1,234 of 5,012");
    term_type(t, " and");
    term_wait_row(t, -2, "and");
    term_settle(t);
    assert_non_null(strstr(term_row(t, -2), "- of 5,012")); /* no count beside what is no query */
    term_type(t, " user =");
    term_wait_row(t, -2, "user =");
    term_settle(t);
    assert_non_null(strstr(term_row(t, -2), "- of 5,012"));
    term_type(t, " 'user-0002'");
    term_wait_row(t, -2, "1 of 5,012");
    term_keys(t, "Esc");
    term_wait(t, "5,012 of 5,012");
    browse_quit(t);
}

static bool marked(struct term *t, const void *at)
{
    char line[512]; /* term_row keeps one row at a time */
    snprintf(line, sizeof line, "%s", term_row(t, -2));
    const char *typed = strstr(line, at);
    const char *under = term_row(t, -1), *mark = strchr(under, '^');
    return typed && mark && mark - under >= typed - line && mark - under < typed - line + (ptrdiff_t)strlen(at);
}

/* On the way to a call nothing vanishes, and the words are looked for when they are all there is. */
static void test_begun_call(void **state)
{
    static const char *const steps[] = {"k", "e", "y", "("};
    (void)state;
    struct term *t = open_filter("not mfa_active and ");
    term_wait_row(t, -2, "- of 5,012");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        term_type(t, steps[i]);
        term_settle(t);
    }
    term_type(t, "active)");
    term_wait_row(t, -2, " 9 of 5,012");
    term_keys(t, "C-u");
    term_type(t, "fails(");
    term_wait_row(t, -2, "- of 5,012");
    term_type(t, "console-mfa)");
    term_wait_row(t, -2, "1,234 of 5,012");
    term_keys(t, "C-u");
    /* the beginning of a name, and of all that they are called: not asked for yet, and not counted */
    term_type(t, "use");
    term_settle(t);
    term_wait_row(t, -2, "- of 5,012");
    term_keys(t, "C-u");
    term_type(t, "cert");
    term_settle(t);
    term_wait_row(t, -2, "- of 5,012");
    term_keys(t, "Enter");
    term_wait_row(t, -2, "0 of 5,012");
    term_wait_row(t, 0, "cert");
    browse_quit(t);
}

/* The fault is marked under the place where it is, and named; Enter does not take the line away. */
static void test_fault(void **state)
{
    static const struct {
        const char *text, *at, *message;
    } faults[] = {
        {"mfa_activ = true", "mfa_activ", "mfa_active"},
        {"not root and (agee > 3d)", "agee", "age"},
        {"user ~ '['", "'['", ""},
        {"age > 3x", "3x", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct term *t = open_filter(faults[i].text);
        term_wait_row(t, -2, faults[i].text);
        term_settle(t); /* what was typed up to here was at fault, too */
        term_wait_row(t, -1, "^");
        term_wait_row(t, -1, faults[i].message);
        term_wait_until(t, marked, faults[i].at, "the mark ^ under the fault");
        term_keys(t, "Enter");
        term_settle(t);
        assert_non_null(strstr(term_row(t, -2), faults[i].text));
        term_keys(t, "Esc");
        term_wait(t, "5,012 of 5,012");
        term_teardown(state);
    }
}

/* Filters stack; each is listed, can be inverted, and be removed by itself. */
static void test_stack(void **state)
{
    (void)state;
    struct term *t = open_filter("mfa_active");
    term_wait_row(t, -2, "3,778 of 5,012");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit");
    term_keys(t, "&");
    term_type(t, old_keys);
    term_wait_row(t, -2, "28 of 5,012");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit");
    term_wait_row(t, 0, "mfa_active");
    term_wait_row(t, 0, old_keys);
    term_keys(t, "F");
    term_wait(t, "Active filters");
    term_keys(t, "!");
    term_wait(t, "!mfa_active");
    term_keys(t, "Esc");
    term_wait_gone(t, "Active filters");
    term_wait_row(t, -2, "9 of 5,012");
    term_keys(t, "F");
    term_wait(t, "Active filters");
    term_keys(t, "d");
    term_wait_gone(t, "!mfa_active");
    term_keys(t, "Esc");
    term_wait_gone(t, "Active filters");
    term_wait_row(t, -2, "37 of 5,012");
    /* Esc takes the last one away */
    term_keys(t, "Esc");
    term_wait_row(t, -2, "5,012 of 5,012");
    browse_quit(t);
}

static void test_edit_in_force(void **state)
{
    (void)state;
    struct term *t = open_filter(old_keys);
    term_keys(t, "Enter");
    term_wait_row(t, -2, "37 of 5,012 ");
    term_wait_row(t, -1, "q quit");
    term_keys(t, "F");
    term_wait(t, "Active filters");
    term_keys(t, "e");
    term_wait_row(t, -2, "& key(active");
    for (int i = 0; i < 4; i++)
        term_keys(t, "Backspace");
    term_type(t, "9000d)");
    term_wait_row(t, -2, "9000d)");
    term_wait_row(t, -2, "0 of 5,012");
    term_keys(t, "Enter");
    term_wait(t, "No user matches");
    term_keys(t, "Esc");
    term_wait_row(t, -2, "5,012 of 5,012");
}

static void test_invert(void **state)
{
    (void)state;
    struct term *t = open_filter("!mfa_active");
    term_wait_row(t, -2, "1,234 of 5,012");
    term_keys(t, "C-a Delete");
    term_wait_row(t, -2, "3,778 of 5,012");
    term_keys(t, "C-c");
    term_wait_row(t, -2, "5,012 of 5,012");
}

/* Wherever the selected user goes, the selection goes along. */
static void test_selection(void **state)
{
    (void)state;
    struct term *t = browse_open_many(24, 80);
    term_keys(t, "/");
    term_type(t, "user-2437");
    term_keys(t, "Enter");
    browse_wait_selected(t, "user-2437");
    term_keys(t, "&");
    term_type(t, old_keys);
    term_wait_row(t, -2, "37 of 5,012");
    browse_wait_selected(t, "user-2437");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit"); /* on the first row; ' returns */
    term_keys(t, "'");
    browse_wait_selected(t, "user-2437");
    term_keys(t, "I");
    term_wait_row(t, -1, "sorted by");
    term_keys(t, "'");
    browse_wait_selected(t, "user-2437");
    term_resize(t, 10, 80);
    term_wait_row(t, -2, "37 of 5,012");
    browse_wait_selected(t, "user-2437");
    term_resize(t, 30, 120);
    term_wait_row(t, -2, "37 of 5,012");
    browse_wait_selected(t, "user-2437");
    term_keys(t, "Esc"); /* the marks of the search first */
    term_settle(t);
    term_keys(t, "Esc");
    term_wait(t, "5,012 of 5,012");
    browse_wait_selected(t, "user-2437");
    /* a filter that hides it, taken away again */
    term_keys(t, "&");
    term_type(t, "not user-2437");
    term_wait(t, "5,011 of 5,012");
    term_keys(t, "Esc");
    term_wait(t, "5,012 of 5,012");
    browse_wait_selected(t, "user-2437");
}

static void test_from_command_line(void **state)
{
    static const struct browse_user users[] = {
        {.name = "alice", .mfa = true, .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
        {.name = "bob", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
        {.name = "carol", .password_age = -1, .key = {{.age = 200}, {.age = -1}}},
    };
    (void)state;
    struct term *t = browse_open(24, 80, users, 3, "-f", "not mfa_active", "-f", old_keys, NULL);
    term_wait(t, "1 of 3");
    browse_wait_names(t, "carol ");
    term_keys(t, "Esc");
    term_wait(t, "2 of 3");
    term_keys(t, "Esc");
    term_wait(t, "3 of 3");
}

static void test_search(void **state)
{
    static const struct browse_user users[] = {
        {.name = "ci-one", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
        {.name = "dora", .path = "/ci/", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
        {.name = "emil", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
        {.name = "fci", .password_age = -1, .key = {{.age = -1}, {.age = -1}}},
    };
    (void)state;
    struct term *t = browse_open(24, 80, users, 4, "-s", "user", NULL);
    term_wait(t, "4 of 4");
    browse_wait_selected(t, "ci-one");
    term_keys(t, "/");
    term_type(t, "EM");
    browse_wait_selected(t, "emil"); /* as it is typed, and without regard to case */
    term_keys(t, "Esc");
    browse_wait_selected(t, "ci-one");
    term_keys(t, "/");
    term_type(t, "ci");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "1 of 3");
    browse_wait_selected(t, "ci-one");
    term_keys(t, "n");
    browse_wait_selected(t, "dora"); /* by its ARN */
    term_keys(t, "n");
    browse_wait_selected(t, "fci");
    term_keys(t, "n");
    browse_wait_selected(t, "ci-one");
    term_keys(t, "N");
    browse_wait_selected(t, "fci");
    term_keys(t, "N");
    browse_wait_selected(t, "dora");
    term_keys(t, "/");
    term_type(t, "zzz");
    term_wait(t, "not found");
    term_keys(t, "Enter");
    term_wait(t, "no user shown contains");
    browse_wait_selected(t, "dora");
    term_wait(t, "4 of 4");
    browse_quit(t);
}

/* Every preset's count is the number of users that it then shows. */
static void test_presets(void **state)
{
    static const char *const wanted[] = {"active key not rotated for 90 days", "never used", "unused for 45 days",
        "console user without MFA", "two active keys", "root has an access key", "root without MFA",
        "user older than 30 days without any credential"};
    (void)state;
    struct term *t = term_open(50, 80, "--demo", NULL);
    term_wait(t, "28 of 28");
    term_keys(t, "p");
    term_wait(t, "Saved filters");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        term_wait(t, wanted[i]);
    term_keys(t, "Esc");
    term_wait_gone(t, "Saved filters");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        int y, x;
        char status[64];
        term_keys(t, "p");
        term_wait(t, wanted[i]);
        term_settle(t);
        term_locate(t, wanted[i], &y, &x);
        const char *row = term_row(t, y);
        int count = atoi(strpbrk(strstr(row, wanted[i]) + strlen(wanted[i]), "0123456789"));
        term_keys(t, "/");
        term_type(t, wanted[i]);
        term_keys(t, "Enter");
        term_settle(t);
        term_keys(t, "Enter");
        term_wait_gone(t, "Saved filters");
        snprintf(status, sizeof status, " %d of 28 ", count);
        term_wait_row(t, -2, status);
        term_keys(t, "Esc");
        term_wait_row(t, -2, " 28 of 28 ");
    }
}

/* The threshold is a part of the text, and can be changed before the filter is used. */
static void test_preset_threshold(void **state)
{
    (void)state;
    struct term *t = browse_open_many(40, 80);
    term_keys(t, "p");
    term_wait(t, "active key not rotated for 90 days");
    term_settle(t);
    term_keys(t, "/");
    term_type(t, "not rotated");
    term_keys(t, "Enter");
    term_settle(t);
    term_keys(t, "e");
    term_wait_row(t, -2, "90d");
    term_wait_row(t, -2, "37 of 5,012");
    /* to the digits, wherever they stand in the line */
    const char *row = term_row(t, -2);
    int y, x;
    int digits = (int)(strstr(row, "90d") - row);
    for (int i = 0; i < 100; i++) {
        term_settle(t);
        term_cursor(t, &y, &x);
        if (x <= digits)
            break;
        term_keys(t, "Left");
    }
    term_keys(t, "Delete Delete");
    term_type(t, "1000");
    term_wait_row(t, -2, "1000d");
    term_wait_row(t, -2, "30 of 5,012"); /* 91 + 7 + 135 n > 1000 from n = 7 on */
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit");
    term_wait_row(t, -2, "30 of 5,012");
}

static void test_line_editing(void **state)
{
    (void)state;
    struct term *t = open_filter("not mfa");
    term_keys(t, "C-a");
    term_type(t, "root or ");
    term_wait_row(t, -2, "& root or not mfa");
    term_keys(t, "C-e");
    term_type(t, "_active");
    term_wait_row(t, -2, "& root or not mfa_active");
    term_keys(t, "C-w");
    term_wait_row(t, -2, "& root or not");
    term_wait_gone(t, "mfa_active");
    term_keys(t, "Left Left Left Left C-k");
    term_wait_row(t, -2, "& root or");
    term_keys(t, "C-u");
    term_wait_gone(t, "root or");
    /* characters, not bytes, are what is erased */
    term_type(t, "'na\303\257\346\274\242x'");
    term_wait_row(t, -2, "'na\303\257\346\274\242x'");
    term_keys(t, "Left Left Backspace");
    term_wait_row(t, -2, "'na\303\257x'");
    term_keys(t, "Backspace");
    term_wait_row(t, -2, "'nax'");
    term_keys(t, "C-u C-k");
    term_type(t, "user-00");
    term_wait_row(t, -2, "100 of 5,012");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit");
    /* history */
    term_keys(t, "Esc");
    term_wait_row(t, -2, "5,012 of 5,012");
    term_keys(t, "&");
    term_type(t, "root");
    term_keys(t, "Enter");
    term_wait_row(t, -2, "0 of 5,012");
    term_keys(t, "Esc");
    term_wait_row(t, -2, "5,012 of 5,012");
    term_keys(t, "& Up");
    term_wait_row(t, -2, "& root");
    term_keys(t, "Up");
    term_wait_row(t, -2, "& user-00");
    term_keys(t, "Down");
    term_wait_row(t, -2, "& root");
    term_keys(t, "Down");
    term_wait_gone(t, "& root");
}

/* A pasted line is text: its newlines do not accept, its other controls do nothing. */
static void test_paste(void **state)
{
    (void)state;
    struct term *t = open_filter("");
    term_send(t, "\033[200~user-0002\nq\r\003\0201~", 23);
    term_send(t, "\033[201~", 6);
    term_wait_row(t, -2, "& user-0002 q");
    term_settle(t);
    assert_false(t->ended);
    term_keys(t, "C-c");
    term_wait(t, "5,012 of 5,012");
    /* in the table a paste is no keys at all */
    term_send(t, "\033[200~qqqq\033[201~", 16);
    term_settle(t);
    assert_false(t->ended);
    browse_quit(t);
}

/* What takes long leaves everything as it was when a key comes before it is done. */
static void test_giving_up(void **state)
{
    static const char slow[] = "arn ~ \"^(.+.+)+[~#]\""; /* a millisecond or two a user */
    (void)state;
    struct term *t = browse_open_many(24, 100);
    term_keys(t, "&");
    term_type(t, slow);
    term_wait_row(t, -2, "working");
    term_keys(t, "Esc");
    term_wait_row(t, -1, "& filter");
    term_wait_row(t, -2, "5,012 of 5,012");
    term_keys(t, "&");
    term_type(t, slow);
    term_wait_row(t, -2, "working");
    for (int i = 0; i < 20; i++)
        /* on it goes with what is typed now, and not letter by letter: that takes minutes */
        term_type(t, " or user-0007");
    term_wait_row(t, -2, "working");
    term_keys(t, "C-u");
    term_type(t, "not mfa_active");
    term_wait_row(t, -2, "1,234 of 5,012");
    term_keys(t, "Enter");
    term_wait_gone(t, "Enter accept");
    browse_quit(t);
}

/* A user about whom a regular expression cannot tell is not passed over in silence. */
static void test_unsure(void **state)
{
    static const struct browse_user few[] = {
        {.name = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", .key = {{.age = -1}, {.age = -1}}},
        {.name = "y", .key = {{.age = -1}, {.age = -1}}},
    };
    (void)state;
    struct term *t = browse_open(24, 100, few, 2, NULL);
    term_wait(t, "2 of 2");
    term_keys(t, "&");
    term_type(t, "user ~ \"^(x+x+)+[zy]|^y\"");
    term_wait_row(t, -2, "1 of 2, some take too long");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "the regular expression takes too long for some users");
    browse_wait_names(t, "y ");
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_live_count), TERM_TEST(test_last_valid),
        TERM_TEST(test_begun_call), TERM_TEST(test_fault), TERM_TEST(test_stack), TERM_TEST(test_edit_in_force),
        TERM_TEST(test_invert), TERM_TEST(test_selection),
        TERM_TEST(test_from_command_line), TERM_TEST(test_search), TERM_TEST(test_presets),
        TERM_TEST(test_preset_threshold), TERM_TEST(test_line_editing), TERM_TEST(test_paste),
        TERM_TEST(test_giving_up), TERM_TEST(test_unsure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
