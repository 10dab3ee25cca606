/*
 * Changes between two reports, as data. history/diff.h finds them. A report that lists changes has one row per change
 * and points to them (report.changes); its columns change, what, before and after show them.
 */
#ifndef NCRED_CHANGE_H
#define NCRED_CHANGE_H

#include "base/text.h"
#include "report/schema.h"

struct report;

enum change {
    CHANGE_ADDED, CHANGE_REMOVED,
    CHANGE_RECREATED,        /* same ARN, but another creation time */
    CHANGE_MADE, CHANGE_ROTATED, CHANGE_DEACTIVATED, CHANGE_REACTIVATED, CHANGE_DELETED, CHANGE_FIRST_USED,
    CHANGE_MFA_LOST, CHANGE_MFA_GAINED,
    CHANGE_PASSWORD_SET, CHANGE_PASSWORD_CHANGED, CHANGE_PASSWORD_REMOVED,
    CHANGE_FINDING_NEW, CHANGE_FINDING_FIXED,
    CHANGE_COUNT
};

#define CHANGE_NO_ROW UINT32_MAX

struct change_entry {
    enum change change;
    enum severity severity;         /* importance; of a new finding, the severity of its check */
    uint32_t old_row, new_row;      /* in the two reports; CHANGE_NO_ROW if the user is not in that report */
    const char *what;               /* static: key_1, password, mfa, user, or a check's id */
    size_t before, after;           /* offsets in changes.text of NUL-terminated texts */
};

struct changes {
    const struct report *old, *new; /* borrowed; NULL until the comparison has begun */
    struct change_entry *entries;   /* owned; in a comparison, a user's entries are next to each other */
    size_t count;
    struct buffer text;             /* owned */
    size_t counts[CHANGE_COUNT];    /* number of entries of each kind */
    size_t absent_accounts;         /* accounts in `old` without any user in `new`: they are not compared */
    size_t absent_users;            /* number of users in those accounts */
    char absent_account[40];        /* the first of those accounts */
};

/* Whether ALL lists the events between many reports (history/log.h). `old` and `new` are then both the newest one. */
static inline bool changes_are_a_log(const struct changes *all)
{
    return all->old == all->new;
}

/* Returns the kind's name in the column `change`: "rotated". */
const char *change_name(enum change change);
/*
 * Returns the severity of changes of this kind; SEVERITY_NONE for a new finding, whose severity depends on its check.
 */
enum severity change_usual_severity(enum change change);
/*
 * Return the severity of entry ROW, and the number by which the column `change` is sorted: greater is more important.
 */
enum severity change_severity(const struct changes *all, size_t row);
int64_t change_weight(const struct changes *all, size_t row);
/*
 * Returns the cell of entry ROW in COL_CHANGE, COL_WHAT, COL_BEFORE or COL_AFTER. Borrowed; NUL-terminated; untrusted.
 */
struct slice change_cell(const struct changes *all, size_t row, enum column column);
/* Returns the kind at PLACE, below CHANGE_COUNT, in the order of importance, the most important first. */
enum change change_by_importance(size_t place);
/*
 * Append the change as a short sentence, with days instead of times: "key 1 rotated 2026-06-10, before 2026-04-16".
 * Untrusted: not harmless to print.
 */
void change_sentence(struct buffer *b, const struct changes *all, size_t row);
/* Returns the index of the first entry about the user of entry ROW, in a comparison. */
size_t change_first(const struct changes *all, size_t row);
/*
 * Keep the first of each user's entries among the COUNT at ENTRIES, and none of users missing in the newer report, for
 * whom there is nothing left to do. Returns how many were kept.
 */
size_t change_keep_users(const struct changes *all, uint32_t *entries, size_t count);
/* Append BEFORE and how many changes there are of one kind, in words: "3 users added". */
void change_count(struct buffer *b, const struct changes *all, enum change change, const char *before);
/* Append "3 users added, 2 rotated" or "nothing changed", and which accounts were not compared. */
void change_summary(struct buffer *b, const struct changes *all);

#endif
