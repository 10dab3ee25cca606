/* The lists of columns to sort by, saved filters, filters in force, and problems. */
#ifndef NCRED_UI_MENUS_H
#define NCRED_UI_MENUS_H

#include "ui/menu.h"

struct ui;

extern const struct menu_kind menu_sort, menu_sort_then, menu_presets, menu_filters, menu_problems;

/* In an open list of columns to sort by: move to the column that the table's cursor is in. */
void menu_sort_go(struct ui *ui);
/*
 * Collect the warnings about waivers (expired, expiring soon, matching nobody in the report) in ui->waivers_said, for
 * the list of problems, and their number in ui->waiver_warnings. Returns false, with those of before and
 * ui->are_waivers_due set, if ui->view.cancel has ended.
 */
bool problems_look_at_waivers(struct ui *ui);
/* Count the rows that each saved filter would leave, and open their list; a cancelled count shows as "?". */
void presets_open(struct ui *ui);

#endif
