/* What goes on with a fetch, on standard error. */
#ifndef NCRED_PROGRESS_H
#define NCRED_PROGRESS_H

#include "fetch/fetch.h"

#include <stdio.h>

struct fetch_progress {
    FILE *out;
    bool terminal;     /* OUT is one: everything on one line, over and over */
    size_t width;      /* of the line that stands there */
    size_t done, failed;
    bool asks;         /* a program asks on the terminal: nothing is written */
};

/* For fetch_settings.progress, with a struct fetch_progress as its context. */
void fetch_progress_tell(void *context, const struct fetch_target *target, const char *what);
/* Take the line away again. */
void fetch_progress_end(struct fetch_progress *p);

#endif
