/*
 * The review finds oddities that only show when cells or rows are compared: a user that is not the one in the ARN, a
 * user that occurs twice, times after the as-of time. Each kind is one problem per file.
 *
 *     review_rows(r);      whenever rows have been published
 *     review_tell(r);      once, when all rows and the as-of time are there: adds the problems
 */
#ifndef NCRED_REVIEW_H
#define NCRED_REVIEW_H

#include "report/report.h"

/* Users that occur twice are only found in this many first rows, because they take 8 bytes per row even in a stream. */
enum { REVIEW_DOUBLES_MAX = LIMIT(1 << 20, 1 << 8) };
/* Times up to this many seconds after the as-of time are no problem: clocks differ, and keys are used meanwhile. */
enum { REVIEW_SKEW = 15 * 60 };

/* Look at the rows published since the last call, whose text must still be there. */
void review_rows(struct report *r);
/*
 * The same if the rows will be dropped afterwards (see report_drop_rows()): their times are compared with the as-of
 * time at once. The report must have a single file.
 */
void review_passing_rows(struct report *r);
/* Add the problems to the report. Does nothing when called again. */
void review_tell(struct report *r);

#endif
