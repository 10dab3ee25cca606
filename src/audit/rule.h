/*
 * User-defined rules: lines "rule NAME = SEVERITY: QUERY" of the configuration, which become checks after the built-in
 * ones.
 */
#ifndef NCRED_RULE_H
#define NCRED_RULE_H

#include "audit/checks.h"

/*
 * Add the rule NAME, whose VALUE is "SEVERITY: QUERY", to the table of checks and switch it on in S. Defining the same
 * rule again changes nothing. Returns false with ERR set, for a query with the offset of the mistake, if the rule is
 * wrong, its name is taken, or there are too many.
 */
bool rule_define(struct check_settings *s, struct slice name, struct slice value, struct error *err);
/*
 * Set the title, remedy or number of the rule NAME. Returns false if there is no such rule or TEXT is not one visible
 * line.
 */
bool rule_describe(struct slice name, enum check_text which, struct slice text, struct error *err);
/*
 * Whether TEXT is a query that can be a rule or a `where`: about users, and without asking what checks find. Sets ERR
 * if not. With OTHER_NAMES, an unknown name that resembles a column's is not a misspelling but may be a column of
 * another file.
 */
bool rule_is_query(struct slice text, bool other_names, struct error *err);
/*
 * Parse a query that rule_is_query() accepts, alone or as part of a check's predicate. Free the result with
 * query_free().
 */
struct query *rule_parse(struct slice text, struct error *err);

#endif
