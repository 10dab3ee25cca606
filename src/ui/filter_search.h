/* The prompts for filters and searches. They show their result while the text is typed. */
#ifndef NCRED_UI_FILTER_SEARCH_H
#define NCRED_UI_FILTER_SEARCH_H

#include <stddef.h>

#include "base/text.h"

struct ui;

/* Open the prompt for a new filter that starts as TEXT (INDEX SIZE_MAX), or to edit filter INDEX, ignoring TEXT. */
void ask_filter(struct ui *ui, struct slice text, size_t index);
/* Open the prompt for a search in the table, in the open list, on the overview. */
void ask_search(struct ui *ui);
void ask_menu_search(struct ui *ui);
void ask_overview_search(struct ui *ui);
/* Go to the next (STEP 1) or previous (-1) match of the last search, in the table or overview, wrapping around. */
void search_again(struct ui *ui, int step);

#endif
