/*
 * Parses the text of a report into rows. Columns are bound by the names in the header. Lines without quotation marks
 * are read by scan.c, rows with them by libcsv.
 */
#ifndef NCRED_PARSE_H
#define NCRED_PARSE_H

#include "base/error.h"
#include "report/report_build.h"
struct csv_parser;
struct scan_way;


/* Parser of one file. The text stays where it is, in a segment of the report; rows refer to it. */
struct parse {
    struct report *report;
    const char *name;            /* borrowed: name for messages */
    size_t file;                 /* index that the file will have in the report */
    size_t row;                  /* number of the next row */
    size_t line;                 /* number of the line that the next byte is in, from 1 */
    size_t next_line;            /* line after the previous row's, if that row had several lines */
    struct header header;
    bool has_header;
    char separator;              /* field separator; only text with ',' is ever read by scan.c */
    bool has_skipped;            /* write_plain() stopped after a row that is not a user's */
    bool has_empty_row;          /* an empty row was reported */
    struct report_batch batch;   /* rows and problems found but not published yet */
    struct csv_parser *csv;
    struct buffer row_text;      /* owned: fields of the row that libcsv is reading, without separators */
    uint32_t *row_ends;          /* owned: end of each field in ROW_TEXT */
    size_t row_fields;
    bool cell_goes_on;           /* the last of them ends in a backslash, see add_drawn_cell() */
    bool row_done;
    /* State of a row at the start of the text whose end has not been read yet: */
    size_t looked;               /* bytes of it already examined; 0 if none */
    bool in_row;                 /* libcsv has been given its first LOOKED bytes */
    size_t row_from;             /* where it begins, after blank lines */
    size_t row_lines, row_blank; /* line ends seen so far, and how many of them are before the row */
    bool row_too_long;
    bool row_is_loose;           /* its quotation marks are malformed, so it ends with its line */
    size_t blank;                /* bytes before the header that are known to be blank */
    bool has_first_line;         /* the first line that is not blank has been checked for NUL bytes */
    size_t segment, segment_used; /* where decoded rows are stored; SIZE_MAX if there is no such segment yet */
    int threads;                 /* maximum number of threads */
    struct parse_part *parts;    /* owned: room for one part of the text per thread; NULL before the first */
    const struct scan_way *way;  /* implementation that finds separators */
    size_t reach;                /* bytes to search next for a quotation mark; grows while there are none */
};

/*
 * Begin to parse the file called NAME, which will be file number FILE of R and whose first row is ROW. End with
 * parse_end(), which frees what P owns but not the rows in R.
 */
void parse_start(struct parse *p, struct report *r, const char *name, size_t file, size_t row);
void parse_end(struct parse *p);
/*
 * Parse complete rows from byte FROM up to TO of a segment and set *USED to the number of bytes consumed; all of them
 * if FINAL. The byte at TO may be overwritten. The next call must begin with the bytes that were not consumed. Bytes
 * are not examined again, so small pieces cost no more than large ones. Returns false with ERR set if the text is no
 * credential report or too large.
 */
bool parse_text(struct parse *p, size_t segment, size_t from, size_t to, bool final, size_t *used, struct error *err);

/*
 * Remove the lines that may precede a header from TEXT: PowerShell's #TYPE, comments, empty rows, and Excel's sep=,
 * whose separator is stored in *ASKED. Returns their number.
 */
size_t parse_skip_prelude(struct slice *text, char *asked);

/* Copy the CSV of a whole file into R, parse and publish it. NAME is for messages and the list of files. */
bool parse_report(struct report *r, const char *name, struct slice csv, struct error *err);

#endif
