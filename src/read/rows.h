/*
 * Any table as rows of text fields: CSV, TSV, `;` or `|` between fields, a JSON array of objects, or one JSON object per
 * line. For files beside a report (owners, key ids); reports have their own, faster reader.
 */
#ifndef NCRED_ROWS_H
#define NCRED_ROWS_H

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

enum { ROWS_COLUMNS_MAX = LIMIT(1024, 8), ROWS_FIELD_MAX = LIMIT(1 << 20, 64) };

struct rows_sink {
    void *context;
    /* The names of the columns, once, before any row. False: stop, ERR says why. */
    bool (*header)(void *context, const struct slice *names, size_t count, struct error *err);
    /* One row; COUNT may differ from that of the header. FIELDS hold until the call returns. LINE is where it starts. */
    bool (*row)(void *context, const struct slice *fields, size_t count, size_t line, struct error *err);
};

/*
 * Read TEXT from the file called NAME (for messages). JSON objects give their members by name, in the order in which names
 * first appear; null and missing members are empty, and so are nested objects and lists. False: ERR says what is wrong.
 */
bool rows_read(struct slice text, const char *name, const struct rows_sink *sink, struct error *err);

#endif
