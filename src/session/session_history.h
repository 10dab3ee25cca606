/* What the older reports of a run tell about the newest one, which is shown: columns about time, and the log. */
#ifndef NCRED_SESSION_HISTORY_H
#define NCRED_SESSION_HISTORY_H

#include "session/reload.h"
#include "session/session.h"

/* Whether O asks for anything that needs the older reports, or for columns about time. */
bool session_history_is_wanted(const struct options *o);
/*
 * Must be called when S->report has all rows and is audited. Reads the older reports, in the background if BEHIND, and
 * adds what they tell to S->report. If there are none and BEHIND, the columns about time may be added without their
 * cells: call session_history_fill() after the first frame, before the first key. Without a screen, --log makes
 * S->report the log. Returns false with ERR set on failure.
 */
bool session_history_open(struct session *s, bool behind, struct error *err);
/* Fill the columns about time if that has been left for later. */
void session_history_fill(struct session *s);
/*
 * Take in older reports read in the background. Returns true when that was the last and S->report has its columns. If
 * S->cancel ends before, the work that was left begins again with the next call. ERR is set if reading was stopped.
 */
bool session_history_poll(struct session *s, struct error *err);
/*
 * R was read again and is audited; OLD is the report before it. Continue the history of S with the reports that have
 * appeared between both and with R's report, which gets the history. If there was no history, it begins with OLD.
 * Returns false if S->cancel has ended: it must be called again. R->is_in_history may be set then.
 */
bool session_history_extend(struct session *s, struct report *old, struct reload *r);
/*
 * Make L the log of NEWEST, a report of S with a history, including the columns that other files and the history add.
 * Returns false with ERR set on failure, or if CANCEL (may be NULL) has ended. Free L with log_free() in either case.
 */
bool session_history_log(struct session *s, const struct report *newest, struct history_log *l,
    struct cancel_token *cancel, struct error *err);
/* Whether S shows the sample, whose history is added when somebody asks for it. */
bool session_history_has_sample(const struct session *s);
/* Add the sample's history to S->report. */
void session_history_add_sample(struct session *s);
void session_history_close(struct session *s);

#endif
