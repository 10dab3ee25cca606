/* One error, passed down and filled where it happens, printed by whoever can do something about it. */
#ifndef NCRED_ERROR_H
#define NCRED_ERROR_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

struct error {
    char text[512]; /* one line, harmless to print: untrusted parts are escaped by error_set */
    size_t offset;  /* byte offset in a query's text, when the error is about one */
};

/* Fill ERR and return false, so that the caller can return the call. */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, with the byte offset of the fault in a query. */
bool error_at(struct error *err, size_t offset, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
