/* Writing rows: one table of formats. */
#ifndef NCRED_EXPORT_H
#define NCRED_EXPORT_H

#include "error.h"
#include "report.h"

#include <stdio.h>

struct export_column {
    enum column known; /* COL_COUNT: a column that only this report has */
    size_t own;        /* its index in report.columns, and its name is the report's; SIZE_MAX: chosen by the schema's name */
};

struct export {
    const struct report *report;
    const uint32_t *rows;
    size_t row_count;
    const struct export_column *columns;
    size_t column_count;
    bool own; /* they are all of the report's own, in its order: rows too long or too short stay as they are */
    bool ascii;
    FILE *out;
};

struct export_format {
    const char *name;
    bool people; /* for reading: ages such as 412d, the triage columns unless others are asked for */
    /* Errors stay in OUT (ferror, errno); a format stops at the first. */
    void (*write)(const struct export *e);
};

extern const struct export_format export_formats[];
extern const size_t export_format_count;

const struct export_format *export_find(const char *name);

#endif
