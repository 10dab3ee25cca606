/* Comparing reports, seen from both sides, and reading one again. */
#include "unit/sample.h"

#include "history/diff.h"
#include "session/reload.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct audit audit;

static void load(struct report *r, struct slice csv)
{
    sample_load(r, csv);
    audit_run(&audit, r);
}

static void test_nothing(void **state)
{
    struct report r;
    struct buffer csv = {0}, b = {0};
    struct diff d;
    (void)state;
    sample_start();
    sample_random_report(&csv, 200);
    load(&r, (struct slice){csv.data, csv.len});
    diff_run(&d, &r, &r, &audit);
    assert_int_equal(d.changes.count, 0);
    assert_int_equal(d.report.row_count, 0);
    change_summary(&b, &d.changes);
    assert_string_equal(b.data, "nothing changed");
    diff_free(&d);
    report_free(&r);
    buffer_free(&csv);
    buffer_free(&b);
}

static void put_user(struct buffer *csv, size_t i, const char *mfa)
{
    buffer_printf(csv, "u%zu,arn:aws:iam::123456789012:user/u%zu,2020-01-01T00:00:00Z,%s,true\n", i, i, mfa);
}

/* Two reports, and what has changed from the first to the second. */
struct pair {
    struct report r[2];
    struct buffer csv[2];
    struct diff d;
};

/* Compare reports whose users PUT writes: WHICH is 0 for the older one. */
static void pair_open(struct pair *p, void (*put)(struct buffer *csv, size_t which))
{
    *p = (struct pair){.csv = {{0}, {0}}};
    for (size_t i = 0; i < 2; i++) {
        buffer_puts(&p->csv[i], "user,arn,user_creation_time,mfa_active,access_key_1_active\n");
        put(&p->csv[i], i);
        load(&p->r[i], (struct slice){p->csv[i].data, p->csv[i].len});
    }
    diff_run(&p->d, &p->r[0], &p->r[1], &audit);
}

static void pair_close(struct pair *p)
{
    diff_free(&p->d);
    for (size_t i = 0; i < 2; i++) {
        report_free(&p->r[i]);
        buffer_free(&p->csv[i]);
    }
}

enum { USERS = 9000, REMOVED = 3 };

static void put_many(struct buffer *csv, size_t which)
{
    for (size_t n = which ? REMOVED : 0; n < USERS; n++)
        put_user(csv, n, which ? "false" : "true");
}

/*
 * All rows of one file are of one file of the changes, so that what it lacks is reported once, however many users there
 * are.
 */
static void test_files(void **state)
{
    struct pair p;
    (void)state;
    pair_open(&p, put_many);
    assert_int_equal(p.d.changes.counts[CHANGE_MFA_LOST], USERS - REMOVED);
    assert_int_equal(p.d.changes.counts[CHANGE_REMOVED], REMOVED);
    assert_int_equal(p.d.report.row_count, p.d.changes.count);
    assert_int_equal(p.d.report.file_count, 2);
    pair_close(&p);
}

static void put_doubles(struct buffer *csv, size_t which)
{
    static const size_t users[2][6] = {{1, 2, 2, 3, 1, 4}, {2, 3, 1, 2, 2, 1}};
    static const char *const mfa[2][6] = {{"true", "true", "false", "true", "false", "true"},
        {"true", "true", "true", "false", "true", "false"}};
    for (size_t n = 0; n < 6; n++)
        put_user(csv, users[which][n], mfa[which][n]);
}

/* Rows of the same identity: first goes with first, whichever order the others are in. */
static void test_doubles(void **state)
{
    struct pair p;
    (void)state;
    pair_open(&p, put_doubles);
    assert_int_equal(p.d.changes.counts[CHANGE_MFA_LOST] + p.d.changes.counts[CHANGE_MFA_GAINED], 0);
    assert_int_equal(p.d.changes.counts[CHANGE_ADDED], 1);
    assert_int_equal(p.d.changes.counts[CHANGE_REMOVED], 1);
    pair_close(&p);
}

