/* What changed between two reports: a report of its own, with a row a change, which sorts and filters as any other. */
#ifndef NCRED_DIFF_H
#define NCRED_DIFF_H

#include "audit/audit.h"

enum change {
    CHANGE_ADDED, CHANGE_REMOVED,
    CHANGE_RECREATED,        /* the same ARN, another creation time */
    CHANGE_MADE, CHANGE_ROTATED, CHANGE_DEACTIVATED, CHANGE_REACTIVATED, CHANGE_DELETED, CHANGE_FIRST_USED,
    CHANGE_MFA_LOST, CHANGE_MFA_GAINED,
    CHANGE_PASSWORD_SET, CHANGE_PASSWORD_CHANGED, CHANGE_PASSWORD_REMOVED,
    CHANGE_FINDING_NEW, CHANGE_FINDING_FIXED,
    CHANGE_COUNT
};

#define DIFF_NO_ROW UINT32_MAX

struct diff_entry {
    enum change change;
    uint32_t old_row, new_row;      /* in the reports compared; DIFF_NO_ROW: the user is not in that one */
    const char *what;               /* key_1, password, mfa, user, or a check's id; static */
    size_t before, after;           /* offsets in diff.text, each a text with its NUL */
};

struct diff {
    const struct report *old, *new; /* borrowed */
    struct report report;           /* a row an entry: the user as in the new report, or, once removed, as in the old */
    struct diff_entry *entries;     /* owned; by row of REPORT */
    size_t count;
    struct buffer text;
    size_t counts[CHANGE_COUNT];
    struct diff_work *work;         /* owned; NULL: all users have been compared, or it was stopped */
};

/* "rotated", as in the column `change`. */
const char *change_name(enum change change);
/* How much the change in a row of d->report matters; a new finding as much as its check. */
enum severity diff_severity(const struct diff *d, size_t row);
/* The number that the column `change` sorts by: the higher, the more it matters. */
int64_t diff_weight(const struct diff *d, size_t row);
/*
 * Get ready to compare users by ARN, and by name where there is none: the changes come with diff_step. D stays where it
 * is, and is freed with diff_free, before the reports.
 */
void diff_begin(struct diff *d, const struct report *old, const struct report *new);
/*
 * Compare some thousands of users more: their changes are at the end of d->report, with the checks of AUDIT run, as they
 * were over both reports before the first step. False: there are no more.
 */
bool diff_step(struct diff *d, const struct audit *audit);
/* How far it is, in percent of what there is to do. */
unsigned diff_percent(const struct diff *d);
/* No more of it; what was found stays. */
void diff_stop(struct diff *d);
/* All of that at once. */
void diff_run(struct diff *d, const struct report *old, const struct report *new, const struct audit *audit);
void diff_free(struct diff *d);
/* "3 added, 1 removed, 2 rotated", or "nothing changed". */
void diff_summary(struct buffer *b, const struct diff *d);
/* The cell of a row of d->report: COL_CHANGE, COL_WHAT, COL_BEFORE or COL_AFTER. Borrowed. */
struct slice diff_cell(const struct diff *d, size_t row, enum column column);

/* Append "rotated key_1: 2025-01-01T00:00:00Z, now 2025-02-01T00:00:00Z"; untrusted. */
void diff_describe(struct buffer *b, const struct diff *d, size_t row);
/* The first row about the user of ROW; they stand together. */
size_t diff_first(const struct diff *d, size_t row);

/* The columns of a list of changes, for -c, and its order at start, for -s. */
extern const char diff_columns[], diff_worst_first[];

#endif
