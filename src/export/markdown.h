/* Escaping text for GitHub Flavored Markdown (https://github.github.com/gfm/): table cells, tickets, README files. */
#ifndef NCRED_MARKDOWN_H
#define NCRED_MARKDOWN_H

#include "base/text.h"

/*
 * Append HARMLESS, text from text_harmless(), so that nothing in it is markup, an entity, a formula, a link or a
 * mention, nor the end of a table's cell. Not for the beginning of a line, where "- ", "1." and blanks have a meaning
 * of their own.
 */
void markdown_put(struct buffer *b, struct slice harmless);
/* The same for any TEXT, which is made harmless first. */
void markdown_text(struct buffer *b, struct slice text, bool ascii);

#endif
