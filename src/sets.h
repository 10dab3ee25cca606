/* Sets of columns that the screen goes through with Tab. */
#ifndef NCRED_SETS_H
#define NCRED_SETS_H

#include "report.h"

/*
 * A column of the screen: a column of the schema or, from SETS_RAW on, SETS_RAW plus an index into
 * report.columns, shown as the file has it.
 */
enum { SETS_RAW = COL_COUNT, SETS_COLUMNS_MAX = 256 };

struct column_set {
    const char *name;
    const char *help;
    enum column columns[16]; /* the first one stays put; ends with COL_USER, which comes first only */
};

extern const struct column_set sets[];
extern const size_t set_count;

/* The set of this name, or set_count. */
size_t sets_find(struct slice name);
/* Whether set INDEX means something for R, and the set to start with. */
bool sets_is_offered(const struct report *r, size_t index);
size_t sets_first(const struct report *r);
/* The columns of set INDEX for R into COLUMNS (room for SETS_COLUMNS_MAX), and how many. */
size_t sets_columns(const struct report *r, size_t index, size_t *columns);
/* The columns of the key view, numbered as in credential.h. */
size_t sets_key_columns(const struct report *r, size_t *columns);
/* What column ID sorts by, or COL_COUNT. */
enum column sets_sort_column(const struct report *r, size_t id);

#endif
