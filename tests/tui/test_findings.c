/* What to deal with first, on screen: marks, the key view, remedies, waivers, the overview, the timeline. */
#include "browse.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct browse_user users[] = {
    {.name = "alice", .mfa = true, .password_age = 412, .password_idle = 3, .key = {{.age = -1}, {.age = -1}}},
    {.name = "bob", .password_age = -1, .key = {{.age = 1912, .idle = -1}, {.age = 88, .idle = 90, .inactive = true}}},
    {.name = "carol", .mfa = true, .password_age = 7, .password_idle = 5, .key = {{.age = 0, .idle = 0}, {.age = -1}}},
    {.name = "dave", .password_age = 30, .password_idle = 1, .key = {{.age = -1}, {.age = -1}}},
    {.name = "erin", .password_age = -1, .key = {{.age = 400, .idle = 1}, {.age = 300, .idle = 2}}},
};
enum { COUNT = sizeof users / sizeof users[0] };

static struct term *open_users(int rows, int columns)
{
    struct term *t = browse_open(rows, columns, users, COUNT, "-s", "user", NULL);
    term_wait(t, "5 of 5");
    term_settle(t);
    return t;
}

/* The marked users, as they stand. */
static const char *marked(struct term *t)
{
    static char names[256];
    int header = 0, x = 0;
    size_t n = 0;
    names[0] = '\0';
    if (!term_find(t, "USER", &header, &x))
        return "(no table)";
    for (int y = header + 1; y < term_rows(t) - 3; y++) {
        if (strcmp(term_cell(t, y, 1).text, " ") == 0)
            continue;
        for (int k = x; strcmp(term_cell(t, y, k).text, " ") != 0 && n + 8 < sizeof names; k++)
            n += (size_t)snprintf(names + n, sizeof names - n, "%s", term_cell(t, y, k).text);
        n += (size_t)snprintf(names + n, sizeof names - n, " ");
    }
    return names;
}

static bool marked_are(struct term *t, const void *names)
{
    return strcmp(marked(t), names) == 0;
}

static void wait_marked(struct term *t, const char *names)
{
    term_wait_until(t, marked_are, names, "these users are marked");
    if (!*names)
        term_wait_gone(t, " marked");
}

/* Space marks and goes on; v to here; * inverts; a all that match, those hidden keep theirs; u none. */
static void test_marks(void **state)
{
    (void)state;
    struct term *t = open_users(24, 80);
    term_keys(t, "Space");
    wait_marked(t, "alice ");
    browse_wait_selected(t, "bob");
    term_wait(t, "1 marked");
    term_keys(t, "j j v");
    wait_marked(t, "alice bob carol dave ");
    term_keys(t, "*");
    wait_marked(t, "erin ");
    term_keys(t, "*");
    wait_marked(t, "alice bob carol dave ");
    browse_go(t, "k", "bob");
    term_keys(t, "Space"); /* a second time takes it away */
    wait_marked(t, "alice carol dave ");
    term_keys(t, "u");
    wait_marked(t, "");
    term_keys(t, "&");
    term_type(t, "mfa_active");
    term_keys(t, "Enter");
    term_wait(t, "2 of 5");
    term_keys(t, "a");
    wait_marked(t, "alice carol ");
    term_keys(t, "Esc");
    term_wait(t, "5 of 5");
    wait_marked(t, "alice carol ");
    term_keys(t, "s");
    term_wait(t, "Sort by");
    term_keys(t, "Enter"); /* by user, the other way round: marks go along */
    wait_marked(t, "carol alice ");
    term_keys(t, "K"); /* a user's marks are its credentials' */
    term_wait(t, "8 of 8 credentials");
    term_wait(t, "2 marked");
    browse_quit(t);
}

/* Marks are of users: when the report is read again they are where these are now. */
static void test_marks_stay(void **state)
{
    (void)state;
    struct term *t = open_users(24, 80);
    browse_go(t, "j", "bob");
    term_keys(t, "Space");
    browse_go(t, "j", "erin");
    term_keys(t, "Space");
    wait_marked(t, "bob erin ");
    char path[256];
    snprintf(path, sizeof path, "%s/report.csv", term_directory());
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    browse_header(f);
    browse_user(f, &users[4]);
    browse_user(f, &(struct browse_user){.name = "aaron", .password_age = -1, .key = {{.age = 1}, {.age = -1}}});
    browse_user(f, &users[1]);
    fclose(f);
    term_keys(t, "R");
    term_wait(t, "3 of 3");
    browse_wait_names(t, "aaron bob erin ");
    wait_marked(t, "bob erin ");
    term_keys(t, "D"); /* to the changes, of which neither is one, and back */
    term_wait(t, "changes");
    term_settle(t);
    term_keys(t, "D");
    term_wait(t, "3 of 3");
    term_settle(t);
    browse_quit(t);
}

