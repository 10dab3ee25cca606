/* Stable multi-key order over row numbers; missing values last, both ways. */
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

/* Read a list such as "-idle,user" ("-": descending). */
bool sort_parse(struct sort_order *order, struct slice list, struct error *err);
/*
 * The same, but a name that is no column is not an error: it may be one that only a report knows. *IS_LATE: the list has
 * such a name, is not in ORDER yet, and must be read by sort_parse_for() once there is a report.
 */
bool sort_parse_late(struct sort_order *order, struct slice list, bool *is_late, struct error *err);
/* The same of other columns, as sort_parse_of(), which is then called with the report. */
bool sort_parse_late_of(struct sort_order *order, struct slice list, const char *what, int (*find)(struct slice name),
    bool *is_late, struct error *err);
/* The same with the columns that R has beyond the schema. */
bool sort_parse_for(struct sort_order *order, struct slice list, const struct report *r, struct error *err);
/*
 * The same of other columns: FIND gives the number of a name, -1: there is none; then those that R, which may be NULL, has
 * beyond the schema. WHAT is sorted ("credentials").
 */
bool sort_parse_of(struct sort_order *order, struct slice list, const char *what, int (*find)(struct slice name),
    const struct report *r, struct error *err);
/*
 * Put the COUNT row numbers at ROWS in order; equal rows keep theirs. False: P, which may be NULL, has ended, and ROWS
 * is of no use.
 */
bool sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count, struct cancel_token *p);

/* What else can be sorted, by columns of its own: things that are known by a number. */
struct sort_source {
    const void *context;
    /* The value of the thing in COLUMN; text that neither CONTEXT nor the report owns is put into SCRATCH. */
    struct value (*value)(const void *context, uint32_t id, int column, struct buffer *scratch);
    enum type (*type)(const void *context, int column);
    bool threads; /* value() needs no SCRATCH, and may be called by several at once */
};
/* The same for the COUNT things at IDS. */
bool sort_ids(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p);

#endif
