/* Descriptions of usual terminals within the program, for machines that have none. */
#ifndef NCRED_FALLBACK_H
#define NCRED_FALLBACK_H

#include <stddef.h>

struct fallback {
    const char *name;
    const char *code[8]; /* compiled, in the form that $TERMINFO may have since ncurses 6.1; in pieces, up to a NULL */
};

extern const struct fallback fallbacks[];
extern const size_t fallback_count;

#endif
