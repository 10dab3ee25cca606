/*
 * Progress of a fetch on standard error: one line that is written over on a terminal, otherwise a line for what takes
 * long.
 */
#ifndef NCRED_PROGRESS_H
#define NCRED_PROGRESS_H

#include "fetch/fetch.h"

#include <stdio.h>

struct fetch_progress {
    FILE *out;
    bool terminal;     /* out is a terminal */
    size_t width;      /* of the line that is there now, in columns of the terminal */
    size_t done, failed; /* targets so far */
    bool is_prompting; /* a program may ask the person something: nothing is written meanwhile */
};

/* The function for fetch_settings.progress; CONTEXT is a struct fetch_progress. */
void fetch_progress_tell(void *context, const struct fetch_target *target, enum fetch_event event, const char *what);
/* Erase the line; call it before anything else is written to the terminal. */
void fetch_progress_end(struct fetch_progress *p);

#endif
