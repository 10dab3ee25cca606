/*
 * Takes ARNs of IAM apart: arn:PARTITION:iam::ACCOUNT:RESOURCE, where RESOURCE is root or user/PATH/NAME. All results
 * are borrowed from the argument (or static) and empty if it has no such part. Nothing is validated.
 */
#ifndef NCRED_ARN_H
#define NCRED_ARN_H

#include "base/text.h"

/* Returns "aws", "aws-cn", "aws-us-gov" and so on. */
struct slice arn_partition(struct slice arn);
/* Returns the account's number. */
struct slice arn_account(struct slice arn);
/*
 * Append to OUT the id of the account: its number or, in another partition than aws, "aws-cn:NUMBER", because a number
 * can be a different account in each partition. Appends nothing if ARN has no account.
 */
void arn_put_account_id(struct buffer *out, struct slice arn);
/* Return the number and the partition of such an id; the partition is "aws" if the id has none. */
struct slice arn_id_number(struct slice id);
struct slice arn_id_partition(struct slice id);
/* Returns TEXT without the blanks around it if it is an account number (twelve digits), otherwise "". */
struct slice arn_account_number(struct slice text);
/* Returns the user's name; "<root_account>" for root, as in reports; "" for other resources. */
struct slice arn_user(struct slice arn);
/* Returns a user's path with both slashes: "/ci/" for user/ci/robot, "/" if there is none. */
struct slice arn_path(struct slice arn);
/* Returns all that precedes RESOURCE, with the colon: it is the same in every row of an account. */
struct slice arn_head(struct slice arn);
/*
 * Whether a row with this USER and ARN is the account's root user. Very old reports call it root_account; as that is
 * also a legal user name, it counts only if the row has no ARN.
 */
bool arn_is_root(struct slice user, struct slice arn);

#endif
