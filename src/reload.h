/* The same reports a second time, and what changed since. */
#ifndef NCRED_RELOAD_H
#define NCRED_RELOAD_H

#include "diff.h"
#include "obtain.h"

struct reload {
    struct report report;     /* as it is now; the audit has been run over it */
    struct diff diff;         /* from the report before to this one */
    struct obtained obtained; /* what is to be said of it */
    const char *why;          /* where its as-of time comes from: "report", "file name", "now" or "--as-of" */
};

/* Where the as-of time is to come from, when the reports do not tell it, or it was given. */
struct reload_time {
    int64_t now;
    bool given;    /* --as-of: GIVEN_TIME counts, and nothing else */
    int64_t given_time;
};

/*
 * Read, or fetch, all of W again and compare OLD with it. SETTINGS: those of a fetch; its progress is told while this
 * runs. OLD and AUDIT must outlive R. False: ERR says why there is nothing new. Free with reload_free either way.
 */
bool reload_run(struct reload *r, const struct obtain_wish *w, const struct fetch_settings *settings,
    const struct report *old, const struct audit *audit, const struct reload_time *time, struct error *err);
void reload_free(struct reload *r);
/* One line: what changed, or why perhaps nothing did. */
void reload_summary(struct buffer *b, const struct reload *r);

#endif
