/* Since when a finding with a threshold is one, by the dates of the credentials alone: without a history. */
#ifndef NCRED_OVERDUE_H
#define NCRED_OVERDUE_H

#include "audit/audit.h"

/*
 * The moment from which on the row failed CHECK: a key that is older than 90 days did when it became so. False: the check
 * has no threshold that time alone goes beyond, or other thresholds for some users; or the dates do not tell.
 */
bool overdue_began(const struct report *r, size_t row, size_t check, int64_t *began);
/* The same of the row's worst finding that counts and has such a threshold; of equals the one that began first. */
bool overdue_worst(const struct report *r, size_t row, int64_t *began);

#endif
