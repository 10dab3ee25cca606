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

#endif
