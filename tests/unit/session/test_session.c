/* Two reports on their way: their changes come piece by piece, the same as all at once, and only of whole reports. */
#include "unit/sample.h"

#include "config/command_line.h"
#include "fetch/fetch.h"
#include "session/reload.h"
#include "session/session.h"
#include "session/session_context.h"

#include <fcntl.h>
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

/*
 * Set PATH to a new directory below another new one. A session watches the directory above its files, too, and starting
 * to watch /tmp itself takes long where very many files have come and gone.
 */
static void make_directory(char *path, size_t size)
{
    snprintf(path, size, "/tmp/ncred-session-XXXXXX");
    assert_non_null(mkdtemp(path));
    size_t len = strlen(path);
    snprintf(path + len, size - len, "/reports");
    assert_int_equal(mkdir(path, 0700), 0);
}

static void remove_directory(char *path)
{
    assert_int_equal(rmdir(path), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
}

/* A report in which every hundredth user has the MFA that is given, and TAIL behind it so many times. */
static void write_users(const char *path, const char *mfa, const char *tail, size_t times)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("user,arn,mfa_active,access_key_1_active,access_key_1_last_rotated\n", f);
    for (int i = 0; i < USERS; i++)
        fprintf(f, "u%d,arn:aws:iam::123456789012:user/u%d,%s,true,2026-01-01T00:00:00Z\n", i, i,
            i % 100 ? "true" : mfa);
    for (size_t i = 0; i < times; i++)
        fputs(tail, f);
    assert_int_equal(fclose(f), 0);
}

static void two_start(struct two *t)
{
    static char program[] = "ncred", plain[] = "--config=", as_of[] = "--as-of=2026-06-15", diff[] = "--diff";
    char *const arguments[] = {program, plain, as_of, diff, t->old, t->new, NULL};
    struct error err;
    make_directory(t->directory, sizeof t->directory);
    snprintf(t->old, sizeof t->old, "%s/old.csv", t->directory);
    snprintf(t->new, sizeof t->new, "%s/new.csv", t->directory);
    write_users(t->old, "true", "", 0);
    write_users(t->new, "false", "", 0);
    memcpy(t->arguments, arguments, sizeof arguments);
    assert_true(command_line_parse(&t->options, 6, t->arguments, SAMPLE_AS_OF, &err));
}

static void two_end(struct two *t)
{
    session_close(&t->session);
    command_line_free(&t->options);
    unlink(t->old);
    unlink(t->new);
    remove_directory(t->directory);
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
    while (!t->session.has_both) {
        if (!session_poll(&t->session, err))
            return false;
        int fd = session_descriptor(&t->session);
        if (fd >= 0 && t->session.sides[0].load)
            load_wait(t->session.sides[0].load, 1000);
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
        sample_is(change_cell(r->changes, row, COL_CHANGE), change_cell(whole->changes, row, COL_CHANGE).data);
        sample_is(change_cell(r->changes, row, COL_AFTER), change_cell(whole->changes, row, COL_AFTER).data);
        assert_true(slice_equal(report_raw(r, row, COL_USER), report_raw(whole, row, COL_USER)));
        assert_int_equal(audit_failed(r, row), audit_failed(whole, row));
    }
    assert_int_equal(behind.session.diff.changes.counts[CHANGE_MFA_LOST], USERS / 100);
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

/* Have NEW be a pipe that a report begins to come through; its other end. */
static int begin_pipe(struct two *t)
{
    static const char row[] = "user,arn,mfa_active\na,arn:aws:iam::123456789012:user/a,true\n";
    assert_int_equal(unlink(t->new), 0);
    assert_int_equal(mkfifo(t->new, 0600), 0);
    int fd = open(t->new, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, row, sizeof row - 1), sizeof row - 1);
    open_behind(t);
    return fd;
}

static uint64_t sum_of_failed(const struct report *r)
{
    uint64_t sum = 0;
    for (size_t row = 0; row < r->row_count; row++)
        sum = sum * 31 + audit_failed(r, row);
    return sum;
}

