/*
 * A table of named, typed cells, which are computed when they are read. Each listing (users, findings, keys, summary,
 * trend) makes one; each format of export.h writes any of them.
 *
 *     for (size_t row = 0; row < t.row_count; row++)
 *         for (size_t column = 0; column < t.column_count; column++)
 *             use(t.value(&t, row, column, &scratch));
 */
#ifndef NCRED_TABLE_H
#define NCRED_TABLE_H

#include "report/report.h"

struct table_column {
    const char *name;    /* in csv, json and the like; may be untrusted */
    const char *heading; /* for people; NULL: the name */
    enum type type;      /* of its cells' values */
    const char *in_files; /* the name in csv and tsv, where two columns may have the same; NULL: name */
    bool spans;          /* some of its cells begin a span, see csv_span */
};

/* What table.word() returns for a cell that has none of its column's words. */
#define TABLE_NO_WORD SIZE_MAX

struct table {
    const struct table_column *columns;
    size_t column_count;
    size_t row_count;
    const char *title;  /* what the table lists, for pages; NULL: unknown */
    const void *source; /* what the functions below read; borrowed */
    const struct report *report; /* what cells are read from; each thread has its own view; NULL: none */
    bool continues;     /* the rows continue those of another table: no heading is written */
    struct cancel_token *cancel; /* looked at between rows; if it ends, what was written is incomplete; NULL: none */
    bool blanks;        /* an empty cell means nothing to say, not unknown: people see a blank instead of ? */
    bool in_files;         /* cells are written as in csv and tsv: as file_text() or csv_span() return them */
    bool spreadsheet_safe; /* in csv and tsv, put ' before text that a spreadsheet would take for a formula */
    const void *begun;     /* what begin() returned for the rows that are being written */
    /*
     * The functions. All may be NULL but value. Several threads call them at once, each with a copy of the table in
     * which only report and begun differ.
     */
    /* Prepare for rows FROM to TO - 1: returns what becomes begun, to be freed with free(). */
    void *(*begin)(const struct table *t, size_t from, size_t to);
    /* Returns a cell's value. Text in it is borrowed from the source, or is in SCRATCH until the next call. */
    struct value (*value)(const struct table *t, size_t row, size_t column, struct buffer *scratch);
    /*
     * Returns the texts that most cells of a column have ("" for an empty cell) and their number, so that a format
     * prepares each of them once; NULL for a column without such texts. For a cell of a column with them, word()
     * returns the index of its text, or TABLE_NO_WORD. The other functions work for these cells, too.
     */
    const struct slice *(*words)(const struct table *t, size_t column, size_t *count);
    size_t (*word)(const struct table *t, size_t row, size_t column);
    /* Whether columns A and B have the same number of words, and all rows words of the same number in both. */
    bool (*same_word)(const struct table *t, size_t a, size_t b);
    /* Returns a cell's text for csv and tsv, if that is not what cell_value_for_files() makes of its value. */
    struct slice (*file_text)(const struct table *t, size_t row, size_t column, struct buffer *scratch);
    /*
     * Whether all cells of a column have values that are no text, with file_text() being cell_value_for_files() of
     * them.
     */
    bool (*file_is_value)(const struct table *t, size_t column);
    /*
     * Returns the number of columns from COLUMN on, at least two, whose cells are next to each other in the report's
     * row, and in TEXT all of them as CSV has them, with commas and without quotation marks; 0 if there are none.
     */
    size_t (*csv_span)(const struct table *t, size_t row, size_t column, struct slice *text);
    /* Append a cell's text for people, if that is not what cell_value_for_people() makes of its value. */
    void (*people_text)(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii);
    /* Returns the row of the report that ROW reads, so that it can be prefetched from memory. */
    size_t (*report_row)(const struct table *t, size_t row);
    /* Returns the columns whose codes the cells of that row are made of, see report_prefetch_codes(). */
    uint32_t (*report_columns)(const struct table *t, size_t row);
    bool only_identity; /* of the texts in that row, the cells are made of user and ARN only */
    /*
     * Put all of a row's texts for csv and tsv into TEXTS, at most ROOM; returns how many there are. A row may have
     * more or fewer than there are columns, as it had in its file.
     */
    size_t (*row_texts)(const struct table *t, size_t row, struct slice *texts, size_t room);
};

#endif
