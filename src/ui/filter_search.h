/* The lines for filters and searches. */
#ifndef NCRED_UI_FILTER_SEARCH_H
#define NCRED_UI_FILTER_SEARCH_H

#include <stddef.h>

#include "base/text.h"

struct ui;

/* Type a filter that starts as TEXT; INDEX: edit that one, SIZE_MAX: a new one. */
void ask_filter(struct ui *ui, struct slice text, size_t index);
/* Type what to search for: in the table, in the open list, on the overview. */
void ask_search(struct ui *ui);
void ask_menu_search(struct ui *ui);
void ask_overview_search(struct ui *ui);
/* Go to the next (STEP 1) or previous (STEP -1) match of the last search. */
void search_again(struct ui *ui, int step);

#endif
