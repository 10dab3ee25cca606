/*
 * The history of an account's users, built from many reports: since when each check fails, and every change between one
 * report of an account and the next. Reports are added oldest first; a report may be freed once it has been added.
 *
 *     struct chronicle *h = chronicle_new();
 *     chronicle_add(h, older, 0, older->row_count, time, NULL, NULL, NULL);    // each earlier report, audited
 *     chronicle_add(h, newest, 0, newest->row_count, time, NULL, users, NULL); // USERS[row]: number of its user
 *     if (chronicle_since(h, users[row], check, &since))
 *         ...
 *
 * Memory: one record and the key (ARN) per user, one record per event, and one small record per report and account. It
 * does not grow with the number of rows of all reports.
 *
 * A user is identified by account, ARN (or name, if the report has no ARN) and creation time, so a user that was
 * deleted and created again counts as another user. A cell that a report does not tell (its column is missing, or the
 * cell is empty or malformed) is unknown in that report: the value known before is kept and compared with the next
 * known one.
 */
#ifndef NCRED_CHRONICLE_H
#define NCRED_CHRONICLE_H

#include "audit/audit.h"
#include "base/cancel.h"
#include "history/user_cells.h"

struct chronicle;

enum { CHRONICLE_ACCOUNT_SIZE = 32 };

/* One report of one account; a report of several accounts makes several of these. */
struct chronicle_report {
    int64_t time;
    uint32_t account;         /* index for chronicle_account() */
    uint32_t previous;        /* index + 1 of the same account's report before this one; 0 if this is its oldest */
    uint32_t users, console_users, mfa_users, active_keys;
    uint64_t not_made;        /* one bit per check that could not run, see audit_not_made() */
    uint32_t *findings;       /* owned; per check: number of users with a finding that counts */
    uint32_t *worse;          /* owned; per check: those of them whose finding is one of audit_worse() */
};

/* A change of one user between the account's previous report and REPORT. */
struct chronicle_event {
    uint32_t user, report;
    uint32_t chain;           /* index + 1 of the same user's event before this one; 0 if this is its first */
    uint32_t before, after;   /* value codes (see report.h) of the two CELLS; 0 if there is none or it is unknown */
    uint8_t change; /* an enum change, or CHRONICLE_FOUND, which is no row of a log */
    uint8_t what;             /* what changed: a part of the user (see user_part_name()), or the check of a finding */
    uint8_t at_fault;         /* of a new finding: one bit per enum credential that causes it */
    union {
        uint8_t cells;        /* two enum user_cell of 4 bits each: BEFORE's cell (low bits), AFTER's (high bits) */
        uint8_t severity;     /* of a new finding, and of CHRONICLE_FOUND: its enum severity as of that report */
    };
};
_Static_assert(sizeof(struct chronicle_event) <= 24, "a year of large accounts has many");

/*
 * An event that is no change of the user: the first report that could judge the check found it failing, because earlier
 * reports lacked a column or another file. The check has failed since that report, or longer.
 */
enum { CHRONICLE_FOUND = CHANGE_COUNT };

struct chronicle_since {
    int64_t time;      /* time of the first report of the unbroken series of failing ones */
    bool is_at_least;  /* true if it may have failed earlier, in a time that no report covers */
    uint32_t recurred; /* number of earlier series: how often it failed and was fixed before */
};

/* An empty history. Free it with chronicle_free(), which accepts NULL. */
struct chronicle *chronicle_new(void);
void chronicle_free(struct chronicle *h);
/*
 * Add rows FROM to TO (exclusive) of R, which must be audited, as the state at TIME. Rows of an account that already
 * has a report of TIME or later are ignored, so adding the same report twice changes nothing.
 *
 * SELECTED, one bool per row of R, or NULL for all: rows that are not selected still make events, but are left out of
 * the totals in struct chronicle_report. USERS, unless NULL, receives one user number per row. It is UINT32_MAX for an
 * ignored row, unless the account's latest report is of the same TIME and has that user.
 *
 * Returns false if CANCEL (may be NULL) has ended before all rows were added. H is then as before the call.
 */
bool chronicle_add(struct chronicle *h, const struct report *r, size_t from, size_t to, int64_t time,
    const bool *selected, uint32_t *users, struct cancel_token *cancel);
