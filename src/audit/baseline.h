/*
 * A baseline: the findings of an earlier run, read from the output of --findings. Findings in it do not count as new.
 */
#ifndef NCRED_BASELINE_H
#define NCRED_BASELINE_H

#include "audit/finding.h"

/*
 * Read the CSV or JSON file at PATH into a->baseline, which audit_free() frees. PATH must outlive it. The columns
 * check, and arn or user, are required; account, partition and credential are used if present. Findings that were
 * waived are left out, so that they are new when the waiver has ended. Returns false with ERR set if the file cannot be
 * read or is no such output.
 */
bool baseline_load(struct audit *a, const char *path, struct error *err);
/* Append what is odd about the rows of A's baseline to OUT, one line each. R is the report that A judged. */
void baseline_tell(const struct audit *a, const struct report *r, struct buffer *out);
/*
 * Whether the baseline has F: the same check and user, and F has no credential at fault that was not at fault then.
 * False without a baseline.
 */
bool baseline_has(const struct report *r, const struct finding *f);

#endif
