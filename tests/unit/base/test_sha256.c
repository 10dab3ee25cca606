/* SHA-256 against the published vectors, and against sha256sum for every length around a block. */
#include "base/sha256.h"
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *digest_of(const void *data, size_t size, size_t piece)
{
    static char hex[SHA256_HEX];
    struct sha256 s;
    sha256_init(&s);
    for (size_t at = 0; at < size; at += piece)
        sha256_add(&s, (const char *)data + at, size - at < piece ? size - at : piece);
    sha256_hex(&s, hex);
    return hex;
}

/*
 * The examples of FIPS 180-2, appendix B, those of NIST's page of examples, and the first of the CAVP's short messages.
 */
static void test_published(void **state)
{
    static const char b2[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const char four[] =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
        "mnopqrstnopqrstu";
    char *million = xcalloc(1000000, 1);
    (void)state;
    memset(million, 'a', 1000000);
    assert_string_equal(digest_of("", 0, 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(digest_of("\xd3", 1, 1), "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
    assert_string_equal(digest_of("abc", 3, 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(digest_of(b2, strlen(b2), 7),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_string_equal(digest_of(four, strlen(four), 64),
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    assert_string_equal(digest_of(million, 1000000, 4096),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* Each length up to three blocks, in pieces of several sizes, as coreutils sees it; skipped without sha256sum. */
static void test_against_sha256sum(void **state)
{
    enum { LENGTHS = 3 * SHA256_BLOCK };
    char directory[] = "/tmp/ncred-sha256-XXXXXX", path[64], command[160], line[128];
    unsigned char bytes[LENGTHS];
    (void)state;
    if (system("command -v sha256sum >/dev/null 2>&1") != 0)
        skip();
    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < LENGTHS; i++)
        bytes[i] = (unsigned char)(i * 167 + 13);
    for (size_t n = 0; n < LENGTHS; n++) {
        snprintf(path, sizeof path, "%s/%03zu", directory, n);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_true(fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
    }
    snprintf(command, sizeof command, "cd %s && sha256sum *", directory);
    FILE *sums = popen(command, "r");
    assert_non_null(sums);
    for (size_t n = 0; n < LENGTHS; n++) {
        assert_non_null(fgets(line, sizeof line, sums));
        line[SHA256_HEX - 1] = '\0';
        assert_string_equal(digest_of(bytes, n, 1 + n % 67), line);
        assert_string_equal(digest_of(bytes, n, LENGTHS), line);
    }
    assert_int_equal(pclose(sums), 0);
    for (size_t n = 0; n < LENGTHS; n++) {
        snprintf(path, sizeof path, "%s/%03zu", directory, n);
        unlink(path);
    }
    rmdir(directory);
}

/* A length whose bits do not fit in 32 bits: the padding is compared with one made by hand. */
static void test_long(void **state)
{
    enum { PIECE = 1 << 20 };
    struct sha256 s, copy;
    char hex[SHA256_HEX];
    char *piece = xcalloc(PIECE, 1);
    (void)state;
    sha256_init(&s);
    for (size_t i = 0; i < 3; i++)
        sha256_add(&s, piece, PIECE);
    copy = s;
    copy.length += UINT64_C(1) << 29; /* as if so many whole blocks had been added */
    sha256_hex(&copy, hex);
    free(piece);
    unsigned char block[SHA256_BLOCK] = {0x80};
    uint64_t bits = (UINT64_C(3) * PIECE + (UINT64_C(1) << 29)) * 8;
    for (size_t i = 0; i < 8; i++)
        block[56 + i] = (unsigned char)(bits >> (56 - 8 * i));
    sha256_add(&s, block, sizeof block); /* the padding by hand: then the state is the digest */
    for (size_t i = 0; i < 8; i++) {
        char word[9];
        snprintf(word, sizeof word, "%08x", (unsigned)s.state[i]);
        assert_memory_equal(word, hex + 8 * i, 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published), cmocka_unit_test(test_against_sha256sum),
        cmocka_unit_test(test_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
