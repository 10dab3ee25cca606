/* SHA-256 of what a run has read, for evidence. */
#ifndef NCRED_INPUT_DIGEST_H
#define NCRED_INPUT_DIGEST_H

#include "base/cancel.h"
#include "session/inputs.h"

struct input_digest {
    char sha256[SHA256_HEX]; /* of the file as it lies on the disk, packed or not; empty: WHY says why there is none */
    uint64_t size;           /* in bytes */
    const char *why;         /* static; NULL, or a remark for people: why there is no digest, or what is odd about it */
};

/*
 * The digest of the file at PATH as it is now. Only a regular file is read. False: CANCEL, which may be NULL, has ended.
 */
bool input_digest_file(struct input_digest *d, const char *path, struct cancel_token *cancel);
/* The same of what is in memory. */
bool input_digest_bytes(struct input_digest *d, struct slice bytes, struct cancel_token *cancel);
/*
 * The same of what a report was read from: a file, which is read once more and must not have changed since; what came
 * through a pipe and was kept; or what AWS sent.
 */
bool input_digest_item(struct input_digest *d, const struct inputs_item *item, struct cancel_token *cancel);

#endif
