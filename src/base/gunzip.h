/*
 * Unpacks gzip within limits against bombs, in one go or piece by piece:
 *
 *     struct gunzip_budget budget = {.in = packed.len};
 *     bool ok = gunzip(packed, &budget, &out, &err);
 */
#ifndef NCRED_GUNZIP_H
#define NCRED_GUNZIP_H

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

/*
 * Limit of the bytes that a file unpacks to, over all layers of gzip in gzip: GUNZIP_ALWAYS or, if that is more,
 * GUNZIP_RATIO times the file's size. For comparison: the report that packs best, 200,000 users with numbered names and
 * no credential, packs 29 to 1.
 */
#define GUNZIP_ALWAYS LIMIT(UINT64_C(16) << 20, UINT64_C(1) << 14)
#define GUNZIP_RATIO UINT64_C(100)
/* Layers of gzip in gzip. */
enum { GUNZIP_LAYERS_MAX = 8 };

/* Counts of all layers of a file. */
struct gunzip_budget {
    uint64_t in;  /* bytes of the file read so far; the caller counts them */
    uint64_t out; /* bytes unpacked so far, by all layers */
};

/* Whether START, the first bytes of a file (at least two), are those of gzip. */
bool gunzip_is(struct slice start);

/*
 * Append the contents of all members of PACKED to OUT. Returns false with ERR set if it is damaged or over the limit.
 */
bool gunzip(struct slice packed, struct gunzip_budget *budget, struct buffer *out, struct error *err);

/* The same piece by piece. */
struct gunzip;
/* BUDGET is borrowed. Returns NULL if zlib cannot be started. Free the result with gunzip_end(), which accepts NULL. */
struct gunzip *gunzip_start(struct gunzip_budget *budget);
/*
 * Unpack up to SIZE bytes to OUT and set *GOT to their number. Consumed bytes are removed from the front of *PACKED. If
 * *GOT is less than SIZE and not *IS_END, call it again with more bytes in *PACKED; FINAL says that there are no more.
 * *IS_END is set at the end of the last member. Returns false with ERR set if the file is damaged or over the limit.
 */
bool gunzip_more(struct gunzip *g, struct slice *packed, bool final, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err);
void gunzip_end(struct gunzip *g);

#endif
