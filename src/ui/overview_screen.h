/* The overview: one bar per check, account and step of age; Enter lists the bar's users. */
#ifndef NCRED_UI_OVERVIEW_SCREEN_H
#define NCRED_UI_OVERVIEW_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "browse/overview_counts.h"
#include "config/keys.h"

struct ui;

/* State of the overview. The bars are counted again when the rows of the view have changed. */
struct bars {
    bool is_open;
    struct overview_counts overview;
    unsigned generation; /* view.generation at the last count */
    bool is_counted;
    size_t cursor;       /* index of a bar of OVERVIEW */
    size_t clean;        /* number of users shown without findings */
    size_t filter;       /* index + 1 of the filter that Enter on the bar added, or 0 if none */
    size_t top[2];       /* lines scrolled away, per column of bars */
};

/*
 * Count the users shown, unless the counts are still valid. Returns false if a key cancelled it; the old counts stay.
 */
bool overview_count(struct ui *ui);
/* Draw the bars as last counted, scrolled so that the bar under the cursor is visible. */
void overview_draw(struct ui *ui);
/* Handle a click at Y, X: on another bar, move there; on the bar under the cursor, open it. */
void overview_click(struct ui *ui, int y, int x);
/* Append "& " and the filter of the bar under the cursor; nothing if there are no bars. */
void overview_query(struct buffer *b, const struct ui *ui);
/*
 * Move to the next (STEP 1), previous (-1) or nearest from here (0) bar whose label contains TEXT. Appends "3 of 31" to
 * PLACE unless it is NULL. Returns false if no label contains it.
 */
bool overview_search(struct ui *ui, struct slice text, int step, struct buffer *place);
/*
 * If the last filter is the one that Enter on a bar added, remove it and return to the overview, unless a key cancels
 * that. Returns whether it is that filter.
 */
bool overview_return(struct ui *ui);
/* Do ACTION on the overview. Returns false if the overview does not handle it. */
bool overview_act(struct ui *ui, enum action action);

#endif
