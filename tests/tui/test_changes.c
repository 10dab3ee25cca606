/* Two reports compared on screen: the order, the change under the cursor in words, old beside new. */
#include "browse.h"

#include <string.h>

static const char header[] =
    "user,arn,user_creation_time,mfa_active,access_key_1_active,access_key_1_last_rotated,team\n";
static const char before[] =
    "ann,arn:aws:iam::123456789012:user/ann,2024-01-01T00:00:00Z,true,false,N/A,blue\n"
    "bob,arn:aws:iam::123456789012:user/bob,2024-01-01T00:00:00Z,true,true,2024-05-05T00:00:00Z,red\n"
    "cleo,arn:aws:iam::123456789012:user/cleo,2024-01-01T00:00:00Z,true,false,N/A,green\n";
static const char after[] =
    "ann,arn:aws:iam::123456789012:user/ann,2024-01-01T00:00:00Z,true,true,2026-06-01T00:00:00Z,blue\n"
    "bob,arn:aws:iam::123456789012:user/bob,2024-01-01T00:00:00Z,false,true,2024-05-05T00:00:00Z,red\n";

/* A file of the header and ROWS; its path. */
static const char *report(const char *name, const char *rows)
{
    char text[2048];
    int n = snprintf(text, sizeof text, "%s%s", header, rows);
    return term_file(name, text, (size_t)n);
}

static struct term *compare(int rows, int columns)
{
    char old[512];
    snprintf(old, sizeof old, "%s", report("old.csv", before));
    struct term *t = term_open(rows, columns, "--as-of", BROWSE_AS_OF, "-f", "not change ~ finding", "--diff", old,
        report("new.csv", after), NULL);
    term_wait(t, "3 of ");
    term_settle(t);
    return t;
}

/* What gives more access, or takes protection away, stands first; the line below the table says it in words. */
static void test_order(void **state)
{
    (void)state;
    struct term *t = compare(24, 80);
    browse_wait_names(t, "bob ann cleo ");
    term_wait_row(t, -3, "mfa-lost mfa: true, now false");
    term_keys(t, "j");
    term_wait_row(t, -3, "made key_1: 2026-06-01T00:00:00Z");
    term_keys(t, "G");
    term_wait_row(t, -3, "removed user: was 2024-01-01T00:00:00Z");
    /* counts of users would be wrong */
    term_keys(t, "K");
    term_wait_row(t, -1, "not in a list of changes");
    term_keys(t, "o");
    term_wait_row(t, -1, "not in a list of changes");
    browse_quit(t);
}

/* The row of the pane that FIELD stands in. */
static const char *row_of(struct term *t, const char *field)
{
    int y, x;
    term_wait(t, field);
    term_locate(t, field, &y, &x);
    return term_row(t, y);
}

static void assert_row(struct term *t, const char *field, const char *what)
{
    const char *row = row_of(t, field);
    if (!strstr(row, what))
        term_fail(t, "no \"%s\" in the row of %s: %s", what, field, row);
}

static void test_detail(void **state)
{
    static const int widths[] = {80, 240};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct term *t = compare(40, widths[i]);
        term_keys(t, "Enter");
        term_wait(t, "FIELD BY FIELD");
        term_settle(t);
        assert_row(t, "* mfa_active ", " true ");
        assert_row(t, "* mfa_active ", " false");
        assert_row(t, "  team ", " red ");
        if (strstr(row_of(t, "  team "), "*"))
            term_fail(t, "what is the same is marked");
        assert_row(t, "  access_key_1_last_rotated ", "2024-05-05T00:00:00Z");
        assert_row(t, "mfa-lost mfa: true, now false", "high");
        int y, x;
        term_locate(t, "* mfa_active ", &y, &x);
        struct term_cell lit = term_cell(t, y, x + 34);
        term_locate(t, "  team ", &y, &x);
        struct term_cell plain = term_cell(t, y, x + 34);
        if (lit.fg == plain.fg && lit.bold == plain.bold)
            term_fail(t, "what changed is not lit");
        /* somebody who is gone has an old side alone */
        term_keys(t, "G");
        term_wait(t, "user/cleo");
        term_settle(t);
        assert_row(t, "  team ", " green ");
        assert_row(t, "  team ", " -");
        browse_quit(t);
        term_teardown(state);
    }
}

/* Too narrow for old beside new: below it, and what is the same once. */
static void test_narrow(void **state)
{
    (void)state;
    struct term *t = compare(50, 60);
    term_keys(t, "Enter");
    term_wait(t, "FIELD BY FIELD");
    term_settle(t);
    int y, x;
    term_locate(t, "* mfa_active", &y, &x);
    assert_non_null(strstr(term_row(t, y), "true"));
    assert_non_null(strstr(term_row(t, y + 1), "now"));
    assert_non_null(strstr(term_row(t, y + 1), "false"));
    term_locate(t, "  team", &y, &x);
    assert_null(strstr(term_row(t, y + 1), "now"));
    browse_quit(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_order), TERM_TEST(test_detail), TERM_TEST(test_narrow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
