/* The model of browsing: rows shown, order, cursor, scroll, filters in force. No curses here. */
#ifndef NCRED_VIEW_H
#define NCRED_VIEW_H

#include "query.h"
#include "sort.h"

enum { VIEW_FILTERS_MAX = 64 };

struct view_filter {
    struct query *query; /* owned */
    char *text;          /* owned */
    bool inverted;
};

struct view {
    const struct report *report;
    enum benchmark benchmark; /* for fails(...) in filters */
    uint32_t *rows;      /* row numbers shown, in order */
    size_t count;
    size_t cursor;       /* index into rows */
    size_t top;          /* first of rows on screen */
    size_t height;       /* lines for rows */
    struct sort_order sort;
    struct view_filter filters[VIEW_FILTERS_MAX];
    size_t filter_count;
};

void view_init(struct view *v, const struct report *r);
void view_free(struct view *v);
/* Work out rows again after filters or order changed; the selected user stays selected. */
void view_refresh(struct view *v);
/* Add a filter, or say what is wrong with it. */
bool view_add_filter(struct view *v, struct slice text, bool inverted, struct error *err);
void view_remove_filter(struct view *v, size_t index);
/* How many users would be shown with this one more. */
size_t view_count_with(const struct view *v, const struct query *q, bool inverted);
void view_move(struct view *v, long delta);
void view_resize(struct view *v, size_t height);
/* Sort by COLUMN first; again by the same: the other way round. */
void view_sort_by(struct view *v, enum column column);
/* From the cursor on, the next (STEP 1) or last (STEP -1) shown user whose name or ARN holds TEXT. */
bool view_search(struct view *v, struct slice text, int step);

#endif
