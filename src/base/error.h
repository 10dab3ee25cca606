/* One error, passed down and filled where it happens, printed by whoever can do something about it. */
#ifndef NCRED_ERROR_H
#define NCRED_ERROR_H

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

/* Allocation that ends the program (through the hook, which restores the terminal) when memory is out. */
void *xrealloc(void *old, size_t count, size_t size);
void *xcalloc(size_t count, size_t size);
char *xstrdup(const char *s);
/* HOOK is called once before the program ends for want of memory. */
void error_on_no_memory(void (*hook)(void));

#endif
