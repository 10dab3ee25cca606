/*
 * Reading the command line, and the configuration that it chooses, into struct options.
 *
 *     struct options o;
 *     if (!command_line_parse(&o, argc, argv, now, &err))
 *         fprintf(stderr, "ncred: %s\n", err.text);
 *     ...
 *     command_line_free(&o);
 */
#ifndef NCRED_COMMAND_LINE_H
#define NCRED_COMMAND_LINE_H

#include "config/options.h"

/* Set O to the defaults, without any configuration. NOW is what "--as-of now" means, in seconds since 1970. */
void command_line_init(struct options *o, int64_t now);
/*
 * Initialize O and read into it the configuration that the command line chooses, then the command line. O borrows
 * ARGV. Returns false with ERR set if the command line is wrong. Errors in the configuration do not fail: they are
 * listed in o->config.problems. Free O with command_line_free() either way.
 */
bool command_line_parse(struct options *o, int argc, char **argv, int64_t now, struct error *err);
void command_line_free(struct options *o);
/*
 * Put into ORDER the order that --sort names for the listing of O over R. It is o->sort, unless --sort names a column
 * that only the report has. Returns false with ERR naming a column that does not exist.
 */
bool command_line_sort(const struct options *o, const struct report *r, struct sort_order *order, struct error *err);

#endif
