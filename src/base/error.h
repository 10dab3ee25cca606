/*
 * An error: set where it happens, printed by the caller that knows what to do about it.
 *
 *     if (!file)
 *         return error_set(err, "%s: %s", path, strerror(errno));
 */
#ifndef NCRED_ERROR_H
#define NCRED_ERROR_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

struct error {
    char text[512]; /* one line, harmless to print: untrusted parts are escaped by error_set */
    size_t offset;  /* byte offset in a query's text, if the error is about a query */
};

/* Set ERR to the formatted text, escaped by text_escape() and cut to fit, with offset 0. Always returns false. */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a mistake at byte OFFSET of a query's text. */
bool error_at(struct error *err, size_t offset, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