/* Looked at the other way round, each change is its opposite. */
static void test_both_ways(void **state)
{
    static const enum change opposite[CHANGE_COUNT] = {
        [CHANGE_ADDED] = CHANGE_REMOVED, [CHANGE_REMOVED] = CHANGE_ADDED, [CHANGE_RECREATED] = CHANGE_RECREATED,
        [CHANGE_MADE] = CHANGE_DELETED, [CHANGE_DELETED] = CHANGE_MADE, [CHANGE_ROTATED] = CHANGE_ROTATED,
        [CHANGE_DEACTIVATED] = CHANGE_REACTIVATED, [CHANGE_REACTIVATED] = CHANGE_DEACTIVATED,
        [CHANGE_FIRST_USED] = CHANGE_COUNT, [CHANGE_MFA_LOST] = CHANGE_MFA_GAINED,
        [CHANGE_MFA_GAINED] = CHANGE_MFA_LOST, [CHANGE_PASSWORD_SET] = CHANGE_PASSWORD_REMOVED,
        [CHANGE_PASSWORD_CHANGED] = CHANGE_PASSWORD_CHANGED, [CHANGE_PASSWORD_REMOVED] = CHANGE_PASSWORD_SET,
        [CHANGE_FINDING_NEW] = CHANGE_COUNT, [CHANGE_FINDING_FIXED] = CHANGE_COUNT,
    };
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t step = 0; step < 30; step++) {
        struct buffer csv[2] = {{0}, {0}};
        struct report r[2];
        struct diff there, back;
        for (int i = 0; i < 2; i++) {
            sample_random_report(&csv[i], 60);
            load(&r[i], (struct slice){csv[i].data, csv[i].len});
        }
        diff_run(&there, &r[0], &r[1], &audit);
        diff_run(&back, &r[1], &r[0], &audit);
        assert_int_equal(there.report.row_count, there.changes.count);
        assert_int_equal(there.report.problem_count, 0);
        for (enum change c = 0; c < CHANGE_COUNT; c++) {
            if (opposite[c] != CHANGE_COUNT && there.changes.counts[c] != back.changes.counts[opposite[c]])
                fail_msg("seed %llu, step %zu: %zu %s, but %zu the other way round", seed, step,
                    there.changes.counts[c], change_name(c), back.changes.counts[opposite[c]]);
        }
        for (size_t row = 0; row < there.changes.count; row++) {
            const struct change_entry *e = &there.changes.entries[row];
            const struct report *from = e->new_row == CHANGE_NO_ROW ? &r[0] : &r[1];
            uint32_t was = e->new_row == CHANGE_NO_ROW ? e->old_row : e->new_row;
            for (enum column c = 0; c < COL_CHANGE; c++) {
                struct value a = report_value(&there.report, row, c), b = report_value(from, was, c);
                if (a.state != b.state || a.number != b.number || !slice_equal(a.text, b.text))
                    fail_msg("seed %llu, step %zu: row %zu is another user: %s", seed, step, row, schema[c].name);
            }
            assert_int_equal(report_unknown_cells(&there.report, row), report_unknown_cells(from, was));
            assert_int_equal(report_line_of(&there.report, row), report_line_of(from, was));
            assert_int_equal(report_field_count(&there.report, row), report_field_count(from, was));
        }
        for (int i = 0; i < 2; i++)
            buffer_free(&csv[i]);
        diff_free(&there);
        diff_free(&back);
        report_free(&r[0]);
        report_free(&r[1]);
    }
}

