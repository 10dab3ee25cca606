/* A cell as text: for people (412d, never, off) and for files (whole days, ISO times, own text). */
#ifndef NCRED_CELL_H
#define NCRED_CELL_H

#include "report/report.h"

/* Append how a person reads the cell; untrusted text is made harmless. */
void cell_for_people(struct buffer *b, const struct report *r, size_t row, enum column column, bool ascii);
/* Append the exact text for csv and tsv: whole days, times as reported, own text when missing. */
void cell_for_files(struct buffer *b, const struct report *r, size_t row, enum column column);
/* The same for a value that is no user's cell. */
void cell_value_for_people(struct buffer *b, const struct value *v, enum type type, bool ascii);
void cell_value_for_files(struct buffer *b, const struct value *v, enum type type);
/* Whether this column, or a column of this type, is set to the right. */
bool type_is_right(enum type type);

#endif
