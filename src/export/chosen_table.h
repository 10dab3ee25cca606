/* Some of a table's columns, in another order: what -c makes of a listing that is not of users. */
#ifndef NCRED_CHOSEN_TABLE_H
#define NCRED_CHOSEN_TABLE_H

#include "base/error.h"
#include "export/table.h"

struct chosen_table {
    struct table table;            /* to be written; borrows from the table it was made of, and from this struct */
    struct table of;
    struct table_column *columns;  /* owned */
    size_t *places;                /* owned; of each column in OF */
};

/*
 * Make C the columns of T that LIST names ("name,findings", without regard to case); LIST is NULL: all of them. T must have
 * neither row_texts nor a report. False: ERR names a column that T does not have. Free with chosen_table_free(), after an
 * error too.
 */
bool chosen_table_make(struct chosen_table *c, const struct table *t, const char *list, struct error *err);
void chosen_table_free(struct chosen_table *c);

#endif
