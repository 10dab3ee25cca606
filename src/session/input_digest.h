/* SHA-256 of the inputs of a run, for evidence. */
#ifndef NCRED_INPUT_DIGEST_H
#define NCRED_INPUT_DIGEST_H

#include "base/cancel.h"
#include "session/inputs.h"

struct input_digest {
    char sha256[SHA256_HEX]; /* of the file on disk, compressed or not; empty: WHY tells why there is none */
    uint64_t size;           /* in bytes */
    const char *why;         /* static: why there is no digest, or what is odd about it; or NULL */
};

/*
 * Compute the digest of the file at PATH as it is now. Only regular files are read. Returns false if CANCEL, which may
 * be NULL, has ended; a file that cannot be read is reported in D->why.
 */
bool input_digest_file(struct input_digest *d, const char *path, struct cancel_token *cancel);
/* The same for bytes in memory. */
bool input_digest_bytes(struct input_digest *d, struct slice bytes, struct cancel_token *cancel);
/*
 * The same for the source of a report: a file, which is read again and must not have changed since; a pipe, whose
 * digest was computed while it was read; or the bytes that AWS sent.
 */
bool input_digest_item(struct input_digest *d, const struct inputs_item *item, struct cancel_token *cancel);

#endif
