/* What changed between two reports: a report of its own, with a row a change, which sorts and filters as any other. */
#ifndef NCRED_DIFF_H
#define NCRED_DIFF_H

#include "audit/audit.h"
#include "report/change.h"

struct diff {
    struct changes changes;  /* what was found so far: owned, but the two reports compared */
    struct report report;    /* a row an entry: the user as in the new report, or, once removed, as in the old */
    struct diff_work *work;  /* owned; NULL: all users have been compared, or it was stopped */
};

/*
 * Get ready to compare users by ARN, and by name where there is none: the changes come with diff_step. D stays where it
 * is, and is freed with diff_free, before the reports. Not compared are the users of files of NEW that are marked
 * is_kept, and those of accounts of which NEW has no user at all, not even root: that account was not read.
 */
void diff_begin(struct diff *d, const struct report *old, const struct report *new);
/*
 * Compare some thousands of users more: their changes are at the end of d->report, with the checks of AUDIT run, as they
 * were over both reports before the first step. False: there are no more.
 */
bool diff_step(struct diff *d, const struct audit *audit);
/* How far it is, in percent of what there is to do. */
unsigned diff_percent(const struct diff *d);
/* No more of it; what was found stays. */
void diff_stop(struct diff *d);
/* All of that at once. */
void diff_run(struct diff *d, const struct report *old, const struct report *new, const struct audit *audit);
void diff_free(struct diff *d);

/* The columns of a list of changes, for -c, and its order at start, for -s. */
extern const char diff_columns[], diff_worst_first[];

#endif