/* How many are how bad, among those shown: in words, or in a narrow place as in the gutter. */
static void test_severities(void **state)
{
    (void)state;
    struct term *t = open_users(24, 120);
    term_wait_row(t, -2, "1 high  2 medium  2 low");
    term_resize(t, 24, 64);
    term_wait_row(t, -2, "!1 +2 .2");
    term_resize(t, 24, 120);
    term_keys(t, "&");
    term_type(t, "severity > low");
    term_keys(t, "Enter");
    term_wait_row(t, -1, "q quit"); /* the prompt, which has the word in it, is gone */
    term_settle(t);
    term_wait_row(t, -2, "1 high  2 medium");
    assert_null(strstr(term_row(t, -2), " low"));
    browse_quit(t);
}

/* A row a credential, sorted, filtered and looked at like users; back to the very user. */
static void test_key_view(void **state)
{
    (void)state;
    struct term *t = open_users(24, 100);
    browse_go(t, "j", "bob");
    term_keys(t, "K");
    term_wait(t, "8 of 8 credentials");
    term_wait(t, "CREDENTIAL");
    browse_wait_selected(t, "bob");
    term_wait_row(t, -3, "active key not rotated for 90 days: key 1: active, 1,912 days old, never used");
    /* worst first: dave's password has no MFA, then what is old */
    term_keys(t, "g");
    browse_wait_selected(t, "dave");
    term_wait_row(t, -3, "console user without MFA");
    term_keys(t, "&");
    term_type(t, "active and age > 90d");
    term_wait_row(t, -2, "4 of 8"); /* bob's key 1, alice's password, both keys of erin */
    term_keys(t, "Enter");
    term_wait(t, "4 of 8 credentials");
    term_keys(t, "s");
    term_wait(t, "Sort by");
    term_type(t, "a"); /* by user */
    browse_wait_names(t, "alice bob erin erin ");
    term_keys(t, "s");
    term_wait(t, "Sort by");
    term_keys(t, "j j j Enter"); /* by age */
    browse_wait_names(t, "bob alice erin erin ");
    browse_go(t, "j", "alice");
    term_keys(t, "Enter");
    term_wait(t, "arn:aws:iam::123456789012:user/alice");
    term_wait(t, "2 of 4");
    term_keys(t, "Esc");
    term_wait_gone(t, "arn:aws");
    term_keys(t, "K"); /* what was asked about credentials goes with them */
    term_wait(t, "5 of 5");
    browse_wait_selected(t, "alice");
    browse_quit(t);
}

/* The row that TEXT stands in. */
static int row_of(struct term *t, const char *text)
{
    int y, x;
    term_wait(t, text);
    term_locate(t, text, &y, &x);
    return y;
}

/* In the key view the pane begins with the credential that the cursor is on. */
static void test_key_first(void **state)
{
    (void)state;
    struct term *t = open_users(60, 100);
    browse_go(t, "j", "bob");
    term_keys(t, "Enter");
    term_wait(t, "user/bob");
    term_settle(t);
    assert_true(row_of(t, "FINDINGS") < row_of(t, "password  "));
    assert_true(row_of(t, "password  ") < row_of(t, "key 1  "));
    assert_true(row_of(t, "key 1  ") < row_of(t, "key 2  "));
    term_keys(t, "Esc");
    term_wait_gone(t, "user/bob");
    term_keys(t, "K");
    term_wait(t, "8 of 8 credentials");
    browse_wait_selected(t, "bob");
    term_keys(t, "Enter");
    term_wait(t, "user/bob");
    term_settle(t);
    assert_true(row_of(t, "THIS CREDENTIAL") < row_of(t, "key 1  "));
    assert_true(row_of(t, "key 1  ") < row_of(t, "FINDINGS"));
    assert_true(row_of(t, "FINDINGS") < row_of(t, "OTHER CREDENTIALS"));
    assert_true(row_of(t, "OTHER CREDENTIALS") < row_of(t, "password  "));
    assert_true(row_of(t, "password  ") < row_of(t, "key 2  "));
    browse_quit(t);
}

