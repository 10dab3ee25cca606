/* The hash index: its hash, finding and replacing, growing, and the dictionary on top of it. */
#include "base/dict.h"
#include "base/hash_index.h"
#include "base/text_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* CPython's hash() of bytes is SipHash-1-3 too; with PYTHONHASHSEED=0 its key is 0. */
static void test_siphash(void **state)
{
    static const uint64_t key[2] = {0, 0};
    (void)state;
    assert_true(hash_siphash13(key, slice_of("a")) == UINT64_C(0x407448d2b89b1813));
    assert_true(hash_siphash13(key, slice_of("12345678")) == UINT64_C(0x3489982430560a87));
    assert_true(hash_siphash13(key, slice_of("arn:aws:iam::123456789012:user/anna")) == UINT64_C(0x8f790c52b6994b1c));
    assert_true(hash_text(slice_of("a")) == hash_text(slice_of("a")));
    assert_true(hash_text(slice_of("")) != hash_text((struct slice){"", 1}));
}

/* Every byte counts, and where the text lies does not. */
static void test_bytes(void **state)
{
    (void)state;
    for (size_t len = 0; len < 40; len++) {
        char text[64] = {0}, moved[65];
        for (size_t i = 0; i < len; i++)
            text[i] = (char)('a' + i % 26);
        memset(moved, '~', sizeof moved);
        memcpy(moved + 1, text, len);
        uint64_t hash = hash_text((struct slice){text, len});
        assert_true(hash == hash_text((struct slice){moved + 1, len}));
        assert_true(hash != hash_text((struct slice){text, len + 1}));
        for (size_t i = 0; i < len; i++) {
            moved[i + 1] ^= 1;
            assert_true(hash != hash_text((struct slice){moved + 1, len}));
            moved[i + 1] ^= 1;
        }
    }
}

enum { TEXTS = 5000 };
static char texts[TEXTS][8];

static struct slice text_of(const void *owner, uint32_t number)
{
    (void)owner;
    return slice_of(texts[number]);
}

static void test_find(void **state)
{
    struct hash_index h = {.text = text_of};
    (void)state;
    assert_null(hash_index_find(&h, slice_of("0"), hash_text(slice_of("0"))));
    assert_int_equal(hash_index_guess(&h, 1), 0);
    for (uint32_t i = 0; i < TEXTS; i++) {
        snprintf(texts[i], sizeof texts[i], "%u", (unsigned)i);
        uint32_t *slot = hash_index_add(&h, slice_of(texts[i]), hash_text(slice_of(texts[i])));
        assert_int_equal(*slot, 0);
        *slot = i + 1;
    }
    for (uint32_t i = 0; i < TEXTS; i++) {
        uint64_t hash = hash_text(slice_of(texts[i]));
        assert_int_equal(*hash_index_find(&h, slice_of(texts[i]), hash), i + 1);
        assert_int_equal(*hash_index_add(&h, slice_of(texts[i]), hash), i + 1);
        assert_int_equal(hash_index_guess(&h, hash), i + 1);
    }
    assert_int_equal(h.used, TEXTS);
    assert_null(hash_index_find(&h, slice_of("x"), hash_text(slice_of("x"))));
    hash_index_free(&h);
}

/* Texts whose hashes are all the same are still told apart. */
static void test_collisions(void **state)
{
    struct hash_index h = {.text = text_of};
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        snprintf(texts[i], sizeof texts[i], "%u", (unsigned)i);
        *hash_index_add(&h, slice_of(texts[i]), 7) = i + 1;
    }
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(*hash_index_find(&h, slice_of(texts[i]), 7), i + 1);
    assert_null(hash_index_find(&h, slice_of("x"), 7));
    hash_index_free(&h);
}

static void test_dict(void **state)
{
    struct dict d;
    char word[16];
    (void)state;
    dict_init(&d);
    for (size_t i = 0; i <= DICT_MAX; i++) {
        snprintf(word, sizeof word, "w%zu", i);
        assert_int_equal(dict_add(&d, slice_of(word)), i); /* the last one: full */
    }
    assert_int_equal(dict_add(&d, slice_of("w17")), 17);
    assert_int_equal(dict_count(&d), DICT_MAX);
    assert_true(slice_equal(dict_word(&d, DICT_MAX - 1), slice_of("w64511")));
    dict_free(&d);
}

/* Texts that are interned are kept once, nothing moves, and lists are aligned whatever was kept before. */
static void test_text_pool(void **state)
{
    enum { KEPT = 20000 };
    static const char *kept[KEPT];
    struct text_pool pool;
    struct buffer text = {0};
    (void)state;
    text_pool_init(&pool);
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < KEPT; i++) {
            text.len = 0;
            for (size_t n = 0; n <= i % 1000 / 999 * 20000; n++) /* now and then one that is larger than a block */
                buffer_printf(&text, "%zu ", i);
            const char *here = text_pool_intern(&pool, (struct slice){text.data, text.len});
            assert_string_equal(here, text.data);
            assert_true(round == 0 || here == kept[i]);
            kept[i] = here;
        }
    }
    assert_true(text_pool_intern(&pool, slice_of("")) == text_pool_intern(&pool, slice_of("")));
    assert_true(text_pool_copy(&pool, slice_of("a")) != text_pool_copy(&pool, slice_of("a")));
    for (size_t i = 0; i < 9; i++) {
        uint64_t list[] = {i, i + 1};
        (void)text_pool_copy(&pool, (struct slice){"12345678", i});
        const uint64_t *copy = text_pool_copy_list(&pool, list, 2, sizeof *list);
        assert_int_equal((uintptr_t)copy % sizeof *copy, 0);
        assert_int_equal(copy[1], i + 1);
    }
    text_pool_seal(&pool);
    assert_string_equal(kept[7], "7 ");
    text_pool_free(&pool);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash), cmocka_unit_test(test_bytes), cmocka_unit_test(test_find),
            cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_dict), cmocka_unit_test(test_text_pool),
    };
    return cmocka_run_group_tests_name("hash_index", tests, NULL, NULL);
}
