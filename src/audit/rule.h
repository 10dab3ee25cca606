/* User-defined rules: lines of the configuration become checks that follow the built-in ones. */
#ifndef NCRED_RULE_H
#define NCRED_RULE_H

#include "audit/checks.h"

/*
 * Add the rule NAME, whose VALUE is "SEVERITY: QUERY", to the table of checks and switch it on in S. The same rule again
 * changes nothing. False: ERR says what is wrong and, for a query, at which offset.
 */
bool rule_define(struct check_settings *s, struct slice name, struct slice value, struct error *err);
/* Set the title, the remedy or the number of the rule NAME. False: there is no such rule, or TEXT is not one visible line. */
bool rule_describe(struct slice name, enum check_text which, struct slice text, struct error *err);
/*
 * Whether TEXT is a query about users that asks no checks, as a rule or a `where` must be. OTHER_NAMES: columns of other
 * files are expected, so that a name much like a column's may be one of theirs.
 */
bool rule_is_query(struct slice text, bool other_names, struct error *err);
/* Parse such a query, with OTHER_NAMES, which may stand between other parts of a check. */
struct query *rule_parse(struct slice text, struct error *err);

#endif
