/*
 * What the screen shows of a report, without the screen: rows that pass the filters, their order, cursor, scroll
 * position and marks. Rows are users (or changes), or credentials while `keys` is set. Between calls the cursor is
 * always on a row that is shown, if there is any.
 *
 *     struct view v;
 *     view_init(&v, r);
 *     view_resize(&v, lines);
 *     if (!view_add_filter(&v, slice_of("not mfa_active"), false, &err))
 *         show(err.text);
 *     for (size_t i = v.top; i < v.count && i < v.top + v.height; i++)
 *         draw(v.rows[i]);
 *     view_free(&v);
 */
#ifndef NCRED_VIEW_H
#define NCRED_VIEW_H

#include "report/credential.h"
#include "audit/checks.h"
#include "query/query.h"
#include "query/sort.h"

enum { VIEW_FILTERS_MAX = 64 };

struct view_filter {
    struct query *query; /* owned */
    char *text;          /* owned: the query as it was typed, without a leading ! */
    char *name;          /* owned: what the title shows instead of TEXT, or NULL */
    bool inverted;       /* keep the rows that do not match */
    enum query_subject subject; /* credentials if typed in the key view; then removed when the view returns to users */
};

struct view {
    const struct report *report; /* borrowed; may get more rows, see view_grow() */
    enum benchmark benchmark; /* for fails(...) in filters */
    bool keys;           /* rows are ids of credentials (report/credential.h), not row numbers of users */
    size_t users;        /* rows of the report that the view has so far */
    uint32_t *order;     /* owned: all rows, sorted */
    size_t order_count;
    uint32_t *rows;      /* owned: the rows shown, sorted */
    uint32_t *spare;     /* owned: as large as rows; filtering writes here, then swaps the two */
    size_t count;
    size_t cursor;       /* index into rows */
    size_t top;          /* first of rows on screen */
    size_t height;       /* lines of the screen for rows, at least 1 */
    uint32_t wanted;     /* the row to select once it is shown; UINT32_MAX: none */
    struct sort_order sort;
    struct sort_order other_sort; /* the order of users while credentials are shown, and the reverse */
    struct view_filter filters[VIEW_FILTERS_MAX];
    size_t filter_count;
    struct view_filter preview; /* the filter being typed, not accepted yet; its query is NULL if there is none */
    size_t preview_for;  /* index of the filter that the preview replaces; SIZE_MAX: it is an additional one */
    size_t top_before;   /* top when the preview began */
    uint8_t *marks;      /* one bit per user */
    size_t mark_count;
    size_t mark_last;    /* the user marked last; SIZE_MAX: none */
    unsigned generation; /* changes whenever the set of rows shown changes */
    bool has_grown;      /* rows came after the last sort; they are at the end */
    bool is_unsorted;    /* has_grown, or a sort was cancelled: view_refresh() is due */
    struct cancel_token *cancel; /* borrowed: cancels the functions below that say so; NULL: nothing does */
};

/* What the view's rows are, for functions that parse queries. */
static inline enum query_subject view_subject(const struct view *v)
{
    return v->keys ? QUERY_CREDENTIALS : QUERY_USERS;
}

/*
 * Functions marked "Cancellable" return false and leave the view unchanged when v->cancel ends; view_was_cancelled()
 * tells this from an error.
 */
bool view_was_cancelled(const struct view *v);

/*
 * Returns whether a filter could not decide about some users, because its regular expression took too long
 * (query_gave_up).
 */
bool view_is_unsure(const struct view *v);

/* Show all rows of R, in its order. Free with view_free(). */
void view_init(struct view *v, const struct report *r);
void view_free(struct view *v);
/* Sort and filter all rows again. The selected row stays selected. */
void view_refresh(struct view *v);
/*
 * Change to credentials (KEYS) or back to users. The selected user, or one of its credentials, stays selected. Going
 * back removes filters about credentials. Cancellable.
 */
bool view_set_keys(struct view *v, bool keys);
/*
 * Append the rows that the report has got since the last call; view_refresh() sorts them. Cancellable: it then returns
 * false with some of them appended, and view_is_behind() is true.
 */
bool view_grow(struct view *v);
/* Returns whether the report has rows that the view does not. */
bool view_is_behind(const struct view *v);

/*
 * Parse a query about what is shown: users, or credentials. Returns it, to be freed with query_free(); NULL with ERR
 * set.
 */
struct query *view_parse(const struct view *v, struct slice text, struct error *err);
/*
 * Add, remove or invert a filter. NAME is what the title shows instead of TEXT, or NULL. All four are cancellable;
 * adding also returns false, with ERR set, if TEXT is no query or there are VIEW_FILTERS_MAX filters.
 */
