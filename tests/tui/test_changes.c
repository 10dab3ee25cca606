/* Two reports compared on screen: the order, the change under the cursor in words, old beside new. */
#include "browse.h"

#include "fetch/aws_server.h"
#include "fetch/fetch.h"
#include "unit/sample.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    term_wait_row(t, -3, "MFA removed");
    term_keys(t, "j");
    term_wait_row(t, -3, "key 1 created 2026-06-01");
    term_keys(t, "G");
    term_wait_row(t, -3, "user removed, created 2024-01-01");
    /* counts of users would be wrong */
    term_keys(t, "K");
    term_wait_row(t, -1, "not in a list of changes");
    term_keys(t, "o");
    term_wait_row(t, -1, "not in a list of changes");
    browse_quit(t);
    term_teardown(state);
    /* and are not offered there */
    t = compare(24, 200);
    term_wait_row(t, -1, "& filter");
    assert_null(strstr(term_row(t, -1), "overview"));
    assert_null(strstr(term_row(t, -1), "keys"));
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
        int y, x, value = widths[i] == 80 ? 26 : 34; /* where the old side begins behind the names */
        /* a long name has a line of its own on a narrow screen */
        term_locate(t, "  access_key_1_last_rotated", &y, &x);
        assert_non_null(strstr(term_row(t, y + (widths[i] == 80)), "2024-05-05T00:00:00Z"));
        assert_row(t, "high     MFA removed", "high"); /* the strip above says it, too */
        term_locate(t, "* mfa_active ", &y, &x);
        struct term_cell lit = term_cell(t, y, x + value);
        term_locate(t, "  team ", &y, &x);
        struct term_cell plain = term_cell(t, y, x + value);
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

/* Two reports of one account: the newer one is shown, and D compares them, however they were named. */
static void test_two_reports(void **state)
{
    char old[512];
    (void)state;
    snprintf(old, sizeof old, "%s", report("status_reports_2026-05-01T00-00-00+00-00.csv", before));
    const char *new = report("status_reports_2026-06-10T00-00-00+00-00.csv", after);
    struct term *t = term_open(24, 100, "-s", "user", new, old, NULL);
    term_wait(t, "2 of 2");
    term_settle(t); /* the older one is read as history, in the background */
    term_keys(t, "D");
    term_wait(t, "changes");
    term_wait_row(t, -1, "1 user removed, 1 created, 1 MFA removed");
    term_keys(t, "D");
    term_wait(t, "2 of 2");
    browse_wait_names(t, "ann bob ");
    browse_quit(t);
}

static void write_report(const char *path, const char *rows)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s%s", header, rows);
    fclose(f);
}

/* A pipe for each side that nobody has written to, and the program that reads them. */
static struct term *compare_slow(FILE *sides[2])
{
    char path[2][512];
    for (int i = 0; i < 2; i++) {
        snprintf(path[i], sizeof path[i], "%s/side-%d.csv", term_directory(), i);
        assert_int_equal(mkfifo(path[i], 0600), 0);
    }
    struct term *t = term_open(24, 80, "--as-of", BROWSE_AS_OF, "-f", "not change ~ finding", "--diff", path[0],
        path[1], NULL);
    for (int i = 0; i < 2; i++) {
        sides[i] = fopen(path[i], "w"); /* once the program reads it */
        assert_non_null(sides[i]);
        fputs(header, sides[i]);
        fputs("ann,arn:aws:iam::123456789012:user/ann,2024-01-01T00:00:00Z,true,false,N/A,blue\n", sides[i]);
        assert_int_equal(fflush(sides[i]), 0);
    }
    term_wait(t, "The two reports are being read.");
    term_wait_row(t, -2, "loading");
    return t;
}

