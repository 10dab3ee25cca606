/* Unpacking gzip, within limits that no bomb gets past. */
#ifndef NCRED_GUNZIP_H
#define NCRED_GUNZIP_H

#include "base/error.h"
#include "base/text.h"

/*
 * What packed bytes may unpack to: GUNZIP_ALWAYS bytes, more only up to GUNZIP_RATIO times their own number.
 * The emptiest report, of 200,000 users with counted names and no credential, packs 29 to 1.
 */
#define GUNZIP_ALWAYS (UINT64_C(16) << 20)
#define GUNZIP_RATIO UINT64_C(100)

/* Whether START, two bytes at least, is that of a gzip file. */
bool gunzip_is(struct slice start);

/* Append what PACKED holds, all its members, to OUT, which the caller frees. */
bool gunzip(struct slice packed, struct buffer *out, struct error *err);

/* The same bit by bit. */
struct gunzip;
/* NULL: zlib cannot be started. */
struct gunzip *gunzip_start(void);
/*
 * Unpack up to SIZE bytes to OUT; *GOT: how many. PACKED is moved on past what was taken in; give it more when it is
 * empty and less than SIZE came. FINAL: there is no more. *IS_END: that was all of it.
 */
bool gunzip_more(struct gunzip *g, struct slice *packed, bool final, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err);
void gunzip_end(struct gunzip *g);

#endif
