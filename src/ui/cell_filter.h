/* Filtering by the cell under the cursor. */
#ifndef NCRED_UI_CELL_FILTER_H
#define NCRED_UI_CELL_FILTER_H

#include <stdbool.h>

struct ui;

/*
 * Add a filter that shows only the rows with the value of the cell under the cursor (KEEP), or hides them. Shows a
 * message if the query language cannot express that value.
 */
void cell_filter(struct ui *ui, bool keep);

#endif
