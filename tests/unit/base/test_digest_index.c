/* The digest index: its hash, adding, finding, growing, and wrapping at the end of the slots. */
#include "base/digest_index.h"
#include "base/hash_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * From another implementation in Python, which for SipHash-2-4 with this key also gives the 128-bit vectors of the
 * hash's authors.
 */
static void test_wide_hash(void **state)
{
    static const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    static const struct {
        const char *text;
        uint64_t hash[2];
    } known[] = {
        {"", {UINT64_C(0xbea58827b2bc7ee7), UINT64_C(0x13030dd6adb62fd)}},
        {"a", {UINT64_C(0xa84f7c63de373c08), UINT64_C(0x678aae375dd72f49)}},
        {"12345678", {UINT64_C(0x7594545e124d2a15), UINT64_C(0x2978627a76db99fd)}},
        {"arn:aws:iam::123456789012:user/anna", {UINT64_C(0x5f98fcd8e45314cb), UINT64_C(0xc46370aedc0cd499)}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t hash[2];
        hash_siphash13_wide(key, slice_of(known[i].text), hash);
        assert_true(hash[0] == known[i].hash[0] && hash[1] == known[i].hash[1]);
    }
}

static bool digest_equal(struct digest a, struct digest b)
{
    return a.first == b.first && a.second == b.second;
}

/* Every byte, the length and the kind count, whether a text is short or long; with digest_of_lower() case does not. */
static void test_digests(void **state)
{
    static const char letters[] = "@AMZ[`amz{0-/:\x80\xc1";
    char text[400], other[400];
    (void)state;
    for (size_t len = 0; len < sizeof text; len += 1 + len / 40) {
        for (size_t i = 0; i < len; i++)
            text[i] = letters[i % (sizeof letters - 1)];
        struct slice whole = {text, len};
        struct digest d = digest_of(whole), lower = digest_of_lower(whole, 1);
        assert_false(digest_equal(lower, digest_of_lower(whole, 2)));
        assert_false(len && digest_equal(d, digest_of((struct slice){text, len - 1})));
        for (size_t i = 0; i < len; i++) {
            bool is_letter = (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
            memcpy(other, text, len);
            other[i] ^= 0x20;
            assert_false(digest_equal(d, digest_of((struct slice){other, len})));
            assert_int_equal(digest_equal(lower, digest_of_lower((struct slice){other, len}, 1)), is_letter);
        }
        memset(text, 0, len);
        memset(other, 0, len);
        assert_true(digest_equal(digest_of(whole), digest_of((struct slice){other, len})));
    }
    assert_false(digest_equal(digest_of((struct slice){"\0", 1}), digest_of((struct slice){"", 0})));
}

static struct digest digest_of_number(unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    return digest_of(slice_of(text));
}

static void test_find(void **state)
{
    enum { COUNT = 5000 };
    struct digest_index x = {0};
    (void)state;
    assert_int_equal(digest_index_find(&x, digest_of_number(0)), 0);
    for (unsigned i = 0; i < COUNT; i++) {
        uint32_t *number = digest_index_add(&x, digest_of_number(i));
        assert_int_equal(*number, 0);
        *number = i + 1;
        assert_int_equal(*digest_index_add(&x, digest_of_number(i / 2)), i / 2 + 1);
    }
    assert_int_equal(x.used, COUNT);
    assert_true(x.used <= x.size / 4 * 3);
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(digest_index_find(&x, digest_of_number(i)), i + 1);
    for (unsigned i = COUNT; i < COUNT * 2; i++)
        assert_int_equal(digest_index_find(&x, digest_of_number(i)), 0);
    digest_index_free(&x);
    assert_int_equal(x.size, 0);
}

/* After room was made for them, adding that many texts moves nothing. */
static void test_reserve(void **state)
{
    enum { COUNT = 1000 };
    struct digest_index x = {0};
    (void)state;
    digest_index_reserve(&x, COUNT);
    const struct digest_slot *slots = x.slots;
    for (unsigned i = 0; i < COUNT; i++)
        *digest_index_add(&x, digest_of_number(i)) = i + 1;
    assert_ptr_equal(x.slots, slots);
    digest_index_free(&x);
}

/* Digests that belong in the last slot continue in the first, and each part of a digest counts. */
static void test_collisions(void **state)
{
    struct digest_index x = {0};
    (void)state;
    for (uint32_t i = 0; i < 40; i++)
        *digest_index_add(&x, (struct digest){UINT64_MAX - i / 2, i % 2}) = i + 1;
    for (uint32_t i = 0; i < 40; i++)
        assert_int_equal(digest_index_find(&x, (struct digest){UINT64_MAX - i / 2, i % 2}), i + 1);
    assert_int_equal(digest_index_find(&x, (struct digest){UINT64_MAX, 2}), 0);
    digest_index_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide_hash), cmocka_unit_test(test_digests),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_collisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