static void save_to(struct term *t, const char *path)
{
    term_keys(t, "w");
    term_wait_row(t, -2, "save to:");
    term_keys(t, "C-u");
    term_type(t, path);
    term_keys(t, "Enter");
}

/* The lines of FILE that hold PART, one after the other, without what stands before it. */
static const char *lines_with(const char *path, const char *part)
{
    static char all[8192];
    char line[1024];
    size_t n = 0;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    all[0] = '\0';
    while (fgets(line, sizeof line, f)) {
        const char *at = strstr(line, part);
        if (at)
            n += (size_t)snprintf(all + n, sizeof all - n, "%s", at + strlen(part));
    }
    fclose(f);
    return all;
}

/* A sheet for the selected user or for the marked ones in the order of the table; saved, and nothing run. */
static void test_remedies(void **state)
{
    (void)state;
    struct term *t = open_users(40, 120);
    char path[256], message[300];
    snprintf(path, sizeof path, "%s/sheet.sh", term_directory());
    browse_go(t, "j", "bob");
    term_keys(t, "r");
    term_wait(t, "Commands to review");
    term_wait(t, "# ---- bob"); /* what is the same in every sheet stands above */
    term_keys(t, "g");
    term_wait(t, "Remedies for 1 user");
    term_keys(t, "G");
    term_wait(t, "this cannot be undone"); /* of the inactive key */
    term_keys(t, "Esc");
    term_wait_gone(t, "Commands to review");
    term_keys(t, "a I"); /* all of them, erin first */
    wait_marked(t, "erin dave carol bob alice ");
    term_keys(t, "r");
    term_wait(t, "# ---- erin");
    term_keys(t, "g");
    term_wait(t, "Remedies for 5 users");
    save_to(t, path);
    snprintf(message, sizeof message, "saved to %s", path);
    term_wait(t, message);
    assert_string_equal(lines_with(path, "# ---- "), "erin\ndave\ncarol\nbob\nalice\n");
    save_to(t, path); /* nobody's file is written over */
    term_wait(t, "the file exists");
    term_keys(t, "Esc");
    term_settle(t);
    term_keys(t, "Esc");
    term_wait_gone(t, "Commands to review");
    browse_quit(t);
}

static void check_waivers(const char *path, const char *part, size_t count)
{
    const char *all = lines_with(path, part);
    size_t n = 0;
    for (const char *c = all; *c; c++)
        n += *c == '\n';
    if (n != count)
        fail_msg("%zu lines of waivers, not %zu", n, count);
}

/* A finding of one user: shown as waived, and it no longer counts. */
static void test_waiver(void **state)
{
    (void)state;
    struct term *t = open_users(24, 100);
    char path[256];
    snprintf(path, sizeof path, "%s/waivers", term_directory());
    browse_go(t, "j", "dave");
    term_wait_row(t, -3, "console user without MFA");
    term_keys(t, "W");
    term_wait(t, "Waive which finding?");
    term_keys(t, "Enter");
    browse_fill(t, "2026-06-14", "ops team", "", path);
    term_wait(t, "^ that day is past");
    term_wait(t, "^ expected one word");
    term_wait(t, "^ a reason is needed");
    browse_fill(t, "soon", "ops", "token on order", path);
    term_wait(t, "^ expected a date");
    browse_fill(t, "2026-09-01", "ops", "token on order", path);
    term_wait(t, "Waived. Saved");
    term_keys(t, "Enter");
    term_wait(t, "user/dave");
    term_wait(t, "console user without MFA (waived until 2026-09-01 by ops)");
    check_waivers(path, "arn:aws:iam::123456789012:user/dave  console-mfa  2026-09-01  ops  token on order", 1);
    term_keys(t, "Esc");
    term_wait_gone(t, "user/dave");
    browse_quit(t);
}

