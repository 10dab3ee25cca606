/* Writes values as conditions of the query language, for filters that the screen and counts offer. */
#ifndef NCRED_QUERY_TEXT_H
#define NCRED_QUERY_TEXT_H

#include "report/report.h"

/*
 * Append the condition for users whose cell in column C equals V: a state, bool, number, word or text; for a list, all
 * of its elements. Returns false and appends nothing for a time or a duration, which needs a range that the caller
 * chooses.
 */
bool query_text_equal(struct buffer *out, const struct column_info *c, bool is_list, const struct value *v);
/* Append TEXT as a value of the language, in quotation marks unless it is a plain word. */
void query_text_value(struct buffer *out, struct slice text);

/*
 * Append the condition for users of the account ID (see arn_put_account_id()). IS_SHARED: an account of another
 * partition has the same number, so the partition is added.
 */
void query_text_account(struct buffer *out, struct slice id, bool is_shared);

#endif
