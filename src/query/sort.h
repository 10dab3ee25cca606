/* Sorts row numbers or other ids by up to eight columns. Stable; missing values come last in either direction. */
#ifndef NCRED_SORT_H
#define NCRED_SORT_H

#include "base/error.h"
#include "base/cancel.h"
#include "report/report.h"

enum { SORT_KEYS_MAX = 8 };

struct sort_key {
    enum column column;
    bool descending;
};

struct sort_order {
    struct sort_key keys[SORT_KEYS_MAX];
    size_t count;
};

/* The columns by which things of one kind are sorted. */
struct sort_names {
    const char *what;               /* the things, for messages: "credentials" */
    int (*find)(struct slice name); /* returns the number of the column of this name, or -1 */
    bool are_all;                   /* files of other options add no columns to them */
};
extern const struct sort_names sort_users; /* users, by the columns of the schema */

/*
 * Parse a list such as "-idle,user" ("-" means descending). Its names are those of NAMES, then those of columns that R,
 * which may be NULL, has beyond the schema. Returns false with ERR set on failure.
 */
bool sort_parse(struct sort_order *order, struct slice list, const struct sort_names *names, const struct report *r,
    struct error *err);

/*
 * As sort_parse() before a report is read: an unknown name is not an error, because the report may know it, unless it
 * resembles a column's and REFUSES_SIMILAR. If there is one, *IS_LATE is set, ORDER is empty, and sort_parse() must
 * parse the list once the report is there.
 */
bool sort_parse_late(struct sort_order *order, struct slice list, const struct sort_names *names,
    bool refuses_similar, bool *is_late, struct error *err);

/*
 * Sort the COUNT row numbers at ROWS; equal rows keep their order. Returns false if cancelled by P, which may be NULL;
 * ROWS must then be discarded.
 */
bool sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count,
    struct cancel_token *p);

/* Other things that can be sorted: each has a number (id) and values in columns. */
struct sort_source {
    const void *context;
    /* The value of ID in COLUMN. Text that neither CONTEXT nor the report owns is written to SCRATCH. */
    struct value (*value)(const void *context, uint32_t id, int column, struct buffer *scratch);
    enum type (*type)(const void *context, int column);
    bool threads; /* value() uses no SCRATCH, and several threads may call it at once */
};
/* As sort_rows() for the COUNT ids at IDS. */
bool sort_ids(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

#endif