static void test_names(void **state)
{
    (void)state;
    for (enum change c = 0; c < CHANGE_COUNT; c++) {
        assert_non_null(change_name(c));
        for (enum change d = 0; d < c; d++)
            assert_string_not_equal(change_name(c), change_name(d));
    }
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* Read WISH again and compare OLD with it. */
static bool again(const struct inputs_wish *wish, bool two, struct reload *r, const struct report *old,
    struct error *err)
{
    struct reload_time time = {.now = SAMPLE_AS_OF};
    *r = (struct reload){.as_of_why = NULL};
    struct reload_job *job = reload_start(wish, &fetch_defaults, old, NULL, two, NULL, err);
    if (!job || !reload_take(job, r, old, &time, err))
        return false;
    while (reload_step(r, &audit))
        ;
    return true;
}

static void test_reload(void **state)
{
    char path[] = "/tmp/ncred-reload-XXXXXX", dash[] = "-", *paths[] = {path}, *input[] = {dash};
    struct inputs_wish wish = {.paths = paths, .path_count = 1}, piped = {.paths = input, .path_count = 1};
    struct report old = {0};
    struct inputs obtained;
    struct reload r;
    struct error err;
    struct buffer b = {0};
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    put(path, "user,arn,mfa_active\na,arn:aws:iam::1:user/a,true\n");
    assert_true(inputs_obtain(&wish, &fetch_defaults, &old, &obtained, &err));
    old.as_of = SAMPLE_AS_OF;
    audit_run(&audit, &old);
    put(path, "user,arn,mfa_active\na,arn:aws:iam::1:user/a,false\nb,arn:aws:iam::1:user/b,true\n");
    assert_true(again(&wish, false, &r, &old, &err));
    assert_int_equal(r.report.row_count, 2);
    assert_int_equal(r.report.as_of, SAMPLE_AS_OF);
    reload_summary(&b, &r);
    assert_string_equal(b.data, "reloaded: 1 user added, 1 MFA removed");
    reload_free(&r);
    assert_int_equal(unlink(path), 0);
    assert_false(again(&wish, false, &r, &old, &err));
    assert_non_null(strstr(err.text, "cannot open"));
    reload_free(&r);
    assert_false(again(&piped, false, &r, &old, &err));
    reload_free(&r);
    inputs_free(&obtained);
    report_free(&old);
    buffer_free(&b);
}

/* Two files side by side: the later one is the new one, however they were named. */
static void test_two(void **state)
{
    char directory[] = "/tmp/ncred-two-XXXXXX", early[96], late[96], *paths[2];
    struct report shown = {0};
    struct reload r;
    struct error err;
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(early, sizeof early, "%s/status_reports_2026-01-01T00-00-00+00-00.csv", directory);
    snprintf(late, sizeof late, "%s/status_reports_2026-02-01T00-00-00+00-00.csv", directory);
    put(early, "user,arn,mfa_active\na,arn:aws:iam::1:user/a,true\n");
    put(late, "user,arn,mfa_active\na,arn:aws:iam::1:user/a,false\n");
    for (int i = 0; i < 2; i++) {
        struct inputs_wish wish = {.paths = paths, .path_count = 2};
        paths[0] = i ? late : early;
        paths[1] = i ? early : late;
        assert_true(again(&wish, true, &r, &shown, &err));
        assert_int_equal(r.diff.changes.counts[CHANGE_MFA_LOST], 1);
        assert_int_equal(r.diff.changes.counts[CHANGE_MFA_GAINED], 0);
        reload_free(&r);
    }
    assert_int_equal(unlink(early), 0);
    assert_int_equal(unlink(late), 0);
    assert_int_equal(rmdir(directory), 0);
}

/* However much there is to read, giving it up returns, and leaves nothing behind. */
static void test_abandon(void **state)
{
    char pipe_path[] = "/tmp/ncred-abandon-XXXXXX", fifo[64], *paths[] = {fifo};
    struct inputs_wish wish = {.paths = paths, .path_count = 1};
    struct error err;
    (void)state;
    assert_non_null(mkdtemp(pipe_path));
    snprintf(fifo, sizeof fifo, "%s/fifo", pipe_path);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    int fd = open(fifo, O_RDWR); /* which never ends */
    assert_true(fd >= 0);
    struct reload_job *job = reload_start(&wish, &fetch_defaults, NULL, NULL, false, NULL, &err);
    assert_non_null(job);
    reload_abandon(job); /* at once, whether it has been refused yet or not */
    close(fd);
    assert_int_equal(unlink(fifo), 0);
    assert_int_equal(rmdir(pipe_path), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing), cmocka_unit_test(test_both_ways), cmocka_unit_test(test_names),
            cmocka_unit_test(test_files), cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_reload), cmocka_unit_test(test_two), cmocka_unit_test(test_abandon),
    };
    struct check_settings settings;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    audit_free(&audit);
    return failed;
}
