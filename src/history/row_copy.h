/* Rows of one report as CSV, from which another report is made: of the changes between reports, of the events in a log. */
#ifndef NCRED_ROW_COPY_H
#define NCRED_ROW_COPY_H

#include "report/report.h"

/* Append the header of FILE of R, as it was. */
void row_copy_header(struct buffer *csv, const struct report *r, size_t file);
void row_copy(struct buffer *csv, const struct report *r, size_t row);
/* Append a field, in quotation marks where it needs them; ALONE: it is the only one of its line. */
void row_copy_field(struct buffer *csv, struct slice field, bool alone);

#endif
