/*
 * Reads any table as rows of text fields: CSV, TSV, `;` or `|` as separator, a JSON array of objects, or one JSON
 * object per line. Used for files beside a report (owners, key IDs); reports have a faster reader of their own.
 */
#ifndef NCRED_ROWS_H
#define NCRED_ROWS_H

#include "base/error.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "base/text.h"

enum { ROWS_COLUMNS_MAX = LIMIT(1024, 8), ROWS_FIELD_MAX = LIMIT(1 << 20, 64) };

/* What a table contains that its rows do not: duplicates, of which readers use only one, and nested values. */
struct rows_notes {
    struct json_doubles members; /* names that occur twice in a JSON object */
    size_t columns;              /* number of columns whose name occurs before in the header, ignoring case */
    char column[48];             /* the first of these names, safe to print; empty if there is none */
    size_t nested;               /* number of lists and objects, not counting empty ones, that became empty fields */
    char nested_member[48];      /* the member that has the first of them, safe to print */
};

struct rows_sink {
    void *context;
    /* Called once with the names of the columns, before any row. Returns false with ERR set to stop. */
    bool (*header)(void *context, const struct slice *names, size_t count, struct error *err);
    /*
     * Called per row. COUNT may differ from the header's. FIELDS are valid during the call. LINE: where the row starts.
     */
    bool (*row)(void *context, const struct slice *fields, size_t count, size_t line, struct error *err);
    struct rows_notes *notes; /* receives duplicates, in addition to those it has; NULL if not needed */
};

/*
 * Read TEXT from the file called NAME (for messages). Members of JSON objects become columns, in the order in which
 * their names first appear; null, missing members, nested objects and lists become empty fields. Returns false with ERR
 * set on failure.
 */
bool rows_read(struct slice text, const char *name, const struct rows_sink *sink, struct error *err);

/*
 * How a large table is read on several threads: its text is divided into pieces, whose rows are prepared side by side
 * and taken in their order.
 *
 *     header(context)
 *     thread 1:  begin, row, row, ..., end    thread 2:  begin, row, row, ..., end    ...
 *     take(context, what the first one wrote), take(context, what the second one wrote), ...
 *
 * A piece that began within a quoted field is prepared again, so more pieces are ended than taken.
 */
struct rows_pieces {
    struct rows_sink sink; /* without row() */
    /*
     * Returns the state of a new piece, whose rows are to be written to OUT, an empty buffer. Called after header(),
     * and at the same time on several threads, as are row() and end().
     */
    void *(*begin)(void *context, struct buffer *out);
    /*
     * LINE counts from the line before the piece. Returns false if the piece has become so large that it must end with
     * this row.
     */
    bool (*row)(void *piece, const struct slice *fields, size_t count, size_t line);
    /* Finish what was written, and free PIECE. */
    void (*end)(void *piece);
    /*
     * Called in order. LINE: the line before the piece. READ: bytes of the text up to the end of the piece. Returns
     * false with ERR set to stop.
     */
    bool (*take)(void *context, struct slice rows, size_t line, size_t read, struct error *err);
    size_t size; /* bytes of text in a piece; 0 for the usual number */
};

/* The same as rows_read(). */
bool rows_read_pieces(struct slice text, const char *name, const struct rows_pieces *pieces, struct error *err);
/*
 * Append a message for each kind of duplicates in NOTES, one line each: "NAME: 2 members are named twice...\n". COLUMNS
 * says how duplicate columns are treated: "the first of each counts".
 */
void rows_notes_tell(struct buffer *b, const char *name, const struct rows_notes *notes, const char *columns);

#endif
