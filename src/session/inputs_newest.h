/* Which reports are shown, and which are history, if accounts are in several. */
#ifndef NCRED_INPUTS_NEWEST_H
#define NCRED_INPUTS_NEWEST_H

#include "session/inputs.h"

/*
 * Peek at the items of O: leaves out all but the newest report of each account, and lists older ones as its history.
 * Pipes are not looked at.
 */
void inputs_find_newest(struct inputs *o);
/*
 * Must be called after the inputs have been loaded into R with RESULTS: keeps only the newest report of each account,
 * which may leave a part of a file. Returns true if that left out any rows; the remaining inputs must then be loaded
 * again, into another report, followed by inputs_were_loaded().
 */
bool inputs_settle(struct inputs *o, const struct report *r, const struct load_result *results);
/* Store in which files of the report the remaining inputs are, according to RESULTS. See inputs_settle(). */
void inputs_were_loaded(struct inputs *o, const struct load_result *results);

#endif
