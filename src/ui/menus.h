/* The lists for sorting, presets, filters and problems. */
#ifndef NCRED_UI_MENUS_H
#define NCRED_UI_MENUS_H

#include "ui/menu.h"

struct ui;

extern const struct menu_kind menu_sort, menu_sort_then, menu_presets, menu_filters, menu_problems;

/* In a list of columns to sort by: go to the column of the table's cursor. */
void menu_sort_go(struct ui *ui);
/*
 * For the list of problems: look for waivers that have ended, that soon will, or that are for nobody in the report. Returns
 * how many there are.
 */
size_t problems_look_at_waivers(struct ui *ui);
/* Count the users of each preset and list them. */
void presets_open(struct ui *ui);

#endif
