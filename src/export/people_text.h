/* A table's cells and headings as people read them, in every format that is for people. */
#ifndef NCRED_PEOPLE_TEXT_H
#define NCRED_PEOPLE_TEXT_H

#include "export/table.h"

/* Append what a person reads in a cell; harmless to print. ASCII: nothing above 0x7e. */
void people_text_cell(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii);
/* Append a column's heading, or its name where it has none; harmless to print. */
void people_text_heading(const struct table_column *c, struct buffer *b, bool ascii);

#endif
