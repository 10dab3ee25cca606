/* The overview: a bar for each check, account and age, which leads to its users. */
#ifndef NCRED_UI_OVERVIEW_SCREEN_H
#define NCRED_UI_OVERVIEW_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "browse/overview_counts.h"
#include "config/keys.h"

struct ui;

/* Counted again whenever other users are shown. */
struct bars {
    bool is_open;
    struct overview_counts overview;
    unsigned generation; /* of the view that was counted */
    bool is_counted;
    size_t cursor;       /* index of a bar */
    size_t clean;        /* users without findings */
    size_t filter;       /* number of the filter that Enter on the bar added; 0: none */
    size_t top[2];       /* lines scrolled away in each column */
};

/* Count what is shown, unless that is known. Returns false if it was cancelled. */
bool overview_count(struct ui *ui);
void overview_draw(struct ui *ui);
/* A click: on a bar, to go there; on the bar under the cursor, to choose it. */
void overview_click(struct ui *ui, int y, int x);
/* Append the query of the bar under the cursor. */
void overview_query(struct buffer *b, const struct ui *ui);
/*
 * Go to the next (STEP 1), previous (-1) or this (0) bar whose label holds TEXT, and append "3 of 31" to PLACE unless it is
 * NULL. Returns false if none does.
 */
bool overview_search(struct ui *ui, struct slice text, int step, struct buffer *place);
/* If the last filter is the one that Enter on a bar added: remove it and return to that bar. Returns whether it was. */
bool overview_return(struct ui *ui);
/* Returns false if ACTION means nothing special on the overview. */
bool overview_act(struct ui *ui, enum action action);

#endif
