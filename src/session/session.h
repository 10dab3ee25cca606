/*
 * One run of the program: opens the reports that the command line names, determines their time, and runs the checks.
 *
 *     struct session s;
 *     bool ok = session_open(&s, &options, now, true, &err);
 *     session_wait(&s);
 *     while (session_is_busy(&s) && session_poll(&s, &err))
 *         ...                             // s.report has more rows after each call
 *     session_close(&s);
 */
#ifndef NCRED_SESSION_H
#define NCRED_SESSION_H

#include "report/accounts.h"
#include "audit/audit.h"
#include "history/diff.h"
#include "history/log.h"
#include "history/time_columns.h"
#include "read/load.h"
#include "session/inputs.h"
#include "session/past.h"
#include "config/options.h"
#include "context/context.h"

/*
 * Reports with more rows get columns that nobody asked for (of the report itself, about time) only if the command line
 * asks for them, because filling them would delay the screen.
 */
enum { SESSION_OWN_COLUMNS_ROWS = 200000 };

/* A report and where it comes from. */
struct session_side {
    struct inputs inputs;          /* what the report is read from */
    struct report report;
    struct load *load;             /* owned: adds rows to the report; NULL when all are there */
    struct load_time own_time;     /* the time that the report tells */
    size_t audited;                /* number of rows judged so far; without --diff [0] is about what is shown */
    int64_t audited_as_of;         /* with --diff: as of this time */
    struct load_progress progress; /* with --diff: progress of LOAD, or its last one */
};

struct session {
    const struct options *options; /* borrowed */
    int64_t now;                   /* when the program started, seconds since 1970 */
    struct report *report;         /* what is shown: the report of a side, of DIFF, or of LOG */
    struct session_side sides[2];  /* with --diff OLD and NEW; else [1] is used if duplicates had to be left out */
    struct diff diff;
    struct accounts names;         /* names of accounts from a list */
    struct audit audit;
    struct context *context;       /* owned: what other files say about users, or NULL */
    struct past *past;             /* owned: reads the older reports; NULL if all is done, or if there are none */
    struct cancel_token *cancel;   /* borrowed: interrupts the work on what was read (see session_poll()), or NULL */
    struct chronicle *chronicle;   /* owned: history of the older reports and the newest, or NULL */
    struct time_places times;      /* columns about time */
    struct demo_past *demo_past;   /* owned: invented reports before the sample, or NULL */
    struct history_log log;        /* with --log: what is shown */
    struct file_watch *watch;      /* owned: watches the reports' files since before they were read, or NULL */
    size_t messages_printed;       /* bytes of the messages of the first inputs that were printed so far */
    const char *as_of_why;         /* source of the as-of time */
    const char *unconfined;        /* static: why the run is not confined, or NULL; set by the caller */
    bool asks_checks;              /* some output depends on the checks */
    bool has_checks;               /* they are compiled, if some output depends on them */
    bool is_screen;                /* users are shown on a screen, whatever is listed */
    bool is_partial;               /* some input could not be read or fetched */
    bool is_stopped;               /* session_stop() was called before everything was compared */
    bool has_empty_columns;        /* session_history_fill() has not been called yet, but must be */
    bool has_dropped;              /* rules or clauses of the configuration were taken out of AUDIT's settings */
    bool is_judging;               /* rows that are there must still be judged */
    struct error ended;            /* what ended the load, for session_poll() to say when all rows are judged */
    bool has_both;                 /* with --diff: both reports have been read, so DIFF finds the changes */
};

/*
 * Open what O names; O must outlive the session. NOW is in seconds since 1970. BEHIND: return when the first row has
 * been read, so that the screen is prepared while more are read. Then call session_wait() before looking at rows, and
 * session_poll() for the others. Returns false with ERR set if nothing could be opened. Call session_close() in either
 * case.
 */
bool session_open(struct session *s, const struct options *o, int64_t now, bool behind, struct error *err);
/* Wait briefly, until there is a screen of users or all there are, and judge them unless that takes long. */
void session_wait(struct session *s);
/*
 * Take in the rows that have been read since, and judge rows for a short time; with --diff, compare some thousands of
 * users more once both reports are read and judged. Returns false when nothing is left; ERR's text is then empty or
 * says what ended it. s->report may be another report then: the former one without older reports of an account. The
 * former one stays valid until session_close().
 * If S->cancel ends, later calls judge the rest and take in the history.
 */
bool session_poll(struct session *s, struct error *err);
/* Whether session_poll() must be called, because there is more to read or to compare. */
bool session_is_busy(const struct session *s);
/* Whether rows that are shown are still being loaded or judged; older reports do not count. */
bool session_is_loading(const struct session *s);
/* Whether all is loaded, but not all rows are judged: session_stop() does not end that. */
bool session_is_judging(const struct session *s);
/* A descriptor that becomes readable when there are more rows; -1: call session_poll() without waiting. */
int session_descriptor(const struct session *s);
/* Milliseconds after which to call session_poll() even if the descriptor is silent; -1: never. */
int session_wait_at_most(const struct session *s);
/* Append the progress of loading: "loading 40%". */
void session_progress(struct session *s, struct buffer *b);
/* Stop loading soon; rows that were loaded stay. */
void session_stop(struct session *s);
/* Print the messages about the inputs that were not printed yet to standard error. */
void session_tell(struct session *s);
void session_close(struct session *s);

#endif
