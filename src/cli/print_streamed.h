/* Printing users while their report is still being read, so that memory does not grow with it. */
#ifndef NCRED_PRINT_STREAMED_H
#define NCRED_PRINT_STREAMED_H

#include "config/options.h"

/*
 * Returns whether O can be printed that way: users of a single plain CSV file, unsorted, in a format of lines, with
 * filters and columns that need no more than the user's own row (no checks).
 */
bool print_streamed_is_possible(const struct options *o);
/*
 * Print the users to OUT, and messages about the report to standard error; NOW is in seconds since 1970. *STATUS is
 * the exit status. Returns false if nothing was printed after all, because a filter asks for a column of the report's
 * own, whose type depends on all rows: the report must then be read whole.
 */
bool print_streamed_print(const struct options *o, int64_t now, FILE *out, int *status);

#endif
