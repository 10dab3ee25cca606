/* Packed files that are so large that a thread unpacks them: whole, damaged, cut off, and closed early. */
#include "base/read_ahead.h"
#include "base/sha256.h"
#include "base/source.h"
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

/* Both the packed and the unpacked file are larger than what source.c unpacks without a thread. */
enum { PLAIN = 4 << 20, HARD = 2 << 20 };
static struct buffer plain, packed;
static char path[] = "/tmp/ncred-source-XXXXXX";

/* Bytes that hardly pack, and then text that packs well. */
static int make_file(void **state)
{
    int fd = mkstemp(path);
    (void)state;
    sample_start();
    for (size_t i = 0; i < HARD / sizeof(uint32_t); i++) {
        uint32_t random = (uint32_t)sample_below(UINT32_MAX);
        buffer_add(&plain, &random, sizeof random);
    }
    while (plain.len < PLAIN)
        buffer_printf(&plain, "line %zu\n", plain.len);
    gzFile file = gzdopen(dup(fd), "wb1");
    assert_int_equal(gzwrite(file, plain.data, (unsigned)plain.len), plain.len);
    assert_int_equal(gzclose(file), Z_OK);
    packed.len = (size_t)lseek(fd, 0, SEEK_END);
    packed.data = xcalloc(packed.len, 1);
    assert_int_equal(pread(fd, packed.data, packed.len, 0), packed.len);
    close(fd);
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    buffer_free(&plain);
    buffer_free(&packed);
    return unlink(path);
}

static void put_file(const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Read the file in pieces of random size into OUT, up to LIMIT bytes. Returns whether all of that could be read. */
static bool read_file(struct buffer *out, size_t limit, uint64_t *taken, unsigned char *digest, struct error *err)
{
    struct source s;
    struct sha256 sum;
    bool is_end = false, ok = source_open(&s, path, err);
    sha256_init(&sum);
    s.digest = &sum;
    while (ok && !is_end && out->len < limit) {
        size_t size = 1 + sample_below(1 << 20), got;
        buffer_reserve(out, size);
        ok = source_fill(&s, out->data + out->len, size, &got, &is_end, err);
        assert_true(got <= size && (got || is_end || !ok));
        out->len += ok ? got : 0;
    }
    *taken = s.taken;
    source_close(&s);
    sha256_end(&sum, digest);
    return ok;
}

static void test_whole(void **state)
{
    unsigned char digest[SHA256_SIZE], wanted[SHA256_SIZE];
    struct sha256 sum;
    uint64_t taken;
    struct error err;
    struct buffer out = {0};
    (void)state;
    put_file(packed.data, packed.len);
    assert_true(read_file(&out, SIZE_MAX, &taken, digest, &err));
    assert_true(out.len == plain.len && memcmp(out.data, plain.data, plain.len) == 0);
    assert_int_equal(taken, packed.len);
    sha256_init(&sum);
    sha256_add(&sum, packed.data, packed.len);
    sha256_end(&sum, wanted);
    assert_memory_equal(digest, wanted, sizeof wanted);
    buffer_free(&out);
}

/* The rest need not be read, for example because the load was stopped. */
static void test_closed_early(void **state)
{
    unsigned char digest[SHA256_SIZE];
    uint64_t taken;
    struct error err;
    struct buffer out = {0};
    (void)state;
    put_file(packed.data, packed.len);
    assert_true(read_file(&out, HARD, &taken, digest, &err));
    assert_true(out.len >= HARD && memcmp(out.data, plain.data, out.len) == 0);
    assert_true(taken > 0 && taken <= packed.len);
    buffer_free(&out);
}

static void test_damaged(void **state)
{
    unsigned char digest[SHA256_SIZE];
    uint64_t taken;
    struct error err;
    struct buffer out = {0}, bad = {0};
    (void)state;
    put_file(packed.data, packed.len - 100);
    assert_false(read_file(&out, SIZE_MAX, &taken, digest, &err));
    assert_non_null(strstr(err.text, "the gzip file was cut off"));
    assert_true(out.len >= HARD && memcmp(out.data, plain.data, out.len) == 0);
    out.len = 0;
    buffer_add(&bad, packed.data, packed.len);
    bad.data[packed.len - 6] ^= 1; /* of the checksum, so that all of the text comes before the error */
    put_file(bad.data, bad.len);
    assert_false(read_file(&out, SIZE_MAX, &taken, digest, &err));
    assert_non_null(strstr(err.text, "the gzip file is damaged"));
    assert_true(out.len >= HARD && memcmp(out.data, plain.data, out.len) == 0);
    buffer_free(&out);
    buffer_free(&bad);
}

/* ---- the thread alone, which a machine with one processor does not use for files ---- */

struct counting {
    size_t made, end; /* bytes */
    bool fails;       /* at the end */
};

/* Byte N is the lowest one of N / 7. */
static bool count_bytes(void *context, char *out, size_t size, size_t *got, uint64_t *taken, bool *is_end,
    struct error *err)
{
    struct counting *c = context;
    size_t left = c->end - c->made, n = 1 + (c->made * 31 + 7) % 70001;
    n = n < size ? n : size;
    *got = n < left ? n : left;
    for (size_t i = 0; i < *got; i++)
        out[i] = (char)((c->made + i) / 7);
    c->made += *got;
    *taken = 2 * c->made;
    *is_end = c->made == c->end && !c->fails;
    return c->made < c->end || !c->fails || error_set(err, "broken at %zu", c->made);
}

static void test_ahead(void **state)
{
    static char bytes[3 << 20];
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t round = 0; round < sample_rounds(12, 200); round++) {
        struct counting c = {.end = sample_below(sizeof bytes), .fails = round % 3 == 0};
        size_t stop = round % 4 == 1 ? sample_below(c.end + 1) : SIZE_MAX, have = 0;
        bool is_end = false, ok = true;
        uint64_t taken = 0;
        struct error err;
        struct read_ahead *a = read_ahead_start(count_bytes, &c);
        assert_non_null(a);
        while (ok && !is_end && have < stop) {
            size_t got, size = 1 + sample_below(sizeof bytes - have);
            ok = read_ahead_take(a, bytes + have, size, &got, &taken, &is_end, &err);
            assert_true(got <= size && (got || is_end || !ok));
            have += got;
        }
        read_ahead_end(a);
        for (size_t i = 0; i < have; i++) {
            if (bytes[i] != (char)(i / 7))
                fail_msg("seed %llu, round %zu: byte %zu of %zu", seed, round, i, c.end);
        }
        if (stop == SIZE_MAX) {
            assert_true(have == c.end && taken == 2 * c.end);
            assert_int_equal(ok, !c.fails);
            assert_true(ok || strncmp(err.text, "broken at", 9) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_closed_early),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_ahead)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
