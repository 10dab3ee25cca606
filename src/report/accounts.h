/* Lists of accounts: which to fetch, and what people call them. */
#ifndef NCRED_ACCOUNTS_H
#define NCRED_ACCOUNTS_H

#include "base/error.h"
#include "base/text.h"

struct account {
    char id[13];
    char *name; /* owned; untrusted; empty: none was given */
};

struct accounts {
    struct account *list; /* by id once it was read */
    size_t count;
};

/*
 * Add what the file at PATH lists: a line an account, its number, then a comma or a blank and perhaps a name; # starts
 * a comment. Or the JSON of aws organizations list-accounts, of which accounts that are not ACTIVE are left out.
 */
bool accounts_read(struct accounts *a, const char *path, struct error *err);
/* Add the accounts of MORE to A; where both have one, the name of MORE counts unless it is empty. */
void accounts_add(struct accounts *a, const struct accounts *more);
/* The name of account ID; empty when there is none. Borrowed. */
struct slice accounts_name(const struct accounts *a, struct slice id);
void accounts_free(struct accounts *a);

#endif
