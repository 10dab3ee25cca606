/* One run of the program: the reports that the command line names, opened, their time known and their checks run. */
#ifndef NCRED_SESSION_H
#define NCRED_SESSION_H

#include "accounts.h"
#include "audit.h"
#include "diff.h"
#include "load.h"
#include "obtain.h"
#include "options.h"

struct session {
    const struct options *options; /* borrowed */
    int64_t now;                   /* when the program started */
    struct report *report;         /* what is shown: one of READ, or what DIFF found */
    struct report read[2];         /* with --diff OLD and NEW, else the second is there when the first held doubles */
    struct diff diff;
    struct accounts names;         /* of accounts, where a list gives them */
    struct audit audit;
    struct obtained obtained;      /* what is in the first of READ */
    size_t said;                   /* bytes of what OBTAINED has to say that were printed */
    struct load *load;             /* what still brings rows; NULL: all are there */
    struct load_time own[2];       /* what the reports told of their time */
    const char *why;               /* where the as-of time comes from */
    bool is_partial;               /* some of what was asked for could not be had */
};

/*
 * Open what O names, which must outlive the session; NOW in seconds since 1970. BEHIND: come back with the first row,
 * so that the screen is made ready while more come; session_wait is to be called before any is looked at, and
 * session_poll brings the others. False: ERR says why nothing could be opened. Free with session_close either way.
 */
bool session_open(struct session *s, const struct options *o, int64_t now, bool behind, struct error *err);
/* Wait, not for long, until there is a screen of users, or all of a small report. */
void session_wait(struct session *s);
/*
 * Take in what has come since, to the end of the reports; false: that was the last, and ERR is empty or says what ended
 * it. Then s->report may be another one, without what newer reports say anew; the old one stays until the end.
 */
bool session_poll(struct session *s, struct error *err);
/* Print what there is to say of the inputs, and has not been said, on standard error. */
void session_tell(struct session *s);
void session_close(struct session *s);

#endif
