/* --split: one file for each value of a column, such as a sheet of remedies for each owner. */
#ifndef NCRED_PRINT_SPLIT_H
#define NCRED_PRINT_SPLIT_H

#include "config/options.h"

/*
 * Write the listing of O once per value that the column O->split has among the users that match the filters, each to a
 * file in the directory O->wish.save_path. Users without a value get a file of their own; a user with several values
 * (a list of groups) is in several files. Reports the number of files on standard error. Returns false with ERR set if
 * not all were written; without O->force none is if one of them exists.
 */
bool print_split(const struct options *o, const struct report *r, struct error *err);

#endif
