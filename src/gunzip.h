/* Unpacking gzip, within limits that no bomb gets past. */
#ifndef NCRED_GUNZIP_H
#define NCRED_GUNZIP_H

#include "error.h"
#include "text.h"

/*
 * What packed bytes may unpack to: GUNZIP_ALWAYS bytes, more only up to GUNZIP_RATIO times their own number.
 * The emptiest report, of 200,000 users with counted names and no credential, packs 29 to 1.
 */
#define GUNZIP_ALWAYS (UINT64_C(16) << 20)
#define GUNZIP_RATIO UINT64_C(100)

/* Append what PACKED holds, all its members, to OUT, which the caller frees. */
bool gunzip(struct slice packed, struct buffer *out, struct error *err);

#endif
