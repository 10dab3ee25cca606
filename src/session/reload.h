/* The same reports a second time, or two of them side by side, and what changed; in the background. */
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
/* A descriptor that can be read when there is something new to tell. */
int reload_descriptor(const struct reload_job *job);
/* False: it has ended. */
bool reload_poll(struct reload_job *job);
/* Append to B how far it is: "fetching: 3 of 20 done, dev: INPROGRESS". */
void reload_progress(struct reload_job *job, struct buffer *b);
/*
 * It has ended, or is waited for: into R, to be compared with OLD (or the older of the two) by reload_step; R stays where
 * it is. False: ERR says why there is nothing new, and R->obtained.said all reasons. JOB is gone then; free R with reload_free either way.
 */
bool reload_take(struct reload_job *job, struct reload *r, const struct report *old, const struct reload_time *time,
    struct error *err);
/*
 * Run the checks of AUDIT, which must outlive R and stay as it is (or see reload_audit_again), over some more of what
 * was read; then compare some more. False: all is done.
 */
bool reload_step(struct reload *r, const struct audit *audit);
/* Other waivers hold: have the steps that follow do all of it again. */
void reload_audit_again(struct reload *r);
/* Whether there is nothing left of that. */
bool reload_is_compared(const struct reload *r);
/* How far it is, in percent. */
unsigned reload_percent(const struct reload *r);
/* Give it up; returns as soon as its thread has noticed. NULL is fine. */
void reload_abandon(struct reload_job *job);
void reload_free(struct reload *r);
/* One line: what changed, or why perhaps nothing did. */
void reload_summary(struct buffer *b, const struct reload *r);

#endif
