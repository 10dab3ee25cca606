/* The table of users, credentials or changes. */
#ifndef NCRED_UI_USER_TABLE_H
#define NCRED_UI_USER_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct ui;
struct report;

/* What names take on screen, of the first COUNT users of REPORT. */
struct names_width {
    const struct report *report;
    size_t count;
    int width;
};

/* What column ID of the table is sorted by; -1: nothing. */
int table_sort_column(const struct ui *ui, size_t id);
void table_draw(struct ui *ui);
/* A click: on a heading, to sort by it; on a row, to go there; on the row under the cursor, to open it. */
void table_click(struct ui *ui, int y, int x);
/* Whether the columns leave enough width to say why each user is listed. */
bool table_has_why(const struct ui *ui);
/* Append what a person reads in the cell of column ID: harmless, NUL-terminated. */
void table_cell(struct buffer *b, const struct ui *ui, uint32_t row, size_t id);

#endif
