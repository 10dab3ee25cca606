/* Printing without a screen: filter, sort, limit, write. */
#ifndef NCRED_BATCH_H
#define NCRED_BATCH_H

#include "options.h"

/*
 * Print what O asks for to OUT. False: ERR says which column there is not, or why OUT could not be written.
 * A reader that has gone (EPIPE) is no error: it has seen what it wanted.
 */
bool batch_print(const struct options *o, const struct report *r, FILE *out, struct error *err);
/* Whether what is to be printed, counted or complained about depends on the checks. */
bool batch_asks_checks(const struct options *o);
/* Whether O asks for something printed, whatever standard output is. */
bool batch_is_wanted(const struct options *o);
/* How many of the users (with --keys, credentials) that O selects have a finding that counts of o->fail_on or worse. */
size_t batch_failing(const struct options *o, const struct report *r);
/* Flush OUT and tell as batch_print() does whether all of it was written. */
bool batch_flush(FILE *out, struct error *err);
/* The columns that answer "who first": at most 16, into COLUMNS; the number of them. */
size_t batch_triage_columns(const struct report *r, enum column *columns);

#endif
