/* What the older reports of a run tell of the newest, which is shown: its columns about time, and the log. */
#ifndef NCRED_SESSION_HISTORY_H
#define NCRED_SESSION_HISTORY_H

#include "session/reload.h"
#include "session/session.h"

/* Whether O asks for anything that the older reports tell, or the columns about time. */
bool session_history_is_wanted(const struct options *o);
/*
 * S->report is there with all its rows, and audited: read the older reports, at once or BEHIND, and then put what they
 * tell into it; without a screen, --log makes S->report its log. False: ERR says what is wrong.
 */
bool session_history_open(struct session *s, bool behind, struct error *err);
/* Take in what has come BEHIND; true: that was the last of it, and S->report has its columns. */
bool session_history_poll(struct session *s, struct error *err);
/*
 * R was read again, and is audited; OLD is the report that it follows. The history of S goes on with what has come between the
 * two, and with R's report, which has it from then on; where there was none, it begins with OLD.
 */
void session_history_extend(struct session *s, struct report *old, struct reload *r);
/*
 * Make L the log of NEWEST, a report of S that has a history: with the columns that other files and the history give to
 * its users. False: ERR says why not. Free with log_free either way.
 */
bool session_history_log(struct session *s, const struct report *newest, struct history_log *l, struct error *err);
void session_history_close(struct session *s);

#endif
