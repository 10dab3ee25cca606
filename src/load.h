/* Reports into the table: at once, or behind the back of somebody who is reading it already. */
#ifndef NCRED_LOAD_H
#define NCRED_LOAD_H

#include "error.h"
#include "report.h"

/* The latest time that a report, or the name of its file, tells of itself. */
struct load_time {
    bool known;
    int64_t at;      /* seconds since 1970 */
    const char *why; /* "report", "file name", "sample" */
};

void load_time_take(struct load_time *t, int64_t at, const char *why);

struct load;

/*
 * Start to read the COUNT files at PATHS ("-": standard input), which must outlive the load, into R. Nothing is in R
 * before load_poll. Freed with load_free, which stops it if need be.
 */
struct load *load_start(struct report *r, char *const *paths, size_t count);
void load_free(struct load *l);

/* Let R's readers see what has come since. To be called by the thread that reads R. False: it has ended. */
bool load_poll(struct load *l);
/* Wait for something to poll, at most MILLISECONDS (-1: however long). */
void load_wait(struct load *l, int milliseconds);
/* A descriptor that can be read when there is something to poll. */
int load_descriptor(const struct load *l);
/* End it soon; what is there stays. */
void load_stop(struct load *l);

/* How far it is. TOTAL is 0 where a pipe does not tell. */
struct load_progress {
    uint64_t bytes, total;
    bool is_stopped; /* by load_stop, before the end */
};
struct load_progress load_progress(struct load *l);
/* What ended it early: false, and ERR is filled, when a file could not be read or is no report. */
bool load_succeeded(const struct load *l, struct error *err);
/* What the files told of their time; complete once it has ended. */
struct load_time load_own_time(struct load *l);

/* Read them all before anything else is done. */
bool load_all(struct report *r, char *const *paths, size_t count, struct load_time *own, struct error *err);
/* The same for bytes that are here already, in whatever envelope; NAME is for messages and the list of files. */
bool load_bytes(struct report *r, const char *name, struct slice bytes, struct load_time *own, struct error *err);

#endif
