/* One user in full, the help, and the way back from each. */
#include "browse.h"

#include "audit/checks.h"
#include "config/keys.h"
#include "query/query.h"

#include <stdlib.h>
#include <string.h>

static const struct browse_user users[] = {
    {.name = "alice", .path = "/staff/", .mfa = true, .password_age = 412, .password_idle = -1,
        .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = 5, .key = {{.age = 0, .idle = 0}, {.age = -1}}},
};

static struct term *open_users(int rows, int columns)
{
    struct term *t = browse_open(rows, columns, users, 3, "-s", "user", NULL);
    term_wait(t, "3 of 3");
    term_settle(t);
    return t;
}

/* Beside the table from 120 columns on, over it below. */
static void test_place(void **state)
{
    (void)state;
    struct term *t = open_users(24, 120);
    term_keys(t, "Enter");
    term_wait(t, "arn:aws:iam::123456789012:user/staff/alice");
    browse_wait_names(t, "alice bob carol ");
    browse_wait_selected(t, "alice");
    term_resize(t, 24, 119);
    term_wait_gone(t, "bob");
    term_wait(t, "arn:aws:iam::123456789012:user/staff/alice");
    term_wait_gone(t, "USER");
    term_resize(t, 24, 120);
    term_wait(t, "bob");
    browse_wait_names(t, "alice bob carol ");
    term_keys(t, "Esc");
    term_wait_gone(t, "arn:aws:iam");
    browse_wait_selected(t, "alice");
    browse_quit(t);
}

/* j and k walk the users while the pane is open. */
static void test_walking(void **state)
{
    static const int widths[] = {80, 140};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct term *t = open_users(40, widths[i]);
        term_keys(t, "Enter");
        term_wait(t, "1 of 3");
        term_wait(t, "user/staff/alice");
        term_keys(t, "j");
        term_wait(t, "2 of 3");
        term_wait(t, "user/bob");
        term_keys(t, "Down");
        term_wait(t, "user/carol");
        term_keys(t, "k");
        term_wait(t, "user/bob");
        term_keys(t, "Esc");
        term_wait_gone(t, "user/bob");
        browse_wait_selected(t, "bob");
        browse_quit(t);
        term_teardown(state);
    }
}

/* Page through what is shown, from the top to where nothing new comes; the text of all pages, to be freed. */
static char *all_pages(struct term *t)
{
    char *all = NULL, *last = strdup("");
    size_t len = 0;
    FILE *f = open_memstream(&all, &len);
    for (int i = 0; i < 60; i++) {
        term_settle(t);
        if (strcmp(last, term_text(t)) == 0)
            break;
        free(last);
        last = strdup(term_text(t));
        fputs(last, f);
        term_keys(t, "PgDn");
    }
    fclose(f);
    free(last);
    return all;
}

static void assert_shown(struct term *t, const char *text, const char *part)
{
    if (!strstr(text, part))
        term_fail(t, "nowhere on these pages: %s", part);
}

/* Identity, credentials with ages and dates, states in words, and every field of the report. */
static void test_content(void **state)
{
    static const char *const wanted[] = {"bob", "arn:aws:iam::123456789012:user/bob", "created", "2020-01-01",
        "password", "none", "MFA", "not active", "key 1", "active", "2021-03-21 12:00Z, 1,912 days ago", "never",
        "key 2", "inactive",
        "88 days ago", "90 days ago", "iam in us-east-1", "cert 1", "cert 2", "report.csv:3"};
    (void)state;
    struct term *t = open_users(24, 80);
    term_keys(t, "j Enter");
    term_wait(t, "user/bob");
    char *text = all_pages(t);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_shown(t, text, wanted[i]);
    for (enum column c = 0; c < COL_ADDITIONAL_INFO; c++)
        assert_shown(t, text, schema[c].name);
    assert_shown(t, text, "2021-03-21T12:00:00Z");
    free(text);
}

