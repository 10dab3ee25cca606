/* What --completion prints: a script for each shell, off the tables of options, columns and query words. */
#ifndef NCRED_COMPLETION_H
#define NCRED_COMPLETION_H

#include <stddef.h>
#include <stdio.h>

struct completion_shell {
    const char *name;
    void (*print)(FILE *out);
};

extern const struct completion_shell completion_shells[];
extern const size_t completion_shell_count;

/* The shell of this name, or NULL. */
const struct completion_shell *completion_find(const char *name);

#endif
