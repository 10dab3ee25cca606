/* Written after FIPS 180-4, section 6.2, because no library that ncred links with offers a digest. */
#include "base/sha256.h"

#include <string.h>

/* Section 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* Section 5.3.3: the fractional parts of the square roots of the first eight primes. */
static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static inline uint32_t rotate_right(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static inline uint32_t load_big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/*
 * One round. Where the standard moves each value to the next variable, callers pass the variables in rotated order
 * instead; after eight rounds the order is the original one.
 */
static inline void do_round(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f,
    uint32_t g, uint32_t *h, uint32_t kw)
{
    uint32_t sum1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
    uint32_t sum0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
    uint32_t t1 = *h + sum1 + (g ^ (e & (f ^ g))) + kw;
    *d += t1;
    *h = t1 + sum0 + ((a & b) | (c & (a | b)));
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[64];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6],
        h = state[7];
    for (size_t t = 0; t < 16; t++)
        w[t] = load_big_endian(block + 4 * t);
    for (size_t t = 16; t < 64; t++) {
        uint32_t s0 = rotate_right(w[t - 15], 7) ^ rotate_right(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate_right(w[t - 2], 17) ^ rotate_right(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    for (size_t t = 0; t < 64; t += 8) {
        do_round(a, b, c, &d, e, f, g, &h, constants[t] + w[t]);
        do_round(h, a, b, &c, d, e, f, &g, constants[t + 1] + w[t + 1]);
        do_round(g, h, a, &b, c, d, e, &f, constants[t + 2] + w[t + 2]);
        do_round(f, g, h, &a, b, c, d, &e, constants[t + 3] + w[t + 3]);
        do_round(e, f, g, &h, a, b, c, &d, constants[t + 4] + w[t + 4]);
        do_round(d, e, f, &g, h, a, b, &c, constants[t + 5] + w[t + 5]);
        do_round(c, d, e, &f, g, h, a, &b, constants[t + 6] + w[t + 6]);
        do_round(b, c, d, &e, f, g, h, &a, constants[t + 7] + w[t + 7]);
    }
    const uint32_t after[8] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; i++)
        state[i] += after[i];
}

void sha256_init(struct sha256 *s)
{
    memcpy(s->state, initial_state, sizeof s->state);
    s->length = 0;
}

void sha256_add(struct sha256 *s, const void *data, size_t size)
{
    const unsigned char *at = data;
    size_t held = s->length % SHA256_BLOCK;
    s->length += size;
    while (size) {
        size_t n = SHA256_BLOCK - held < size ? SHA256_BLOCK - held : size;
        if (n == SHA256_BLOCK) { /* a whole block needs no copy */
            compress(s->state, at);
        } else {
            memcpy(s->block + held, at, n);
            if (held + n == SHA256_BLOCK)
                compress(s->state, s->block);
        }
        held = (held + n) % SHA256_BLOCK;
        at += n;
        size -= n;
    }
}

void sha256_end(struct sha256 *s, unsigned char digest[SHA256_SIZE])
{
    static const unsigned char padding[SHA256_BLOCK] = {0x80};
    unsigned char bits[8];
    for (size_t i = 0; i < sizeof bits; i++)
        bits[i] = (unsigned char)(s->length * 8 >> (56 - 8 * i));
    size_t held = s->length % SHA256_BLOCK;
    sha256_add(s, padding, held < SHA256_BLOCK - sizeof bits ? SHA256_BLOCK - sizeof bits - held
        : 2 * SHA256_BLOCK - sizeof bits - held);
    sha256_add(s, bits, sizeof bits);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        digest[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hex(struct sha256 *s, char hex[SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_SIZE];
    sha256_end(s, digest);
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[SHA256_HEX - 1] = '\0';
}
