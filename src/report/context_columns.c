#include "report/context_columns.h"

#include <string.h>

const struct extra_description context_columns[CONTEXT_COLUMNS] = {
    [CONTEXT_RIGHTS] = {"rights", NULL, "--details", "what policies allow: none, read, write, escalate, admin",
        TYPE_RIGHTS, false, EXTRA_PROGRAM},
    [CONTEXT_RIGHTS_BY] = {"rights_by", NULL, "--details",
        "the policies that rights come from, and what was not considered", TYPE_TEXT, false, EXTRA_PROGRAM},
    [CONTEXT_GROUPS] = {"groups", NULL, "--details", "groups that the user is in", TYPE_TEXT, true, EXTRA_PROGRAM},
    [CONTEXT_POLICIES] = {"policies", NULL, "--details", "policies attached to the user, inline ones included",
        TYPE_TEXT, true, EXTRA_PROGRAM},
    [CONTEXT_BOUNDARY] = {"boundary", NULL, "--details", "the permissions boundary", TYPE_TEXT, false, EXTRA_PROGRAM},
    [CONTEXT_QUARANTINED] = {"quarantined", NULL, "--details",
        "AWS attached AWSCompromisedKeyQuarantine: it found a key of the user in public", TYPE_BOOL, false,
        EXTRA_PROGRAM},
    [CONTEXT_KEY_1_ID] = {"key_1_id", NULL, "--key-ids", "ID of access key 1", TYPE_TEXT, false, EXTRA_PROGRAM},
    [CONTEXT_KEY_2_ID] = {"key_2_id", NULL, "--key-ids", "ID of access key 2", TYPE_TEXT, false, EXTRA_PROGRAM},
};

bool context_columns_have_tag(struct slice name)
{
    struct slice tag = slice_of(CONTEXT_TAG);
    return name.len >= tag.len && slice_equal_nocase((struct slice){name.data, tag.len}, tag);
}

const char *context_columns_option(struct slice name, const struct extra_columns *x)
{
    const char *option = context_columns_have_tag(name) ? context_columns[CONTEXT_RIGHTS].source : NULL;
    for (enum context_column c = 0; c < CONTEXT_COLUMNS && !option; c++) {
        if (slice_equal_nocase(name, slice_of(context_columns[c].name)))
            option = context_columns[c].source;
    }
    for (size_t i = 0; option && x && i < x->count; i++) {
        if (x->list[i].origin == EXTRA_PROGRAM && strcmp(x->list[i].source, option) == 0)
            return NULL;
    }
    return option;
}

bool context_columns_explain(struct slice name, const struct extra_columns *x, const char *before, struct error *err)
{
    const char *option = context_columns_option(name, x);
    if (option)
        error_set(err, "%sno column \"%.*s\"; %s FILE adds it", before, (int)name.len, name.data, option);
    return option != NULL;
}
