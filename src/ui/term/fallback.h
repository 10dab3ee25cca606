/* Compiled-in terminfo descriptions of common terminals, for systems that have no terminfo database. */
#ifndef NCRED_FALLBACK_H
#define NCRED_FALLBACK_H

#include <stddef.h>

struct fallback {
    const char *name;
    const char *code[8]; /* compiled, in the form $TERMINFO accepts since ncurses 6.1; in pieces, ends with NULL */
};

extern const struct fallback fallbacks[];
extern const size_t fallback_count;

#endif
