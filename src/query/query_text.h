/* A value as a condition of the query language: what the screen and counts filter by. */
#ifndef NCRED_QUERY_TEXT_H
#define NCRED_QUERY_TEXT_H

#include "report/report.h"

/*
 * Append the condition that holds for the users whose column C has just the value V: its state, or its bool, number, word
 * or text; of a list each element. False, and nothing is appended: a time or a duration, which is the caller's to bound.
 */
bool query_text_equal(struct buffer *out, const struct column_info *c, bool is_list, const struct value *v);
/* Append TEXT as a value of the language: as it is where it is one word, else in quotation marks. */
void query_text_value(struct buffer *out, struct slice text);

/*
 * Append the condition that holds for the users of the account ID, see arn_put_account_id(). IS_SHARED: its number is that of
 * an account of another partition, too.
 */
void query_text_account(struct buffer *out, struct slice id, bool is_shared);

#endif
