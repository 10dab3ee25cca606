/* Gives a thread its own view of the report, and prefetches rows, which may be anywhere in memory. */
#include "export/table_piece.h"

#include <stdlib.h>

void table_piece_begin(struct table_piece *piece, const struct table *t, size_t from, size_t to)
{
    *piece = (struct table_piece){.table = *t, .to = to, .begun = t->begin ? t->begin(t, from, to) : NULL};
    piece->table.begun = piece->begun;
    if (!t->report)
        return;
    piece->view = report_view(t->report, &piece->split);
    piece->table.report = &piece->view;
}

void table_piece_prefetch(const struct table_piece *piece, size_t row)
{
    const struct table *t = &piece->table;
    if (!t->report_row)
        return;
    if (row + REPORT_CODES_AHEAD < piece->to)
        report_prefetch_codes(t->report, t->report_row(t, row + REPORT_CODES_AHEAD),
            t->report_columns ? t->report_columns(t, row + REPORT_CODES_AHEAD) : UINT32_MAX);
    if (row + REPORT_TEXT_AHEAD < piece->to)
        (t->only_identity ? report_prefetch_identity : report_prefetch)(t->report,
            t->report_row(t, row + REPORT_TEXT_AHEAD));
}

void table_piece_end(struct table_piece *piece)
{
    free(piece->begun);
    report_split_free(&piece->split);
}
