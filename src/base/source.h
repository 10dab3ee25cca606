/* Where bytes come from: files and standard input, piece by piece, unpacked where gzip has packed them. */
#ifndef NCRED_SOURCE_H
#define NCRED_SOURCE_H

#include "base/error.h"
#include "base/cancel.h"
#include "base/gunzip.h"
#include "base/text.h"

struct sha256;

struct source {
    int fd;
    const char *path; /* borrowed, for messages */
    size_t size;      /* of a regular file when it was opened; 0: not known */
    size_t taken;     /* bytes that were read of it, as they lie in the file */
    struct packed *packed; /* owned; NULL before the first bytes */
    struct gunzip_budget unpacked;
    bool has_ended;
    struct sha256 *digest; /* borrowed; NULL, or: takes every byte that is read, as it lies in the file */
};

/* Open the file at PATH ("-": standard input). */
bool source_open(struct source *s, const char *path, struct error *err);
/*
 * The same for what is read while the screen is shown: only a regular file. Opening a pipe, a device or a socket in its
 * place might block for ever, so they are refused, without waiting.
 */
bool source_open_file(struct source *s, const char *path, struct error *err);
/* Whether PATH leads to a regular file, which can be read a second time. */
bool source_is_file(const char *path);
/*
 * Read up to SIZE > 0 bytes to OUT; *GOT: how many. Fewer are read at the end, and then *IS_END is set; or, from what is
 * no regular file, when no more are there yet.
 */
bool source_fill(struct source *s, char *out, size_t size, size_t *got, bool *is_end, struct error *err);
void source_close(struct source *s);
/*
 * How much memory, in bytes, what is read may take in all: half of the machine's, or of what ulimit -v leaves. A pipe
 * may never end.
 */
uint64_t source_limit(void);
/* Fill ERR: NAME would take more than that. Returns false. */
bool source_is_too_long(const char *name, struct error *err);
/* Whether source_fill has bytes to give before it reads any. */
bool source_has_bytes(const struct source *s);
/* Make of TEXT, which may be UTF-16 or begin with a byte order mark, UTF-8 without one. False: it was cut off. */
bool source_to_utf8(struct buffer *text, const char *name, struct error *err);
/*
 * Read all of the file at PATH, which is a small one, into OUT, which the caller frees. False also when P has ended; with P,
 * only a regular file is read (see source_open_file).
 */
bool source_read(const char *path, struct buffer *out, struct cancel_token *p, struct error *err);
/* The same of a text, as UTF-8. */
bool source_read_text(const char *path, struct buffer *out, struct error *err);

#endif