/* However late a report tells of its time, what the other one fails is as of that time. */
static void test_late_time(void **state)
{
    static const char tail[] = "b,arn:aws:iam::123456789012:user/b,true\t2026-03-01T00:00:00+00:00\ttext/csv\n";
    struct two t;
    struct error err;
    (void)state;
    two_start(&t);
    memmove(&t.arguments[2], &t.arguments[3], 3 * sizeof t.arguments[0]); /* without --as-of */
    command_line_free(&t.options);
    assert_true(command_line_parse(&t.options, 5, t.arguments, SAMPLE_AS_OF, &err));
    int fd = begin_pipe(&t);
    while (t.session.sides[0].load)
        assert_true(session_poll(&t.session, &err));
    assert_int_equal(write(fd, tail, sizeof tail - 1), sizeof tail - 1);
    close(fd);
    while (t.session.sides[1].load) {
        load_wait(t.session.sides[1].load, 1000);
        assert_true(session_poll(&t.session, &err));
    }
    struct report *old = &t.session.sides[0].report;
    assert_int_equal(old->as_of, sample_time("2026-03-01T00:00:00Z"));
    uint64_t failed = sum_of_failed(old);
    audit_run(&t.session.audit, old);
    assert_true(failed == sum_of_failed(old));
    two_end(&t);
}

/* A report of COUNT users, all with the finding console-mfa, that has a column role, and a usual configuration. */
struct configured {
    char directory[64], folder[96], file[112], report[96], option[128];
    struct options options;
    struct session session;
};

static void write_configured(struct configured *c, const char *config, size_t count)
{
    make_directory(c->directory, sizeof c->directory);
    snprintf(c->folder, sizeof c->folder, "%s/ncred", c->directory);
    snprintf(c->file, sizeof c->file, "%s/config", c->folder);
    snprintf(c->report, sizeof c->report, "%s/own.csv", c->directory);
    snprintf(c->option, sizeof c->option, "--config=%s", c->file);
    assert_int_equal(mkdir(c->folder, 0700), 0);
    FILE *f = fopen(c->file, "w");
    assert_non_null(f);
    fputs(config, f);
    assert_int_equal(fclose(f), 0);
    f = fopen(c->report, "w");
    assert_non_null(f);
    fputs("user,arn,password_enabled,mfa_active,role\n", f);
    for (size_t i = 0; i < count; i++)
        fprintf(f, "u%zu,arn:aws:iam::123456789012:user/u%zu,true,false,admin\n", i, i);
    assert_int_equal(fclose(f), 0);
    setenv("XDG_CONFIG_HOME", c->directory, 1);
}

/* Open the report for the screen, once or compared with itself. IS_NAMED: --config names the configuration. */
static bool open_configured(struct configured *c, bool is_named, bool twice, struct error *err)
{
    static char name[] = "ncred", diff[] = "--diff", as_of[] = "--as-of=2026-06-15";
    static char *arguments[7];
    int count = 0;
    arguments[count++] = name;
    arguments[count++] = as_of;
    arguments[count++] = c->report;
    if (is_named)
        arguments[count++] = c->option;
    if (twice) {
        arguments[count++] = diff;
        arguments[count++] = c->report;
    }
    arguments[count] = NULL;
    assert_true(command_line_parse(&c->options, count, arguments, SAMPLE_AS_OF, err));
    bool ok = session_open(&c->session, &c->options, SAMPLE_AS_OF, true, err);
    if (ok)
        session_wait(&c->session);
    while (ok && session_is_busy(&c->session) && session_poll(&c->session, err)) {
        if (c->session.sides[0].load)
            load_wait(c->session.sides[0].load, 1000);
    }
    return ok;
}

static bool is_over_at_once(void *context)
{
    (void)context;
    return true;
}

/* The configuration has a regular expression, so that rows are judged a few at a time. */
static void open_for_turns(struct configured *c, struct cancel_token *over, bool is_timed)
{
    static char name[] = "ncred", as_of[] = "--as-of=2026-06-15";
    static char *arguments[4];
    struct error err;
    int count = 0;
    arguments[count++] = name;
    arguments[count++] = c->report;
    if (!is_timed)
        arguments[count++] = as_of;
    assert_true(command_line_parse(&c->options, count, arguments, SAMPLE_AS_OF, &err));
    assert_true(session_open(&c->session, &c->options, SAMPLE_AS_OF, true, &err));
    *over = (struct cancel_token){.is_over = is_over_at_once};
    c->session.cancel = over;
    session_wait(&c->session);
    assert_true(c->session.is_judging);
}

static void close_configured(struct configured *c)
{
    session_close(&c->session);
    command_line_free(&c->options);
}

static void remove_configured(struct configured *c)
{
    unsetenv("XDG_CONFIG_HOME");
    unlink(c->report);
    unlink(c->file);
    rmdir(c->folder);
    remove_directory(c->directory);
}

