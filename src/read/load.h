/* Reports into the table: at once, or behind the back of somebody who is reading it already. */
#ifndef NCRED_LOAD_H
#define NCRED_LOAD_H

#include "base/error.h"
#include "report/report.h"

#include <stdatomic.h>

/* The latest time that a report, or the name of its file, tells of itself. */
struct load_time {
    bool known;
    int64_t at;      /* seconds since 1970 */
    const char *why; /* "report", "file name", "sample" */
};

void load_time_take(struct load_time *t, int64_t at, const char *why);

/* What to read: a file, or bytes that are here already, in whatever envelope. All of it outlives the load. */
struct load_input {
    const char *path;   /* "-": standard input; NULL: BYTES */
    const char *name;   /* of the bytes, for messages and the list of files */
    struct slice bytes;
};

/* What came of it, once the load has ended. */
struct load_result {
    bool is_read;         /* else ERR says why not; rows before the place where it broke are there */
    struct error err;
    size_t file;          /* its index among the report's files; SIZE_MAX: it is none of them */
    struct load_time own; /* what it told of its time */
};

struct load;

/*
 * Start to read the COUNT INPUTS into R, one after another; small files are read already when it returns. Nothing is in R
 * before load_poll. Freed with load_free, which stops it if need be.
 */
struct load *load_start(struct report *r, const struct load_input *inputs, size_t count);
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
/* False, with ERR filled, when it has ended and nothing could be read: what was wrong with the last input. */
bool load_succeeded(const struct load *l, struct error *err);
/* What came of each input, in their order, once it has ended; until load_free. */
const struct load_result *load_results(const struct load *l);
/* What the files told of their time; complete once it has ended. */
struct load_time load_own_time(struct load *l);

/*
 * Read one input and, after each piece of it, call TAKE with CONTEXT, until that returns false: the rows from FROM on are
 * new, and OWN is what is known of the report's time. They are there for the length of that call only. False, with ERR
 * filled: it could not be read, or not what comes behind the rows that TAKE was given.
 */
typedef bool load_take(void *context, size_t from, const struct load_time *own);
bool load_passing(struct report *r, const struct load_input *input, load_take *take, void *context, struct error *err);

/*
 * Read them all before anything else is done, unless *STOP becomes true (NULL: never does). RESULTS, one an input, may
 * be NULL; OWN is given the latest of their times.
 */
bool load_all(struct report *r, const struct load_input *inputs, size_t count, const atomic_bool *stop,
    struct load_result *results, struct load_time *own, struct error *err);

#endif
