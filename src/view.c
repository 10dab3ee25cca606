/* Keeping rows, cursor and scroll consistent through filter, sort and resize. */
#include "view.h"

#include <stdlib.h>

void view_init(struct view *v, const struct report *r)
{
    *v = (struct view){.report = r, .height = 1};
    v->rows = xcalloc(r->row_count, sizeof *v->rows);
    view_refresh(v);
}

void view_free(struct view *v)
{
    while (v->filter_count)
        view_remove_filter(v, v->filter_count - 1);
    free(v->rows);
}

static bool shown(const struct view *v, size_t row)
{
    for (size_t i = 0; i < v->filter_count; i++) {
        if (query_matches(v->filters[i].query, v->report, row) == v->filters[i].inverted)
            return false;
    }
    return true;
}

static void keep_in_sight(struct view *v)
{
    if (v->cursor >= v->count)
        v->cursor = v->count ? v->count - 1 : 0;
    if (v->top > v->cursor)
        v->top = v->cursor;
    if (v->cursor >= v->top + v->height)
        v->top = v->cursor - v->height + 1;
    if (v->top + v->height > v->count)
        v->top = v->count > v->height ? v->count - v->height : 0;
}

void view_refresh(struct view *v)
{
    size_t selected = v->cursor < v->count ? v->rows[v->cursor] : SIZE_MAX;
    v->count = 0;
    for (uint32_t row = 0; row < v->report->row_count; row++) {
        if (shown(v, row))
            v->rows[v->count++] = row;
    }
    sort_rows(&v->sort, v->report, v->rows, v->count);
    for (size_t i = 0; i < v->count; i++) {
        if (v->rows[i] == selected)
            v->cursor = i;
    }
    keep_in_sight(v);
}

bool view_add_filter(struct view *v, struct slice text, bool inverted, struct error *err)
{
    if (v->filter_count == VIEW_FILTERS_MAX)
        return error_set(err, "at most %d filters", VIEW_FILTERS_MAX);
    struct query *q = query_parse_for(text, v->benchmark, err);
    if (!q)
        return false;
    char *copy = xcalloc(text.len + 1, 1);
    memcpy(copy, text.data, text.len);
    v->filters[v->filter_count++] = (struct view_filter){q, copy, inverted};
    view_refresh(v);
    return true;
}

void view_remove_filter(struct view *v, size_t index)
{
    query_free(v->filters[index].query);
    free(v->filters[index].text);
    v->filter_count--;
    memmove(&v->filters[index], &v->filters[index + 1], (v->filter_count - index) * sizeof v->filters[0]);
}

size_t view_count_with(const struct view *v, const struct query *q, bool inverted)
{
    size_t n = 0;
    for (size_t i = 0; i < v->count; i++)
        n += query_matches(q, v->report, v->rows[i]) != inverted;
    return n;
}

void view_move(struct view *v, long delta)
{
    long at = (long)v->cursor + delta;
    v->cursor = at < 0 ? 0 : (size_t)at;
    keep_in_sight(v);
}

void view_resize(struct view *v, size_t height)
{
    v->height = height ? height : 1;
    keep_in_sight(v);
}

void view_sort_by(struct view *v, enum column column)
{
    struct sort_order old = v->sort;
    bool same = old.count && old.keys[0].column == column;
    v->sort.keys[0] = (struct sort_key){column, same ? !old.keys[0].descending : false};
    v->sort.count = 1;
    for (size_t i = 0; i < old.count && v->sort.count < SORT_KEYS_MAX; i++) {
        if (old.keys[i].column != column)
            v->sort.keys[v->sort.count++] = old.keys[i];
    }
    view_refresh(v);
}

bool view_search(struct view *v, struct slice text, int step)
{
    for (size_t n = 1; n <= v->count; n++) {
        size_t i = step > 0 ? (v->cursor + n) % v->count : (v->cursor + v->count - n) % v->count;
        if (slice_contains_nocase(report_raw(v->report, v->rows[i], COL_USER), text)
            || slice_contains_nocase(report_raw(v->report, v->rows[i], COL_ARN), text)) {
            v->cursor = i;
            keep_in_sight(v);
            return true;
        }
    }
    return false;
}
