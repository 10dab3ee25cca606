/* Users printed while their report is read, where no more of it is needed than each row. */
#ifndef NCRED_PRINT_STREAMED_H
#define NCRED_PRINT_STREAMED_H

#include "config/options.h"

/*
 * Whether what O asks for can be printed row by row: users as they stand in one plain file, in a format of lines, chosen by
 * what stands in their own row and not by checks.
 */
bool print_streamed_is_possible(const struct options *o);
/*
 * Print the users to OUT, and messages about the report to standard error; NOW is in seconds since 1970. *STATUS is the exit
 * status. Returns false if nothing was printed after all, because a filter asks for a column of the report's own, whose type
 * depends on all rows: the report must then be read whole.
 */
bool print_streamed_print(const struct options *o, int64_t now, FILE *out, int *status);

#endif
