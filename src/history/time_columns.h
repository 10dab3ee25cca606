/*
 * Columns about time: first_seen, since, failing and recurred, out of a history; overdue, out of the credentials' own
 * dates; due and late, out of either and the time within which findings must be fixed (the configuration's `sla`). And
 * why, the findings in brief.
 */
#ifndef NCRED_TIME_COLUMNS_H
#define NCRED_TIME_COLUMNS_H

#include "history/chronicle.h"

/* Seconds within which a finding of each severity must be fixed; 0: no such time. */
struct time_allowed {
    int64_t seconds[SEVERITY_COUNT];
};

enum time_column { TIME_FIRST_SEEN, TIME_SINCE, TIME_FAILING, TIME_RECURRED, TIME_OVERDUE, TIME_DUE, TIME_LATE, TIME_WHY,
    TIME_COLUMNS };
extern const struct extra_description time_columns[TIME_COLUMNS];

/* Where they are among the extra columns of a report. */
struct time_places {
    bool has_places;
    size_t index[TIME_COLUMNS];
};

/* The column `why` of R, which is added where it is missing, and filled anew; COL_COUNT: there is no room for it. */
enum column time_columns_why(struct report *r);
/* Add the columns to R, unless it has them, and fill them, for all rows; R->chronicle may be NULL. R is audited. */
bool time_columns_apply(struct report *r, const struct time_allowed *allowed, struct time_places *places, struct error *err);

/* Fill them again, once other findings count; false: R does not have them. */
bool time_columns_refresh(struct report *r, const struct time_allowed *allowed);

/* Of a finding: when it began, by R's history. False: there is none, or it does not have the row. */
bool time_columns_since(const struct report *r, size_t row, size_t check, struct chronicle_since *since);
/* When it must be fixed: that, or when its threshold was passed, and what is allowed. False: nothing tells. */
bool time_columns_due(const struct report *r, size_t row, size_t check, const struct time_allowed *allowed, int64_t *due);

/* Whether TEXT, a list of columns or a query, has any of their names, so that they are needed. */
bool time_columns_are_named(const char *text);
/* Whether one of them has this name, in any case. */
bool time_columns_reserve(struct slice name);

#endif