static size_t counted(const struct report *r, const char *check)
{
    size_t users = 0;
    for (size_t row = 0; row < r->row_count; row++)
        users += audit_counted(r, row) >> check_find(slice_of(check), BENCHMARK_NCRED, NULL) & 1;
    return users;
}

/* On screen a clause or rule about a column that the report has not takes no finding away, nor adds an unknown one. */
static void test_wrong_clause(void **state)
{
    struct configured c;
    struct error err;
    (void)state;
    write_configured(&c, "rule adm = high: roel = admin\nrule ours = high: role = admin\n"
        "check console-mfa = off where role = other\ncheck console-mfa = on where roel = admin\n"
        "check console-mfa = off where roel = admin\ncheck user-mfa = on where roel = admin\n", 300);
    for (int twice = 0; twice < 2; twice++) {
        assert_true(open_configured(&c, false, twice, &err));
        const struct report *r = &c.session.sides[0].report;
        assert_int_equal(counted(r, "console-mfa"), 300);
        assert_int_equal(counted(r, "ours"), 300);
        assert_false(audit_unknown(r, 0) >> check_find(slice_of("console-mfa"), BENCHMARK_NCRED, NULL) & 1);
        assert_false(audit_unknown(r, 0) >> check_find(slice_of("adm"), BENCHMARK_NCRED, NULL) & 1);
        assert_int_equal(c.session.audit.settings.clause_count, 1);
        assert_false(check_is_on(&c.session.audit.settings, check_find(slice_of("user-mfa"), BENCHMARK_NCRED, NULL)));
        const char *said = c.session.sides[0].inputs.messages.data;
        assert_non_null(strstr(said, "config:1: "));
        assert_null(strstr(said, "config:3: "));
        assert_non_null(strstr(said, "config:4: at offset 0 of the query: no column \"roel\""));
        close_configured(&c);
        assert_false(open_configured(&c, true, twice, &err)); /* but not if --config names the file */
        assert_string_equal(err.text, "stopped: fix the configuration, or use --config= to ignore it");
        close_configured(&c);
    }
    remove_configured(&c);
}

/* The same for an order and a filter. */
static void test_wrong_order(void **state)
{
    struct configured c;
    struct error err;
    (void)state;
    write_configured(&c, "set sort = roel\nset filter = roel = admin\n", 3);
    for (int twice = 0; twice < 2; twice++) {
        if (!open_configured(&c, false, twice, &err))
            fail_msg("%s", err.text);
        const char *said = c.session.sides[0].inputs.messages.data;
        assert_non_null(strstr(said, "config:1: no column \"roel\""));
        assert_non_null(strstr(said, "config:2: no column \"roel\""));
        close_configured(&c);
    }
    remove_configured(&c);
}

/* In a report so large that its own columns are not shown, too, lines of the configuration are judged. */
static void test_wrong_line_of_many(void **state)
{
    struct configured c;
    struct error err;
    (void)state;
    write_configured(&c, "filter ours = roel = admin\n", SESSION_OWN_COLUMNS_ROWS + 1);
    assert_true(open_configured(&c, false, false, &err));
    assert_non_null(c.session.sides[0].inputs.messages.data);
    assert_non_null(strstr(c.session.sides[0].inputs.messages.data, "config:1: no column \"roel\""));
    close_configured(&c);
    remove_configured(&c);
}

/* A word in a filter that names a column of another file is known before a trend is on the screen, and refused. */
static void test_trend_of_a_word(void **state)
{
    static const char report[] = "user,arn\nann,arn:aws:iam::123456789012:user/ann\n", owners[] = "user,vip\nann,yes\n";
    static const char *const texts[] = {report, owners};
    static const char *const names[] = {"report.csv", "owners.csv"};
    char directory[64], paths[2][96];
    struct options o;
    struct session s;
    struct error err;
    (void)state;
    make_directory(directory, sizeof directory);
    for (size_t i = 0; i < 2; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", directory, names[i]);
        FILE *f = fopen(paths[i], "w");
        assert_non_null(f);
        fputs(texts[i], f);
        assert_int_equal(fclose(f), 0);
    }
    char name[] = "ncred", trend[] = "--trend", join[] = "--join", filter[] = "--filter=not vip";
    char *arguments[] = {name, trend, join, paths[1], filter, paths[0], NULL};
    assert_true(command_line_parse(&o, 6, arguments, SAMPLE_AS_OF, &err));
    assert_false(session_open(&s, &o, SAMPLE_AS_OF, true, &err));
    assert_non_null(strstr(err.text, "what older reports do not have"));
    session_close(&s);
    command_line_free(&o);
    for (size_t i = 0; i < 2; i++)
        unlink(paths[i]);
    remove_directory(directory);
}

