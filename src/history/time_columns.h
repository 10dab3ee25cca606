/*
 * Columns about time. first_seen, since, failing and recurred come from a history. overdue comes from the credentials'
 * own dates. due and late come from either, and from the time within which findings must be fixed (`sla` in the
 * configuration). Also the column why: the findings in brief.
 */
#ifndef NCRED_TIME_COLUMNS_H
#define NCRED_TIME_COLUMNS_H

#include "history/chronicle.h"

/* Seconds within which a finding of each severity must be fixed; 0 if there is no limit. */
struct time_allowed {
    int64_t seconds[SEVERITY_COUNT];
};
/* Whether there is a limit for any severity. ALLOWED may be NULL. */
bool time_is_limited(const struct time_allowed *allowed);

enum time_column { TIME_FIRST_SEEN, TIME_SINCE, TIME_FAILING, TIME_RECURRED, TIME_OVERDUE, TIME_DUE, TIME_LATE,
    TIME_WHY, TIME_COLUMNS };
extern const struct extra_description time_columns[TIME_COLUMNS];

/* Indexes of the columns among the extra columns of a report. */
struct time_places {
    bool has_places;
    size_t index[TIME_COLUMNS];
};

/*
 * Add the column `why` to R if it is missing, and fill it. Returns the column, or COL_COUNT if R cannot have more
 * columns. If CANCEL (may be NULL) ends before, R->has_stale_times is set.
 */
enum column time_columns_why(struct report *r, struct cancel_token *cancel);
/*
 * Add all columns to R unless PLACES says that it has them. Their cells are absent until time_columns_fill(). Returns
 * false with ERR set if R cannot have more columns.
 */
bool time_columns_add(struct report *r, struct time_places *places, struct error *err);
/*
 * Fill the columns for all rows. R must be audited; R->chronicle may be NULL. Returns false, with some cells still
 * absent, if CANCEL (may be NULL) has ended.
 */
bool time_columns_fill(struct report *r, const struct time_allowed *allowed, const struct time_places *places,
    struct cancel_token *cancel);
/* Both. Returns false with ERR set if either does. */
bool time_columns_apply(struct report *r, const struct time_allowed *allowed, struct time_places *places,
    struct cancel_token *cancel, struct error *err);

/*
 * Fill those of the columns that R has again after findings have changed. Returns false, with R->has_stale_times set,
 * if CANCEL (may be NULL) has ended: it must be called again before anything reads the columns.
 */
bool time_columns_refresh(struct report *r, const struct time_allowed *allowed, struct cancel_token *cancel);

/*
 * When the finding CHECK of ROW began, by R's history. Returns false if there is no history, it lacks the user, or it
 * was judged with another threshold.
 */
bool time_columns_since(const struct report *r, size_t row, size_t check, struct chronicle_since *since);
/*
 * When the finding CHECK of ROW must be fixed: the time allowed for its severity after it began. Without a history it
 * began when its threshold was passed. Returns false if there is no limit or the beginning is unknown.
 */
bool time_columns_due(const struct report *r, size_t row, size_t check, const struct time_allowed *allowed,
    int64_t *due);

/*
 * Whether TEXT, a list of columns or a query or NULL, contains the name of one of the columns, so that they are needed.
 */
bool time_columns_are_named(const char *text);
/*
 * Whether Q asks for none of the columns, which are filled only after the checks have run: so must the queries that
 * checks depend on, of rules, where and waivers. Returns false with ERR set if it asks for one.
 */
bool time_columns_are_unasked(const struct query *q, struct error *err);
/* The same for all queries of W; ERR then begins with file and line. */
bool time_columns_are_unasked_by(const struct waivers *w, struct error *err);
/* Whether NAME is the name of one of the columns, in any case. */
bool time_columns_reserve(struct slice name);

#endif
