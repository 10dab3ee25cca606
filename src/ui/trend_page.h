/* The trend: how many users failed each check over time, as one graph of the checks chosen and a list to choose from. */
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
    bool is_wanted;             /* by --trend, as soon as the history is there */
    uint64_t chosen;            /* one bit per check: it is in the graph */
    size_t cursor, top;         /* in the list of checks */
    bool is_counted;            /* TREND is there, */
    struct trend trend;         /* owned: of all dates, */
    size_t report_count;        /* of a history of so many reports */
};

/* The numbers of the history of the report that is shown, counted once; NULL: it has no older reports. */
const struct trend *trend_page_data(struct ui *ui);
/* Another history may be shown from now on. */
void trend_page_forget(struct trend_page *p);
/* Open the page; CHECK is chosen, unless it is check_count(). There must be a history. */
void trend_page_open(struct ui *ui, size_t check);
/* Open the page if --trend asked for it, and it can be. */
void trend_page_open_wanted(struct ui *ui);
void trend_page_draw(struct ui *ui);
/* Append the query of the check under the cursor. */
void trend_page_query(struct buffer *b, struct ui *ui);
/* A click on a check: go there; on the one under the cursor: into the graph, or out of it. */
void trend_page_click(struct ui *ui, int y, int x);
/* Returns false if ACTION means nothing special there. */
bool trend_page_act(struct ui *ui, enum action action);

#endif
