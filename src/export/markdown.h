/* Text in GitHub's Markdown: cells of tables, tickets, README files. */
#ifndef NCRED_MARKDOWN_H
#define NCRED_MARKDOWN_H

#include "base/text.h"

/*
 * Append TEXT, made harmless by text_harmless(), so that nothing in it is markup, an entity, a formula, a link or a mention,
 * nor ends a table's cell. What begins a line must be something else: "- ", "1." and blanks mean something only there.
 */
void markdown_put(struct buffer *b, struct slice harmless);
/* The same for any text. */
void markdown_text(struct buffer *b, struct slice text, bool ascii);

#endif
