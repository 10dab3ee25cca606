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
 * Append a message for each kind of duplicates in NOTES, one line each: "NAME: 2 members are named twice...\n". COLUMNS
 * says how duplicate columns are treated: "the first of each counts".
 */
void rows_notes_tell(struct buffer *b, const char *name, const struct rows_notes *notes, const char *columns);

#endif
