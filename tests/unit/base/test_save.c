/* Files are written whole or not at all: a full disk, a link, what is no file. */
#include "unit/sample.h"
#include "base/save.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static const char *in(const char *name)
{
    static char path[2][128];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", directory, name);
    return path[turn];
}

static void is(const char *path, const char *want)
{
    assert_string_equal(sample_text_of(path), want);
}

static size_t files(void)
{
    size_t n = 0;
    DIR *d = opendir(directory);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void test_whole(void **state)
{
    struct error err;
    struct stat st;
    (void)state;
    assert_true(save_file(in("a"), slice_of("one\n"), &err));
    is(in("a"), "one\n");
    assert_int_equal(stat(in("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(save_file(in("a"), slice_of("two\n"), &err));
    is(in("a"), "two\n");
    assert_int_equal(files(), 1);
}

/* As on a full disk: writing stops in the middle. */
static void test_full(void **state)
{
    struct rlimit before, small;
    struct buffer much = {0};
    struct error err;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    for (int i = 0; i < 100000; i++)
        buffer_putc(&much, 'x');
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool saved = save_file(in("a"), (struct slice){much.data, much.len}, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(saved);
    assert_non_null(strstr(err.text, "/a: cannot save: File too large"));
    is(in("a"), "two\n");
    assert_int_equal(files(), 1);
    buffer_free(&much);
}

static bool at_once(void *context)
{
    (void)context;
    return true;
}

/* Whoever does not wait for the disk has what was there, and nothing else. */
static void test_cancelled(void **state)
{
    struct buffer much = {0};
    struct save s;
    struct error err;
    (void)state;
    for (int i = 0; i < 3000000; i++)
        buffer_putc(&much, 'x');
    struct slice bytes = {much.data, much.len};
    for (int begun = 0; begun < 2; begun++) {
        struct cancel_token p = {.is_over = at_once, .context = NULL};
        assert_true(save_open(&s, in("a"), &err));
        assert_true(save_write(&s, bytes, NULL));
        if (begun)
            save_begin_sync(&s);
        save_wait(&s, &p); /* it may have been fast enough */
        assert_false(save_close(&s, false, &err));
        p.has_ended = false;
        assert_true(save_open(&s, in("a"), &err));
        assert_false(save_write(&s, bytes, &p));
        assert_false(save_close(&s, false, &err));
        is(in("a"), "two\n");
        assert_int_equal(files(), 1);
    }
    assert_true(save_open(&s, in("b"), &err));
    assert_true(save_write(&s, slice_of("waited for\n"), NULL));
    assert_true(save_wait(&s, NULL));
    assert_true(save_close(&s, true, &err));
    is(in("b"), "waited for\n");
    unlink(in("b"));
    buffer_free(&much);
}

/* With the mode that the file has, or that any new one would. */
static void test_mode(void **state)
{
    struct save s;
    struct error err;
    struct stat st;
    mode_t mask = umask(022);
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(save_open(&s, in("mode"), &err));
        save_keep_mode(&s);
        assert_true(save_close(&s, true, &err));
        assert_int_equal(stat(in("mode"), &st), 0);
        assert_int_equal(st.st_mode & 07777, i ? 0604 : 0644);
        chmod(in("mode"), 0604);
    }
    umask(mask);
    unlink(in("mode"));
}

static void test_places(void **state)
{
    struct error err;
    struct stat st;
    (void)state;
    assert_int_equal(symlink("a", in("link")), 0);
    assert_true(save_file(in("link"), slice_of("three\n"), &err));
    is(in("a"), "three\n");
    assert_int_equal(lstat(in("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_false(save_file(directory, slice_of("x"), &err));
    assert_non_null(strstr(err.text, "it is a directory"));
    assert_false(save_file("/dev/null", slice_of("x"), &err));
    assert_non_null(strstr(err.text, "it is not a regular file"));
    assert_false(save_file(in("none/a"), slice_of("x"), &err));
    assert_non_null(strstr(err.text, "No such file or directory"));
    assert_int_equal(files(), 2);
    unlink(in("link"));
    unlink(in("a"));
    rmdir(directory);
}

/* A name made of data stays in its directory, whatever it is and whatever was planted there. */
static void test_in_directory(void **state)
{
    static const char *const refused[] = {"", ".", "..", "../out", "/etc/x", "a/b", ".hidden", "a\nb", "a\x1b[31m",
        "a\u202e"};
    struct error err;
    (void)state;
    assert_true(save_file(in("outside"), slice_of("before\n"), &err));
    assert_int_equal(mkdir(in("here"), 0700), 0);
    for (size_t i = 0; i < SAMPLE_COUNT(refused); i++) {
        if (save_file_in(in("here"), refused[i], slice_of("x"), &err))
            fail_msg("%s: saved", refused[i]);
        assert_non_null(strstr(err.text, "cannot save"));
    }
    assert_int_equal(symlink("../outside", in("here/link")), 0);
    assert_int_equal(symlink("../nowhere", in("here/dangling")), 0);
    assert_int_equal(mkfifo(in("here/fifo"), 0600), 0);
    assert_false(save_file_in(in("here"), "link", slice_of("x"), &err));
    assert_non_null(strstr(err.text, "symbolic link"));
    assert_false(save_file_in(in("here"), "dangling", slice_of("x"), &err));
    assert_false(save_file_in(in("here"), "fifo", slice_of("x"), &err));
    assert_false(save_file_in(in("none"), "a", slice_of("x"), &err));
    assert_true(save_file_in(in("here"), "a", slice_of("one\n"), &err));
    assert_true(save_file_in(in("here"), "a", slice_of("two\n"), &err));
    is(in("here/a"), "two\n");
    is(in("outside"), "before\n");
    assert_int_equal(access(in("nowhere"), F_OK), -1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(unlink(in((const char *[]){"here/link", "here/dangling", "here/fifo"}[i])), 0);
    assert_int_equal(unlink(in("here/a")), 0);
    assert_int_equal(rmdir(in("here")), 0); /* and nothing is left in it */
    assert_int_equal(unlink(in("outside")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_full),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_mode), cmocka_unit_test(test_in_directory),
        cmocka_unit_test(test_places)};
    snprintf(directory, sizeof directory, "/tmp/ncred-save-XXXXXX");
    if (!mkdtemp(directory))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
