/* Where bytes come from: a file or standard input, whole, in an owned buffer. */
#ifndef NCRED_SOURCE_H
#define NCRED_SOURCE_H

#include "error.h"
#include "text.h"

/* Read all of the file at PATH ("-": standard input) into OUT, which the caller frees. */
bool source_read(const char *path, struct buffer *out, struct error *err);

#endif
