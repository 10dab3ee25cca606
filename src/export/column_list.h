/* The columns of a listing that is not of users: its own first, then, of the user concerned, the users'. */
#ifndef NCRED_LISTING_H
#define NCRED_LISTING_H

#include "base/error.h"
#include "export/table.h"

/* A listing's own columns are numbered behind the users': COL_COUNT + index. */
struct listing {
    const struct column_info *own;
    size_t own_count;
    int *columns;                   /* owned */
    size_t count;
    struct table_column *described; /* owned; a column each */
    char (*titles)[40];             /* owned */
};

/* Start without columns. */
void listing_init(struct listing *l, const struct column_info *own, size_t own_count);
void listing_add(struct listing *l, int column);
/* The number of the column of this name, the listing's own before the users'; -1: there is none. */
int listing_find(const struct listing *l, struct slice name);
/* Add the columns of a list such as "user,check". */
bool listing_choose(struct listing *l, const char *list, struct error *err);
const struct column_info *listing_info(const struct listing *l, int column);
void listing_free(struct listing *l);

#endif
