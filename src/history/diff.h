/* The changes between two reports, as a report with one row per change, which sorts and filters like any other. */
#ifndef NCRED_DIFF_H
#define NCRED_DIFF_H

#include "audit/audit.h"
#include "report/change.h"

struct diff {
    struct changes changes;  /* owned, except the two reports compared: the changes found so far */
    struct report report;    /* one row per entry: the user's row in the new report or, if removed, in the old one */
    size_t judged;           /* rows of REPORT that have been judged */
    struct diff_work *work;  /* owned; NULL when all users have been compared or the comparison was stopped */
};

/*
 * Prepare to compare OLD with NEW; diff_step() then finds the changes. Users are matched by ARN, or by account and name
 * where there is none. D must not move, and must be freed with diff_free() before the two reports.
 *
 * Two groups are not compared: users of files of NEW marked is_kept (they could not be read again), and users of an
 * account of which NEW has no user, not even root, because that account was not read.
 */
void diff_begin(struct diff *d, const struct report *old, const struct report *new);
/*
 * Compare some thousands of users more. Their changes are appended to d->report and judged by AUDIT, which both reports
 * must have been judged by; if P (may be NULL) ends, the next call judges the rest. Returns false when all users have
 * been compared and all changes judged.
 */
bool diff_step(struct diff *d, const struct audit *audit, struct cancel_token *p);
/*
 * Judge the changes found so far until P (may be NULL) ends. Returns whether all are judged. diff_step() does so
 * itself; call this before diff_stop().
 */
bool diff_judge(struct diff *d, const struct audit *audit, struct cancel_token *p);
/* Progress in percent. */
unsigned diff_percent(const struct diff *d);
/* End the comparison early. The changes found so far stay. */
void diff_stop(struct diff *d);
/* diff_begin() and all steps in one call. */
void diff_run(struct diff *d, const struct report *old, const struct report *new, const struct audit *audit);
void diff_free(struct diff *d);

/* The default columns (-c) and the default order (-s) of a list of changes. */
extern const char diff_columns[], diff_worst_first[];

#endif
