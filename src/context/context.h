/*
 * What other files tell about the users of a report (joined tables, authorization details, access key IDs), as columns
 * of that report.
 *
 *     struct context *c = context_new();
 *     context_read_join(c, text, "owners.csv", &err);      // or context_read_details(), context_read_key_ids()
 *     context_finish(c);
 *     context_apply(c, report, &notes, &err);              // for each report, after it has been read
 *     context_free(c);
 */
#ifndef NCRED_CONTEXT_H
#define NCRED_CONTEXT_H

#include "base/text_pieces.h"
#include "context/details.h"
#include "context/join.h"
#include "context/key_ids.h"
#include "report/context_columns.h"

/* Returns the column that details or key IDs added to R; COL_COUNT if only a joined table has one of its name. */
enum column context_column_find(const struct report *r, enum context_column which);

struct context {
    struct join *joins;       /* owned: a list in the order of reading */
    struct details *details;  /* owned; NULL if no such file was read */
    struct key_ids *key_ids;  /* owned; NULL if no such file was read */
    bool is_finished;
};

/* An empty context. Free it with context_free(), which accepts NULL. */
struct context *context_new(void);
void context_free(struct context *c);
/* Read one file; NAME is for messages. Returns false with ERR set on failure. TEXT is not needed afterwards. */
bool context_read_join(struct context *c, struct slice text, const char *name, struct error *err);
bool context_read_details(struct context *c, struct slice text, const char *name, struct error *err);
/* The same for the file that PIECES was opened for, piece by piece: the text is never in memory as a whole. */
bool context_read_details_pieces(struct context *c, struct text_pieces *pieces, const char *name, struct error *err);
bool context_read_key_ids(struct context *c, struct slice text, const char *name, struct error *err);
/* Must be called once after the last file: works out rights and prepares lookups. */
void context_finish(struct context *c);
/*
 * Whether details or key IDs of C add a column of this name, in any case, so that no other file's column may have it.
 * If C is NULL: whether they ever do.
 */
bool context_reserves(const struct context *c, struct slice name);
/*
 * Add the columns to R, whose `extra` must be NULL or without these columns, and fill them for all rows. Appends to
 * NOTES one line per kind of data that did not match or is incomplete, safe to print. Returns false with ERR set if
 * there are too many columns.
 */
bool context_apply(struct context *c, struct report *r, struct buffer *notes, struct error *err);

#endif
