/*
 * Any table as rows of text fields: CSV, TSV, `;` or `|` between fields, a JSON array of objects, or one JSON object per
 * line. For files beside a report (owners, key ids); reports have their own, faster reader.
 */
#ifndef NCRED_ROWS_H
#define NCRED_ROWS_H

#include "base/error.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "base/text.h"

enum { ROWS_COLUMNS_MAX = LIMIT(1024, 8), ROWS_FIELD_MAX = LIMIT(1 << 20, 64) };

/* What a table has twice, which its readers would pass over. */
struct rows_notes {
    struct json_doubles members; /* of JSON objects */
    size_t columns;              /* names that stand in the header again, without regard to case, */
    char column[48];             /* and the first of them, harmless; empty: none */
};

struct rows_sink {
    void *context;
    /* The names of the columns, once, before any row. False: stop, ERR says why. */
    bool (*header)(void *context, const struct slice *names, size_t count, struct error *err);
    /* One row; COUNT may differ from that of the header. FIELDS hold until the call returns. LINE is where it starts. */
    bool (*row)(void *context, const struct slice *fields, size_t count, size_t line, struct error *err);
    struct rows_notes *notes; /* to be filled, or added to; NULL: not needed */
};

/*
 * Read TEXT from the file called NAME (for messages). JSON objects give their members by name, in the order in which names
 * first appear; null and missing members are empty, and so are nested objects and lists. False: ERR says what is wrong.
 */
bool rows_read(struct slice text, const char *name, const struct rows_sink *sink, struct error *err);
/*
 * Append what there is to report of NOTES, one line each: "NAME: 2 members are named twice...\n". COLUMNS says what is done
 * about columns: "the first of each counts".
 */
void rows_notes_tell(struct buffer *b, const char *name, const struct rows_notes *notes, const char *columns);

#endif
