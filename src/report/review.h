/*
 * What is odd about the rows of a report and shows only beside other cells or other rows: a user who is not the one in the
 * ARN, a user named twice, times that are still to come.
 *
 *     review_rows(r);      after rows were published, as often as some were
 *     review_tell(r);      once, when all rows and the as-of time are there: at most one problem per file and kind
 */
#ifndef NCRED_REVIEW_H
#define NCRED_REVIEW_H

#include "report/report.h"

/* The first rows, in which users named twice are looked for: it takes 8 bytes per row, also of a report that passes. */
enum { REVIEW_DOUBLES_MAX = LIMIT(1 << 20, 1 << 8) };
/* Clocks differ, and a report is made while its keys are in use: seconds behind the as-of time that are no problem. */
enum { REVIEW_SKEW = 15 * 60 };

/* Look at the rows that were published since the last call. Their text must be there. */
void review_rows(struct report *r);
/* The same when rows are dropped afterwards, see report_drop_rows(): what needs the as-of time is counted at once. */
void review_passing_rows(struct report *r);
/* Add the problems. Does nothing the second time. */
void review_tell(struct report *r);

#endif
