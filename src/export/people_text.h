/* Cells and headings as text for people, the same in every format that is for people. */
#ifndef NCRED_PEOPLE_TEXT_H
#define NCRED_PEOPLE_TEXT_H

#include "export/table.h"

/* Append the text of a cell to B, harmless to print. ASCII: with nothing above 0x7e. */
void people_text_cell(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii);
/* Append the heading of column C, or its name where it has none, to B; likewise harmless. */
void people_text_heading(const struct table_column *c, struct buffer *b, bool ascii);

#endif
