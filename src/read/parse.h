/* Report text to rows: the header bound by name, plain rows by scan.c, rows with quotation marks by libcsv. */
#ifndef NCRED_PARSE_H
#define NCRED_PARSE_H

#include "base/error.h"
#include "report/report_build.h"
struct csv_parser;
struct scan_way;


/* One file on its way into a report. The bytes stay where they are: in a segment of the report. */
struct parse {
    struct report *report;
    const char *name;            /* borrowed, for messages */
    size_t file;                 /* index that the file will have in the report */
    size_t row;                  /* number that the next row will have */
    size_t line;                 /* that the next byte stands on, from 1 */
    size_t next_line;            /* after the last row's, when that was not the last of them */
    struct header header;
    bool started, has_header;
    char separator;              /* between fields; only ',' is ever scanned without libcsv */
    bool has_skipped;            /* write_plain has stopped behind a header that stood among the rows */
    struct report_batch batch;   /* found, not yet published */
    struct csv_parser *csv;
    struct buffer row_text;      /* the row that libcsv is at: its fields end to end, */
    uint32_t *row_ends;          /* and where each ends */
    size_t row_fields;
    bool row_done;
    /* the row at the start of the text to come, of which not all is there yet: */
    size_t looked;               /* bytes of it that were looked at; 0: none */
    bool in_row;                 /* libcsv is in the middle of it, and has been given the first LOOKED bytes */
    size_t row_from;             /* where it begins, behind blank lines, */
    size_t row_lines, row_blank; /* and how many line ends were seen, and of those before it */
    bool row_too_long;
    bool row_is_loose;           /* its quotation marks break the rules: it is a line */
    size_t blank;                /* bytes before the header that are known to be blank */
    bool has_first_line;         /* the first line that is not blank was looked at, up to its end */
    size_t segment, segment_used; /* where decoded rows go; SIZE_MAX before there is one */
    int threads;                 /* at most so many at work */
    const struct scan_way *way;  /* how separators are found */
    size_t reach;                /* bytes to look at next for a quotation mark; more the longer there was none */
};

void parse_start(struct parse *p, struct report *r, const char *name, size_t file, size_t row);
void parse_end(struct parse *p);
/*
 * Take in complete rows from byte FROM up to byte TO of a segment; *USED: how far that came. When FINAL, all of it.
 * The byte at TO may be written to. The next call begins with the bytes that were not used, and what was looked at once
 * is not looked at again, in however small pieces it comes. False: this is no credential report, or cannot be held, and
 * ERR says why.
 */
bool parse_text(struct parse *p, size_t segment, size_t from, size_t to, bool final, size_t *used, struct error *err);

/* A whole file at once: copy CSV into R, parse it and publish it. NAME is for messages and the list of files. */
bool parse_report(struct report *r, const char *name, struct slice csv, struct error *err);

#endif
