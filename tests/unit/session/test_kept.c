/* Reports read a second time: whatever happened to one of them, its users stay, and the others are compared. */
#include "unit/sample.h"

#include "history/diff.h"
#include "session/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct audit audit;
static char directory[64], paths[3][96];

static const char header[] = "user,arn,mfa_active,access_key_1_active\n";

static void put(int which, const char *text)
{
    FILE *f = fopen(paths[which], "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* COUNT users of the account of that digit, all of them with MFA or none; the last CUT bytes are missing. */
static void put_users(int which, char digit, int count, bool mfa, size_t cut)
{
    struct buffer b = {0};
    buffer_puts(&b, header);
    for (int i = 0; i < count; i++)
        buffer_printf(&b, "u%d,arn:aws:iam::%c%c%c%c%c%c%c%c%c%c%c%c:user/u%d,%s,true\n", i, digit, digit, digit, digit,
            digit, digit, digit, digit, digit, digit, digit, digit, i, mfa ? "true" : "false");
    b.len -= cut;
    buffer_puts(&b, "");
    put(which, b.data);
    buffer_free(&b);
}

static int start(void **state)
{
    static const char *const names[] = {"a.csv", "b.csv", "c.csv"};
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/ncred-kept-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    for (int i = 0; i < 3; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s", directory, names[i]);
    put_users(0, '1', 2, true, 0);
    put_users(1, '2', 4, true, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        chmod(paths[i], 0600);
        unlink(paths[i]);
    }
    return rmdir(directory);
}

/* What was read first, and again; what changed. */
struct twice {
    struct report old, new;
    struct inputs first, second;
    struct diff diff;
    struct error err;
    bool ok;
};

static void read_first(struct twice *t, const struct inputs_wish *wish)
{
    *t = (struct twice){.ok = false};
    assert_true(inputs_obtain(wish, &fetch_defaults, &t->old, &t->first, &t->err));
    t->old.as_of = SAMPLE_AS_OF;
    audit_run(&audit, &t->old);
}

static void read_again(struct twice *t, const struct inputs_wish *wish)
{
    t->ok = kept_obtain(wish, &fetch_defaults, &t->old, &t->new, &t->second, &t->err);
    if (!t->ok)
        return;
    t->new.as_of = SAMPLE_AS_OF;
    audit_run(&audit, &t->new);
    diff_run(&t->diff, &t->old, &t->new, &audit);
}

static void twice_free(struct twice *t)
{
    diff_free(&t->diff);
    report_free(&t->old);
    report_free(&t->new);
    inputs_free(&t->first);
    inputs_free(&t->second);
}

/* Ways to lose the second report. */
static void lose_file(void) { assert_int_equal(unlink(paths[1]), 0); }
static void lose_content(void) { put(1, "<html>502</html>\n"); }
static void lose_all(void) { put(1, ""); }
static void lose_rows(void) { put(1, header); }
static void lose_end(void) { put_users(1, '2', 3, false, 11); } /* in the middle of a line */
static void lose_value(void) { put_users(1, '2', 3, false, 3); } /* in the middle of its last field */
static void lose_sense(void) { put(1, "\x1f\x8b garbage that is no gzip"); }

static void (*const losses[])(void) = {lose_file, lose_content, lose_all, lose_rows, lose_end, lose_value, lose_sense};

static void is_kept(const struct twice *t, size_t loss)
{
    if (!t->ok)
        fail_msg("loss %zu: %s", loss, t->err.text);
    assert_int_equal(t->new.row_count, 6);
    assert_int_equal(t->diff.changes.counts[CHANGE_REMOVED], 0);
    assert_int_equal(t->diff.changes.counts[CHANGE_MFA_LOST], 2);
    assert_int_equal(t->diff.changes.counts[CHANGE_ADDED], 0);
    assert_int_equal(t->second.kept, 1);
    assert_int_equal(t->second.failed, 1);
    assert_non_null(strstr(t->second.messages.data, "b.csv: its 4 users stay"));
    size_t of_second = 0;
    for (size_t row = 0; row < t->new.row_count; row++) {
        size_t file = report_file_of(&t->new, row);
        bool second = strcmp(t->new.files[file].name, paths[1]) == 0;
        assert_int_equal(t->new.files[file].is_kept, second);
        of_second += second;
        if (second)
            assert_int_equal(report_value(&t->new, row, COL_MFA_ACTIVE).number, 1);
    }
    assert_int_equal(of_second, 4);
}

static void test_one_is_lost(void **state)
{
    char *both[] = {paths[0], paths[1]}, *whole[] = {directory};
    const struct inputs_wish wishes[] = {{.paths = both, .path_count = 2}, {.paths = whole, .path_count = 1}};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(losses) * 2; i++) {
        struct twice t;
        put_users(0, '1', 2, true, 0);
        put_users(1, '2', 4, true, 0);
        read_first(&t, &wishes[i % 2]);
        put_users(0, '1', 2, false, 0);
        losses[i / 2]();
        read_again(&t, &wishes[i % 2]);
        is_kept(&t, i / 2);
        twice_free(&t);
    }
}

/* Read a third time, what is still lost still stays, and what has come back is compared with what stayed. */
static void test_lost_and_found(void **state)
{
    char *both[] = {paths[0], paths[1]};
    const struct inputs_wish wish = {.paths = both, .path_count = 2};
    struct twice t;
    struct report third = {0};
    struct inputs obtained;
    struct diff diff;
    (void)state;
    read_first(&t, &wish);
    put_users(0, '1', 2, false, 0);
    lose_end();
    read_again(&t, &wish);
    is_kept(&t, 0);
    assert_true(kept_obtain(&wish, &fetch_defaults, &t.new, &third, &obtained, &t.err));
    assert_int_equal(third.row_count, 6);
    assert_int_equal(obtained.kept, 1);
    inputs_free(&obtained);
    report_free(&third);
    put_users(1, '2', 4, false, 0);
    assert_true(kept_obtain(&wish, &fetch_defaults, &t.new, &third, &obtained, &t.err));
    third.as_of = SAMPLE_AS_OF;
    audit_run(&audit, &third);
    diff_run(&diff, &t.new, &third, &audit);
    assert_int_equal(obtained.kept, 0);
    assert_int_equal(diff.changes.counts[CHANGE_MFA_LOST], 4);
    diff_free(&diff);
    report_free(&third);
    inputs_free(&obtained);
    twice_free(&t);
}

/* Nothing can be read: nothing is new, and every reason is there. */
static void test_all_are_lost(void **state)
{
    char *both[] = {paths[0], paths[1]};
    const struct inputs_wish wish = {.paths = both, .path_count = 2}, one = {.paths = both + 1, .path_count = 1};
    struct twice t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(losses); i++) {
        put_users(0, '1', 2, true, 0);
        put_users(1, '2', 4, true, 0);
        read_first(&t, &wish);
        losses[i]();
        put(0, "no report");
        read_again(&t, &wish);
        assert_false(t.ok);
        assert_non_null(strstr(t.second.messages.data, "a.csv: "));
        assert_non_null(strstr(t.second.messages.data, "b.csv: "));
        twice_free(&t);
        put_users(1, '2', 4, true, 0);
        read_first(&t, &one);
        losses[i]();
        read_again(&t, &one);
        assert_false(t.ok);
        assert_non_null(strstr(t.err.text, "b.csv: "));
        twice_free(&t);
    }
}

/*
 * A report that ended in the middle of a line before still may; one whose account is in another file now is not lost.
 */
static void test_not_lost(void **state)
{
    char *whole[] = {directory};
    const struct inputs_wish wish = {.paths = whole, .path_count = 1};
    struct twice t;
    (void)state;
    put_users(1, '2', 4, true, 11);
    read_first(&t, &wish);
    put_users(1, '2', 3, true, 11);
    read_again(&t, &wish);
    assert_int_equal(t.second.kept, 0);
    assert_int_equal(t.diff.changes.counts[CHANGE_REMOVED], 1);
    twice_free(&t);
    put_users(1, '2', 4, true, 0);
    read_first(&t, &wish);
    put_users(2, '2', 3, true, 0);
    assert_int_equal(unlink(paths[1]), 0);
    read_again(&t, &wish);
    assert_int_equal(t.second.kept, 0);
    assert_int_equal(t.diff.changes.counts[CHANGE_REMOVED], 1);
    twice_free(&t);
}

/* --diff: of an account that the newer report lacks nobody was removed; of one that it has somebody may have been. */
static void test_absent_account(void **state)
{
    char *both[] = {paths[0], paths[1]};
    const struct inputs_wish wish = {.paths = both, .path_count = 2}, one = {.paths = both, .path_count = 1};
    struct twice t;
    struct buffer b = {0};
    (void)state;
    read_first(&t, &wish);
    put_users(0, '1', 1, true, 0);
    assert_true(inputs_obtain(&one, &fetch_defaults, &t.new, &t.second, &t.err));
    t.new.as_of = SAMPLE_AS_OF;
    audit_run(&audit, &t.new);
    diff_run(&t.diff, &t.old, &t.new, &audit);
    assert_int_equal(t.diff.changes.counts[CHANGE_REMOVED], 1);
    assert_int_equal(t.diff.changes.absent_users, 4);
    change_summary(&b, &t.diff.changes);
    assert_string_equal(b.data,
        "1 user removed; not compared: account 222222222222 (4 users), which the newer report lacks");
    buffer_free(&b);
    twice_free(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_is_lost, start, end),
        cmocka_unit_test_setup_teardown(test_lost_and_found, start, end),
        cmocka_unit_test_setup_teardown(test_all_are_lost, start, end),
        cmocka_unit_test_setup_teardown(test_not_lost, start, end),
        cmocka_unit_test_setup_teardown(test_absent_account, start, end),
    };
    struct check_settings settings;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    audit_free(&audit);
    return failed;
}
