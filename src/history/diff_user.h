/* One user in two reports. */
#ifndef NCRED_DIFF_USER_H
#define NCRED_DIFF_USER_H

#include "history/diff.h"

/* Append what changed of the user in OLD_ROW of d->changes.old and NEW_ROW of d->changes.new; one of them may be CHANGE_NO_ROW. */
void diff_user(struct diff *d, uint32_t old_row, uint32_t new_row);

#endif
