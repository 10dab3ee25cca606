/* What wraps a report: the CLI's json, text and yaml, the API's XML, base 64, gzip, UTF-16; told by content alone. */
#ifndef NCRED_ENVELOPE_H
#define NCRED_ENVELOPE_H

#include "base/error.h"
#include "base/text.h"

/* Envelopes in envelopes: gzip of the CLI's json of base 64 is three. */
enum { ENVELOPE_DEPTH_MAX = 8 };

struct envelope {
    struct slice csv;      /* borrowed from the bytes given, or from OWNED */
    struct buffer owned;
    bool generated_known;
    int64_t generated;     /* when AWS made the report, seconds since 1970 */
    char problem[240];     /* what was wrong with an envelope that opened all the same; empty: nothing */
};

/*
 * Unwrap BYTES, which came from a file of FILE_SIZE bytes called NAME, perhaps by gunzip, and must outlive OUT; a plain CSV is not copied, and is not looked at beyond its
 * first line. False: broken, or plainly something else than a report, such as an error of AWS in its place.
 * OUT is freed with envelope_free, after an error too.
 */
bool envelope_open(struct slice bytes, size_t file_size, const char *name, struct envelope *out, struct error *err);
/* Whether START, at least the first line of a file, is not wrapped in anything. */
bool envelope_is_none(struct slice start);
/*
 * Whether END, the last bytes of a plain CSV, ends as the CLI's text output does: with the time and the format. OUT->csv
 * is what stands before, and the time is in OUT, or the problem that it is none.
 */
bool envelope_has_tail(struct slice end, struct envelope *out);
void envelope_free(struct envelope *e);

#endif
