/*
 * Loads reports into a report table: all at once, or in a thread while the table is already in use.
 *
 *     struct load *l = load_start(r, inputs, count);
 *     while (load_poll(l))        // R has more rows after each call
 *         load_wait(l, -1);
 *     if (!load_succeeded(l, &err))
 *         ...
 *     load_free(l);
 */
#ifndef NCRED_LOAD_H
#define NCRED_LOAD_H

#include "base/error.h"
#include "report/report.h"

#include <stdatomic.h>

/* The latest time found for the reports, in their contents or file names. */
struct load_time {
    bool known;
    int64_t at;      /* seconds since 1970 */
    const char *why; /* where it was found: "report", "file name" or "sample" */
};

/* Keep the later of *T and AT. WHY is static. */
void load_time_take(struct load_time *t, int64_t at, const char *why);

/* One input: a file, or bytes in memory, in any envelope (see envelope.h). Must outlive the load. */
struct load_input {
    const char *path;   /* "-" for standard input; NULL to read BYTES */
    const char *name;   /* of BYTES: name for messages and the list of files */
    struct slice bytes;
};

/* The outcome for one input. Valid once the load has ended. */
struct load_result {
    bool is_read;         /* false: ERR says why; rows before the error were kept */
    struct error err;
    size_t file;          /* index among the report's files; SIZE_MAX if it did not become one */
    struct load_time own_time; /* the time that it told */
};

struct load;

/* Rows that fill a screen: with these, nothing more is awaited before they are shown. */
enum { LOAD_FIRST_ROWS = 100 };

/*
 * Start reading the COUNT INPUTS into R, one after another. When it returns, small inputs have been read, and the first
 * rows of a file, so that they can be published and drawn at once; a thread reads the others. R does not change before
 * load_poll(). Free with load_free(), which stops the thread if necessary.
 */
struct load *load_start(struct report *r, const struct load_input *inputs, size_t count);
void load_free(struct load *l);

/*
 * Publish in R what has been read since the last call. Must be called by the thread that uses R. Returns false once the
 * load has ended and everything is published.
 */
bool load_poll(struct load *l);
/* Wait until there is something to publish, at most MILLISECONDS (-1: without limit). */
void load_wait(struct load *l, int milliseconds);
/*
 * A descriptor that becomes readable when there is something to publish, and stays so once the load has ended; -1 if
 * everything was read by load_start().
 */
int load_descriptor(const struct load *l);
/* Ask the load to end soon. Rows read so far stay. */
void load_stop(struct load *l);

/* Bytes read so far, and in total. TOTAL does not include pipes, whose size is unknown. */
struct load_progress {
    uint64_t bytes, total;
    bool is_stopped; /* ended early by load_stop() */
};
/* Returns the progress so far. Thread-safe. */
struct load_progress load_progress(struct load *l);
/* Whether at least one input could be read, or the load has not ended. Otherwise ERR is the error of the last input. */
bool load_succeeded(struct load *l, struct error *err);
/* One result per input, in their order, once the load has ended. Valid until load_free(). */
const struct load_result *load_results(const struct load *l);
/* The latest time that the files told; complete once the load has ended. */
struct load_time load_own_time(struct load *l);

/*
 * Read one input without keeping it: after each piece, TAKE is called with CONTEXT, the number FROM of the first new
 * row and the report's time as far as known. Rows exist only during that call. TAKE returns false to stop. Returns
 * false with ERR set if the input could not be read to its end; rows before that point were passed to TAKE.
 */
typedef bool load_take(void *context, size_t from, const struct load_time *own);
bool load_passing(struct report *r, const struct load_input *input, load_take *take, void *context, struct error *err);

/*
 * Read all inputs before returning, unless *STOP (may be NULL) becomes true. RESULTS, one per input, may be NULL. OWN
 * is updated with the latest of their times. Returns false with ERR set if none could be read.
 */
bool load_all(struct report *r, const struct load_input *inputs, size_t count, const atomic_bool *stop,
    struct load_result *results, struct load_time *own, struct error *err);

#endif
