/* Filtering by the cell under the cursor. */
#ifndef NCRED_UI_CELL_FILTER_H
#define NCRED_UI_CELL_FILTER_H

#include <stdbool.h>

struct ui;

/* KEEP: show only rows with the value of the cell under the cursor; else: drop them. */
void cell_filter(struct ui *ui, bool keep);

#endif
