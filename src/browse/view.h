/* The model of browsing users or their credentials: what is shown, order, cursor, scroll, filters, marks. No curses. */
#ifndef NCRED_VIEW_H
#define NCRED_VIEW_H

#include "report/credential.h"
#include "audit/checks.h"
#include "query/query.h"
#include "query/sort.h"

enum { VIEW_FILTERS_MAX = 64 };

struct view_filter {
    struct query *query; /* owned */
    char *text;          /* owned; without the ! that inverts */
    char *name;          /* owned: what the title shows instead of TEXT; NULL: TEXT */
    bool inverted;
    bool of_credential;  /* it is about credentials, not users: typed in the key view, gone with it */
};

struct view {
    const struct report *report;
    enum benchmark benchmark; /* for fails(...) in filters */
    bool keys;           /* rows are ids of credentials (credential.h), not row numbers of users */
    size_t users;        /* rows of the report that are taken in */
    uint32_t *order;     /* every row, sorted */
    size_t order_count;
    uint32_t *rows;      /* those shown, in order */
    uint32_t *spare;     /* room for the next ones while they are found */
    size_t count;
    size_t cursor;       /* index into rows */
    size_t top;          /* first of rows on screen */
    size_t height;       /* lines for rows */
    uint32_t wanted;     /* row to be selected as soon as it is shown; UINT32_MAX: none yet */
    struct sort_order sort;
    struct sort_order other_sort; /* of users while credentials are shown, and the reverse */
    struct view_filter filters[VIEW_FILTERS_MAX];
    size_t filter_count;
    struct view_filter preview; /* tried, not yet accepted; its query is NULL when there is none */
    size_t preview_for;  /* filter that the preview stands for; SIZE_MAX: none */
    size_t top_before;   /* top when the preview began */
    uint8_t *marks;      /* one bit per user */
    size_t mark_count;
    size_t mark_last;    /* user marked last; SIZE_MAX: none */
    unsigned generation; /* another one whenever other rows are shown */
    bool has_grown;      /* rows have come since the last sort, and stand at the end */
    bool is_unsorted;    /* they do, or sorting was cancelled: sort when there is time */
    struct cancel_token *cancel; /* borrowed; NULL: no wait is cancelled */
};

/*
 * Functions marked "Cancellable" return false and leave the view unchanged when v->cancel ends; view_was_cancelled()
 * tells this from an error.
 */
bool view_was_cancelled(const struct view *v);

/* Whether a filter in force could not tell about some users (see query_gave_up). */
bool view_is_unsure(const struct view *v);

void view_init(struct view *v, const struct report *r);
void view_free(struct view *v);
/* Sort all rows by the order in force and filter them again; the selected user stays selected. */
void view_refresh(struct view *v);
/*
 * Show the credentials of the users shown, or these users again; the selected user, or one of its credentials, stays
 * selected. Filters on credentials go when credentials go. Cancellable.
 */
bool view_set_keys(struct view *v, bool keys);
/*
 * Take in rows that the report has got since, at the end; view_refresh sorts them in. Cancellable: false with some of them
 * taken in, and view_is_behind() true.
 */
bool view_grow(struct view *v);
/* Whether the report has rows that were not taken in. */
bool view_is_behind(const struct view *v);

/* Parse a query about what is shown, users or credentials. */
struct query *view_parse(const struct view *v, struct slice text, struct error *err);
/* Add a filter, or say what is wrong with it; NAME is what the title shows. These four are cancellable. */
bool view_add_filter(struct view *v, struct slice text, bool inverted, struct error *err);
bool view_add_named_filter(struct view *v, struct slice text, bool inverted, const char *name, struct error *err);
bool view_remove_filter(struct view *v, size_t index);
bool view_invert_filter(struct view *v, size_t index);
/* Show what TEXT would find as one filter more or, unless INDEX is SIZE_MAX, in the place of that one. Cancellable. */
bool view_preview(struct view *v, struct slice text, size_t index, struct error *err);
/* Whether TEXT is one, at that place; nothing is shown. */
bool view_is_filter(const struct view *v, struct slice text, size_t index, struct error *err);
/* Keep what the preview shows, or go back to what was. */
void view_accept(struct view *v);
void view_cancel(struct view *v);
/* Read TEXT, about credentials or users, into F, to be freed with view_free_filter(); nothing is shown. */
bool view_read_filter(const struct view *v, struct view_filter *f, struct slice text, bool of_credential, struct error *err);
void view_free_filter(struct view_filter *f);
/* Show what these COUNT filters, which the view then owns, keep, in this order. Cancellable: false if nothing changed. */
bool view_replace(struct view *v, struct view_filter *filters, size_t count, const struct sort_order *order);
/* How many users would be shown with this one more; SIZE_MAX: cancelled. */
size_t view_count_with(const struct view *v, const struct query *q, bool inverted);

void view_move(struct view *v, long delta);
void view_move_to(struct view *v, size_t index);
/* The user at INDEX of rows; the user under the cursor, or SIZE_MAX. */
size_t view_user(const struct view *v, size_t index);
size_t view_selected(const struct view *v);
/* What a column to sort by is: of the schema or, when credentials are shown, also of a credential. */
const struct column_info *view_column(const struct view *v, int column);
void view_resize(struct view *v, size_t height);
/*
 * Go to the next (STEP 1) or previous (-1) row shown that holds every word of TEXT, each in the user's name, ARN, account name,
 * tags or key ids. Returns false if none does. Cancellable.
 */
bool view_search(struct view *v, struct slice text, int step);
/* Whether the row at INDEX holds every word of TEXT; and the first column but the name that does, else COL_USER; COL_COUNT: it does not. */
bool view_holds(const struct view *v, size_t index, struct slice text);
enum column view_holding(const struct view *v, size_t index, struct slice text);

/* Sort by ORDER; this and the following are cancellable. */
bool view_sort(struct view *v, const struct sort_order *order);
/* Sort by COLUMN, those equal as they stood; again by the same: the other way round. */
bool view_sort_by(struct view *v, int column);
/* Sort by COLUMN where the columns so far do not decide; if it is one of these, turn it round. */
bool view_sort_then(struct view *v, int column);
/* Turn the first column round. */
bool view_sort_invert(struct view *v);

bool view_is_marked(const struct view *v, size_t row);
void view_mark(struct view *v, size_t row, bool marked);
/* Mark from the row marked last to the cursor, as they stand. */
void view_mark_range(struct view *v);
void view_mark_shown(struct view *v, bool invert);
void view_mark_none(struct view *v);
/* The marked users, those shown first, as they stand; or, when none is marked, the selected one. To be freed. */
uint32_t *view_chosen(const struct view *v, size_t *count);
/* Mark the users that are marked in OLD, a view of another report: those of the same ARN or, without one, name. */
void view_mark_as(struct view *v, const struct view *old);

#endif
