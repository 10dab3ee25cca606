/*
 * HTML pages for people without a terminal, and for paper: one file, without scripts, that loads nothing else.
 *
 *     html_begin(out, "Findings", ascii);
 *     html_table(&table, "Findings", ascii, out);
 *     html_end(out);
 *
 * Text of reports is escaped. Should an escape be missing, a Content Security Policy in the head still forbids scripts,
 * pictures, style attributes, forms and addresses; it allows only the page's own style sheet, by its digest.
 */
#ifndef NCRED_HTML_H
#define NCRED_HTML_H

#include "export/table.h"

#include <stdio.h>

/* Append TEXT as HTML; control, bidirectional and invisible characters are shown as escapes, as by text_harmless(). */
void html_put(struct buffer *b, struct slice text, bool ascii);
/* Write a page's head and its TITLE, which may be untrusted, as heading. Errors stay in OUT. */
void html_begin(FILE *out, const char *title, bool ascii);
/* Write what ends a page. */
void html_end(FILE *out);
/* Write T under CAPTION. Returns false, with the page incomplete, if OUT has failed or T->cancel has ended. */
bool html_table(const struct table *t, const char *caption, bool ascii, FILE *out);
/* Write a page with this one table: export_format.write of html. */
void html_write(const struct table *t, bool ascii, FILE *out);

/*
 * Append a bar of PART in a width that stands for WHOLE, as SVG. IS_SHARE: WHOLE is everything, and its rest is drawn,
 * too. It is no text: the caller writes the number beside it.
 */
void html_bar(struct buffer *b, size_t part, size_t whole, bool is_share, enum severity severity);
/* Append a line through COUNT > 0 NUMBERS, as SVG, with a gap for each HTML_UNKNOWN. It is no text, either. */
#define HTML_UNKNOWN UINT32_MAX
void html_line(struct buffer *b, const uint32_t *numbers, size_t count, enum severity severity);

#endif