/* The screen is there before the reports are; keys work meanwhile. */
static void test_slow(void **state)
{
    FILE *sides[2];
    (void)state;
    struct term *t = compare_slow(sides);
    term_keys(t, "? Tab");
    term_wait(t, "PgDn C-f");
    term_keys(t, "Esc");
    term_wait_gone(t, "PgDn C-f");
    term_settle(t);
    term_keys(t, "D");
    term_wait_row(t, -1, "these are the changes");
    fputs("bob,arn:aws:iam::123456789012:user/bob,2024-01-01T00:00:00Z,true,false,N/A,blue\n", sides[0]);
    fclose(sides[0]);
    fputs("cleo,arn:aws:iam::123456789012:user/cleo,2024-01-01T00:00:00Z,true,false,N/A,blue\n", sides[1]);
    fclose(sides[1]);
    term_wait(t, "2 of ");
    browse_wait_names(t, "cleo bob ");
    term_wait_gone(t, "(C-c stops)");
    browse_quit(t);
}

/* What is missing is not taken for removed. */
static void test_slow_stopped(void **state)
{
    FILE *sides[2];
    (void)state;
    struct term *t = compare_slow(sides);
    fclose(sides[1]);
    term_keys(t, "C-c");
    term_wait(t, "Nothing was compared.");
    term_wait_row(t, -1, "stopped before both reports were read");
    term_wait_row(t, -2, "0 of 0");
    browse_quit(t);
    fclose(sides[0]);
    term_teardown(state);
    t = compare_slow(sides);
    browse_quit(t);
    fclose(sides[0]);
    fclose(sides[1]);
}

/* R reads again; D goes to what changed and back, each with its own order, filters and place. */
static void test_again(void **state)
{
    char path[512];
    (void)state;
    snprintf(path, sizeof path, "%s", report("r.csv", before));
    struct term *t = term_open(24, 100, "--as-of", BROWSE_AS_OF, "-s", "user", path, NULL);
    term_wait(t, "3 of 3");
    term_keys(t, "D");
    term_wait_row(t, -1, "only one report is open");
    term_keys(t, "j");
    write_report(path, after);
    term_keys(t, "R");
    term_wait_row(t, -1, "reloaded: 1 user removed, 1 created, 1 MFA removed");
    term_wait(t, "2 of 2");
    browse_wait_selected(t, "bob");
    term_keys(t, "D &");
    term_type(t, "change = made");
    term_keys(t, "Enter");
    term_wait(t, "1 of ");
    term_wait_gone(t, "bob");
    term_keys(t, "D");
    term_wait(t, "2 of 2");
    browse_wait_selected(t, "bob");
    term_keys(t, "D");
    term_wait_gone(t, "bob");
    /* what is gone is said, and what was there stays */
    remove(path);
    term_keys(t, "R");
    term_wait_row(t, -1, "cannot open");
    term_wait_gone(t, "bob");
    browse_quit(t);
}

/* ---- what was fetched, from the server that plays AWS ---- */

static char endpoint[64];

/* Where it cannot be started these tests are skipped. */
static int start_server(void **state)
{
    (void)state;
    int port = aws_server_start();
    if (port)
        snprintf(endpoint, sizeof endpoint, "AWS_ENDPOINT_URL=http://127.0.0.1:%d", port);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    aws_server_stop();
    return 0;
}

static struct term *fetch_with(const char *play, const char *const *args)
{
    char id[64], secret[64];
    const char *env[] = {endpoint, id, secret, NULL};
    snprintf(id, sizeof id, "AWS_ACCESS_KEY_ID=AKIA%s", play);
    snprintf(secret, sizeof secret, "AWS_SECRET_ACCESS_KEY=secret/+AKIA%s", play);
    if (!endpoint[0] || !fetch_has_api())
        skip();
    return term_start(&(struct term_options){.rows = 24, .columns = 110, .args = args, .env = env});
}

static struct term *fetch(const char *play)
{
    static const char *const args[] = {"--fetch", "--via", "api", "-s", "user", NULL};
    struct term *t = fetch_with(play, args);
    term_wait(t, "2 of 2");
    return t;
}

