/* Sets of columns: the built-in ones that Tab goes through on screen, and those of the configuration as text. */
#ifndef NCRED_COLUMN_SETS_H
#define NCRED_COLUMN_SETS_H

#include "base/error.h"
#include "export/column_list.h"
#include "report/report.h"

/*
 * How columns of the screen are numbered: a column of the schema below COL_COUNT; COLUMN_SETS_RAW + i for
 * report.columns[i], shown as the file has it.
 */
enum { COLUMN_SETS_RAW = COL_COUNT, COLUMN_SETS_COLUMNS_MAX = 256 };

struct column_set {
    const char *name;
    const char *help;
    enum column columns[16]; /* the first one does not scroll; ends with COL_USER, which else can only be the first */
    const char *list;        /* the columns by name, if some are not in the schema; NULL: as in columns */
};

extern const struct column_set column_sets[];
extern const size_t column_set_count;

/* Whether set INDEX has something to show for R. That of changes needs a comparison, that of the log a history. */
bool column_sets_is_offered(const struct report *r, size_t index);
/* Returns the index of the set that the screen starts with. */
size_t column_sets_first(const struct report *r);
/* Returns the column of the schema that column ID of the screen is sorted by, COL_COUNT if it cannot be. */
enum column column_sets_sort_column(const struct report *r, size_t id);

/*
 * Lists of columns as text, for --columns and the configuration: names separated by commas, each perhaps with a
 * width, such as "user:30,mfa_active". "report.NAME" is a column as the file has it, "report" stands for all of
 * these. In a set, "account?" and "account_name?" are shown only if there are several accounts.
 */
struct set_column {
    size_t id;          /* numbered as above; in the key view COL_COUNT + enum credential_column, or of the schema */
    int width;          /* in columns of the terminal; 0: its usual one */
    bool needs_several; /* shown only if there are several accounts */
};

/* The names of the key view's set, which is not in column_sets, and of the set of changes. */
extern const char column_sets_credentials[], column_sets_changes[];

/*
 * Whether every column of LIST exists, for the set called SET; otherwise ERR names the first that does not, and the
 * nearest name. R, which may be NULL, has columns of its own. OTHER_NAMES: columns of files that are not read yet may
 * have any name, so that no name is wrong.
 */
bool column_sets_check(struct slice set, const char *list, const struct report *r, bool other_names, struct error *err);
/*
 * Put those columns of LIST that R has into COLUMNS, which has room for COLUMN_SETS_COLUMNS_MAX. Returns how many.
 * KEYS: for the key view.
 */
size_t column_sets_read(const struct report *r, bool keys, const char *list, struct set_column *columns);
/* Append COLUMNS to OUT as a list that column_sets_read() reads. */
void column_sets_write(struct buffer *out, const struct report *r, bool keys, const struct set_column *columns,
    size_t count);
/*
 * Whether column_sets_read() reads LIST as exactly these COUNT columns. It does not if a column of the report has a
 * name that lists cannot express, such as one with a comma; ERR then names it.
 */
bool column_sets_check_same(const struct report *r, bool keys, const char *list, const struct set_column *columns,
    size_t count, struct error *err);
/* Append set INDEX, or the key view's set for column_set_count, to OUT as such a list. */
void column_sets_list(struct buffer *out, size_t index);

#endif
