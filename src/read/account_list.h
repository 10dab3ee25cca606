/* Reads files that list accounts: what people write by hand, and what AWS prints about an organization's accounts. */
#ifndef NCRED_ACCOUNT_LIST_H
#define NCRED_ACCOUNT_LIST_H

#include "report/accounts.h"

/*
 * Add the accounts in the file at PATH ("-" for standard input) to A. The file has one of these forms:
 *
 *     111122223333, Production                  one account per line, optionally with a name; # begins a comment
 *     111122223333 444455556666                 numbers alone, several per line
 *     Account ID,ARN,Email,Name,Status,...      CSV with a header, as exported by the console of AWS Organizations
 *
 * or is the output of `aws organizations list-accounts` as json, yaml, yaml-stream, text or table, even with --query,
 * or that of list-accounts-for-parent, list-children or describe-account. Accounts are left out unless their State or,
 * without one, their Status is ACTIVE. Returns false with ERR set, naming file and line, if the file cannot be read,
 * lists no account, or has an entry without an account number. The caller frees A in either case.
 */
bool account_list_read(struct accounts *a, const char *path, struct error *err);

#endif
