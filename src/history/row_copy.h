/* Writes rows of a report as CSV, to make another report of them. */
#ifndef NCRED_ROW_COPY_H
#define NCRED_ROW_COPY_H

#include "report/report.h"

/* Append the header line of file number FILE of R. */
void row_copy_header(struct buffer *csv, const struct report *r, size_t file);
/* Append ROW as one line, with the fields that it has in its file. */
void row_copy(struct buffer *csv, const struct report *r, size_t row);
/* Append one field, quoted only if necessary. ALONE: it is the only field of its line, which must not look blank. */
void row_copy_field(struct buffer *csv, struct slice field, bool alone);

#endif