/* Of three accounts one is missing, which stays in sight. */
static void test_missing(void **state)
{
    static const char list[] = "222222222201\n999222222202\n222222222203\n";
    const char *args[] = {"--via", "api", "--role-arn-template", "arn:aws:iam::{account}:role/audit", "--accounts",
        term_file("accounts", list, sizeof list - 1), "-s", "user", NULL};
    (void)state;
    struct term *t = fetch_with("OK92", args);
    term_wait(t, "4 of 4");
    term_wait(t, "1 report missing");
    term_wait_row(t, -1, "1 input could not be read, the last one: 999222222202: AccessDenied");
    term_keys(t, "j");
    term_wait(t, "1 report missing");
    term_keys(t, "q");
    assert_int_equal(term_wait_end(t), 2);
}

/* Of two accounts one is refused when it is fetched again: nobody of it was removed. */
static void test_refused_again(void **state)
{
    static const char list[] = "222222222201\n888222222202\n";
    const char *args[] = {"--via", "api", "--role-arn-template", "arn:aws:iam::{account}:role/audit", "--accounts",
        term_file("accounts", list, sizeof list - 1), "-s", "user", NULL};
    (void)state;
    struct term *t = fetch_with("OK93", args);
    term_wait(t, "4 of 4");
    term_keys(t, "R");
    term_wait_row(t, -1, "except 1 unreadable report: still the same report");
    term_wait(t, "4 of 4");
    term_keys(t, "P");
    term_wait(t, "888222222202: AccessDenied");
    term_wait(t, "888222222202: its 2 users stay as they were read before, and are not compared");
    term_keys(t, "Esc");
    term_wait_gone(t, "reading again");
    term_keys(t, "Q");
    assert_int_equal(term_wait_end(t), 0);
}

/* AWS keeps a report for four hours, which is said when it has not changed. */
static void test_fetch_again(void **state)
{
    (void)state;
    struct term *t = fetch("OK91");
    term_keys(t, "R");
    term_wait_row(t, -1, "still the same report: AWS keeps one for four hours");
    browse_quit(t);
    term_teardown(state);
    t = fetch("CHANGING91");
    browse_wait_names(t, "<root_account> alice ");
    term_keys(t, "R");
    term_wait_row(t, -1, "reloaded: 1 user added, 1 user removed");
    browse_wait_names(t, "<root_account> bob ");
    browse_quit(t);
}

/* While AWS takes its time the table can be used; Esc and Ctrl-C cancel, and so does leaving. */
static void test_giving_up(void **state)
{
    static const char *const keys[] = {"Esc", "C-c"};
    (void)state;
    struct term *t = fetch("LATER91");
    for (size_t i = 0; i < 2; i++) {
        term_keys(t, "R");
        term_wait(t, "AWS: INPROGRESS (C-c cancels)");
        term_keys(t, "G");
        browse_wait_selected(t, "alice");
        term_keys(t, "g");
        browse_wait_selected(t, "<root_account>");
        term_keys(t, keys[i]);
        term_wait_row(t, -1, "cancelled");
        term_wait_gone(t, "INPROGRESS");
        browse_wait_names(t, "<root_account> alice ");
    }
    term_keys(t, "R");
    term_wait(t, "AWS: INPROGRESS");
    browse_quit(t);
}

/*
 * A pipe among several inputs is read to its end first: it can be read once, and its time and accounts decide what is
 * shown.
 */
