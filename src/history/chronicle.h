/*
 * What many reports over time tell of users: since when each check fails, and every change between one report of an
 * account and the next. Reports are added one after another, oldest first, and are not needed afterwards.
 *
 *     struct chronicle *h = chronicle_new();
 *     chronicle_add(h, older, time, NULL);              // an audited report, for each one; then free it
 *     chronicle_add(h, newest, own_time, users);        // USERS[row] is the number of the row's user
 *     chronicle_since(h, users[row], check, &since)
 *
 * Memory: a record and the ARN for each user, and a record for each event, whatever the number of reports.
 *
 * A user is an account, an ARN (a name where there is none) and a creation time: one that was deleted and created again is
 * another. What a report does not tell of a user (columns that are not in it, cells that are empty or malformed) is
 * unknown then: what was known before still counts, and is compared with what the next report tells.
 */
#ifndef NCRED_CHRONICLE_H
#define NCRED_CHRONICLE_H

#include "audit/audit.h"
#include "history/user_cells.h"

struct chronicle;

enum { CHRONICLE_ACCOUNT_SIZE = 32 };

/* A report of one account. */
struct chronicle_report {
    int64_t time;
    uint32_t account;         /* for chronicle_account() */
    uint32_t previous;        /* the account's report before, plus 1; 0: it is the oldest */
    uint32_t users, console_users, mfa_users, active_keys;
    uint64_t not_made;        /* one bit per check that could not be made, see audit_not_made() */
    uint32_t *findings;       /* by check: users whose finding counts */
};

/* A change of a user between the report before and REPORT. */
struct chronicle_event {
    uint32_t user, report;
    uint32_t chain;           /* the event before of this user, plus 1; 0: none */
    uint32_t before, after;   /* codes as in report.h: of the cells below, or 0 */
    uint8_t change; /* an enum change, or CHRONICLE_FOUND, which is not shown */
    uint8_t what;             /* the part of the user, see user_part_name; of findings the check */
    uint8_t at_fault;         /* of a new finding, one bit per credential */
    uint8_t cells;            /* enum user_cell before and after, 4 bits each */
};
_Static_assert(sizeof(struct chronicle_event) <= 24, "a year of large accounts has many");

/* A check failed already when a report could judge it for the first time: since then at least. */
enum { CHRONICLE_FOUND = CHANGE_COUNT };

struct chronicle_since {
    int64_t time;      /* of the first report of those without a break */
    bool is_at_least;  /* it may have begun before: nothing older tells */
    uint32_t recurred; /* how often it failed before, and was fixed */
};

struct chronicle *chronicle_new(void);
void chronicle_free(struct chronicle *h);
/*
 * Take in rows FROM to TO of R, audited, which tells of TIME. Rows of an account that has a report of TIME or later tell
 * nothing: the same report twice counts once. Those that are not SELECTED, a bool per row, are not among the numbers of
 * the report; NULL: all are. USERS, unless NULL, gets the number of each row's user; UINT32_MAX for rows of an account
 * that has a later report, and for users that its report of TIME does not have.
 */
void chronicle_add(struct chronicle *h, const struct report *r, size_t from, size_t to, int64_t time,
    const bool *selected, uint32_t *users);
/* Give back the memory that was made ready for more reports, once all that there are were added. */
void chronicle_fit(struct chronicle *h);

/* Since when the user, as of its account's latest report, fails the check; false: it does not, or is not in that report. */
bool chronicle_since(const struct chronicle *h, uint32_t user, size_t check, struct chronicle_since *since);
/* Whether all reports were judged with S's number of days for CHECK; else the history does not tell since when it fails. */
bool chronicle_is_judged_by(const struct chronicle *h, const struct check_settings *s, size_t check);
/*
 * H, borrowed, is the history of R, which takes over USERS, malloc'ed: the number of each row's user, as chronicle_add()
 * told. Queries about R can then ask for since(ID).
 */
void chronicle_attach(struct report *r, const struct chronicle *h, uint32_t *users);
/* The first report with the user; *AT_LEAST: it is the account's oldest one. */
int64_t chronicle_first_seen(const struct chronicle *h, uint32_t user, bool *at_least);

size_t chronicle_event_count(const struct chronicle *h);
const struct chronicle_event *chronicle_event(const struct chronicle *h, size_t index);
/* The user's latest event, plus 1; 0: there is none. The ones before follow by chain. */
uint32_t chronicle_last_event(const struct chronicle *h, uint32_t user);
size_t chronicle_report_count(const struct chronicle *h);
/* Whether R has a history of two reports or more. */
bool chronicle_has_past(const struct report *r);
const struct chronicle_report *chronicle_report(const struct chronicle *h, size_t index);
/* The number of an account, or its id where an account of another partition has the same number; untrusted. */
const char *chronicle_account(const struct chronicle *h, uint32_t account);
size_t chronicle_account_count(const struct chronicle *h);
/* Who it is; borrowed, and untrusted. */
size_t chronicle_user_count(const struct chronicle *h);
struct slice chronicle_user_arn(const struct chronicle *h, uint32_t user);
struct slice chronicle_user_name(const struct chronicle *h, uint32_t user);
/* The code of its creation time. */
uint32_t chronicle_user_created(const struct chronicle *h, uint32_t user);
uint32_t chronicle_user_account(const struct chronicle *h, uint32_t user);
/* Append "2025-01-01T00:00:00Z", "true": what was before an event, or after it, as a file has it; of a finding the check. */
void chronicle_put_before(struct buffer *b, const struct chronicle_event *e);
void chronicle_put_after(struct buffer *b, const struct chronicle_event *e);
/* Append "key_1", "mfa"; of a new finding what is at fault, of one that was fixed nothing. */
void chronicle_put_credential(struct buffer *b, const struct chronicle_event *e);
/* Append "key 1 created", "new finding: console user without MFA": what happened, in plain words; harmless. */
void chronicle_tell(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings);
/* The same with the dates that tell more: "key 1 rotated (2025-01-01 to 2026-02-03)", "new finding: ... (key_1 key_2)". */
void chronicle_describe(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings);
enum severity chronicle_event_severity(const struct chronicle_event *e);

#endif
