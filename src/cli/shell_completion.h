/* What --completion=SHELL prints: a script made from the tables of options, columns and query words. */
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

/* Returns the shell NAME; NULL with ERR set, which lists the shells, if there is none. */
const struct shell_completion_shell *shell_completion_find(const char *name, struct error *err);

#endif
