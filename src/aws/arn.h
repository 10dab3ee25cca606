/*
 * The parts of an ARN of IAM: arn:PARTITION:iam::ACCOUNT:RESOURCE, where RESOURCE is root or user/PATH/NAME. All results
 * are borrowed from the argument; they are empty when the text has no such part. Nothing is validated.
 */
#ifndef NCRED_ARN_H
#define NCRED_ARN_H

#include "base/text.h"

/* "aws", "aws-cn", "aws-us-gov". */
struct slice arn_partition(struct slice arn);
/* The account's number. */
struct slice arn_account(struct slice arn);
/*
 * Which account it is: a number is an account of its own in each partition. Appended to OUT: the number, in another
 * partition than aws as "aws-cn:NUMBER"; nothing when ARN has no account.
 */
void arn_put_account_id(struct buffer *out, struct slice arn);
/* The number and the partition of such an id; of one without a partition it is aws. */
struct slice arn_id_number(struct slice id);
struct slice arn_id_partition(struct slice id);
/* TEXT without blanks if it is twelve digits, as account numbers are; else empty. */
struct slice arn_account_number(struct slice text);
/* The user's name; <root_account> for root, as reports call it; empty for other resources. */
struct slice arn_user(struct slice arn);
/* A user's path with both slashes, "/" when there is none: "/ci/" of user/ci/robot. */
struct slice arn_path(struct slice arn);
/* All before RESOURCE, with the colon: the same for every row of an account. */
struct slice arn_head(struct slice arn);
/*
 * Whether the row with this USER and ARN is the account's root user. Very old reports call it root_account, which is a
 * legal name of a user, too: that counts only where the row has no ARN.
 */
bool arn_is_root(struct slice user, struct slice arn);

#endif
