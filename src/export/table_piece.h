/*
 * A piece of a table for one thread alone, which formats its rows one after the other.
 *
 *     struct table_piece piece;
 *     table_piece_begin(&piece, t, from, to);
 *     for (size_t row = from; row < to; row++) {
 *         table_piece_go(&piece, row);
 *         put_row(&piece.table, row, out);
 *     }
 *     table_piece_end(&piece);
 */
#ifndef NCRED_TABLE_PIECE_H
#define NCRED_TABLE_PIECE_H

#include "export/table.h"

/* Must stay in its place, and the table that it is of must outlive it. */
struct table_piece {
    struct table table;
    size_t to;
    struct report view;
    struct report_split split;
    void *begun; /* owned */
};

/* The rows from FROM up to TO of T. */
void table_piece_begin(struct table_piece *piece, const struct table *t, size_t from, size_t to);
/* Row ROW is next: have what lies behind it fetched from memory. */
void table_piece_go(const struct table_piece *piece, size_t row);
void table_piece_end(struct table_piece *piece);

#endif
