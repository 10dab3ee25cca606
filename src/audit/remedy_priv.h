/* Writing names and comments into a shell script so that no byte of a report can do harm. */
#ifndef NCRED_REMEDY_PRIV_H
#define NCRED_REMEDY_PRIV_H

#include "base/text.h"

/* Whether the AWS CLI accepts this user name as an argument. If not, *WHY becomes the reason, a static text. */
bool remedy_can_name(struct slice name, const char **why);
/*
 * Append to WORD the shell word that names the user in commands: usually NAME in single quotes. If NAME has bytes other
 * than visible ASCII, or a backslash, the word is "$user", and the line that sets this variable is appended to BEFORE.
 */
void remedy_name(struct buffer *word, struct buffer *before, struct slice name);
/*
 * Shell functions that every sheet defines first, after its leading comments: complain TEXT prints TEXT on standard
 * error, in_account NUMBER [PARTITION] tests whether the AWS CLI is signed in to that account.
 */
extern const char remedy_functions[];
/*
 * Append the command in_account for the account with this id (see report_account_id()), without its newline.
 * WITH_PARTITION makes it test the partition, too. Returns false, with nothing appended, if ID has no valid account
 * number and partition.
 */
bool remedy_put_in_account(struct buffer *b, struct slice id, bool with_partition);
/*
 * Append the shell function key_of USER TIME, which prints the id of the one access key of USER that was made at TIME.
 */
void remedy_put_key_finder(struct buffer *b);
/* Append a comment line: "#", INDENT, TEXT made harmless in ASCII, newline. */
void remedy_comment(struct buffer *b, const char *indent, struct slice text);

#endif
