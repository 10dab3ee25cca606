/* A source of named, typed cells, row by row: what every export format writes and each kind of listing provides. */
#ifndef NCRED_TABLE_H
#define NCRED_TABLE_H

#include "report/report.h"

struct table_column {
    const char *name;    /* in csv, json and the like; may be untrusted */
    const char *heading; /* for people; NULL: the name */
    enum type type;
    const char *in_files; /* in csv and tsv, where two columns may have one name; NULL: the name */
    bool spans;          /* some of its cells begin a span, see csv_span */
};

/* What a table's word() returns for a cell that has none of its column's words. */
#define TABLE_NO_WORD SIZE_MAX

struct table {
    const struct table_column *columns;
    size_t column_count;
    size_t row_count;
    const char *title;  /* what it lists, for pages; NULL: nobody said */
    const void *source; /* for the functions */
    const struct report *report; /* what cells are read from, a view of it for each thread that writes; NULL: none */
    bool continues;     /* what is written goes on where another table's ended: without its heading */
    struct cancel_token *cancel; /* asked between rows; once it has ended what was written is of no use. NULL: none */
    bool blanks;        /* an empty cell is nothing to be told, not something unknown: people see a blank, no ? */
    bool spreadsheet_safe; /* in csv and tsv, ' before what a spreadsheet would take for a formula */
    const void *begun;     /* of a piece of rows, what BEGIN made */
    /*
     * The functions are called by several threads at once, each with a table of its own, in which only REPORT and BEGUN
     * differ.
     */
    /* NULL, or: make what the other functions need to tell of the rows from FROM up to TO; freed with free(). */
    void *(*begin)(const struct table *t, size_t from, size_t to);
    /* A cell; text of it that is not SOURCE's own is put into SCRATCH and holds until the next call. */
    struct value (*value)(const struct table *t, size_t row, size_t column, struct buffer *scratch);
    /*
     * NULL, or: the texts that most cells of a column have ("": an empty cell), so that a format prepares each of them
     * once, and their number; NULL: the column has none. For a cell of such a column word() tells which one it has, or
     * TABLE_NO_WORD. The other functions tell of these cells, too.
     */
    const struct slice *(*words)(const struct table *t, size_t column, size_t *count);
    size_t (*word)(const struct table *t, size_t row, size_t column);
    /* NULL, or: a cell's exact text for csv and tsv, where it is not what cell_value_for_files() makes of its value. */
    struct slice (*file_text)(const struct table *t, size_t row, size_t column, struct buffer *scratch);
    /* NULL, or: whether file_text() of all cells of a column is just that, of a value that is no text. */
    bool (*file_is_value)(const struct table *t, size_t column);
    /*
     * NULL, or: the number of columns from COLUMN on, at least two, whose cells the report's row has one behind the other,
     * and TEXT: all of them as CSV has them, with commas and without quotation marks. 0: there are none.
     */
    size_t (*csv_span)(const struct table *t, size_t row, size_t column, struct slice *text);
    /* NULL, or: append what a person reads, where it is not what cell_value_for_people() makes of the cell's value. */
    void (*people_text)(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii);
    /* NULL, or: the row of the report that a row is about, so that it can be fetched from memory ahead of use. */
    size_t (*report_row)(const struct table *t, size_t row);
    /* NULL, or: the columns whose codes the cells of that row are made of, see report_prefetch_codes(). */
    uint32_t (*report_columns)(const struct table *t, size_t row);
    /*
     * NULL, or: all of a row's texts for csv and tsv at once, up to ROOM of them; how many there are. A row can have
     * more or fewer than there are columns, as it had in its file.
     */
    size_t (*row_texts)(const struct table *t, size_t row, struct slice *texts, size_t room);
};

#endif