bool view_add_filter(struct view *v, struct slice text, bool inverted, struct error *err);
bool view_add_named_filter(struct view *v, struct slice text, bool inverted, const char *name, struct error *err);
bool view_remove_filter(struct view *v, size_t index);
bool view_invert_filter(struct view *v, size_t index);
/*
 * Show the rows that TEXT would leave as an additional filter (INDEX is SIZE_MAX) or instead of filter INDEX, until
 * view_accept() or view_cancel(). Returns false if TEXT is no query: ERR says why, and the last preview stays.
 * Cancellable.
 */
bool view_preview(struct view *v, struct slice text, size_t index, struct error *err);
/* Returns whether view_preview() would accept TEXT, without showing anything. */
bool view_is_filter(const struct view *v, struct slice text, size_t index, struct error *err);
/*
 * view_accept() makes the preview a filter. view_cancel() drops it, shows the rows from before, and restores the scroll
 * position.
 */
void view_accept(struct view *v);
void view_cancel(struct view *v);
/* Parse TEXT, a query about SUBJECT, into F, which view_free_filter() frees; a leading ! inverts it. */
bool view_read_filter(const struct view *v, struct view_filter *f, struct slice text, enum query_subject subject,
    struct error *err);
void view_free_filter(struct view_filter *f);
/*
 * Replace all filters and the order. The view owns FILTERS if it returns true; if cancelled, the caller still does.
 * Cancellable.
 */
bool view_replace(struct view *v, struct view_filter *filters, size_t count, const struct sort_order *order);
/* Returns how many rows Q as an additional filter would leave; SIZE_MAX if cancelled. */
size_t view_count_with(const struct view *v, const struct query *q, bool inverted);

/* Move the cursor by DELTA rows, or to INDEX; both stop at the first and the last row. */
void view_move(struct view *v, long delta);
void view_move_to(struct view *v, size_t index);
/* Show other rows, LINES further down; the cursor moves only if its row would no longer be shown. */
void view_scroll(struct view *v, long lines);
/* Return the row number of the user at INDEX of rows; of the user under the cursor, or SIZE_MAX if no row is shown. */
size_t view_user(const struct view *v, size_t index);
size_t view_selected(const struct view *v);
/* Returns name and type of a column number of what is shown: of users, or of credentials (credential_column_info). */
const struct column_info *view_column(const struct view *v, int column);
/* The screen has HEIGHT lines for rows; 0 counts as 1. */
void view_resize(struct view *v, size_t height);
/*
 * Go to the next (STEP 1) or previous (-1) row shown that holds every word of TEXT, each in the user's name, ARN,
 * account name, tags or key IDs. Returns false if none does. Cancellable.
 */
bool view_search(struct view *v, struct slice text, int step);
/*
 * Return whether the row at INDEX contains every word of TEXT; view_holding() returns in which column: that of the
 * first word that the user's name does not contain, COL_USER if the name contains all of them, or COL_COUNT if some
 * word is nowhere in the row.
 */
bool view_holds(const struct view *v, size_t index, struct slice text);
enum column view_holding(const struct view *v, size_t index, struct slice text);

/* Sort by ORDER. All four are cancellable. */
bool view_sort(struct view *v, const struct sort_order *order);
/* Sort by COLUMN alone, stably; if it is already the first column of the order, reverse it. */
bool view_sort_by(struct view *v, int column);
/* Add COLUMN to the end of the order; if it is in the order already, reverse it. */
bool view_sort_then(struct view *v, int column);
/* Reverse the first column of the order. */
bool view_sort_invert(struct view *v);

/* Marks are per user: ROW is a row number of the report, also while credentials are shown. */
bool view_is_marked(const struct view *v, size_t row);
void view_mark(struct view *v, size_t row, bool marked);
/*
 * Mark the rows shown from the user marked last to the cursor, both included; only the latter if the former is not
 * shown.
 */
void view_mark_range(struct view *v);
/* Mark all users shown, or invert their marks. */
void view_mark_shown(struct view *v, bool invert);
void view_mark_none(struct view *v);
/*
 * Returns the marked users, those shown first and in their order; the selected one if none is marked. *COUNT: how
 * many. The caller frees it.
 */
uint32_t *view_chosen(const struct view *v, size_t *count);
/*
 * Mark the users that are marked in OLD, a view of another report. Users are the same by ARN or, without one, by name.
 */
void view_mark_as(struct view *v, const struct view *old);

#endif
