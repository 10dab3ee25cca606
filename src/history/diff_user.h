/* Finds what changed for one user between two reports. */
#ifndef NCRED_DIFF_USER_H
#define NCRED_DIFF_USER_H

#include "history/diff.h"

/*
 * Append to D the changes of the user in OLD_ROW of d->changes.old and NEW_ROW of d->changes.new. One of the rows may
 * be CHANGE_NO_ROW: the user was added or removed.
 */
void diff_user(struct diff *d, uint32_t old_row, uint32_t new_row);

#endif
