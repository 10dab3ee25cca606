/*
 * The events of a history as a report whose rows are changes (see report/change.h), which sorts and filters as any other.
 * Each row is the user as in the newest report; of one that is no longer there, what is known: name, ARN, creation time.
 * Columns beside those of changes: when (the report that shows the event first), previous (the account's report before
 * that), credential, event.
 */
#ifndef NCRED_LOG_H
#define NCRED_LOG_H

#include "history/chronicle.h"

struct history_log {
    struct changes changes; /* owned, but the newest report */
    struct report report;
    uint32_t *events;       /* owned: the history's number of each row's event */
};

/* The columns that only a log has. */
enum log_own_column { LOG_WHEN, LOG_PREVIOUS, LOG_CREDENTIAL, LOG_EVENT, LOG_OWN_COLUMNS };
extern const struct extra_description log_own_columns[LOG_OWN_COLUMNS];

/* The columns of a log, for -c, and its order at start, for -s. */
extern const char log_columns[], log_newest_first[];

/* Make the log of the history of NEWEST, which is audited by AUDIT. The log has that history, too. False: ERR says why not. Free with log_free either way. */
bool log_make(struct history_log *l, const struct report *newest, const struct audit *audit, struct error *err);
void log_free(struct history_log *l);
/* Append "2026-01-31: key 1 rotated (2025-01-01 to 2026-01-30)": the event of ROW, for people; harmless. */
void log_describe(struct buffer *b, const struct history_log *l, size_t row, const struct check_settings *settings);

#endif
