/* Sets of columns that the screen goes through with Tab. */
#ifndef NCRED_COLUMN_SETS_H
#define NCRED_COLUMN_SETS_H

#include "base/error.h"
#include "export/column_list.h"
#include "report/report.h"

/*
 * A column of the screen: a column of the schema or, from COLUMN_SETS_RAW on, COLUMN_SETS_RAW plus an index into
 * report.columns, shown as the file has it.
 */
enum { COLUMN_SETS_RAW = COL_COUNT, COLUMN_SETS_COLUMNS_MAX = 256 };

struct column_set {
    const char *name;
    const char *help;
    enum column columns[16]; /* the first one stays put; ends with COL_USER, which comes first only */
    const char *list;        /* NULL, or the columns by name: some are not of the schema */
};

extern const struct column_set column_sets[];
extern const size_t set_count;

/* Whether set INDEX means something for R, and the set to start with; with a history R is its log. */
bool column_sets_is_offered(const struct report *r, size_t index);
size_t column_sets_first(const struct report *r);
/* What column ID sorts by, or COL_COUNT. */
enum column column_sets_sort_column(const struct report *r, size_t id);

/*
 * Sets as text, as --columns and the configuration have them: names parted by commas, each perhaps with its width, as in
 * "user:30,mfa_active". "report.NAME" is a column as the file has it, "report" all of these.
 */
struct set_column {
    size_t id;   /* in the key view COL_COUNT + enum credential_column or below COL_COUNT, else see above */
    int width;   /* 0: its usual one */
};

/* The name of the key view's set, which is in no table; and that of the set of changes. */
extern const char column_sets_credentials[], column_sets_changes[];

/*
 * Whether LIST can be read for a set of this name; false: ERR says which entry cannot, and what is near. R, which may be
 * NULL, has further columns; OTHER_NAMES: other files may have any.
 */
bool column_sets_check(struct slice set, const char *list, const struct report *r, bool other_names, struct error *err);
/* What of LIST there is for R, into COLUMNS (room for COLUMN_SETS_COLUMNS_MAX), and how many; KEYS: for the key view. */
size_t column_sets_read(const struct report *r, bool keys, const char *list, struct set_column *columns);
/* Append them as column_sets_read() reads them. */
void column_sets_write(struct buffer *out, const struct report *r, bool keys, const struct set_column *columns, size_t count);
/*
 * Whether LIST reads as these COUNT columns. It does not where a column of the report has a name that the syntax of
 * lists cannot express, such as one with a comma: false, and ERR says which.
 */
bool column_sets_check_same(const struct report *r, bool keys, const char *list, const struct set_column *columns,
    size_t count, struct error *err);
/* Append a set of the table, or the key view's for set_count, as such a list. */
void column_sets_list(struct buffer *out, size_t index);

#endif
