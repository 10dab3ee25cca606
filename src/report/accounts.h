/*
 * Lists of accounts with their names, for --account-names and for the accounts to fetch. read/account_list.h reads them
 * from files.
 */
#ifndef NCRED_ACCOUNTS_H
#define NCRED_ACCOUNTS_H

#include "base/error.h"
#include "base/text.h"

struct account {
    char id[13]; /* twelve digits */
    char *name;  /* owned; untrusted; "" if none was given */
};

struct accounts {
    struct account *list; /* owned; sorted by id after accounts_add() */
    size_t count;
    bool is_cut;          /* the list is incomplete: its file says that there are more accounts (NextToken) */
};

/*
 * Add copies of the accounts of MORE, in any order, to A and sort A. An account with several names gets the last one
 * that is not empty.
 */
void accounts_add(struct accounts *a, const struct accounts *more);
/* Returns the name of account ID, borrowed from A, or "". A may be NULL. */
struct slice accounts_name(const struct accounts *a, struct slice id);
void accounts_free(struct accounts *a);

#endif