/* What has been read stays read when one of the two has ended. */
static void test_progress(void **state)
{
    struct two t;
    struct error err;
    struct buffer said = {0};
    (void)state;
    two_start(&t);
    int fd = begin_pipe(&t);
    while (t.session.sides[0].load)
        assert_true(session_poll(&t.session, &err));
    session_progress(&t.session, &said);
    assert_string_equal(said.data, "loading, 1.5 MB so far"); /* all of the old one */
    buffer_free(&said);
    close(fd);
    two_end(&t);
}

/* ---- history ---- */

enum { PAST = 3, PAST_USERS = 2500, SPANS = 3 }; /* reports, the last one the newest; spans of its rows */

/* A session of a directory of PAST reports, in which ever more users lack MFA. */
struct dated {
    char directory[64], *arguments[4];
    struct options options;
    struct session session;
};

static void dated_path(char *path, size_t size, const struct dated *d, int day)
{
    snprintf(path, size, "%s/123456789012_status_reports_2026-06-0%dT12-00-00+00-00.csv", d->directory, day + 1);
}

static void dated_open(struct dated *d)
{
    static char program[] = "ncred", plain[] = "--config=";
    char *const arguments[] = {program, plain, d->directory, NULL};
    struct error err;
    make_directory(d->directory, sizeof d->directory);
    for (int day = 0; day < PAST; day++) {
        char path[160];
        dated_path(path, sizeof path, d, day);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs("user,arn,password_enabled,mfa_active\n", f);
        for (int i = 0; i < PAST_USERS; i++)
            fprintf(f, "u%d,arn:aws:iam::123456789012:user/u%d,true,%s\n", i, i, i % (PAST - day) ? "true" : "false");
        assert_int_equal(fclose(f), 0);
    }
    memcpy(d->arguments, arguments, sizeof arguments);
    assert_true(command_line_parse(&d->options, 3, d->arguments, SAMPLE_AS_OF, &err));
    assert_true(session_open(&d->session, &d->options, SAMPLE_AS_OF, true, &err));
    session_wait(&d->session);
}

static void dated_end(struct dated *d)
{
    session_close(&d->session);
    command_line_free(&d->options);
    for (int day = 0; day < PAST; day++) {
        char path[160];
        dated_path(path, sizeof path, d, day);
        unlink(path);
    }
    remove_directory(d->directory);
}

static bool key_comes_later(void *context)
{
    size_t *left = context;
    if (*left)
        --*left;
    return *left == 0;
}

/*
 * Keys interrupt what follows when the older reports have been read; in the end everything is there, as without keys.
 */
static void test_interrupted(void **state)
{
    (void)state;
    struct dated with, without;
    struct error err;
    size_t interrupted = 0;
    dated_open(&with);
    for (size_t looks = 1; session_is_busy(&with.session);) {
        size_t left = looks;
        struct cancel_token key = {.is_over = key_comes_later, .context = &left};
        with.session.cancel = &key;
        session_poll(&with.session, &err);
        assert_string_equal(err.text, "");
        assert_true(!key.has_ended || session_is_busy(&with.session));
        interrupted += key.has_ended;
        looks += key.has_ended;
    }
    with.session.cancel = NULL;
    assert_true(interrupted >= 2 * SPANS); /* the newest report; the columns about time */
    dated_open(&without);
    while (session_is_busy(&without.session))
        session_poll(&without.session, &err);
    const struct report *r = with.session.report, *plain = without.session.report;
    assert_int_equal(chronicle_report_count(r->chronicle), PAST);
    assert_int_equal(chronicle_event_count(r->chronicle), chronicle_event_count(plain->chronicle));
    assert_true(chronicle_event_count(r->chronicle) > PAST_USERS / 2);
    assert_int_equal(r->row_count, plain->row_count);
    enum column since = extra_columns_find(r->extra, slice_of("since")),
        why = extra_columns_find(r->extra, slice_of("why"));
    for (size_t row = 0; row < r->row_count; row++) {
        struct value a = report_value(r, row, since), b = report_value(plain, row, since);
        assert_int_equal(a.state, b.state);
        assert_int_equal(a.number, b.number);
        a = report_value(r, row, why);
        b = report_value(plain, row, why);
        assert_int_equal(a.state, b.state);
        assert_true(slice_equal(a.text, b.text));
    }
    dated_end(&with);
    dated_end(&without);
}

