/* Two reports on their way: their changes come piece by piece, the same as all at once, and only of whole reports. */
#include "sample.h"

#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USERS = 20000, TOO_MANY = 1 << 21 }; /* fields of a row */

/* A session, its command line, and the folder of the two files. */
struct two {
    char directory[64], old[96], new[96], *arguments[7];
    struct options options;
    struct session session;
};

/* A report in which every hundredth user has the MFA that is given, and TAIL behind it so many times. */
static void write_users(const char *path, const char *mfa, const char *tail, size_t times)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("user,arn,mfa_active\n", f);
    for (int i = 0; i < USERS; i++)
        fprintf(f, "u%d,arn:aws:iam::123456789012:user/u%d,%s\n", i, i, i % 100 ? "true" : mfa);
    for (size_t i = 0; i < times; i++)
        fputs(tail, f);
    assert_int_equal(fclose(f), 0);
}

static void two_start(struct two *t)
{
    static char program[] = "ncred", plain[] = "--config=", as_of[] = "--as-of=2026-06-15", diff[] = "--diff";
    char *const arguments[] = {program, plain, as_of, diff, t->old, t->new, NULL};
    struct error err;
    snprintf(t->directory, sizeof t->directory, "/tmp/ncred-session-XXXXXX");
    assert_non_null(mkdtemp(t->directory));
    snprintf(t->old, sizeof t->old, "%s/old.csv", t->directory);
    snprintf(t->new, sizeof t->new, "%s/new.csv", t->directory);
    write_users(t->old, "true", "", 0);
    write_users(t->new, "false", "", 0);
    memcpy(t->arguments, arguments, sizeof arguments);
    assert_true(options_parse(&t->options, 6, t->arguments, SAMPLE_AS_OF, &err));
}

static void two_end(struct two *t)
{
    session_close(&t->session);
    options_free(&t->options);
    unlink(t->old);
    unlink(t->new);
    assert_int_equal(rmdir(t->directory), 0);
}

static void open_behind(struct two *t)
{
    struct error err;
    assert_true(session_open(&t->session, &t->options, SAMPLE_AS_OF, true, &err));
    session_wait(&t->session);
}

/* Poll until both are read: false, with ERR, when it ended before. */
static bool read_both(struct two *t, struct error *err)
{
    while (!t->session.is_compared) {
        if (!session_poll(&t->session, err))
            return false;
        int fd = session_descriptor(&t->session);
        if (fd >= 0 && t->session.loads[0])
            load_wait(t->session.loads[0], 1000);
    }
    return true;
}

/* Rows are there before the last has come, none goes away or moves, and in the end they are what comes at once. */
static void test_pieces(void **state)
{
    struct two behind, at_once;
    struct error err;
    size_t polls = 0, last = 0;
    (void)state;
    two_start(&behind);
    open_behind(&behind);
    assert_true(read_both(&behind, &err));
    const struct report *r = behind.session.report;
    for (; session_is_busy(&behind.session); polls++) {
        bool more = session_poll(&behind.session, &err);
        assert_true(r->row_count >= last);
        last = r->row_count;
        assert_true(!more || session_descriptor(&behind.session) < 0);
    }
    assert_string_equal(err.text, "");
    assert_true(polls > 2);
    two_start(&at_once);
    assert_true(session_open(&at_once.session, &at_once.options, SAMPLE_AS_OF, false, &err));
    const struct report *whole = at_once.session.report;
    assert_true(whole->row_count > 0);
    assert_int_equal(r->row_count, whole->row_count);
    for (uint32_t row = 0; row < r->row_count; row++) {
        sample_is(diff_cell(r->diff, row, COL_CHANGE), diff_cell(whole->diff, row, COL_CHANGE).data);
        sample_is(diff_cell(r->diff, row, COL_AFTER), diff_cell(whole->diff, row, COL_AFTER).data);
        assert_true(slice_equal(report_raw(r, row, COL_USER), report_raw(whole, row, COL_USER)));
        assert_int_equal(audit_failed(r, row), audit_failed(whole, row));
    }
    assert_int_equal(behind.session.diff.counts[CHANGE_MFA_LOST], USERS / 100);
    two_end(&behind);
    two_end(&at_once);
}

/* What was found until it is stopped stays, and that it is not all is said. */
static void test_stopped(void **state)
{
    struct two t;
    struct error err;
    (void)state;
    two_start(&t);
    open_behind(&t);
    assert_true(read_both(&t, &err));
    while (!t.session.report->row_count)
        assert_true(session_poll(&t.session, &err));
    size_t found = t.session.report->row_count;
    session_stop(&t.session);
    assert_false(session_poll(&t.session, &err));
    assert_non_null(strstr(err.text, "stopped"));
    assert_false(session_is_busy(&t.session));
    assert_int_equal(t.session.report->row_count, found);
    assert_true(found < USERS / 100);
    two_end(&t);
}

/* Of a report that breaks off nobody knows who else was in it: nothing is compared, behind or at once. */
static void test_broken(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct two t;
        struct error err;
        two_start(&t);
        write_users(i ? t.old : t.new, "true", ",", TOO_MANY);
        open_behind(&t);
        assert_false(read_both(&t, &err));
        assert_non_null(strstr(err.text, "fields: not a credential report"));
        assert_int_equal(t.session.report->row_count, 0);
        assert_true(t.session.is_partial);
        assert_false(session_is_busy(&t.session));
        session_close(&t.session);
        assert_false(session_open(&t.session, &t.options, SAMPLE_AS_OF, false, &err));
        assert_non_null(strstr(err.text, "fields: not a credential report"));
        two_end(&t);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces), cmocka_unit_test(test_stopped), cmocka_unit_test(test_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
