/*
 * Changes between two reports, as data: history/diff.h finds them, and a report whose rows are changes (report.changes)
 * has them in its columns change, what, before and after.
 */
#ifndef NCRED_CHANGE_H
#define NCRED_CHANGE_H

#include "base/text.h"
#include "report/schema.h"

struct report;

enum change {
    CHANGE_ADDED, CHANGE_REMOVED,
    CHANGE_RECREATED,        /* the same ARN, another creation time */
    CHANGE_MADE, CHANGE_ROTATED, CHANGE_DEACTIVATED, CHANGE_REACTIVATED, CHANGE_DELETED, CHANGE_FIRST_USED,
    CHANGE_MFA_LOST, CHANGE_MFA_GAINED,
    CHANGE_PASSWORD_SET, CHANGE_PASSWORD_CHANGED, CHANGE_PASSWORD_REMOVED,
    CHANGE_FINDING_NEW, CHANGE_FINDING_FIXED,
    CHANGE_COUNT
};

#define CHANGE_NO_ROW UINT32_MAX

struct change_entry {
    enum change change;
    enum severity severity;         /* how much it matters; of a new finding that of its check */
    uint32_t old_row, new_row;      /* in the reports compared; CHANGE_NO_ROW: the user is not in that one */
    const char *what;               /* key_1, password, mfa, user, or a check's id; static */
    size_t before, after;           /* offsets in changes.text, each of a text with its NUL */
};

struct changes {
    const struct report *old, *new; /* borrowed; NULL until the comparison has begun */
    struct change_entry *entries;   /* owned; those of one user stand together */
    size_t count;
    struct buffer text;             /* owned */
    size_t counts[CHANGE_COUNT];    /* how many of each kind */
    size_t absent_accounts;         /* accounts of OLD of which NEW has no user at all: they are not compared, */
    size_t absent_users;            /* nor are so many users of theirs */
    char absent_account[40];        /* the first of these accounts */
};

/* "rotated", as in the column `change`. */
const char *change_name(enum change change);
/* How much a change of this kind matters; what a new finding matters depends on its check. */
enum severity change_usual_severity(enum change change);
/* How much entry ROW matters, and the number that the column `change` sorts by: the higher, the more it matters. */
enum severity change_severity(const struct changes *all, size_t row);
int64_t change_weight(const struct changes *all, size_t row);
/* The cell of entry ROW: COL_CHANGE, COL_WHAT, COL_BEFORE or COL_AFTER. Borrowed; NUL-terminated. */
struct slice change_cell(const struct changes *all, size_t row, enum column column);
/* The kinds one after the other, what matters most first; PLACE is below CHANGE_COUNT. */
enum change change_by_importance(size_t place);
/* Append the change as a short sentence, with days instead of times: "key 1 rotated 2026-06-10, before 2026-04-16". Untrusted. */
void change_sentence(struct buffer *b, const struct changes *all, size_t row);
/* Append "rotated key_1: 2025-01-01T00:00:00Z, now 2025-02-01T00:00:00Z". Untrusted: not harmless to print. */
void change_describe(struct buffer *b, const struct changes *all, size_t row);
/* The first entry about the user of entry ROW. */
size_t change_first(const struct changes *all, size_t row);
/* Append "3 added, 1 removed, 2 rotated", or "nothing changed", and which accounts were not compared. */
void change_summary(struct buffer *b, const struct changes *all);

#endif
