/*
 * Some rows of a table, for one thread that formats them one after the other while other threads do the same elsewhere.
 *
 *     struct table_piece piece;
 *     table_piece_begin(&piece, t, from, to);
 *     for (size_t row = from; row < to; row++) {
 *         table_piece_prefetch(&piece, row);
 *         put_row(&piece.table, row, out);
 *     }
 *     table_piece_end(&piece);
 */
#ifndef NCRED_TABLE_PIECE_H
#define NCRED_TABLE_PIECE_H

#include "export/table.h"

/* Must not move, because its table points into it. */
struct table_piece {
    struct table table;        /* the table to read the rows from */
    size_t to;                 /* the row after the last */
    struct report view;        /* table.report, for this thread only */
    struct report_split split; /* what view needs; see report/report.h */
    void *begun;               /* owned: table.begun */
};

/* Make PIECE rows FROM to TO - 1 of T, which must outlive it. End it with table_piece_end(). */
void table_piece_begin(struct table_piece *piece, const struct table *t, size_t from, size_t to);
/* Call before row ROW is read: prefetches rows after it from memory. */
void table_piece_prefetch(const struct table_piece *piece, size_t row);
void table_piece_end(struct table_piece *piece);

#endif
