/* Writes a cell as text: for people (412d, never, off) or for files (whole days, ISO times, the report's own text). */
#ifndef NCRED_CELL_H
#define NCRED_CELL_H

#include "report/report.h"

/* Append the cell's text for people to B. Harmless to print; if ASCII, only ASCII. */
void cell_for_people(struct buffer *b, const struct report *r, size_t row, enum column column, bool ascii);
/*
 * Append the cell's exact text for CSV and TSV: whole days, and report columns as the file has them. Untrusted; the
 * caller escapes it.
 */
void cell_for_files(struct buffer *b, const struct report *r, size_t row, enum column column);
/* The same for a value that is not a user's cell. */
void cell_value_for_people(struct buffer *b, const struct value *v, enum type type, bool ascii);
void cell_value_for_files(struct buffer *b, const struct value *v, enum type type);
/* Whether columns of this type are right-aligned. */
bool type_is_right(enum type type);

#endif
