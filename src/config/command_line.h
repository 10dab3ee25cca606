/* The command line and the configuration that it chooses, read into struct options. */
#ifndef NCRED_COMMAND_LINE_H
#define NCRED_COMMAND_LINE_H

#include "config/options.h"

/* Set O to the defaults, without a configuration. NOW is the time that "--as-of now" means, in seconds since 1970. */
void command_line_init(struct options *o, int64_t now);
/*
 * Initialize O, read the configuration that the command line chooses into it, then the command line; O borrows ARGV.
 * Returns false with ERR set when the command line is wrong. What is wrong in the configuration is in o->config.problems
 * and no reason to fail. To be freed with command_line_free() either way.
 */
bool command_line_parse(struct options *o, int argc, char **argv, int64_t now, struct error *err);
void command_line_free(struct options *o);
/*
 * The order that --sort names, for the listing of O over R, whose columns it may be: o->sort, read again if it could not be
 * read without a report. False: ERR says which name is wrong.
 */
bool command_line_sort(const struct options *o, const struct report *r, struct sort_order *order, struct error *err);

#endif
