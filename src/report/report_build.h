/*
 * Filling a report, for the parser. Several threads write rows, each with its own report_writer, while others read the
 * rows that are already published.
 *
 *     header_add(&h, name); ...; header_bind(&h);       the file's header
 *     report_publish_file(r, path, &h);
 *     report_write(&writer, row, line, &fields, at, false);   any number of rows
 *     report_publish(r, &writer.batch);                 now readers see them
 */
#ifndef NCRED_REPORT_BUILD_H
#define NCRED_REPORT_BUILD_H

#include "base/error.h"
#include "report/column_names.h"
#include "report/report_memory.h"

/* A file's header: which report column is at each position, and which ones are missing. */
struct header {
    struct buffer names; /* the names, one behind the other */
    size_t *ends;        /* owned: the end of each name in names */
    uint8_t *column;     /* owned: enum column per position; COL_COUNT if unknown, or if a better name has it */
    size_t count;
    size_t *read;        /* owned: the positions whose fields are read, ascending */
    size_t read_count;
    size_t line;         /* of the header in its file, from 1 */
    size_t account;      /* position of a column with account numbers, for rows without an ARN; or SIZE_MAX */
    size_t time;         /* position of a column with the time when the report was made, or SIZE_MAX */
    enum column mark;    /* COL_USER, or COL_ARN without it: the field that shows whether a row repeats the header */
    struct slice mark_name; /* the name of that column, borrowed from names */
    enum column lacks[COL_REPORT_COUNT];
    size_t lacks_count;
};

/* Add the next name; blanks around it are dropped. */
void header_add(struct header *h, struct slice name);
/*
 * Find the report's columns among the names, after the last one was added; AWS's own names take precedence over other
 * spellings (see column_meaning). Returns how sure it is that this is a header: the better meaning of user and ARN if
 * there is another report column, MEANING_GUESS if user or ARN is alone, MEANING_OTHER if both are missing. May be
 * called again after more names.
 */
enum column_meaning header_bind(struct header *h);
/* Returns the name at position INDEX. Borrowed from H until the next header_add(). */
struct slice header_name(const struct header *h, size_t index);
/* Leave out the report columns UNREAD, one bit each, when rows are written. */
void header_leave_unread(struct header *h, uint32_t unread);
void header_free(struct header *h);

/* Limits against files that are no reports: a row of a report has 22 short fields. */
enum { ROW_BYTES_MAX = LIMIT(16 << 20, 1 << 11), ROW_FIELDS_MAX = LIMIT(1 << 20, 1 << 9) };

/*
 * This many problems are listed; further ones are only counted, because a file that is no report has one in every line.
 */
enum { PROBLEMS_MAX = LIMIT(10000, 20) };

/* What was found in rows that are not published yet. report_publish() moves it into the report. */
struct report_batch {
    size_t rows;
    struct problem *problems;   /* owned */
    size_t problem_count;
    size_t problems_left;       /* number of problems beyond PROBLEMS_MAX */
    struct line_mark *marks;    /* owned */
    size_t mark_count;
    bool has_text_codes; /* this and latest: see struct report */
    uint32_t latest;
    int64_t generated;   /* see struct report */
    size_t unreadable_time; /* line of a row whose time of the report cannot be read, or 0 */
    uint64_t text_ready; /* end of the text that was parsed */
    size_t segments;     /* number of segments made when it was parsed */
};

/* Free what a batch holds, without publishing it. */
void report_batch_free(struct report_batch *batch);
/* Add a mark: MARK's row is not on the line after the row before. */
void report_batch_mark(struct report_batch *batch, struct line_mark mark);
/* Append all that MORE holds to BATCH; MORE is then empty. */
void report_batch_join(struct report_batch *batch, struct report_batch *more);
/* Add a problem at LINE of FILE to the batch; its text is made harmless. */
void report_batch_problem(struct report_batch *batch, size_t file, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum { WORDS_SEEN = 256 };

struct seen_word {
    struct slice word;
    uint32_t code; /* 0 if the slot is empty */
};

/* What a row is. */
enum row_kind {
    ROW_USER,
    ROW_HEADER,       /* the header again, as where files were joined */
    ROW_OTHER_HEADER, /* the same with other columns, or in another order */
    ROW_EMPTY,        /* a single field or as many as the header has, all blank, as spreadsheets leave behind */
    ROW_DRAWN,        /* dashes in every field, a line below the rows such as "(3 rows)", or DOS's end-of-file sign */
};

/* What one thread needs to write rows into the blocks. */
struct report_writer {
    struct report *report;
    const struct header *header;
    size_t file;
    struct report_batch batch;
    size_t next_row, next_line; /* the row and line that would need no mark */
    struct slice arn_head;      /* of the last ARN: up to the account; borrowed from its row */
    uint32_t account_code;      /* code of that account */
    struct seen_word seen[WORDS_SEEN];
    size_t too_wide;            /* line of a row with more than ROW_FIELDS_MAX fields, or 0 */
    size_t too_large;           /* line of a row of more than ROW_BYTES_MAX, or 0 */
    uint64_t no_user_at;        /* offset of the first row that is not a user's, or UINT64_MAX */
    enum row_kind no_user;      /* what it is */
    char generated_text[40];    /* text of the time of the report in the last row: most rows have the same */
    size_t generated_length;
    bool too_long;              /* a row's text is too far from its block's base for `start` */
};

/*
 * The fields of a row in TEXT: field 0 begins at START, field I ends at ENDS[I], the next one begins GAP bytes behind
 * it.
 */
struct report_row {
    const char *text;
    uint32_t start;
    const uint32_t *ends;
    size_t count;
    unsigned gap;   /* 1 in plain text, for the comma; 0 in decoded text */
};

/*
 * Whether the fields of a row from FROM on are the header's names, ignoring case and blanks around them. If FROM is not
 * 0, the first of these fields need only end with the first name.
 */
bool report_row_is_header(const struct header *h, const struct report_row *fields, size_t from);
/* Returns ROW_EMPTY or ROW_DRAWN if the row is that, otherwise ROW_USER. */
enum row_kind report_row_kind(const struct header *h, const struct report_row *fields);
/*
 * Write the codes of row ROW, from LINE of the file. AT is the offset of its text, which is in the form DECODED says.
 */
void report_write(struct report_writer *w, size_t row, size_t line, const struct report_row *fields, uint64_t at,
    bool decoded);
/*
 * The form of decoded rows, whose fields had quotation marks. report_decoded_size() returns its size for COUNT fields
 * that lie in TEXT without gaps and end at the offsets ENDS; report_decoded_write() writes it to OUT:
 *
 *     | count | end of field 0 | end of field 1 | ... | bytes of all fields |
 *
 * Numbers have 32 bits; ends count from the first byte of field 0.
 */
size_t report_decoded_size(const uint32_t *ends, size_t count);
void report_decoded_write(char *out, const char *text, const uint32_t *ends, size_t count);

/* Add a problem of a published file directly to the report. Only while no other thread uses the report's problems. */
void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Let readers see a new file, or the rows and problems of a batch, which is then empty. Called by the reading thread
 * only.
 */
void report_publish_file(struct report *r, const char *name, const struct header *header);
void report_publish(struct report *r, struct report_batch *batch);
/* Add the columns of FROM that R lacks, so that they can be named although no file of R has them. */
void report_add_columns(struct report *r, const struct report *from);

#endif
