/*
 * A list of a history's events, as a report whose rows are changes (see report/change.h), which sorts and filters like
 * any other. A row shows its user as in the newest report. For a user that no longer exists it has only what the
 * history keeps: name, ARN, creation time and account. Columns beside those of changes: when (first report that shows
 * the event), previous (the account's report before that), credential, event.
 */
#ifndef NCRED_LOG_H
#define NCRED_LOG_H

#include "history/chronicle.h"

struct history_log {
    struct changes changes; /* owned, except the newest report */
    struct report report;
    uint32_t *events;       /* owned: by row, the index of its event in the history */
};

/* The columns that only such a list has. */
enum log_own_column { LOG_WHEN, LOG_PREVIOUS, LOG_CREDENTIAL, LOG_EVENT, LOG_OWN_COLUMNS };
extern const struct extra_description log_own_columns[LOG_OWN_COLUMNS];

/* The default columns (-c) and the default order (-s) of the list. */
extern const char log_columns[], log_newest_first[];

/*
 * Fill in L with the events of NEWEST's history, judged by AUDIT, which NEWEST must have been judged by. NEWEST and its
 * history are borrowed. Returns false with ERR set on failure, or if CANCEL (may be NULL) has ended; call log_free() in
 * either case.
 */
bool log_make(struct history_log *l, const struct report *newest, const struct audit *audit,
    struct cancel_token *cancel, struct error *err);
void log_free(struct history_log *l);
/* Append the row's event with its date: "2026-01-31: key 1 rotated (2025-01-01 to 2026-01-30)". Safe to print. */
void log_describe(struct buffer *b, const struct history_log *l, size_t row, const struct check_settings *settings);

#endif
