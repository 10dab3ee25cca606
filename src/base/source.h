/*
 * Reads files and standard input piece by piece, and unpacks gzip.
 *
 *     struct source s;
 *     if (!source_open(&s, path, &err))
 *         return false;
 *     while (ok && !is_end)
 *         ok = source_fill(&s, chunk, sizeof chunk, &got, &is_end, &err);
 *     source_close(&s);
 */
#ifndef NCRED_SOURCE_H
#define NCRED_SOURCE_H

#include "base/error.h"
#include "base/cancel.h"
#include "base/gunzip.h"
#include "base/text.h"

struct read_ahead;
struct sha256;

/* Must not move between the first call of source_fill() and source_close(). */
struct source {
    int fd;
    const char *path; /* borrowed: for messages */
    size_t size;      /* bytes that were left of a regular file when it was opened; otherwise 0 */
    size_t taken;     /* bytes read so far, still packed */
    struct packed *packed; /* owned: the last layer; NULL before the first call of source_fill() */
    struct gunzip_budget unpacked;
    bool has_ended;   /* the end of the file was read */
    struct read_ahead *ahead; /* owned: unpacks in a thread, to which packed, unpacked and has_ended belong, or NULL */
    struct sha256 *digest; /* borrowed: gets every byte that is read, still packed; NULL for no digest */
};

/*
 * Open the file at PATH, or standard input if PATH is "-". Returns false with ERR set if that fails or for a directory.
 */
bool source_open(struct source *s, const char *path, struct error *err);
/*
 * The same for files read while the screen is shown: only regular files are accepted. A pipe, device or socket at PATH
 * is refused without waiting, because opening or reading it might block forever.
 */
bool source_open_file(struct source *s, const char *path, struct error *err);
/* Whether PATH leads to a regular file, which can be read again. */
bool source_is_file(const char *path);
/*
 * Read up to SIZE > 0 unpacked bytes to OUT and set *GOT to their number. *GOT is less than SIZE at the end, when
 * *IS_END is set, and for pipes and packed files also if no more bytes are there yet. Returns false with ERR set on
 * failure.
 */
bool source_fill(struct source *s, char *out, size_t size, size_t *got, bool *is_end, struct error *err);
void source_close(struct source *s);
/*
 * Returns the limit of memory in bytes for all that is read: half of the machine's memory, or of the limit set by
 * ulimit -v. There must be a limit because a pipe may never end.
 */
uint64_t source_limit(void);
/* Set ERR to the message that NAME would take more than source_limit(). Returns false. */
bool source_is_too_long(const char *name, struct error *err);
/* Whether source_fill() can return bytes without reading from the file. */
bool source_has_bytes(const struct source *s);
/*
 * Convert TEXT to UTF-8 if it is UTF-16, and remove a byte order mark. Returns false with ERR, which begins with NAME,
 * set if UTF-16 was cut off or if it is UTF-32.
 */
bool source_to_utf8(struct buffer *text, const char *name, struct error *err);
/*
 * Append the contents of the file at PATH, a small one, to OUT. If P is not NULL, reading can be cancelled and the file
 * must be a regular one, as for source_open_file(). Returns false with ERR set on failure or if P has ended; the caller
 * frees OUT in any case.
 */
bool source_read(const char *path, struct buffer *out, struct cancel_token *p, struct error *err);
/* The same for a text, which is converted to UTF-8. Not cancellable. */
bool source_read_text(const char *path, struct buffer *out, struct error *err);

#endif
