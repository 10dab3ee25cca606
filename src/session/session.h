/* One run of the program: the reports that the command line names, opened, their time known and their checks run. */
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

/* Of more rows, columns that nobody asked for would keep the screen waiting; ask for them on the command line. */
enum { SESSION_OWN_COLUMNS_ROWS = 200000 };

/* A report and where it comes from. */
struct session_side {
    struct inputs inputs;          /* what the report is read from */
    struct report report;
    struct load *load;             /* owned; brings more rows; NULL: all are there */
    struct load_time own;          /* what the report tells of its time */
    size_t audited;                /* with --diff: so many rows were judged, */
    int64_t audited_as_of;         /* as of this time */
    struct load_progress progress; /* with --diff: how far it is, or was when it ended */
};

struct session {
    const struct options *options; /* borrowed */
    int64_t now;                   /* when the program started */
    struct report *report;         /* what is shown: that of a side, or what DIFF found */
    struct session_side sides[2];  /* with --diff OLD and NEW; else the second has a report when the first held doubles */
    struct diff diff;
    struct accounts names;         /* of accounts, where a list gives them */
    struct audit audit;
    struct context *context;       /* owned; what other files say about users; NULL: none */
    struct past *past;             /* owned: reads the older reports; NULL: they are read, or there are none */
    struct chronicle *chronicle;   /* owned: what they tell, and the newest; NULL: nothing */
    struct time_places times;      /* where the columns about time are */
    struct demo_past *demo_past;   /* owned: the invented reports before the sample; NULL: none */
    struct history_log log;        /* with --log: what is shown */
    struct file_watch *watch;      /* owned: the files of the reports, as they were before they were read; NULL: none */
    size_t said;                   /* bytes of the first inputs' messages that were printed */
    const char *why;               /* where the as-of time comes from */
    const char *unconfined;        /* why the run is not confined, static, set by the caller; NULL: it is confined */
    bool is_screen;                /* the users are shown on a screen, whatever is listed */
    bool is_partial;               /* something that was asked for could not be read or fetched */
    bool is_stopped;               /* by session_stop, before all was compared */
    bool has_both;                 /* with --diff: all of both has been read, and DIFF tells what changed, or will */
};

/*
 * Open what O names, which must outlive the session; NOW in seconds since 1970. BEHIND: come back with the first row,
 * so that the screen is made ready while more come; call session_wait before looking at any, and
 * session_poll brings the others. False: ERR says why nothing could be opened. Free with session_close either way.
 */
bool session_open(struct session *s, const struct options *o, int64_t now, bool behind, struct error *err);
/* Wait, not for long, until there is a screen of users, or all there are. */
void session_wait(struct session *s);
/*
 * Take in what has come since, to the end of the reports; with --diff compare some thousands of users more, once both are
 * there. False: that was the last, and ERR is empty or says what ended it. Then s->report may be another one, without
 * what newer reports say anew; the old one stays until the end.
 */
bool session_poll(struct session *s, struct error *err);
/* Whether there is more to come, or to compare, so that session_poll must be called. */
bool session_is_busy(const struct session *s);
/* Whether rows that are shown are still being loaded, not only older reports behind them. */
bool session_is_loading(const struct session *s);
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
