/*
 * Pages of HTML for people who have no terminal, and for paper: one file that needs no script and asks for nothing else.
 *
 *     html_begin(out, "Findings", ascii);
 *     html_table(&table, "Findings", ascii, out);
 *     html_end(out);
 *
 * A policy in the head (CSP) allows the page's own style sheet, by its digest, and nothing else: no script, no picture, no
 * style attribute, no form and no address. Text of reports could only do harm by way of an escape that is missing here;
 * then the policy still holds.
 */
#ifndef NCRED_HTML_H
#define NCRED_HTML_H

#include "export/table.h"

#include <stdio.h>

/* Append TEXT, made harmless as for a terminal (control, bidi and invisible characters are shown), as HTML. */
void html_put(struct buffer *b, struct slice text, bool ascii);
/* A page's head, down to its title as heading. TITLE is untrusted. Errors stay in OUT. */
void html_begin(FILE *out, const char *title, bool ascii);
void html_end(FILE *out);
/* A table under CAPTION. False: OUT has failed, or T's cancel has ended, and what was written is of no use. */
bool html_table(const struct table *t, const char *caption, bool ascii, FILE *out);
/* The format of --output: a page with this one table. */
void html_write(const struct table *t, bool ascii, FILE *out);

/* Append a bar of PART in WHOLE, drawn as SVG; its number must stand beside it in words. */
void html_bar(struct buffer *b, size_t part, size_t whole, enum severity severity);
/* Append COUNT > 0 numbers as a line from left to right, drawn as SVG, with gaps where HTML_UNKNOWN stands; likewise. */
#define HTML_UNKNOWN UINT32_MAX
void html_line(struct buffer *b, const uint32_t *numbers, size_t count, enum severity severity);

#endif
