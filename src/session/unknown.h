/* Lists what a report leaves unknown, for documents that must not hide it. */
#ifndef NCRED_UNKNOWN_H
#define NCRED_UNKNOWN_H

#include "audit/unjudged.h"

/* Maximum number of problems of files to list; the number of further ones follows. */
enum { UNKNOWN_PROBLEMS_MAX = 100 };

/*
 * Call LINE with CONTEXT for each check that could not run or could not judge all users of U, each column that a file
 * lacks, and each problem of R's files. The text is untrusted. Returns the number of lines.
 */
size_t unknown_tell(const struct report *r, const struct unjudged *u, void (*line)(void *context, struct slice text),
    void *context);

#endif
