/* The trend page: a graph of how many users failed the chosen checks over time, and a list of checks to choose from. */
#ifndef NCRED_UI_TREND_PAGE_H
#define NCRED_UI_TREND_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "config/keys.h"
#include "export/trend_table.h"

struct ui;

struct trend_page {
    bool is_open;
    bool is_wanted;             /* --trend asked for it; it opens when the history is loaded */
    uint64_t chosen;            /* one bit per check in the graph */
    size_t cursor, top;         /* cursor and first line of the list of checks */
    bool is_counted;            /* TREND is valid */
    struct trend trend;         /* owned: the numbers of all dates */
    size_t report_count;        /* number of reports in the history that TREND was counted from */
};

/* Returns the trend of the report shown, counted when first needed, or NULL if it has no older reports. */
const struct trend *trend_page_data(struct ui *ui);
/* Discard the counted numbers because the history may be another one now. */
void trend_page_forget(struct trend_page *p);
/* Open the page with CHECK in the graph, unless CHECK is check_count(). There must be a history. */
void trend_page_open(struct ui *ui, size_t check);
/* Open the page if --trend asked for it and a history is loaded. */
void trend_page_open_wanted(struct ui *ui);
/* Draw the graph, if there is room for it, and the list of checks. */
void trend_page_draw(struct ui *ui);
/* Append the query of the check under the cursor. */
void trend_page_query(struct buffer *b, struct ui *ui);
/*
 * Handle a click at Y, X: on another check, move there; on the check under the cursor, put it into the graph or take it
 * out.
 */
void trend_page_click(struct ui *ui, int y, int x);
/* Do ACTION on the page. Returns false if the page does not handle it. */
bool trend_page_act(struct ui *ui, enum action action);

#endif
