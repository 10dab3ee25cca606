/* Reads the reports again, or two reports side by side, in the background, and finds what changed. */
#ifndef NCRED_RELOAD_H
#define NCRED_RELOAD_H

#include "history/diff.h"
#include "history/time_columns.h"
#include "config/options.h"
#include "context/context.h"
#include "session/inputs.h"

/* An older report that has appeared since the last time. */
struct reload_between {
    struct report report;
    int64_t time;
    size_t item; /* its index in the items of `obtained` */
};

struct reload {
    struct report report;     /* the new state */
    struct report older;      /* if two reports are compared: the older one */
    struct diff diff;         /* from OLD to REPORT */
    struct inputs obtained;   /* what REPORT was read from, with messages */
    struct inputs older_inputs; /* what OLDER was read from */
    struct context *context;  /* owned: what the files that came with REPORT say; NULL if nothing new */
    struct load_time own_time; /* the time that REPORT tells */
    const char *as_of_why;    /* source of the as-of time: "report", "file name", "now" or "--as-of" */
    const struct report *old; /* what REPORT is compared with; borrowed, or OLDER */
    struct reload_between *between; /* owned: older reports that have appeared, oldest first */
    size_t between_count;
    size_t between_taken;     /* how many of these the history has */
    bool is_in_history;       /* the history has rows of BETWEEN or REPORT, which must be shown in any case */
    bool has_history;         /* session_history_extend() has returned true */
    struct time_places times; /* of REPORT */
    size_t audited[2];        /* number of rows of REPORT and of OLDER that have been judged */
};

/* How to choose the as-of time. */
struct reload_time {
    int64_t now;
    bool given;    /* --as-of was given: GIVEN_TIME counts, whatever the reports tell */
    int64_t given_time;
};

struct reload_job;

/*
 * Start a thread that reads, or fetches, all of W again or, if TWO, reads the two files of W to compare them. W must
 * outlive the job, and so must BEFORE, the current report, whose rows are kept where they cannot be read again, and
 * KNOWN, the inputs of BEFORE. Older reports that are not in KNOWN are read, too; NULL: none are. CONTEXT, which must
 * outlive the job, names other files about users, which are read again if some lie beside the reports; NULL: none are.
 * Returns NULL with ERR set if W cannot be read again. End the job with reload_take() or reload_abandon().
 */
struct reload_job *reload_start(const struct inputs_wish *w, const struct fetch_settings *settings,
    const struct report *before, const struct inputs *known, bool two, const struct options *context,
    struct error *err);
/* A descriptor that becomes readable when the job has made progress. */
int reload_descriptor(const struct reload_job *job);
/* Returns false when the job has ended. */
bool reload_poll(struct reload_job *job);
/* Append the job's progress to B: "fetching: 3 of 20 done, dev: INPROGRESS". */
void reload_progress(struct reload_job *job, struct buffer *b);
/*
 * Wait for JOB to end, free it, and store what it read in R, for reload_step() to compare with OLD or, of two reports,
 * with the older one. R must not move afterwards. Returns false if nothing new could be read: ERR says why, and
 * R->obtained.messages has all reasons. The reports have the columns of R->context, if that is not NULL. Free R with
 * reload_free() in either case.
 */
bool reload_take(struct reload_job *job, struct reload *r, const struct report *old, const struct reload_time *time,
    struct error *err);
/*
 * Run the checks of AUDIT over some more of the rows that were read, then compare some more. Returns false when all is
 * done. AUDIT must outlive R; after it was changed, call reload_audit_again().
 */
bool reload_step(struct reload *r, const struct audit *audit);
/* Start judging and comparing again from the first row, because waivers have changed. */
void reload_audit_again(struct reload *r);
/* Whether reload_step() has nothing left to do. */
bool reload_is_compared(const struct reload *r);
/* How much of the comparison is done, in percent. */
unsigned reload_percent(const struct reload *r);
/* Cancel JOB, which may be NULL, and wait until its thread has ended; frees it. */
void reload_abandon(struct reload_job *job);
void reload_free(struct reload *r);
/* Append one line: what changed, or why perhaps nothing did. */
void reload_summary(struct buffer *b, const struct reload *r);

#endif
