/* The columns of the table: the program's sets, the configuration's, and that of --columns. */
#ifndef NCRED_UI_COLUMNS_H
#define NCRED_UI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config/column_sets.h"

struct ui;

/* Set up the sets of columns from options and configuration. */
void columns_start(struct ui *ui);
void columns_free(struct ui *ui);
const char *columns_set_name(const struct ui *ui);
/*
 * Whether each change is one sentence, in the place of four columns: on a narrow screen these would not fit, and what was
 * before and is now would be out of sight.
 */
bool columns_have_sentence(const struct ui *ui);
/* Write the columns that the table shows, the first one included, to COLUMNS (COLUMN_SETS_COLUMNS_MAX). Returns how many. */
size_t columns_shown(const struct ui *ui, struct set_column *columns);
/*
 * Keep the cursor's column and the scroll position within the columns shown. To be called after whatever changes the
 * columns, the view or the report, because the next key may come before the next draw.
 */
void columns_settle(struct ui *ui);
/* Go on by STEP sets. */
void columns_change_set(struct ui *ui, int step);
/* Returns false if no set is called that. */
bool columns_choose_set(struct ui *ui, struct slice name);
/* Give the set that is shown these columns, a list that column_sets_check() accepts. */
void columns_use(struct ui *ui, const char *list);
/* Hide the column in focus. */
void columns_hide(struct ui *ui);
/* Move it by STEP places. */
void columns_move(struct ui *ui, int step);
/* Make it wider by STEP cells. */
void columns_resize(struct ui *ui, int step);
/* Give the set back the columns that it had at start. */
void columns_reset(struct ui *ui);
/* Keep the set's columns in the configuration. */
void columns_save(struct ui *ui);
/* Show the column that is sorted by, behind the first one, unless it is shown. */
void columns_show(struct ui *ui, size_t id);
/* Open the list of all columns, where each is shown or hidden. */
void columns_list(struct ui *ui);
/* Give set INDEX, or behind the last one the key view, a list of columns that it had before. */
void columns_put_list(struct ui *ui, size_t index, const char *list);

#endif