/* What is odd about a row stays visible: unreadable values, fields too few and too many, columns nobody knows. */
static void test_odd_rows(void **state)
{
    static const char report[] =
        "user,arn,user_creation_time,password_enabled,mfa_active,team\n"
        "alice,arn:aws:iam::123456789012:user/alice,yesterday,maybe,,blue\n"
        "bob,arn:aws:iam::123456789012:user/bob,2020-01-01T00:00:00Z,not_supported\n"
        "carl,arn:aws:iam::123456789012:user/carl,2020-01-01T00:00:00Z,true,true,red,left-over\n";
    (void)state;
    struct term *t = term_open(70, 80, "--as-of", BROWSE_AS_OF, "-s", "user",
        term_file("r.csv", report, sizeof report - 1), NULL);
    term_wait(t, "3 of 3");
    term_keys(t, "Enter");
    term_wait(t, "unreadable: \"yesterday\"");
    term_wait(t, "unreadable: \"maybe\"");
    term_wait(t, "unknown  ");
    term_wait(t, "malformed");
    term_wait(t, "team");
    term_wait(t, "blue");
    term_keys(t, "j");
    term_wait(t, "not_supported");
    term_wait(t, "not in this row");
    term_keys(t, "j");
    term_wait(t, "left-over");
    /* and the problems are listed by file and line */
    term_keys(t, "P");
    term_wait(t, "Problems");
    term_wait(t, "r.csv:2:");
    term_wait(t, "r.csv:3:");
    term_keys(t, "Esc");
    term_wait_gone(t, "r.csv:2:");
}

/* Help lists every key, field, member and check. */
static void test_help(void **state)
{
    (void)state;
    struct term *t = term_open(50, 120, "--demo", NULL);
    char part[64];
    term_wait(t, "28 of 28");
    term_keys(t, "? Tab");
    term_wait(t, "Help");
    char *text = all_pages(t);
    for (size_t i = 0; i < binding_count; i++)
        assert_shown(t, text, bindings[i].key);
    for (enum action a = 0; a < ACTION_COUNT; a++)
        assert_shown(t, text, actions[a].help);
    for (enum column c = 0; c < COL_COUNT; c++)
        assert_shown(t, text, schema[c].name);
    for (size_t i = 0; i < query_key_member_count; i++)
        assert_shown(t, text, query_key_members[i].help);
    for (size_t i = 0; i < check_count(); i++) {
        snprintf(part, sizeof part, "fails(%s)", check_at(i)->id);
        assert_shown(t, text, part);
    }
    free(text);
    term_keys(t, "Esc");
    term_wait(t, "28 of 28");
    term_wait_gone(t, "fails(");
    browse_quit(t);
}

/* Esc goes back one level: list, pane, filter; then nothing is left to go back from. */
static void test_back(void **state)
{
    (void)state;
    struct term *t = open_users(24, 80);
    term_keys(t, "&");
    term_type(t, "mfa_active");
    term_keys(t, "Enter");
    term_wait(t, "2 of 3");
    term_keys(t, "Enter");
    term_wait(t, "user/staff/alice");
    term_keys(t, "? Tab");
    term_wait(t, "Help");
    term_keys(t, "/");
    term_wait_row(t, -2, "/");
    term_keys(t, "Esc");
    term_settle(t);
    assert_true(term_find(t, "Help", NULL, NULL));
    term_keys(t, "Esc");
    term_wait_gone(t, "Help");
    term_wait(t, "user/staff/alice");
    term_keys(t, "Esc");
    term_wait_gone(t, "user/staff/alice");
    term_wait(t, "2 of 3");
    term_keys(t, "Esc");
    term_wait(t, "3 of 3");
    term_keys(t, "Esc");
    term_settle(t);
    assert_false(t->ended);
    browse_wait_names(t, "alice bob carol ");
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_place), TERM_TEST(test_walking), TERM_TEST(test_content),
        TERM_TEST(test_odd_rows), TERM_TEST(test_help), TERM_TEST(test_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