/* An account that is shown. Its history consists of the reports before the one that shows it. */
struct chronicle_limit {
    char account[CHRONICLE_ACCOUNT_SIZE]; /* see arn_put_account_id() */
    int64_t before;                       /* seconds since 1970 */
};
struct chronicle_limits {
    struct chronicle_limit *list; /* owned by its creator; sorted by account, each once */
    size_t count;
};
/*
 * Add all rows of R, an older report of one or several accounts. As chronicle_add() without USERS, but rows are ignored
 * unless LIMITS (borrowed; NULL: no limits) has their account with a limit later than TIME. Rows of unknown account are
 * added. Returns false if an account had a report of TIME already that has other users or values; the first one counts.
 *
 * If CANCEL (may be NULL) has ended before all rows were added, H is as before the call, and the result is true.
 */
bool chronicle_add_older(struct chronicle *h, const struct report *r, int64_t time,
    const struct chronicle_limits *limits, const bool *selected, struct cancel_token *cancel);
/* Shrink H's arrays to their contents. Call it after the last report has been added. */
void chronicle_fit(struct chronicle *h);

/*
 * Fill in SINCE when the user, in its account's latest report, began to fail CHECK. Returns false if the user does not
 * fail it there or is not in that report.
 */
bool chronicle_since(const struct chronicle *h, uint32_t user, size_t check, struct chronicle_since *since);
/*
 * Whether every report added was judged with S's threshold (days) for CHECK. If not, chronicle_since() tells since when
 * the user failed CHECK with other thresholds.
 */
bool chronicle_is_judged_by(const struct chronicle *h, const struct check_settings *s, size_t check);
/*
 * Make H (borrowed) the history of R. R takes ownership of USERS (malloc'ed): one user number per row, as filled in by
 * chronicle_add(). Afterwards queries about R can use since(ID) and failing(ID).
 */
void chronicle_attach(struct report *r, const struct chronicle *h, uint32_t *users);
/*
 * Time of the first report with the user. *AT_LEAST is set to whether that is the account's oldest report, so that the
 * user may have existed in the reports before, too.
 */
int64_t chronicle_first_seen(const struct chronicle *h, uint32_t user, bool *at_least);

/* Events by number, below the count, in the order in which they were added. Borrowed until the next chronicle_add(). */
size_t chronicle_event_count(const struct chronicle *h);
const struct chronicle_event *chronicle_event(const struct chronicle *h, size_t index);
/* Index + 1 of the user's latest event, or 0 if it has none. Follow `chain` for the earlier ones. */
uint32_t chronicle_last_event(const struct chronicle *h, uint32_t user);
/* Number of reports, each of one account. */
size_t chronicle_report_count(const struct chronicle *h);
/* Whether R has a history of two or more reports. */
bool chronicle_has_past(const struct report *r);
/* Report INDEX, below the count, in the order of adding. Borrowed until the next chronicle_add(). */
const struct chronicle_report *chronicle_report(const struct chronicle *h, size_t index);
/*
 * The account's number, "123456789012". If two partitions have an account of the same number, the id with its partition
 * instead (see arn_put_account_id()). Borrowed; untrusted.
 */
const char *chronicle_account(const struct chronicle *h, uint32_t account);
size_t chronicle_account_count(const struct chronicle *h);
/* Users by number, below the count. ARN and name are borrowed and untrusted; the ARN is empty if there is none. */
size_t chronicle_user_count(const struct chronicle *h);
struct slice chronicle_user_arn(const struct chronicle *h, uint32_t user);
struct slice chronicle_user_name(const struct chronicle *h, uint32_t user);
/* The creation time as a value code (see report.h). */
uint32_t chronicle_user_created(const struct chronicle *h, uint32_t user);
/* The user's account, for chronicle_account(). */
uint32_t chronicle_user_account(const struct chronicle *h, uint32_t user);
/*
 * Append the value before or after the event as a report file has it: "2025-01-01T00:00:00Z", "true", or nothing if
 * there is none. A fixed finding has its check's id before, a new finding has it after.
 */
void chronicle_put_before(struct buffer *b, const struct chronicle_event *e);
void chronicle_put_after(struct buffer *b, const struct chronicle_event *e);
/*
 * Append what the event is about: "key_1", "mfa". For a new finding, the credentials that cause it, separated by
 * spaces; for a fixed one, nothing.
 */
void chronicle_put_credential(struct buffer *b, const struct chronicle_event *e);
/* Append the event in plain words: "key 1 created", "new finding: console user without MFA". Safe to print. */
void chronicle_put_event(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings);
/*
 * Append the event as chronicle_put_event() does, with dates or credentials in parentheses: "key 1 rotated (2025-01-01
 * to 2026-02-03)", "new finding: ... (key_1 key_2)". Safe to print.
 */
void chronicle_put_full_event(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings);
/* How much the event matters: a new finding as much as audit_severity() says of it, by the chosen benchmark. */
enum severity chronicle_event_severity(const struct chronicle_event *e);

#endif
