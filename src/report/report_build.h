/* Filling a report: for the parser, which may do so on several threads while others read what is published. */
#ifndef NCRED_REPORT_BUILD_H
#define NCRED_REPORT_BUILD_H

#include "base/error.h"
#include "report/column_names.h"
#include "report/report_memory.h"

/* A file's header: what stands at each position, and which of the report's columns it lacks. */
struct header {
    struct buffer names; /* end to end */
    size_t *ends;        /* where each name ends */
    uint8_t *column;     /* enum column; COL_COUNT for a name that is not known, or that another one has taken */
    size_t count;
    size_t *read;        /* owned: the positions whose fields are read, in ascending order */
    size_t read_count;
    size_t line;         /* of the file, from 1 */
    size_t account;      /* position of a column with account numbers, for rows without an ARN; SIZE_MAX: none */
    enum column mark;    /* COL_USER, or COL_ARN where there is no such column: tells a header among rows, */
    struct slice mark_name; /* whose name this is, borrowed from NAMES */
    enum column lacks[COL_REPORT_COUNT];
    size_t lacks_count;
};

/* Add the next name, without the blanks around it. */
void header_add(struct header *h, struct slice name);
/*
 * After the last name: find the report's columns among them, AWS's own names before others' (see column_meaning).
 * Returns the better meaning of user and ARN when there is a second column of the report, MEANING_GUESS when one of them is
 * there and nothing else, MEANING_OTHER when neither is. May be called again after more names.
 */
enum column_meaning header_bind(struct header *h);
struct slice header_name(const struct header *h, size_t index);
/* The report columns in UNREAD, one bit each, are not to be read. */
void header_leave_unread(struct header *h, uint32_t unread);
void header_free(struct header *h);

/* A row of a report has 22 short fields. */
enum { ROW_BYTES_MAX = LIMIT(16 << 20, 1 << 11), ROW_FIELDS_MAX = LIMIT(1 << 20, 1 << 9) };

/* Of this many problems each is told, of more only how many: what is no report has one in every line. */
enum { PROBLEMS_MAX = LIMIT(10000, 20) };

/* What was found, but is not yet to be seen; moved into the report by report_publish. */
struct report_batch {
    size_t rows;
    struct problem *problems;
    size_t problem_count;
    size_t problems_left;       /* those beyond PROBLEMS_MAX */
    struct line_mark *marks;
    size_t mark_count;
    bool has_text_codes;
    uint32_t latest;     /* see struct report */
    uint64_t text_ready; /* the end of the text that was parsed */
    size_t segments;     /* that there were then */
};

/* Drop what is in a batch. */
void report_batch_free(struct report_batch *batch);
/* From MARK's row on, rows are on other lines than the row before tells. */
void report_batch_mark(struct report_batch *batch, struct line_mark mark);
/* Append MORE's problems and marks to BATCH; MORE is empty then. */
void print_join(struct report_batch *batch, struct report_batch *more);
void print_problem(struct report_batch *batch, size_t file, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum { WORDS_SEEN = 256 };

struct seen_word {
    struct slice word;
    uint32_t code; /* 0: none yet */
};

/* One thread's hand on the blocks. */
struct report_writer {
    struct report *report;
    const struct header *header;
    size_t file;
    struct report_batch batch;
    size_t next_row, next_line; /* where the next row is, when it needs no mark */
    struct slice arn_head;      /* of the last ARN, up to the account, and that account's code */
    uint32_t account_code;
    struct seen_word seen[WORDS_SEEN];
    size_t too_wide;            /* 0, or the line of a row with more fields than are looked at */
    size_t too_large;           /* 0, or the line of a row of more than ROW_BYTES_MAX */
    uint64_t header_at;         /* offset of a row that is the header once more; UINT64_MAX: there is none */
    bool header_differs;        /* that row names other columns, or in another order */
    bool too_long;              /* a block's rows span more than start can count */
};

/* Get a report that is all zero ready to be filled; called by the parser. */
/* Make room for bytes; its index. NULL data when there is no room for more segments. */

/* The fields of a row, as positions in TEXT: each ends where ENDS says, the next one starts GAP bytes behind it. */
struct report_row {
    const char *text;
    uint32_t start;
    const uint32_t *ends;
    size_t count;
    unsigned gap;   /* 1: the comma in plain text; 0: decoded */
};

/*
 * Whether fields FROM and on of a row are the header's names in any case, with blanks around them or without, the first of
 * them at the end of its field.
 */
bool report_row_is_header(const struct header *h, const struct report_row *fields, size_t from);
/* Type the fields of row ROW, whose text is at AT. */
void report_write(struct report_writer *w, size_t row, size_t line, const struct report_row *fields, uint64_t at,
    bool decoded);
/* A row decoded by the grammar, COUNT fields end to end, in the form that report_fields reads. */
size_t decoded_size(const uint32_t *ends, size_t count);
void decoded_write(char *out, const char *text, const uint32_t *ends, size_t count);

/* A problem of a published file that is not one of its rows'. */
void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Let readers see a new file, and what was written since. Called by the thread that reads. */
void report_publish_file(struct report *r, const char *name, const struct header *header);
void report_publish(struct report *r, struct report_batch *batch);

#endif
