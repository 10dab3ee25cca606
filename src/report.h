/* The in-memory table: typed columns with the state of each cell, and every field's own text. */
#ifndef NCRED_REPORT_H
#define NCRED_REPORT_H

#include "schema.h"

struct audit;

struct field_ref {
    size_t offset; /* into report.text */
    size_t len;
};

/* A file that rows came from, and how its columns lie. */
struct report_file {
    char *name;                        /* owned, as given; untrusted */
    size_t *columns;                   /* position in the file -> index of report.columns */
    size_t column_count;
    size_t position[COL_REPORT_COUNT]; /* report column -> position in the file, SIZE_MAX: not there */
};

/* A column as a header named it; the union over the files, in order of appearance. */
struct report_column {
    char *name;         /* owned; untrusted when KNOWN is COL_COUNT */
    enum column known;  /* COL_COUNT: not one of the report's own, kept as text */
};

struct report_row {
    size_t first;  /* index of its first field in report.fields */
    size_t count;  /* how many fields the row really had */
    size_t file;   /* index of report.files */
    size_t line;   /* where the row starts, from 1 */
};

struct problem {
    size_t file;
    size_t line;
    char *text; /* owned, harmless to print */
};

struct report {
    struct buffer text;
    struct field_ref *fields;
    size_t field_count, field_cap;
    struct report_row *rows;
    size_t row_count, row_cap;
    uint8_t *state[COL_REPORT_COUNT];  /* state of each cell */
    int64_t *value[COL_REPORT_COUNT];  /* bools and times; NULL for text columns */
    struct report_file *files;
    size_t file_count;
    struct report_column *columns;
    size_t column_count;
    struct problem *problems;
    size_t problem_count;
    uint32_t *failed;                  /* a bit a check that the row fails; NULL until audit_run */
    uint32_t *waived;                  /* those of them that a waiver holds for; NULL: none */
    uint8_t *severity;                 /* of its worst finding that counts */
    const struct audit *audit;         /* what was run, borrowed; NULL until audit_run */
    size_t account_count;              /* distinct accounts, counted once all is loaded */
    int64_t as_of;                     /* "now" for every age, seconds since 1970 */
};

/* A cell's value: borrowed from the report. */
struct value {
    enum state state;
    int64_t number;    /* bool, time, duration (seconds), number */
    struct slice text; /* text columns; for any report column its own text */
};

/* The value of any column, derived ones included. */
struct value report_value(const struct report *r, size_t row, enum column column);
/* The field's own text, as the file had it; empty when it is not there. */
struct slice report_raw(const struct report *r, size_t row, enum column column);
/* The own text of report column INDEX (into report.columns), and whether the row has it. */
bool report_raw_at(const struct report *r, size_t row, size_t index, struct slice *text);

/* Where a row comes from: index of report.files, and the line it starts on, from 1. */
size_t report_file_of(const struct report *r, size_t row);
size_t report_line_of(const struct report *r, size_t row);
/* How many fields the row really had, and field INDEX of them as the file had it. */
size_t report_field_count(const struct report *r, size_t row);
struct slice report_field(const struct report *r, size_t row, size_t index);

/* Whether a key or certificate exists: it is active, or any date of it is there. SLOT is 1 or 2. */
bool report_key_exists(const struct report *r, size_t row, int slot);
bool report_cert_exists(const struct report *r, size_t row, int slot);

/* For the parser: a new file, a row out of COUNT fields that end report.fields, a problem. */
size_t report_add_file(struct report *r, const char *name, const struct slice *header, size_t count);
void report_add_field(struct report *r, struct slice text);
void report_add_row(struct report *r, size_t file, size_t line, size_t count);
void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Once every file is in. */
void report_finish(struct report *r);
void report_free(struct report *r);

#endif
