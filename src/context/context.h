/*
 * All that other files say about the users of a report, as columns of that report.
 *
 *     struct context *c = context_new();
 *     context_read_join(c, text, "owners.csv", &err);      // also context_read_details, context_read_key_ids
 *     context_finish(c);
 *     context_apply(c, report, &notes, &err);              // whenever a report has been read
 */
#ifndef NCRED_CONTEXT_H
#define NCRED_CONTEXT_H

#include "context/details.h"
#include "context/join.h"
#include "context/key_ids.h"

/* The columns that details and key ids add, whatever is in the files; tags come behind them. */
enum context_column { CONTEXT_RIGHTS, CONTEXT_RIGHTS_BY, CONTEXT_GROUPS, CONTEXT_POLICIES, CONTEXT_BOUNDARY,
    CONTEXT_QUARANTINED, CONTEXT_KEY_1_ID, CONTEXT_KEY_2_ID, CONTEXT_COLUMNS };
extern const struct extra_description context_columns[CONTEXT_COLUMNS];

struct context {
    struct join *joins;       /* owned; a list in the order in which they were read */
    struct details *details;  /* owned; NULL: none */
    struct key_ids *key_ids;  /* owned; NULL: none */
    bool is_finished;
};

struct context *context_new(void);
void context_free(struct context *c);
/* Read one file each; NAME is for messages. False: ERR says what is wrong with it. */
bool context_read_join(struct context *c, struct slice text, const char *name, struct error *err);
bool context_read_details(struct context *c, struct slice text, const char *name, struct error *err);
bool context_read_key_ids(struct context *c, struct slice text, const char *name, struct error *err);
/* After the last file, once: work out rights, make lookups possible. */
void context_finish(struct context *c);
/* What the names of columns of tags begin with: tag.Team. */
#define CONTEXT_TAG "tag."
bool context_is_tag(struct slice name);
/*
 * Whether a column of this name, in any case, comes from the details or key ids of C; NULL: whether it ever does. No other
 * file's column may then be called so.
 */
bool context_reserves(const struct context *c, struct slice name);
/*
 * Add the columns to R and fill them in for its rows. Append to NOTES what did not match or is incomplete, one line each,
 * harmless. False: there are too many columns. R->extra must not have been filled before.
 */
bool context_apply(struct context *c, struct report *r, struct buffer *notes, struct error *err);

#endif
