/* What a report leaves unknown, line by line, for documents that must not hide it. */
#ifndef NCRED_UNKNOWN_H
#define NCRED_UNKNOWN_H

#include "audit/unjudged.h"

/* So many problems of files are told one by one; how many more there are is told after them. */
enum { UNKNOWN_PROBLEMS_MAX = 100 };

/*
 * Call LINE with CONTEXT for each check that could not judge all users of U, each column that a file lacks, and each problem
 * of R's files. The text is untrusted. Returns how many lines there were.
 */
size_t unknown_tell(const struct report *r, const struct unjudged *u, void (*line)(void *context, struct slice text),
    void *context);

#endif
