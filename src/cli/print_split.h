/* --split: one file for each value of a column, such as a sheet of remedies for each owner. */
#ifndef NCRED_PRINT_SPLIT_H
#define NCRED_PRINT_SPLIT_H

#include "config/options.h"

/*
 * Write the listing of O once for each value that O->split has among the users that match the filters, into the directory
 * O->wish.save_path. Nothing is written if a file is there already, unless O->force. Users without a value are in a file of
 * their own, and a user of several (a list of groups) in several. How many files there are is told on standard error. False:
 * ERR says why not all of them were written.
 */
bool print_split(const struct options *o, const struct report *r, struct error *err);

/*
 * Append what the file for TEXT is called, without extension: letters, digits and @ + = , . - _ stand for themselves, each
 * other byte as % and two digits, so that two texts never have one name, and none is hidden, an option or a path. What is
 * too long ends in its hash.
 */
void print_split_name(struct buffer *out, struct slice text);

#endif
