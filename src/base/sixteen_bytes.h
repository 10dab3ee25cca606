/*
 * Sixteen bytes that are compared at once. The result of a comparison has -1 in each byte for which it holds and 0 in
 * the others. Compilers use vector instructions for this or, if the machine has none, do it byte by byte.
 *
 *     memcpy(&bytes, text, sizeof bytes);
 *     if (sixteen_bytes_any((bytes == ',') | (bytes == '"')))
 */
#ifndef NCRED_SIXTEEN_BYTES_H
#define NCRED_SIXTEEN_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef signed char sixteen_bytes __attribute__((vector_size(16)));

/* Whether any byte is not 0. */
static inline bool sixteen_bytes_any(sixteen_bytes bytes)
{
    uint64_t halves[2];
    memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

#endif
