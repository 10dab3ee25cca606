/* Unpacking gzip, within limits that no bomb gets past. */
#ifndef NCRED_GUNZIP_H
#define NCRED_GUNZIP_H

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

/*
 * What the packed bytes of a file may unpack to, all layers of gzip in gzip together: GUNZIP_ALWAYS bytes, more only up to
 * GUNZIP_RATIO times their own number. The emptiest report, of 200,000 users with counted names and no credential, packs
 * 29 to 1.
 */
#define GUNZIP_ALWAYS LIMIT(UINT64_C(16) << 20, UINT64_C(1) << 14)
#define GUNZIP_RATIO UINT64_C(100)
/* gzip in gzip. */
enum { GUNZIP_LAYERS_MAX = 8 };

/* What all layers have made of a file so far. */
struct gunzip_budget {
    uint64_t in;  /* bytes of the file */
    uint64_t out; /* bytes that any layer unpacked */
};

/* Whether START, two bytes at least, is that of a gzip file. */
bool gunzip_is(struct slice start);

/* Append what PACKED holds, all its members, to OUT, which the caller frees. */
bool gunzip(struct slice packed, struct gunzip_budget *budget, struct buffer *out, struct error *err);

/* The same piece by piece. */
struct gunzip;
/* BUDGET must outlive it; the caller adds the bytes of the file that it reads. Returns NULL if zlib cannot be started. */
struct gunzip *gunzip_start(struct gunzip_budget *budget);
/*
 * Unpack up to SIZE bytes to OUT; *GOT: how many. PACKED is moved on past what was taken in; give it more when it is
 * empty and less than SIZE came. FINAL: there is no more. *IS_END: that was all of it.
 */
bool gunzip_more(struct gunzip *g, struct slice *packed, bool final, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err);
void gunzip_end(struct gunzip *g);

#endif
