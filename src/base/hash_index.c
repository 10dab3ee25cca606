/* Open addressing with linear probing. SipHash as its authors describe it (Aumasson, Bernstein: SipHash, 2012). */
#include "base/hash_index.h"

#include "base/system.h"
#include "base/memory.h"
#include "base/large_pages.h"

#include <pthread.h>
#include <stdlib.h>

/* ---- the hash ---- */

static uint64_t key[2];

/* Choose a random key. In a build for fuzzing it stays 0, so that every run of an input is the same. */
static void make_key(void)
{
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    if (!system_random(key, sizeof key))
        key[0] = key[1] = (uint64_t)(uintptr_t)&key; /* the program's address is random, too */
#endif
}

static inline uint64_t rotated(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

/* Always inlined, so that V stays in registers. */
__attribute__((always_inline)) static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotated(v[1], 13) ^ v[0];
    v[3] = rotated(v[3], 16) ^ v[2];
    v[0] = rotated(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotated(v[1], 17) ^ v[2];
    v[3] = rotated(v[3], 21) ^ v[0];
    v[2] = rotated(v[2], 32);
}

/* Returns eight bytes as a little-endian number. */
static inline uint64_t sip_word(const char *data)
{
    uint64_t word = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&word, data, sizeof word);
#else
    for (size_t i = 0; i < 8; i++)
        word |= (uint64_t)(unsigned char)data[i] << 8 * i;
#endif
    return word;
}

/* Returns the bytes behind the last whole word of TEXT, fewer than eight, as a little-endian number. */
static inline uint64_t sip_rest(struct slice text)
{
    size_t rest = text.len % 8;
    uint64_t word = 0;
    if (rest && text.len > 8)
        return sip_word(text.data + text.len - 8) >> 8 * (8 - rest);
    for (size_t i = 0; i < rest; i++)
        word |= (uint64_t)(unsigned char)text.data[i] << 8 * i;
    return word;
}

static inline uint64_t sip_finish(uint64_t v[4])
{
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Set OUT to the hash of TEXT: two elements if IS_WIDE, otherwise only the first. */
__attribute__((always_inline)) static inline void sip_hash(const uint64_t with_key[2], struct slice text, bool is_wide,
    uint64_t out[2])
{
    uint64_t v[4] = {with_key[0] ^ UINT64_C(0x736f6d6570736575), with_key[1] ^ UINT64_C(0x646f72616e646f6d),
        with_key[0] ^ UINT64_C(0x6c7967656e657261), with_key[1] ^ UINT64_C(0x7465646279746573)};
    size_t at = 0;
    if (is_wide)
        v[1] ^= 0xee;
    for (; text.len - at >= 8; at += 8) {
        uint64_t word = sip_word(text.data + at);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)text.len << 56 | sip_rest(text);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= is_wide ? 0xee : 0xff;
    out[0] = sip_finish(v);
    if (is_wide) {
        v[1] ^= 0xdd;
        out[1] = sip_finish(v);
    }
}

uint64_t hash_siphash13(const uint64_t with_key[2], struct slice text)
{
    uint64_t out[2];
    sip_hash(with_key, text, false, out);
    return out[0];
}

void hash_siphash13_wide(const uint64_t with_key[2], struct slice text, uint64_t out[2])
{
    sip_hash(with_key, text, true, out);
}

static pthread_once_t key_once = PTHREAD_ONCE_INIT;

uint64_t hash_text(struct slice text)
{
    pthread_once(&key_once, make_key);
    return hash_siphash13(key, text);
}

void hash_text_wide(struct slice text, uint64_t out[2])
{
    pthread_once(&key_once, make_key);
    hash_siphash13_wide(key, text, out);
}

/* ---- the table ---- */

static size_t home(const struct hash_index *h, uint64_t hash)
{
    return (size_t)hash & (h->size - 1);
}

static uint32_t upper(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

/* Returns the slot of TEXT, or the free slot where it belongs. */
static struct hash_slot *slot_of(const struct hash_index *h, struct slice text, uint64_t hash)
{
    for (size_t at = home(h, hash);; at = (at + 1) & (h->size - 1)) {
        struct hash_slot *slot = &h->slots[at];
        if (!slot->number || (slot->hash == upper(hash) && slice_equal(h->text(h->owner, slot->number - 1), text)))
            return slot;
    }
}

static void resize(struct hash_index *h, size_t size)
{
    struct hash_index old = *h;
    h->slots = large_pages_new(size, sizeof *h->slots);
    h->size = size;
    memset(h->slots, 0, size * sizeof *h->slots);
    for (size_t i = 0; i < old.size; i++) {
        if (!old.slots[i].number)
            continue;
        /* slots do not keep the lower half of the hash, so it is computed again */
        size_t at = home(h, hash_text(h->text(h->owner, old.slots[i].number - 1)));
        while (h->slots[at].number)
            at = (at + 1) & (size - 1);
        h->slots[at] = old.slots[i];
    }
    free(old.slots);
}

void hash_index_reserve(struct hash_index *h, size_t count)
{
    size_t size = h->size ? h->size : 64;
    while (size / 2 < count)
        size *= 2;
    if (size > h->size)
        resize(h, size);
}

uint32_t *hash_index_find(const struct hash_index *h, struct slice text, uint64_t hash)
{
    struct hash_slot *slot = h->size ? slot_of(h, text, hash) : NULL;
    return slot && slot->number ? &slot->number : NULL;
}

uint32_t *hash_index_add(struct hash_index *h, struct slice text, uint64_t hash)
{
    if (h->used >= h->size / 2)
        hash_index_reserve(h, h->used + 1);
    struct hash_slot *slot = slot_of(h, text, hash);
    if (!slot->number) {
        slot->hash = upper(hash);
        h->used++;
    }
    return &slot->number;
}

void hash_index_prefetch(const struct hash_index *h, uint64_t hash)
{
    if (h->size)
        __builtin_prefetch(&h->slots[home(h, hash)], 1);
}

uint32_t hash_index_guess(const struct hash_index *h, uint64_t hash)
{
    for (size_t at = h->size ? home(h, hash) : 0; h->size && h->slots[at].number; at = (at + 1) & (h->size - 1)) {
        if (h->slots[at].hash == upper(hash))
            return h->slots[at].number;
    }
    return 0;
}

void hash_index_free(struct hash_index *h)
{
    free(h->slots);
    h->slots = NULL;
    h->size = h->used = 0;
}
