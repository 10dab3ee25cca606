/*
 * The columns of the table, as named sets: the program's own, those of the configuration, and that of --columns. A
 * set is a list of column names, as --columns takes it; one is shown at a time. The key view has a list of its own.
 */
#ifndef NCRED_UI_COLUMNS_H
#define NCRED_UI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config/column_sets.h"

struct ui;

/* Set up the sets of columns and the saved filters from the options and the configuration. */
void columns_start(struct ui *ui);
void columns_free(struct ui *ui);
/* Returns the name of the set that is shown, or that of the key view's list; valid until the sets change. */
const char *columns_set_name(const struct ui *ui);
/*
 * Whether the list of changes shows each change as one sentence instead of four columns. It does on a narrow screen,
 * where the columns of the old and the new value would not fit.
 */
bool columns_have_sentence(const struct ui *ui);
/*
 * Write the columns that the table shows, including the first one, to COLUMNS, which has room for
 * COLUMN_SETS_COLUMNS_MAX. Returns their number, which is at least 1.
 */
size_t columns_shown(const struct ui *ui, struct set_column *columns);
/* Returns the id of the column that the cursor is in. */
size_t columns_focused(const struct ui *ui);
/*
 * Keep the cursor's column and the scroll position within the columns shown. Must be called after anything that
 * changes the columns, the view or the report, because the next key may come before the next draw.
 */
void columns_settle(struct ui *ui);
/* Show the next (STEP 1) or previous (-1) set that is offered for the report, wrapping around. Not in the key view. */
void columns_change_set(struct ui *ui, int step);
/* Show the set called NAME. Returns false in the key view, or if the report offers no such set. */
bool columns_choose_set(struct ui *ui, struct slice name);
/* Replace the columns of the set that is shown by LIST, which column_sets_check() must have accepted. */
void columns_use(struct ui *ui, const char *list);
/* Hide the column that the cursor is in; the last column stays. */
void columns_hide(struct ui *ui);
/* Move the cursor's column one place left (STEP -1) or right (1). */
void columns_move(struct ui *ui, int step);
/* Make the cursor's column wider by STEP screen columns; negative: narrower. */
void columns_resize(struct ui *ui, int step);
/* Restore the columns that the set had when the program started. */
void columns_reset(struct ui *ui);
/* Save the set's columns in the configuration file. */
void columns_save(struct ui *ui);
/*
 * Insert column ID, by which the table is sorted, after the first column, or show it where the set has it for several
 * accounts; unless a column shown has that order.
 */
void columns_show(struct ui *ui, size_t id);
/* Open the list of all columns, where each can be shown or hidden. */
void columns_list(struct ui *ui);
/* For undo: restore LIST, the earlier columns of set INDEX, or of the key view if INDEX is the number of sets. */
void columns_put_list(struct ui *ui, size_t index, const char *list);

#endif
