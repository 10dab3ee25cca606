/* Users printed while their report is read, where no more of it is needed than each row. */
#ifndef NCRED_PRINT_STREAMED_H
#define NCRED_PRINT_STREAMED_H

#include "config/options.h"

/*
 * Whether what O asks for can be printed row by row: users as they stand in one plain file, in a format of lines, chosen by
 * what stands in their own row and not by checks.
 */
bool print_streamed_is_possible(const struct options *o);
/* Do it, NOW in seconds since 1970; what there is to say of the report goes to standard error. The exit status. */
int print_streamed_print(const struct options *o, int64_t now, FILE *out);

#endif
