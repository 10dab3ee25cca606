/*
 * The formats in which tables are written: text, csv, json and so on.
 *
 *     const struct export_format *format = export_find("json");
 *     format->write(&table, false, stdout);
 */
#ifndef NCRED_EXPORT_H
#define NCRED_EXPORT_H

#include "export/table.h"

#include <stdio.h>

struct export_format {
    const char *name;      /* for --output */
    const char *extension; /* of files in this format, without the dot */
    bool people; /* for people: ages such as 412d, and by default only the columns of users_triage_columns() */
    bool lines;  /* one line per row and nothing after the last: a table can be written in pieces */
    bool sarif;  /* findings are written by sarif_write(); any other table as JSON */
    bool tells_why; /* by default users have their severity and why they have it as columns */
    bool page;   /* users are written by session/report_page.h, a page with more than this table */
    /*
     * Write T to OUT. It stops at the first error, which stays in OUT (ferror(), errno). ASCII: a format for people
     * writes nothing above 0x7e.
     */
    void (*write)(const struct table *t, bool ascii, FILE *out);
};

extern const struct export_format export_formats[];
extern const size_t export_format_count;

/* Returns the format called NAME, or NULL. */
const struct export_format *export_find(const char *name);
/* Returns the format whose extension or name the file name PATH ends with, such as x.md and x.markdown, or NULL. */
const struct export_format *export_find_by_path(const char *path);
/* Append TEXT as a JSON string with its quotation marks. */
void export_json_string(struct buffer *b, struct slice text);
/* The same without the quotation marks: a part of a string. */
void export_json_text(struct buffer *b, struct slice text);
/* Append TEXT if it needs no escapes in JSON and has none of []{}. Returns whether it was appended. */
bool export_json_plain(struct buffer *b, struct slice text);
/* Append JSON, such as a whole document, with every character above 0x7e as an escape. */
void export_json_ascii(struct buffer *b, struct slice json);

#endif
