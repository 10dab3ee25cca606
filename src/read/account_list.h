/* Files that list accounts: what people write by hand, and everything that AWS prints of an organization's accounts. */
#ifndef NCRED_ACCOUNT_LIST_H
#define NCRED_ACCOUNT_LIST_H

#include "report/accounts.h"

/*
 * Add to A the accounts that the file at PATH lists ("-": standard input), in one of these forms:
 *
 *     111122223333, Production                  one account per line, perhaps with a name; # starts a comment
 *     111122223333 444455556666                 numbers alone, several per line
 *     Account ID,ARN,Email,Name,Status,...      CSV with a header, as the console of AWS Organizations exports it
 *
 * and what `aws organizations list-accounts` prints as json, yaml, yaml-stream, text or table, also with --query; so do
 * list-accounts-for-parent, list-children and describe-account. Accounts whose State or, without one, Status is not
 * ACTIVE are left out. False, with ERR naming the file and the line: it cannot be read, lists no account, or has an
 * entry without an account number. A is freed by the caller either way.
 */
bool account_list_read(struct accounts *a, const char *path, struct error *err);

#endif
