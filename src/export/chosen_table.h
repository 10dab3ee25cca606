/*
 * Some of a table's columns in a chosen order: -c for listings that are not of users, such as --summary.
 *
 *     struct chosen_table chosen;
 *     if (chosen_table_make(&chosen, &table, "check,findings", err))
 *         format->write(&chosen.table, false, stdout);
 *     chosen_table_free(&chosen);
 */
#ifndef NCRED_CHOSEN_TABLE_H
#define NCRED_CHOSEN_TABLE_H

#include "base/error.h"
#include "export/table.h"

struct chosen_table {
    struct table table;            /* what to write; points into this struct, which must not move */
    struct table of;               /* a copy of the original */
    struct table_column *columns;  /* owned: those of table */
    size_t *places;                /* owned: the index of each in the original */
};

/*
 * Make C the columns of T that LIST names, such as "check,findings", regardless of case; NULL: all. T must outlive C
 * and have neither row_texts nor a report. Returns false with ERR naming the first column that T does not have. Free
 * C with chosen_table_free() either way.
 */
bool chosen_table_make(struct chosen_table *c, const struct table *t, const char *list, struct error *err);
void chosen_table_free(struct chosen_table *c);

#endif
