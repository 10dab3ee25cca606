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

/* Parse a list such as "-idle,user" ("-" means descending). Returns false with ERR set on failure. */
bool sort_parse(struct sort_order *order, struct slice list, struct error *err);
/*
 * As sort_parse(), but an unknown name that does not resemble a column's is not an error, because a report may know it.
 * If there is one, *IS_LATE is set, ORDER is empty, and the list must be parsed by sort_parse_for() once a report is
 * loaded.
 */
bool sort_parse_late(struct sort_order *order, struct slice list, bool *is_late, struct error *err);
/* As sort_parse_late() for other columns; then call sort_parse_of() with the report. */
bool sort_parse_late_of(struct sort_order *order, struct slice list, const char *what, int (*find)(struct slice name),
    bool *is_late, struct error *err);
/* As sort_parse(), with the columns that R has beyond the schema. */
bool sort_parse_for(struct sort_order *order, struct slice list, const struct report *r, struct error *err);
/*
 * As sort_parse() for other columns. FIND returns the number of a name or -1; then columns that R (may be NULL) has
 * beyond the schema are tried. WHAT names the things sorted, for messages ("credentials").
 */
bool sort_parse_of(struct sort_order *order, struct slice list, const char *what, int (*find)(struct slice name),
    const struct report *r, struct error *err);
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
