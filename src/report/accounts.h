/* Lists of accounts: which to fetch, and what people call them. read/account_list.h reads them from files. */
#ifndef NCRED_ACCOUNTS_H
#define NCRED_ACCOUNTS_H

#include "base/error.h"
#include "base/text.h"

struct account {
    char id[13]; /* twelve digits */
    char *name;  /* owned; untrusted; "" where none was given */
};

struct accounts {
    struct account *list; /* owned; in the order of their ids after accounts_add() */
    size_t count;
    bool is_cut;          /* the list that they are from says that there are more (NextToken) */
};

/* Add the accounts of MORE, in any order, to A: each once, with the last name that is not empty. */
void accounts_add(struct accounts *a, const struct accounts *more);
/* Returns the name of account ID, borrowed from A; empty where there is none. A may be NULL. */
struct slice accounts_name(const struct accounts *a, struct slice id);
void accounts_free(struct accounts *a);

#endif
