/* Packed files that are so large that a thread unpacks them: whole, damaged, cut off, and closed early. */
#include "base/read_ahead.h"
#include "base/sha256.h"
#include "base/source.h"
#include "base/text_pieces.h"
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

/* Text in UTF-16, with characters of one and two units and some halves of pairs, of LEN bytes. */
static void make_utf16(struct buffer *out, size_t len, bool has_mark, bool is_big)
{
    static const unsigned units[] = {'a', '{', 0xe9, 0x20ac, 0xd83d, 0xde00, 0xd83d, 0xdc00, '\n', 'z'};
    for (size_t i = 0; out->len < len; i++) {
        unsigned u = i == 0 && has_mark ? 0xfeff : i < 8 ? 'b' : units[sample_below(SAMPLE_COUNT(units))];
        buffer_putc(out, (char)(is_big ? u >> 8 : u & 0xff));
        buffer_putc(out, (char)(is_big ? u & 0xff : u >> 8));
    }
    out->len = len;
}

/* Text read in pieces is the same as read in one go, and so are the errors. */
static void test_text_pieces(void **state)
{
    enum { LONG = 3 << 16 };
    static const char mark[] = "\xef\xbb\xbf";
    (void)state;
    for (size_t n = 0; n < 16; n++) {
        struct buffer file = {0}, whole = {0}, text = {0};
        struct error err, other;
        struct text_pieces pieces;
        size_t len = n % 4 == 0 ? LONG : n % 4 == 1 ? LONG - 1 : n % 4 == 2 ? sample_below(20) : 1 + sample_below(LONG);
        if (n < 8)
            make_utf16(&file, len, n & 1, n & 2);
        else
            buffer_add(&file, n & 2 ? mark : "", n & 2 ? sizeof mark - 1 : 0);
        while (n >= 8 && file.len < len)
            buffer_puts(&file, "12345\n\xe2\x82\xac");
        put_file(file.data ? file.data : "", file.len);
        bool ok = source_read_text(path, &whole, &err), is_end = false;
        bool same = text_pieces_open(&pieces, path, NULL, &other);
        while (same && !is_end)
            same = text_pieces_more(&pieces, &text, &is_end);
        text_pieces_close(&pieces);
        assert_int_equal(ok, same);
        assert_true(ok || strcmp(err.text, other.text) == 0);
        assert_true(!ok || (text.len == whole.len && (!text.len || memcmp(text.data, whole.data, text.len) == 0)));
        buffer_free(&file);
        buffer_free(&whole);
        buffer_free(&text);
    }
}

/* The ends of pieces may be anywhere in a character. */
static void test_utf16_pieces(void **state)
{
    struct error err;
    size_t length;
    (void)state;
    for (size_t size = 1; size < 9; size++) {
        struct buffer bytes = {0}, whole = {0}, text = {0};
        struct utf16 u;
        make_utf16(&bytes, 2000 + 2 * size, false, size & 1);
        struct slice all = {bytes.data, bytes.len};
        assert_true(utf16_decode(&whole, all, "x", &err));
        assert_true(utf16_start(&u, all, &length, "x", &err));
        for (size_t at = 0; at < all.len; at += size)
            utf16_more(&u, &text, (struct slice){all.data + at, all.len - at < size ? all.len - at : size});
        assert_true(utf16_end(&u, &text, "x", &err));
        assert_true(text.len == whole.len && memcmp(text.data, whole.data, text.len) == 0);
        buffer_free(&bytes);
        buffer_free(&whole);
        buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_closed_early),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_text_pieces), cmocka_unit_test(test_utf16_pieces)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
