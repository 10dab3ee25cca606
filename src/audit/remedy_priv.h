/* Names and comments in a sheet for sh, whatever bytes they hold. */
#ifndef NCRED_REMEDY_PRIV_H
#define NCRED_REMEDY_PRIV_H

#include "base/text.h"

/* Whether the AWS CLI can be given this name at all; *WHY says why not. */
bool remedy_can_name(struct slice name, const char **why);
/*
 * How commands name the user, appended to WORD: its name quoted; or "$user", when the name holds bytes that a terminal
 * should not see, or a backslash, with the lines that set the variable appended to BEFORE.
 */
void remedy_name(struct buffer *word, struct buffer *before, struct slice name);
/* What every sheet begins with, behind its comments: complain TEXT, and in_account NUMBER [PARTITION]. */
extern const char remedy_functions[];
/*
 * Append the command that tests whether the AWS CLI is signed in to the account with this id (see report_account_id()), and
 * to its partition. Returns false, with nothing appended, if the id is none.
 */
bool remedy_put_in_account(struct buffer *b, struct slice id, bool with_partition);
/* Append key_of USER TIME: the id of the one key of USER that was made at TIME. */
void remedy_put_key_finder(struct buffer *b);
/* "# ", TEXT made harmless in ASCII, newline. */
void remedy_comment(struct buffer *b, const char *indent, struct slice text);

#endif
