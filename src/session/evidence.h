/*
 * Evidence for auditors: a new folder with what was found, and from what.
 *
 *     findings.csv   one row per finding, with its evidence, file and line
 *     users.csv      the report's columns, and what ncred says of each user
 *     changes.csv    what changed: of a comparison, or between the reports of a history; only where there is one
 *     report.html    the page of -o html
 *     README.md      inputs with their SHA-256, time, filters, checks, waivers, what is unknown; written last, so that a
 *                    folder without it is not whole
 */
#ifndef NCRED_EVIDENCE_H
#define NCRED_EVIDENCE_H

#include "base/cancel.h"
#include "config/options.h"
#include "session/inputs.h"

struct evidence {
    const struct options *options;
    const struct audit *audit;        /* by which the report was judged */
    const struct inputs *inputs[2];   /* what was read; NULL: nothing more */
    const struct report *report;      /* of users, all of whose rows are there */
    const uint32_t *rows;             /* those that are meant, in order */
    size_t count;
    const struct report *changes;     /* NULL, or a list of changes: of a comparison, or a log */
    const uint32_t *change_rows;      /* those that are meant, in order */
    size_t change_count;
    const char *const *filters;       /* queries that chose the rows, */
    size_t filter_count;
    bool filters_are_of_changes;      /* or the changes, while the users are all there are */
    bool is_by_hand;                  /* the users were marked by a person, among those that the filters chose */
    bool history_is_of_all;           /* see report_page.h */
    int64_t now;                      /* when it is made */
    struct cancel_token *cancel;      /* NULL: never */
};

/* A name for the folder, of the account and the time of the report. */
void evidence_name(struct buffer *out, const struct report *r);
/*
 * Make DIRECTORY, which must not exist, readable by its owner only. False: ERR says why not, or is empty when cancelled; then
 * nothing of it is left, or ERR names what is.
 */
bool evidence_write(const struct evidence *e, const char *directory, struct error *err);

#endif
