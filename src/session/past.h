/*
 * Reads the older reports of a run one by one into a chronicle: before it returns, or in a thread while the newest
 * report is on screen.
 */
#ifndef NCRED_PAST_H
#define NCRED_PAST_H

#include "config/options.h"
#include "history/chronicle.h"
#include "session/inputs.h"

struct past;

/*
 * Start with the COUNT reports of OLDER, oldest first, judged by CHECKS and the waivers of O. Only rows within
 * LIMITS count, see chronicle_add_older(). All but CHECKS must outlive the result. BEHIND: read in a thread. Never
 * returns NULL. NEWEST, the report on screen, has the columns of other files that rules name.
 * Free with past_free(), which ends the thread if necessary.
 */
struct past *past_start(const struct inputs_older *older, size_t count, const struct chronicle_limits *limits,
    const struct options *o, const struct check_settings *checks, const struct report *newest, bool behind);
/*
 * Whether a filter of O needs what older reports lack (since, columns of other files), so that a trend must count all
 * users.
 */
bool past_counts_all_users(const struct options *o);
/*
 * Set SELECTED, one bool per row of R, for those of rows FROM to TO (exclusive) that count in a trend. For --trend and
 * the HTML page these are the rows that all filters of O hold for, unless past_counts_all_users(); in all other cases
 * they are all rows. Filters see ages and findings of R's time, so R must be audited for it. Returns false, with
 * SELECTED incomplete, if CANCEL (may be NULL) has ended.
 */
bool past_select(const struct report *r, size_t from, size_t to, const struct options *o, bool *selected,
    struct cancel_token *cancel);
/*
 * Load OLDER into R, which must be empty. Returns false with ERR set if it cannot be read or if its last line, but not
 * the one before, is cut off: users that follow in the complete file would count as removed.
 */
bool past_load(struct report *r, const struct inputs_older *older, const atomic_bool *stop, struct error *err);
/* Whether there are reports left to read. */
bool past_is_busy(struct past *p);
/* A descriptor that becomes readable when a report was added or all are done; -1 if there is no thread. */
int past_descriptor(const struct past *p);
/* Returns the number of reports done and sets *OF to the number of all. */
size_t past_done(const struct past *p, size_t *of);
/* Ask to stop soon. Reports that were added stay; the one in work is not read. */
void past_stop(struct past *p);
/* Return the chronicle, which the caller owns from then on. Call it when past_is_busy() has returned false. */
struct chronicle *past_take(struct past *p);
/* What became of report number INDEX of those to read; call it after past_take(). */
enum inputs_use past_use(const struct past *p, size_t index);
/* What is known of R, an older report for which chronicle_add_older() returned false; and add the line about it. */
enum inputs_use past_repeated_use(const struct report *r);
void past_say_repeated(struct buffer *messages, const char *name);
/* Messages about unreadable reports, one line each, safe to print, or NULL. *FAILED is set to their number. */
const char *past_messages(const struct past *p, size_t *failed);
void past_free(struct past *p);

#endif
