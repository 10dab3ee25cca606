/* The table of users, credentials or changes. */
#ifndef NCRED_UI_USER_TABLE_H
#define NCRED_UI_USER_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct ui;
struct report;

/* The width of the names of the first COUNT users of REPORT, cached. */
struct names_width {
    const struct report *report;
    size_t count;
    int width;
};

/* Returns the column that sorts column ID of the table, or -1 if it cannot be sorted by. */
int table_sort_column(const struct ui *ui, size_t id);
/* Draw the header and the rows, scrolled so that the cursor's row and column are visible. */
void table_draw(struct ui *ui);
/*
 * Handle a click at Y, X: on a heading, sort by it; on another row, move there; on the row under the cursor, open it.
 */
void table_click(struct ui *ui, int y, int x);
/* Returns whether enough width is left beside the columns to say why each user is listed. */
bool table_has_why(const struct ui *ui);
/* Append the text of column ID of ROW as it is displayed: harmless and NUL-terminated. */
void table_cell(struct buffer *b, const struct ui *ui, uint32_t row, size_t id);

#endif