/* C-c: the history has the reports that are counted as read, not the one in work. */
static void test_stopped_history(void **state)
{
    (void)state;
    for (int polls = 0; polls < 6; polls++) {
        struct dated d;
        struct error err;
        char said[100];
        dated_open(&d);
        while (session_is_loading(&d.session))
            session_poll(&d.session, &err);
        for (int i = 0; i < polls; i++)
            session_poll(&d.session, &err);
        session_stop(&d.session);
        err.text[0] = '\0';
        while (session_is_busy(&d.session))
            session_poll(&d.session, &err);
        size_t count = chronicle_report_count(d.session.chronicle);
        snprintf(said, sizeof said, "stopped: only the first %zu of %d older reports are in the history", count - 1,
            PAST - 1);
        assert_string_equal(err.text, count == PAST ? "" : said);
        dated_end(&d);
    }
}

static const char slow_rule[] = "rule ones = high: user ~ '1$'\n";

/* Keys are answered while rows are judged, which goes on from where it was, and no rows are clean for want of time. */
static void test_judged_in_turns(void **state)
{
    enum { COUNT = 1000 };
    struct configured c;
    struct cancel_token over;
    struct error err;
    size_t polls = 0;
    (void)state;
    write_configured(&c, slow_rule, COUNT);
    open_for_turns(&c, &over, false);
    assert_true(counted(c.session.report, "ones") < COUNT / 10);
    for (; session_is_loading(&c.session); polls++) {
        struct buffer b = {0};
        size_t before = c.session.sides[0].load ? 0 : c.session.sides[0].audited; /* its end adds the column role */
        assert_int_equal(session_descriptor(&c.session), -1);
        session_progress(&c.session, &b);
        assert_true(c.session.sides[0].load || strstr(b.data, "judging"));
        buffer_free(&b);
        session_poll(&c.session, &err);
        assert_true(c.session.sides[0].audited > before);
    }
    assert_true(polls > 10);
    assert_string_equal(err.text, "");
    assert_int_equal(counted(c.session.report, "ones"), COUNT / 10);
    assert_int_equal(counted(c.session.report, "console-mfa"), COUNT);
    close_configured(&c);
    remove_configured(&c);
}

/* When the time of the report comes, rows that were judged before are judged again, a few at a time. */
static void test_turns_of_another_time(void **state)
{
    static const char tail[] = "b,arn:aws:iam::123456789012:user/b,true,2026-01-01T00:00:00Z"
        "\t2026-03-01T00:00:00+00:00\ttext/csv\n";
    struct configured c;
    struct cancel_token over;
    struct error err;
    (void)state;
    write_configured(&c, slow_rule, 0);
    assert_int_equal(unlink(c.report), 0);
    assert_int_equal(mkfifo(c.report, 0600), 0);
    int fd = open(c.report, O_RDWR);
    dprintf(fd, "user,arn,access_key_1_active,access_key_1_last_rotated\n");
    for (int i = 0; i < 500; i++)
        dprintf(fd, "u%d,arn:aws:iam::123456789012:user/u%d,true,2026-01-01T00:00:00Z\n", i, i);
    open_for_turns(&c, &over, true);
    assert_true(session_poll(&c.session, &err));
    assert_true(counted(c.session.report, "rotate-key") > 0);
    assert_int_equal(write(fd, tail, sizeof tail - 1), sizeof tail - 1);
    close(fd);
    while (session_is_loading(&c.session)) {
        if (c.session.sides[0].load)
            load_wait(c.session.sides[0].load, 1000);
        session_poll(&c.session, &err);
    }
    assert_int_equal(c.session.report->row_count, 501);
    assert_int_equal(c.session.report->as_of, sample_time("2026-03-01T00:00:00Z"));
    assert_int_equal(counted(c.session.report, "rotate-key"), 0);
    close_configured(&c);
    remove_configured(&c);
}

