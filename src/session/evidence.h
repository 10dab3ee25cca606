/*
 * Evidence for auditors: a new folder with the findings and what they are based on.
 *
 *     findings.csv   one row per finding, with its evidence, file and line
 *     users.csv      one row per user: the report's columns, then ncred's
 *     changes.csv    one row per change of a comparison or a history; missing if there is neither
 *     report.html    the page of -o html
 *     README.md      inputs with their SHA-256, time, filters, checks, waivers, unknowns; written last: without it the
 *                    folder is incomplete
 */
#ifndef NCRED_EVIDENCE_H
#define NCRED_EVIDENCE_H

#include "base/cancel.h"
#include "config/options.h"
#include "session/inputs.h"

struct evidence {
    const struct options *options;
    const struct audit *audit;        /* by which the report was judged */
    const struct inputs *inputs[2];   /* what was read; NULL: no (second) inputs */
    const struct report *report;      /* of users, with all of its rows */
    const uint32_t *rows;             /* the chosen rows, in order */
    size_t count;
    const struct report *changes;     /* a list of changes (of a comparison, or a log), or NULL */
    const uint32_t *change_rows;      /* the chosen rows, in order */
    size_t change_count;
    const char *const *filters;       /* queries that chose the rows */
    size_t filter_count;
    bool filters_are_of_changes;      /* the filters chose the changes; users are all there are */
    bool is_by_hand;                  /* the user marked rows among those that the filters chose */
    bool history_counts_all_users;    /* see report_page.h */
    int64_t now;                      /* when the folder is made, seconds since 1970 */
    struct cancel_token *cancel;      /* NULL if not cancellable */
};

/* Append a name for the folder, with the account and the time of the report. */
void evidence_name(struct buffer *out, const struct report *r);
/*
 * Make and fill DIRECTORY, which must not exist; only its owner may read it. Returns false on failure, with ERR set, or
 * with ERR's text empty if cancelled. The folder is then removed; if that fails, ERR names it.
 */
bool evidence_write(const struct evidence *e, const char *directory, struct error *err);

#endif
