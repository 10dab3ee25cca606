/* Printing without a screen: filter, sort, limit, write. */
#ifndef NCRED_BATCH_H
#define NCRED_BATCH_H

#include "options.h"

/* Print what O asks for to OUT. False when OUT could not be written (errno says why). */
bool batch_print(const struct options *o, const struct report *r, FILE *out);
/* The columns that answer "who first": at most 16, into COLUMNS; the number of them. */
size_t batch_triage_columns(const struct report *r, enum column *columns);

#endif