/* For all marked users who have it, and nobody else; a second time asks no more about who is waived. */
static void test_waive_marked(void **state)
{
    (void)state;
    struct term *t = open_users(24, 100);
    char path[256];
    snprintf(path, sizeof path, "%s/waivers", term_directory());
    term_keys(t, "a");
    wait_marked(t, "alice bob carol dave erin ");
    browse_go(t, "j", "alice");
    term_keys(t, "Space"); /* all but her */
    term_wait(t, "4 marked");
    term_keys(t, "W");
    term_wait(t, "Waive which finding of the marked users");
    term_keys(t, "/");
    term_type(t, "rotated");
    term_keys(t, "Enter");
    term_settle(t);
    term_keys(t, "Enter");
    browse_fill(t, "2026-09-01", "ops", "vendors", path);
    term_wait(t, "Waived for 2 users");
    check_waivers(path, "rotate-key  2026-09-01  ops  vendors", 2);
    check_waivers(path, "user/bob  rotate-key", 1);
    check_waivers(path, "user/erin  rotate-key", 1);
    term_keys(t, "W");
    term_wait(t, "0, 2 waived");
    term_keys(t, "Esc");
    term_wait_gone(t, "Waive which");
    browse_quit(t);
}

/* Two columns side by side, gone between with h and l; the reason line has the query of the bar. */
static void test_overview_columns(void **state)
{
    (void)state;
    struct term *t = term_open(40, 120, "--demo", NULL);
    term_wait(t, "28 of 28");
    term_keys(t, "o");
    term_wait_row(t, -3, "& fails(root-key)");
    term_keys(t, "l");
    term_wait_row(t, -3, "& key(active and age <= 30d)");
    term_keys(t, "j");
    term_wait_row(t, -3, "& key(active and age > 30d and age <= 45d)");
    term_keys(t, "h");
    term_wait_row(t, -3, "& fails(root-mfa)");
    term_keys(t, "l G");
    term_wait_row(t, -3, "& last_activity = never");
    term_keys(t, "Enter");
    term_wait_row(t, 0, "last_activity = never");
    term_keys(t, "o"); /* counted among those that are shown */
    term_wait(t, "USERS BY LAST ACTIVITY");
    term_keys(t, "l G");
    term_wait_row(t, -3, "& last_activity = never");
    term_keys(t, "Esc");
    term_wait_gone(t, "USERS BY LAST ACTIVITY");
    browse_quit(t);
}

/* The column in which the lane LABEL of the timeline has MARK; the lanes stand below its heading. */
static int mark_in(struct term *t, const char *label, const char *mark)
{
    int y = 0, x = 0, end = term_columns(t);
    term_locate(t, "TIMELINE", &y, &x);
    for (y++; y < term_rows(t); y++) {
        int at = x;
        for (const char *c = label; *c && term_cell(t, y, at).text[0] == *c; c++)
            at++;
        if (at != x + (int)strlen(label))
            continue;
        for (; at < end; at++) {
            if (strcmp(term_cell(t, y, at).text, mark) == 0)
                return at;
        }
        return -1;
    }
    term_fail(t, "no lane %s", label);
}

/* Created, made and used stand on one axis as far apart as they are in time; what is active lasts until now. */
static void test_timeline(void **state)
{
    (void)state;
    struct term *t = open_users(60, 140);
    browse_go(t, "j", "erin"); /* created 2020-01-01, 2,357 days ago; key 1 400 days old, key 2 300, used yesterday */
    term_keys(t, "Enter");
    term_wait(t, "TIMELINE");
    term_wait(t, "c created  s set  u last used");
    term_settle(t);
    int from = mark_in(t, "user", "c"), now = mark_in(t, "", "w"), width = now - from;
    if (width < 20)
        term_fail(t, "an axis of %d columns", width);
    static const struct {
        const char *lane, *mark;
        int days;
    } marks[] = {{"key 1", "c", 400}, {"key 1", "u", 1}, {"key 2", "c", 300}, {"key 2", "u", 2}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        int at = mark_in(t, marks[i].lane, marks[i].mark), want = from + (2357 - marks[i].days) * width / 2357;
        if (at < want - 1 || at > want + 1)
            term_fail(t, "%s of %s is in column %d, not %d", marks[i].mark, marks[i].lane, at, want);
    }
    term_keys(t, "g"); /* alice has a password alone */
    term_wait(t, "user/alice");
    term_settle(t);
    assert_true(mark_in(t, "password", "s") > mark_in(t, "user", "c"));
    assert_true(mark_in(t, "password", "u") > mark_in(t, "password", "s"));
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_marks), TERM_TEST(test_marks_stay), TERM_TEST(test_severities),
        TERM_TEST(test_key_view), TERM_TEST(test_key_first), TERM_TEST(test_remedies), TERM_TEST(test_waiver),
        TERM_TEST(test_waive_marked), TERM_TEST(test_overview_columns), TERM_TEST(test_timeline)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
