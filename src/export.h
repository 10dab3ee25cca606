/* Writing rows: one table of formats. */
#ifndef NCRED_EXPORT_H
#define NCRED_EXPORT_H

#include "error.h"
#include "report.h"

#include <stdio.h>

struct export {
    const struct report *report;
    const uint32_t *rows;
    size_t row_count;
    const enum column *columns; /* ignored when OWN */
    size_t column_count;
    bool own;                   /* the report's own columns, in its own order, unknown ones too */
    bool ascii;
    FILE *out;
};

struct export_format {
    const char *name;
    void (*write)(const struct export *e);
};

extern const struct export_format export_formats[];
extern const size_t export_format_count;

const struct export_format *export_find(const char *name);

#endif
