/*
 * The columns that ncred itself adds from files of --details and --key-ids; src/context fills them. They are described
 * here so that messages about a report without them can name the option.
 */
#ifndef NCRED_CONTEXT_COLUMNS_H
#define NCRED_CONTEXT_COLUMNS_H

#include "base/error.h"
#include "report/extra_columns.h"

/* The fixed columns that details and key IDs add. The columns of tags follow them. */
enum context_column { CONTEXT_RIGHTS, CONTEXT_RIGHTS_BY, CONTEXT_GROUPS, CONTEXT_POLICIES, CONTEXT_BOUNDARY,
    CONTEXT_QUARANTINED, CONTEXT_KEY_1_ID, CONTEXT_KEY_2_ID, CONTEXT_COLUMNS };
extern const struct extra_description context_columns[CONTEXT_COLUMNS];

/* Names of the columns of tags begin with this: tag.Team. */
#define CONTEXT_TAG "tag."
bool context_columns_have_tag(struct slice name);
/*
 * Returns the option whose files add a column of this name, in any case: "--details" or "--key-ids"; NULL if none does,
 * or if X (may be NULL) has columns of that option already.
 */
const char *context_columns_option(struct slice name, const struct extra_columns *x);
/*
 * If context_columns_option() returns an option, set ERR to such as `--by: no column "rights"; --details FILE adds it`,
 * where BEFORE is "--by: ", and return true.
 */
bool context_columns_explain(struct slice name, const struct extra_columns *x, const char *before, struct error *err);

#endif
