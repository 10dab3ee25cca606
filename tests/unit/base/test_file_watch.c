/* Every way in which a report on disk becomes another one, with events and without. */
#include "base/file_watch.h"
#include "base/text.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

enum { DEADLINE = 60000 };

static char directory[64];

static const char *at(const char *name)
{
    static char paths[8][160];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(at(name), "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int start(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/ncred-watch-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    mkdir(at("in"), 0700);
    mkdir(at("in/deep"), 0700);
    put("r.csv", "one");
    put("in/r.csv", "one");
    put("in/deep/r.csv", "one");
    return symlink(at("r.csv"), at("link"));
}

static int end(void **state)
{
    static const char *const names[] = {"in/deep/r.csv", "in/deep/s.csv", "in/r.csv", "in/r.tmp", "r.csv", "r.tmp",
        "t.csv", "link", "in/deep", "in", "."};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        remove(at(names[i]));
    return rmdir(directory) != 0 && access(directory, F_OK) == 0;
}

static bool is_report(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".csv") == 0;
}

/* ---- changes ---- */

static void rewrite(void) { put("r.csv", "two, longer"); }
static void replace(void) { put("r.tmp", "two"); assert_int_equal(rename(at("r.tmp"), at("r.csv")), 0); }
static void delete(void) { assert_int_equal(unlink(at("r.csv")), 0); }
static void restrict_it(void) { assert_int_equal(chmod(at("r.csv"), 0400), 0); }
static void add_deep(void) { put("in/deep/s.csv", "new"); }
static void change_deep(void) { put("in/deep/r.csv", "two, longer"); }
static void delete_deep(void) { assert_int_equal(unlink(at("in/deep/r.csv")), 0); }
static void replace_deep(void)
{
    put("in/r.tmp", "two");
    assert_int_equal(rename(at("in/r.tmp"), at("in/deep/r.csv")), 0);
}

static void link_again(void)
{
    put("t.csv", "one");
    assert_int_equal(unlink(at("link")), 0);
    assert_int_equal(symlink(at("t.csv"), at("link")), 0);
}
static void other_file(void) { put("in/r.tmp", "no report by its name"); }

static const struct {
    const char *path;
    void (*change)(void);
    bool is_one;
} changes[] = {
    {"r.csv", rewrite, true}, {"r.csv", replace, true}, {"r.csv", delete, true}, {"r.csv", restrict_it, true},
    {"link", rewrite, true}, {"link", replace, true}, {"link", link_again, true}, {"in", add_deep, true},
    {"in", change_deep, true},
    {"in", delete_deep, true}, {"in", replace_deep, true}, {"in", other_file, false}, {"in", rewrite, false},
};

static void test_changes(void **state)
{
    for (size_t i = 0; i < 2 * sizeof changes / sizeof changes[0]; i++) {
        bool with_events = i % 2;
        assert_int_equal(start(state), 0);
        struct file_watch *w = file_watch_start(is_report, with_events);
        file_watch_add(w, at("in/none.csv")); /* one that does not come */
        file_watch_add(w, at(changes[i / 2].path));
        file_watch_accept(w);
        assert_false(file_watch_look(w));
        changes[i / 2].change();
        struct pollfd p = {.fd = file_watch_descriptor(w), .events = POLLIN};
        if (with_events && p.fd >= 0 && changes[i / 2].is_one && poll(&p, 1, DEADLINE) != 1)
            fail_msg("change %zu: no event", i / 2);
        if (file_watch_look(w) != changes[i / 2].is_one)
            fail_msg("change %zu with%s events: %s", i / 2, with_events ? "" : "out",
                changes[i / 2].is_one ? "missed" : "taken");
        assert_int_equal(file_watch_is_settled(w), !changes[i / 2].is_one);
        assert_int_equal(file_watch_look(w), changes[i / 2].is_one);
        assert_true(file_watch_is_settled(w));
        file_watch_accept(w);
        assert_false(file_watch_look(w));
        file_watch_free(w);
        assert_int_equal(end(state), 0);
    }
}

/* What took the place of a file is watched like the file before it. */
static void test_again(void **state)
{
    assert_int_equal(start(state), 0);
    struct file_watch *w = file_watch_start(NULL, true);
    file_watch_add(w, at("link"));
    file_watch_accept(w);
    for (int i = 0; i < 3; i++) {
        struct pollfd p = {.fd = file_watch_descriptor(w), .events = POLLIN};
        replace();
        if (p.fd >= 0)
            assert_int_equal(poll(&p, 1, DEADLINE), 1);
        assert_true(file_watch_look(w));
        file_watch_accept(w);
    }
    file_watch_free(w);
    assert_int_equal(end(state), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes), cmocka_unit_test(test_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
