/* Writing tables: one table of formats. */
#ifndef NCRED_EXPORT_H
#define NCRED_EXPORT_H

#include "export/table.h"

#include <stdio.h>

struct export_format {
    const char *name;
    const char *extension; /* of files in it */
    bool people; /* for reading: ages such as 412d, the triage columns unless others are asked for */
    bool lines;  /* a row is a line, and nothing follows the last: a table can be written in pieces */
    bool sarif;  /* for findings, which sarif_write() writes; of any other table there is only the JSON */
    bool tells_why; /* unless other columns are asked for, users come with their severity and why */
    bool page;   /* of users without a listing, session/report_page.h writes a page that has more than this one table */
    /* Errors stay in OUT (ferror, errno); a format stops at the first. ASCII: nothing else in text for people. */
    void (*write)(const struct table *t, bool ascii, FILE *out);
};

extern const struct export_format export_formats[];
extern const size_t export_format_count;

const struct export_format *export_find(const char *name);
/* The format that the ending of a file's name tells, its name too (x.markdown), or NULL. */
const struct export_format *export_find_by_path(const char *path);
/* Append TEXT as a JSON string, quotes and all. */
void export_json_string(struct buffer *b, struct slice text);
/* The same without the quotes: a part of a string. */
void export_json_text(struct buffer *b, struct slice text);
/* Append TEXT if JSON has it as it is and none of []{} is in it; false: nothing was appended. */
bool export_json_plain(struct buffer *b, struct slice text);
/* Append JSON, such as a whole document, with every character above ASCII as an escape: the same values in ASCII. */
void export_json_ascii(struct buffer *b, struct slice json);

#endif
