/* Reads the reports again, or two reports side by side, in the background, and finds what changed. */
#ifndef NCRED_RELOAD_H
#define NCRED_RELOAD_H

#include "history/diff.h"
#include "session/inputs.h"

/* A report that is older than the newest one, and was not there before. */
struct reload_between {
    struct report report;
    int64_t time;
};

struct reload {
    struct report report;     /* as it is now */
    struct report older;      /* reload_compare: what it is compared with */
    struct diff diff;         /* from the report before, or the older one, to this one */
    struct inputs obtained;   /* what REPORT was read from, with its messages */
    struct inputs older_inputs; /* and OLDER */
    struct load_time own;     /* its own time */
    const char *why;          /* where its as-of time comes from: "report", "file name", "now" or "--as-of" */
    const struct report *old; /* what REPORT is compared with; borrowed, or OLDER */
    struct reload_between *between; /* owned: what has come meanwhile, oldest first */
    size_t between_count;
    bool has_history;         /* session_history_extend() was called */
    size_t audited[2];        /* rows of REPORT, and of OLDER, that the checks were run over */
};

/* Where the as-of time is to come from, when the reports do not tell it, or it was given. */
struct reload_time {
    int64_t now;
    bool given;    /* --as-of: GIVEN_TIME counts, and nothing else */
    int64_t given_time;
};

struct reload_job;

/*
 * Start to read, or fetch, all of W again, on a thread; W must outlive the job, and so must BEFORE, the report as it is
 * now, from which the job takes what can no longer be read. Or, when TWO, to read the two files of W side by side. NULL
 * with ERR: it cannot be read again. Freed with reload_abandon. KNOWN, which must outlive the job, are the inputs of BEFORE:
 * older reports that are not among them are read, too; NULL: none are.
 */
struct reload_job *reload_start(const struct inputs_wish *w, const struct fetch_settings *settings,
    const struct report *before, const struct inputs *known, bool two, struct error *err);
/* A descriptor that becomes readable when the job has made progress. */
int reload_descriptor(const struct reload_job *job);
/* Returns false when the job has ended. */
bool reload_poll(struct reload_job *job);
/* Append the job's progress to B: "fetching: 3 of 20 done, dev: INPROGRESS". */
void reload_progress(struct reload_job *job, struct buffer *b);
/*
 * Wait for JOB to end, free it, and put what it read into R, for reload_step() to compare with OLD or, of two reports, with
 * the older one. R must not move afterwards. Returns false if nothing new could be read: ERR says why, R->obtained.said has
 * all reasons. Free R with reload_free either way.
 */
bool reload_take(struct reload_job *job, struct reload *r, const struct report *old, const struct reload_time *time,
    struct error *err);
/*
 * Run the checks of AUDIT over some more of the rows that were read, then compare some more. Returns false when all is
 * done. AUDIT must outlive R; after it was changed, call reload_audit_again().
 */
bool reload_step(struct reload *r, const struct audit *audit);
/* The waivers have changed: reload_step() starts again with the first row. */
void reload_audit_again(struct reload *r);
/* Whether reload_step() has nothing left to do. */
bool reload_is_compared(const struct reload *r);
/* How much of the comparing is done, in percent. */
unsigned reload_percent(const struct reload *r);
/* Cancel JOB, which may be NULL; returns as soon as its thread has noticed. */
void reload_abandon(struct reload_job *job);
void reload_free(struct reload *r);
/* One line: what changed, or why perhaps nothing did. */
void reload_summary(struct buffer *b, const struct reload *r);

#endif
