/* Little is read at once; what is more, or may turn out to be, comes piece by piece while others go on. */
#include "unit/sample.h"

#include "read/load.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { FEW = 3, SCREEN = 100, MANY = 50000 };

static const char header[] = "user,arn,mfa_active\n";

/* ROWS users, as a text of its own. */
static void make_report(struct buffer *b, size_t rows)
{
    buffer_puts(b, header);
    for (size_t i = 0; i < rows; i++)
        buffer_printf(b, "user-%zu,arn:aws:iam::123456789012:user/user-%zu,true\n", i, i);
}

/* A new file with the report, packed or not; PATH is a template for mkstemp. */
static void write_report(char *path, size_t rows, bool packed)
{
    struct buffer b = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    make_report(&b, rows);
    if (packed) {
        gzFile gz = gzdopen(fd, "wb");
        assert_int_equal(gzwrite(gz, b.data, (unsigned)b.len), (int)b.len);
        assert_int_equal(gzclose(gz), Z_OK);
    } else {
        assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
        close(fd);
    }
    buffer_free(&b);
}

/* Load one input to its end. At once: nothing is left to wait for when load_start returns. */
static void check_load(const struct load_input *input, size_t rows, bool at_once)
{
    struct report r = {0};
    struct error err;
    struct load *l = load_start(&r, input, 1);
    assert_int_equal(load_descriptor(l) < 0, at_once);
    assert_int_equal(r.row_count, 0);
    if (at_once)
        assert_false(load_poll(l));
    while (load_poll(l))
        load_wait(l, 1000);
    struct pollfd readable = {.fd = load_descriptor(l), .events = POLLIN};
    assert_int_equal(poll(&readable, 1, 0), !at_once); /* for whoever comes next */
    assert_true(load_succeeded(l, &err));
    assert_int_equal(r.row_count, rows);
    load_free(l);
    report_free(&r);
}

static void check_file(size_t rows, bool packed, bool at_once)
{
    char path[] = "/tmp/ncred-load-XXXXXX";
    write_report(path, rows, packed);
    check_load(&(struct load_input){.path = path}, rows, at_once);
    unlink(path);
}

static void test_files(void **state)
{
    (void)state;
    check_file(FEW, false, true);
    check_file(MANY, false, false);
    /* a small file of a report that need not be */
    check_file(FEW, true, false);
    check_file(MANY, true, false);
}

/* The first rows of a file are there at once; they are all that remains if the load is stopped then. */
static void test_first_rows(void **state)
{
    char path[] = "/tmp/ncred-load-XXXXXX";
    struct load_input input = {.path = path};
    (void)state;
    write_report(path, MANY, false);
    for (int polled = 0; polled < 2; polled++) {
        struct report r = {0};
        struct load *l = load_start(&r, &input, 1);
        assert_true(!polled || load_poll(l));
        size_t first = r.row_count;
        assert_true(polled ? first >= SCREEN && first < MANY : !first);
        load_stop(l);
        for (load_wait(l, -1); load_poll(l); load_wait(l, -1))
            ;
        assert_true(r.row_count >= first && r.row_count < MANY);
        assert_true(load_progress(l).is_stopped);
        load_free(l);
        report_free(&r);
        l = load_start(&r, &input, 1); /* and freed at any time */
        assert_true(!polled || load_poll(l));
        load_free(l);
        report_free(&r);
    }
    unlink(path);
}

/* If the first rows are too long for a screen of them, the rest is not held back until somebody asks again. */
static void test_long_rows(void **state)
{
    enum { ROWS = 400, LENGTH = 3300 };
    char path[] = "/tmp/ncred-load-XXXXXX", tag[LENGTH + 1];
    struct load_input input = {.path = path};
    struct buffer b = {0};
    struct report r = {0};
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    memset(tag, 'x', LENGTH);
    tag[LENGTH] = '\0';
    buffer_puts(&b, "user,arn,mfa_active,tag\n");
    for (int i = 0; i < ROWS; i++)
        buffer_printf(&b, "user-%d,arn:aws:iam::123456789012:user/user-%d,true,%s\n", i, i, tag);
    assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
    close(fd);
    struct load *l = load_start(&r, &input, 1);
    bool more = true;
    while (more && r.row_count < SCREEN) { /* each wait ends because rows have come */
        size_t before = r.row_count;
        load_wait(l, -1);
        more = load_poll(l);
        assert_true(!more || r.row_count > before);
    }
    load_free(l);
    report_free(&r);
    buffer_free(&b);
    unlink(path);
}

static void test_bytes(void **state)
{
    struct buffer b = {0};
    (void)state;
    make_report(&b, FEW);
    check_load(&(struct load_input){.name = "fetched", .bytes = {b.data, b.len}}, FEW, true);
    buffer_free(&b);
}

static void test_no_file(void **state)
{
    struct load_input input = {.path = "there-is-no-such-file.csv"};
    struct report r = {0};
    struct error err;
    (void)state;
    struct load *l = load_start(&r, &input, 1);
    while (load_poll(l))
        load_wait(l, 1000);
    assert_false(load_succeeded(l, &err));
    assert_non_null(strstr(err.text, "there-is-no-such-file.csv"));
    load_free(l);
    report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files), cmocka_unit_test(test_first_rows), cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_bytes), cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
