/*
 * Unwraps a report: JSON, text and YAML of the aws command, XML of the API, base64, gzip and UTF-16. The kind is
 * recognized by content alone, never by file name.
 */
#ifndef NCRED_ENVELOPE_H
#define NCRED_ENVELOPE_H

#include "base/error.h"
#include "base/text.h"

/* Limit of nested envelopes. A gzip file of the aws command's JSON with base64 inside has three. */
enum { ENVELOPE_DEPTH_MAX = 8 };

struct envelope {
    struct slice csv;      /* the report; points into the bytes given or into OWNED */
    struct buffer owned;
    bool generated_known;
    int64_t generated;     /* when AWS generated the report, seconds since 1970 */
    char problem[240];     /* what was odd about an envelope that could be opened; empty if nothing */
};

/*
 * Unwrap BYTES, which must outlive OUT. They come from a file called NAME of FILE_SIZE bytes, which is smaller if the
 * file was gzip and BYTES is its content. A plain CSV is not copied, and only its first line is read. Returns false
 * with ERR set if an envelope is broken, or if BYTES is clearly something else than a report, such as an error of AWS.
 * In either case free OUT with envelope_free().
 */
bool envelope_open(struct slice bytes, size_t file_size, const char *name, struct envelope *out, struct error *err);
/*
 * Whether a file that begins with START, which has at least its first line, is in no envelope but is (perhaps) plain
 * CSV.
 */
bool envelope_is_none(struct slice start);
/* Whether BYTES are in a format that ncred knows but does not read, such as .xlsx. If so, ERR says what to do. */
bool envelope_is_refused(struct slice bytes, const char *name, struct error *err);
/*
 * Whether END, the last bytes of a plain CSV, ends like the aws command's text output, with generation time and format.
 * If so, OUT->csv is END without them, and OUT has the time, or a problem if it is malformed. OUT needs no
 * envelope_free().
 */
bool envelope_has_tail(struct slice end, struct envelope *out);
void envelope_free(struct envelope *e);

#endif
