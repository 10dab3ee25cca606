/*
 * Since when a user has failed a check with a threshold, computed from the credentials' dates: it needs no older
 * reports.
 */
#ifndef NCRED_OVERDUE_H
#define NCRED_OVERDUE_H

#include "audit/audit.h"

/*
 * Set *BEGAN (seconds since 1970) to the moment from which on the row has failed CHECK: a key older than 90 days has
 * since its 90th day. Returns false if the check has no threshold that is passed by waiting, or if the dates are
 * missing.
 */
bool overdue_began(const struct report *r, size_t row, size_t check, int64_t *began);
/*
 * The same for the worst of the row's findings that count and have such a threshold; of equally bad ones, the earliest.
 */
bool overdue_worst(const struct report *r, size_t row, int64_t *began);

#endif