/* The same for two reports, and for the list of what changed. */
static void test_compared_in_turns(void **state)
{
    static char name[] = "ncred", diff[] = "--diff";
    struct configured c;
    struct error err;
    struct cancel_token over = {.is_over = is_over_at_once};
    size_t judging = 0;
    (void)state;
    write_configured(&c, slow_rule, 1000);
    char old[112];
    snprintf(old, sizeof old, "%s/old.csv", c.folder);
    FILE *f = fopen(old, "w");
    assert_non_null(f);
    fputs("user,arn,password_enabled,mfa_active,role\n", f);
    for (int i = 0; i < 500; i++)
        fprintf(f, "u%d,arn:aws:iam::123456789012:user/u%d,true,false,admin\n", i, i);
    assert_int_equal(fclose(f), 0);
    char *arguments[] = {name, diff, old, c.report, NULL};
    assert_true(command_line_parse(&c.options, 4, arguments, SAMPLE_AS_OF, &err));
    assert_true(session_open(&c.session, &c.options, SAMPLE_AS_OF, true, &err));
    c.session.cancel = &over;
    session_wait(&c.session);
    while (session_is_loading(&c.session)) {
        if (c.session.sides[0].load && !c.session.is_judging)
            load_wait(c.session.sides[0].load, 1000);
        session_poll(&c.session, &err);
        judging += c.session.is_judging;
    }
    assert_string_equal(err.text, "");
    assert_true(judging > 10);
    assert_true(c.session.report->row_count >= 500);
    assert_int_equal(counted(&c.session.sides[1].report, "ones"), 100);
    uint64_t failed = sum_of_failed(c.session.report);
    audit_run(&c.session.audit, &c.session.diff.report);
    assert_true(failed == sum_of_failed(c.session.report));
    close_configured(&c);
    assert_int_equal(unlink(old), 0);
    remove_configured(&c);
}

static bool is_third(void *context)
{
    size_t *asked = context;
    return ++*asked == 3;
}

/* Details of several megabytes, all but the last user with a tag of many bytes. */
static void write_details(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("{\"UserDetailList\": [", f);
    for (int i = 0; i < 2000; i++)
        fprintf(f, "{\"UserName\": \"u%d\", \"Arn\": \"arn:aws:iam::123456789012:user/u%d\", "
            "\"GroupList\": [\"ops\"], \"Tags\": [{\"Key\": \"note\", \"Value\": \"%0500d\"}]},\n", i, i, i);
    fputs("{\"UserName\": \"last\", \"Arn\": \"arn:aws:iam::123456789012:user/last\", \"GroupList\": []}],"
        "\"GroupDetailList\": [], \"RoleDetailList\": [], \"Policies\": []}\n", f);
    assert_int_equal(fclose(f), 0);
}

/* Details beside reports that are read again are read by the thread, too, and cancelled there after any piece. */
static void test_context_again(void **state)
{
    static char name[] = "ncred", plain[] = "--config=";
    struct configured c;
    struct reload r;
    struct error err;
    size_t asked = 0;
    (void)state;
    write_configured(&c, "", 100);
    char details[112], *arguments[] = {name, plain, c.directory, NULL};
    snprintf(details, sizeof details, "%s/own.json", c.directory);
    write_details(details);
    assert_true(command_line_parse(&c.options, 3, arguments, SAMPLE_AS_OF, &err));
    assert_true(session_open(&c.session, &c.options, SAMPLE_AS_OF, false, &err));
    struct inputs *in = &c.session.sides[0].inputs;
    assert_true(session_context_is_beside(in));
    size_t said = in->messages.len;
    struct cancel_token third = {.is_over = is_third, .context = &asked};
    assert_null(session_context_again(&c.options, in, &third));
    assert_int_equal(asked, 3);
    struct reload_time time = {SAMPLE_AS_OF, true, SAMPLE_AS_OF};
    struct reload_job *job = reload_start(&c.options.wish, &fetch_defaults, c.session.report, in, false, &c.options,
        &err);
    assert_non_null(job);
    assert_true(reload_take(job, &r, c.session.report, &time, &err));
    assert_non_null(r.context);
    assert_true(extra_columns_find(r.report.extra, slice_of("groups")) != COL_COUNT);
    assert_true(in->messages.len >= said);
    reload_free(&r);
    close_configured(&c);
    assert_int_equal(unlink(details), 0);
    remove_configured(&c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces), cmocka_unit_test(test_stopped), cmocka_unit_test(test_broken),
        cmocka_unit_test(test_late_time), cmocka_unit_test(test_progress),
        cmocka_unit_test(test_interrupted), cmocka_unit_test(test_stopped_history),
        cmocka_unit_test(test_trend_of_a_word), cmocka_unit_test(test_wrong_clause),
        cmocka_unit_test(test_wrong_order), cmocka_unit_test(test_wrong_line_of_many),
        cmocka_unit_test(test_judged_in_turns), cmocka_unit_test(test_turns_of_another_time),
        cmocka_unit_test(test_compared_in_turns), cmocka_unit_test(test_context_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
