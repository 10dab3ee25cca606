/*
 * SHA-256 (FIPS 180-4), for digests of style sheets in web pages and of the inputs of evidence.
 *
 *     struct sha256 s;
 *     char hex[SHA256_HEX];
 *     sha256_init(&s);
 *     sha256_add(&s, bytes, size);    // any number of times
 *     sha256_hex(&s, hex);
 */
#ifndef NCRED_SHA256_H
#define NCRED_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_HEX = 2 * SHA256_SIZE + 1, SHA256_BLOCK = 64 };

struct sha256 {
    uint32_t state[8];
    uint64_t length;                   /* bytes added so far */
    unsigned char block[SHA256_BLOCK]; /* the last length % SHA256_BLOCK bytes, which do not fill a block yet */
};

/* Begin a digest; add SIZE bytes to it. */
void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t size);
/* Write the digest of all bytes added to DIGEST. S must be initialized again before further use. */
void sha256_end(struct sha256 *s, unsigned char digest[SHA256_SIZE]);
/* The same in lower-case hexadecimal digits, NUL-terminated, as sha256sum prints it. */
void sha256_hex(struct sha256 *s, char hex[SHA256_HEX]);

#endif
