/* A baseline: the findings of an earlier run, from the output of --findings, which do not count as new. */
#ifndef NCRED_BASELINE_H
#define NCRED_BASELINE_H

#include "audit/finding.h"

/*
 * Read the csv or json at PATH into A, which frees it. Needed are the column check, and arn or user; account and credential
 * are used if they are there. Findings that were waived are left out, so that they count when the waiver has ended.
 * False: ERR says what is wrong.
 */
bool baseline_load(struct audit *a, const char *path, struct error *err);
/* Append what is odd about A's baseline, of which R is judged, one line each; nothing without a baseline. */
void baseline_tell(const struct audit *a, const struct report *r, struct buffer *out);
/* Whether F was there: the same check of the same user, by no credential that was not at fault then. */
bool baseline_has(const struct report *r, const struct finding *f);

#endif