static void test_several(void **state)
{
    char fifo[512];
    (void)state;
    snprintf(fifo, sizeof fifo, "%s/fifo", term_directory());
    assert_int_equal(mkfifo(fifo, 0600), 0);
    struct term *t = term_open(24, 100, "--as-of", BROWSE_AS_OF, "-s", "user", report("r.csv", before), fifo, NULL);
    int fd = open(fifo, O_WRONLY | O_CLOEXEC); /* waits until somebody reads */
    assert_true(fd >= 0);
    static const char more[] = "user,arn\ndora,arn:aws:iam::210987654321:user/dora\n";
    assert_int_equal(write(fd, more, sizeof more - 1), sizeof more - 1);
    close(fd);
    term_wait(t, "4 of 4");
    browse_wait_names(t, "ann bob cleo dora ");
    browse_quit(t);
}

/*
 * The users before, bob under the cursor, while the report at PATH is read again without ann, which puts bob in her
 * place; KEY, in the same write as R, opens a list before what was read can be shown.
 */
static struct term *open_asking(char path[512], const char *key)
{
    char keys[8];
    snprintf(path, 512, "%s", report("r.csv", before));
    struct term *t = term_open(24, 100, "--as-of", BROWSE_AS_OF, "-s", "user", path, NULL);
    browse_wait_names(t, "ann bob cleo ");
    browse_go(t, "j", "bob");
    write_report(path, strchr(after, '\n') + 1);
    snprintf(keys, sizeof keys, "R%s", key);
    term_type(t, keys);
    return t;
}

/* The report that comes anew while something is asked about users of the one before waits: its rows are other users. */
static void test_waive_meanwhile(void **state)
{
    (void)state;
    char path[512], waivers[512];
    struct term *t = open_asking(path, "W");
    snprintf(waivers, sizeof waivers, "%s/waivers", term_directory());
    term_wait(t, "Waive which finding?");
    term_wait(t, "new data is ready; shown when you close this");
    browse_wait_names(t, "ann bob cleo ");
    term_keys(t, "Enter");
    browse_fill(t, "2026-09-01", "ops", "gone", waivers);
    term_wait(t, "1 of 1");
    browse_wait_names(t, "bob ");
    assert_non_null(strstr(sample_text_of(waivers), "user/bob "));
    assert_null(strstr(sample_text_of(waivers), "ann"));
    term_wait_row(t, -3, "(waived until 2026-09-01 by ops)"); /* which holds for who came anew, too, */
    term_keys(t, "D");
    browse_wait_names(t, "bob ann cleo "); /* and is no change: his MFA is, and that they are gone */
    browse_quit(t);
}

static void test_remedies_meanwhile(void **state)
{
    (void)state;
    char path[512], sheet[512];
    struct term *t = open_asking(path, "r");
    snprintf(sheet, sizeof sheet, "%s/sheet.sh", term_directory());
    term_wait(t, "Commands to review");
    term_settle(t); /* nothing that could be waited for is to happen */
    term_keys(t, "w");
    browse_answer(t, "save to", sheet);
    term_wait(t, "saved to ");
    assert_non_null(strstr(sample_text_of(sheet), "# ---- bob"));
    term_keys(t, "Esc");
    term_wait(t, "1 of 1");
    browse_quit(t);
}

/* What could not be opened is told once. */
static void test_missing_side(void **state)
{
    (void)state;
    struct term *t = term_open(24, 100, "--diff", "no-such-report.csv", report("new.csv", after), NULL);
    assert_int_equal(term_wait_end(t), 2);
    const char *said = strstr(term_text(t), "no-such-report.csv");
    assert_non_null(said);
    assert_null(strstr(said + 1, "no-such-report.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_order), TERM_TEST(test_detail), TERM_TEST(test_narrow),
        TERM_TEST(test_two_reports), TERM_TEST(test_slow), TERM_TEST(test_slow_stopped),
        TERM_TEST(test_again), TERM_TEST(test_fetch_again), TERM_TEST(test_giving_up),
        TERM_TEST(test_missing), TERM_TEST(test_refused_again),
        TERM_TEST(test_several), TERM_TEST(test_waive_meanwhile),
        TERM_TEST(test_remedies_meanwhile), TERM_TEST(test_missing_side)};
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
