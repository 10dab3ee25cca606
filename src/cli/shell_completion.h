/* What --completion prints: a script for each shell, off the tables of options, columns and query words. */
#ifndef NCRED_SHELL_COMPLETION_H
#define NCRED_SHELL_COMPLETION_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

struct shell_completion_shell {
    const char *name;
    void (*print)(FILE *out);
};

extern const struct shell_completion_shell shell_completion_shells[];
extern const size_t shell_completion_shell_count;

/* The shell of this name; NULL with ERR naming those that exist when there is none. */
const struct shell_completion_shell *shell_completion_find(const char *name, struct error *err);

#endif
