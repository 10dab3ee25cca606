/*
 * Open addressing with linear probing. Slots have all that is needed to resize the table.
 *
 * Short texts are hashed by the multilinear family with half as many multiplications (Lemire, Kaser: Strongly universal
 * string hashing is fast, 2014): whatever two texts are chosen without knowing the key, 32 bits of it are the same with
 * a probability of 2^-32, and of the three that a digest has, each has a key of its own.
 */
#include "base/digest_index.h"

#include "base/hash_index.h"
#include "base/large_pages.h"

#include <pthread.h>
#include <stdlib.h>

/* ---- digests ---- */

enum { DIGEST_PARTS = 3, DIGEST_WORDS = 32, DIGEST_SHORT = DIGEST_WORDS * 8 };

/* For each part of a digest: what its sum begins with, and what is added to the two halves of each word. */
static uint64_t digest_sums[DIGEST_PARTS];
static uint64_t digest_keys[DIGEST_WORDS + 1][DIGEST_PARTS][2];
static pthread_once_t digest_once = PTHREAD_ONCE_INIT;

static void digest_make_keys(void)
{
    uint64_t number = 0, wide[2];
    for (size_t i = 0; i < DIGEST_PARTS; i++, number++) {
        hash_text_wide((struct slice){(const char *)&number, sizeof number}, wide);
        digest_sums[i] = wide[0];
    }
    for (size_t i = 0; i < (DIGEST_WORDS + 1) * DIGEST_PARTS; i++, number++)
        hash_text_wide((struct slice){(const char *)&number, sizeof number},
            digest_keys[i / DIGEST_PARTS][i % DIGEST_PARTS]);
}

/* Convert the ASCII letters among eight bytes to lower case: bytes from A to Z get bit 5. */
static inline uint64_t digest_lower(uint64_t x)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = x & ones * 0x7f, from_a = low + ones * (0x80 - 'A'), past_z = low + ones * (0x7f - 'Z');
    return x | ((from_a ^ past_z) & ~x & ones * 0x80) >> 2;
}

/* Returns the last bytes of TEXT as a number, which differs if any of the last TEXT.len % 8 bytes does. */
static inline uint64_t digest_tail(struct slice text)
{
    uint64_t word = 0;
    uint32_t half, other;
    if (text.len >= sizeof word) {
        memcpy(&word, text.data + text.len - sizeof word, sizeof word);
    } else if (text.len >= sizeof half) {
        memcpy(&half, text.data, sizeof half);
        memcpy(&other, text.data + text.len - sizeof other, sizeof other);
        word = (uint64_t)half << 32 | other;
    } else if (text.len) {
        word = (uint64_t)(unsigned char)text.data[0] << 16 | (uint64_t)(unsigned char)text.data[text.len / 2] << 8
            | (unsigned char)text.data[text.len - 1];
    }
    return word;
}

static inline uint64_t digest_product(const uint64_t key[2], uint64_t word)
{
    return (key[0] + (uint32_t)word) * (key[1] + (word >> 32));
}

/* Written out, without a loop, so that SUMS stay in registers. */
__attribute__((always_inline)) static inline void digest_add(uint64_t sums[DIGEST_PARTS],
    uint64_t (*keys)[2], uint64_t word)
{
    sums[0] += digest_product(keys[0], word);
    sums[1] += digest_product(keys[1], word);
    sums[2] += digest_product(keys[2], word);
}

__attribute__((always_inline)) static inline struct digest digest_short(struct slice text, uint32_t kind, bool is_lower)
{
    uint64_t sums[DIGEST_PARTS] = {digest_sums[0], digest_sums[1], digest_sums[2]}, word;
    size_t words = text.len / sizeof word;
    for (size_t i = 0; i < words; i++) {
        memcpy(&word, text.data + i * sizeof word, sizeof word);
        digest_add(sums, digest_keys[i], is_lower ? digest_lower(word) : word);
    }
    if (text.len % sizeof word) {
        word = digest_tail(text);
        digest_add(sums, digest_keys[words], is_lower ? digest_lower(word) : word);
    }
    digest_add(sums, digest_keys[DIGEST_WORDS], (uint64_t)kind << 32 | (uint32_t)text.len);
    return (struct digest){sums[0] >> 32 << 32 | sums[1] >> 32, (uint32_t)(sums[2] >> 32)};
}

struct digest digest_of(struct slice text)
{
    uint64_t wide[2];
    pthread_once(&digest_once, digest_make_keys);
    if (text.len <= DIGEST_SHORT)
        return digest_short(text, 0, false);
    hash_text_wide(text, wide);
    return (struct digest){wide[0], (uint32_t)wide[1]};
}

struct digest digest_of_lower(struct slice text, uint32_t kind)
{
    pthread_once(&digest_once, digest_make_keys);
    if (text.len <= DIGEST_SHORT)
        return digest_short(text, kind, true);
    struct buffer lower = {0};
    buffer_add(&lower, &kind, sizeof kind);
    buffer_add_lower(&lower, text);
    struct digest d = digest_of((struct slice){lower.data, lower.len});
    buffer_free(&lower);
    return d;
}

/* ---- the table ---- */

/* The upper half of the first part chooses the slot, scaled to the size, which need not be a power of two. */
static size_t digest_home(const struct digest_index *x, uint64_t first)
{
    return (size_t)((first >> 32) * x->size >> 32);
}

/* Returns the slot of D, or the free slot where it belongs. */
static struct digest_slot *digest_slot_of(const struct digest_index *x, struct digest d)
{
    size_t at = digest_home(x, d.first);
    while (x->slots[at].number && (x->slots[at].first != d.first || x->slots[at].second != d.second))
        at = at + 1 == x->size ? 0 : at + 1;
    return &x->slots[at];
}

void digest_index_reserve(struct digest_index *x, size_t count)
{
    enum { SMALLEST = 64 };
    struct digest_index old = *x;
    size_t size = count + count / 3 + SMALLEST;
    if (count <= old.size / 4 * 3)
        return;
    x->size = size;
    x->slots = large_pages_new(size, sizeof *x->slots);
    memset(x->slots, 0, size * sizeof *x->slots);
    for (size_t i = 0; i < old.size; i++) {
        if (old.slots[i].number)
            *digest_slot_of(x, (struct digest){old.slots[i].first, old.slots[i].second}) = old.slots[i];
    }
    free(old.slots);
}

void digest_index_prefetch(const struct digest_index *x, struct digest d)
{
    if (x->size)
        __builtin_prefetch(&x->slots[digest_home(x, d.first)], 1);
}

uint32_t digest_index_find(const struct digest_index *x, struct digest d)
{
    return x->size ? digest_slot_of(x, d)->number : 0;
}

uint32_t *digest_index_add(struct digest_index *x, struct digest d)
{
    if (x->used >= x->size / 4 * 3)
        digest_index_reserve(x, x->used * 2 + 1);
    struct digest_slot *slot = digest_slot_of(x, d);
    if (!slot->number) {
        slot->first = d.first;
        slot->second = d.second;
        x->used++;
    }
    return &slot->number;
}

void digest_index_free(struct digest_index *x)
{
    free(x->slots);
    *x = (struct digest_index){0};
}
