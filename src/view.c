/* Keeping rows, cursor, scroll and marks consistent through filter, sort, growth and resize. */
#include "view.h"

#include <stdlib.h>

void view_init(struct view *v, const struct report *r)
{
    *v = (struct view){.report = r, .height = 1, .wanted = SIZE_MAX, .preview_for = SIZE_MAX, .mark_last = SIZE_MAX};
    view_grow(v);
}

static void free_filter(struct view_filter *f)
{
    query_free(f->query);
    free(f->text);
    *f = (struct view_filter){0};
}

void view_free(struct view *v)
{
    for (size_t i = 0; i < v->filter_count; i++)
        free_filter(&v->filters[i]);
    free_filter(&v->preview);
    free(v->order);
    free(v->rows);
    free(v->spare);
    free(v->marks);
    *v = (struct view){.height = 1};
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

static size_t keep_matching(const struct view *v, uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < v->filter_count; i++) {
        const struct view_filter *f = i == v->preview_for && v->preview.query ? &v->preview : &v->filters[i];
        count = query_keep(f->query, v->report, rows, count, f->inverted);
    }
    if (v->preview.query && v->preview_for == SIZE_MAX)
        count = query_keep(v->preview.query, v->report, rows, count, v->preview.inverted);
    return count;
}

/* What is under the cursor is what stays selected; with nobody shown, whoever was before. */
static void select_here(struct view *v)
{
    if (v->cursor < v->count)
        v->wanted = v->rows[v->cursor];
}

/* Where ROW stands in rows, or count. */
static size_t place_of(const struct view *v, size_t row)
{
    size_t i = 0;
    while (i < v->count && v->rows[i] != row)
        i++;
    return i;
}

/* The row nearest to index AT of the COUNT rows OLD that is still shown: after it, else before; SIZE_MAX: none. */
static size_t survivor(const struct view *v, const uint32_t *old, size_t count, size_t at)
{
    uint8_t *shown = xcalloc(v->order_count / 8 + 1, 1);
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < v->count; i++)
        shown[v->rows[i] / 8] |= (uint8_t)(1u << v->rows[i] % 8);
    for (size_t i = at; i < count && found == SIZE_MAX; i++) {
        if (shown[old[i] / 8] & 1u << old[i] % 8)
            found = old[i];
    }
    for (size_t i = at; i-- > 0 && found == SIZE_MAX;) {
        if (shown[old[i] / 8] & 1u << old[i] % 8)
            found = old[i];
    }
    free(shown);
    return found;
}

/* Filter again. Whoever was selected stays so if shown, else whoever stood nearest is. */
static void apply(struct view *v)
{
    uint32_t *old = v->rows;
    size_t old_count = v->count, old_cursor = v->cursor;
    v->rows = v->spare;
    v->spare = old;
    if (v->order_count)
        memcpy(v->rows, v->order, v->order_count * sizeof *v->rows);
    v->count = keep_matching(v, v->rows, v->order_count);
    v->generation++;
    size_t at = place_of(v, v->wanted);
    if (at == v->count && old_cursor < old_count)
        at = place_of(v, survivor(v, old, old_count, old_cursor));
    v->cursor = at < v->count ? at : 0;
    keep_in_sight(v);
    if (!v->preview.query)
        select_here(v);
}

void view_refresh(struct view *v)
{
    sort_rows(&v->sort, v->report, v->order, v->order_count);
    apply(v);
}

void view_grow(struct view *v)
{
    size_t count = v->report->row_count, old = v->order_count;
    v->order = xrealloc(v->order, count + 1, sizeof *v->order);
    v->rows = xrealloc(v->rows, count + 1, sizeof *v->rows);
    v->spare = xrealloc(v->spare, count + 1, sizeof *v->spare);
    v->marks = xrealloc(v->marks, count / 8 + 1, 1);
    size_t marked_bytes = old ? old / 8 + 1 : 0;
    memset(v->marks + marked_bytes, 0, count / 8 + 1 - marked_bytes);
    for (size_t row = old; row < count; row++) {
        v->order[row] = (uint32_t)row;
        v->rows[v->count + row - old] = (uint32_t)row;
    }
    v->order_count = count;
    v->generation++;
    v->count += keep_matching(v, v->rows + v->count, count - old);
    keep_in_sight(v);
    if (v->wanted == SIZE_MAX)
        select_here(v);
}

bool view_read_filter(const struct view *v, struct view_filter *f, struct slice text, struct error *err)
{
    size_t skip = text.len && text.data[0] == '!';
    struct slice rest = {text.data + skip, text.len - skip};
    struct query *q = query_parse_for(rest, v->benchmark, err);
    if (!q) {
        err->offset += skip;
        return false;
    }
    *f = (struct view_filter){q, xcalloc(rest.len + 1, 1), skip};
    if (rest.len)
        memcpy(f->text, rest.data, rest.len);
    return true;
}

static bool has_room(const struct view *v, struct error *err)
{
    return v->filter_count < VIEW_FILTERS_MAX || error_set(err, "at most %d filters", VIEW_FILTERS_MAX);
}

bool view_add_filter(struct view *v, struct slice text, bool inverted, struct error *err)
{
    if (!has_room(v, err) || !view_read_filter(v, &v->filters[v->filter_count], text, err))
        return false;
    v->filters[v->filter_count].inverted ^= inverted;
    v->filter_count++;
    apply(v);
    return true;
}

void view_remove_filter(struct view *v, size_t index)
{
    free_filter(&v->filters[index]);
    v->filter_count--;
    memmove(&v->filters[index], &v->filters[index + 1], (v->filter_count - index) * sizeof v->filters[0]);
    apply(v);
}

void view_invert_filter(struct view *v, size_t index)
{
    v->filters[index].inverted = !v->filters[index].inverted;
    apply(v);
}

bool view_preview(struct view *v, struct slice text, size_t index, struct error *err)
{
    struct view_filter f;
    if ((index == SIZE_MAX && !has_room(v, err)) || !view_read_filter(v, &f, text, err))
        return false;
    if (!v->preview.query)
        v->top_before = v->top;
    free_filter(&v->preview);
    v->preview = f;
    v->preview_for = index;
    apply(v);
    return true;
}

void view_accept(struct view *v)
{
    if (!v->preview.query)
        return;
    size_t at = v->preview_for == SIZE_MAX ? v->filter_count++ : v->preview_for;
    free_filter(&v->filters[at]);
    v->filters[at] = v->preview;
    v->preview = (struct view_filter){0};
    v->preview_for = SIZE_MAX;
    select_here(v);
}

void view_cancel(struct view *v)
{
    bool shown = v->preview.query;
    free_filter(&v->preview);
    v->preview_for = SIZE_MAX;
    if (!shown)
        return;
    apply(v);
    v->top = v->top_before;
    keep_in_sight(v);
}

size_t view_count_with(const struct view *v, const struct query *q, bool inverted)
{
    if (v->count)
        memcpy(v->spare, v->rows, v->count * sizeof *v->rows);
    return query_keep(q, v->report, v->spare, v->count, inverted);
}

size_t view_selected(const struct view *v)
{
    return v->cursor < v->count ? v->rows[v->cursor] : SIZE_MAX;
}

void view_move_to(struct view *v, size_t index)
{
    v->cursor = index;
    keep_in_sight(v);
    select_here(v);
}

void view_move(struct view *v, long delta)
{
    size_t by = delta < 0 ? (size_t)-delta : (size_t)delta;
    if (delta < 0)
        view_move_to(v, v->cursor > by ? v->cursor - by : 0);
    else
        view_move_to(v, v->cursor + by);
}

void view_resize(struct view *v, size_t height)
{
    v->height = height ? height : 1;
    keep_in_sight(v);
}

bool view_search(struct view *v, struct slice text, int step)
{
    for (size_t n = 1; n <= v->count; n++) {
        size_t i = step > 0 ? (v->cursor + n) % v->count : (v->cursor + v->count - n) % v->count;
        if (slice_contains_nocase(report_raw(v->report, v->rows[i], COL_USER), text)
            || slice_contains_nocase(report_raw(v->report, v->rows[i], COL_ARN), text)) {
            view_move_to(v, i);
            return true;
        }
    }
    return false;
}

/* The largest, the oldest and the worst are asked for first. */
static struct sort_key natural(enum column column)
{
    enum type t = schema[column].type;
    return (struct sort_key){column, t == TYPE_DURATION || t == TYPE_NUMBER || t == TYPE_SEVERITY};
}

void view_sort_by(struct view *v, enum column column)
{
    bool same = v->sort.count && v->sort.keys[0].column == column;
    struct sort_key key = same ? v->sort.keys[0] : natural(column);
    key.descending ^= same;
    v->sort = (struct sort_order){.keys = {key}, .count = 1};
    view_refresh(v);
}

void view_sort_then(struct view *v, enum column column)
{
    size_t i = 0;
    while (i < v->sort.count && v->sort.keys[i].column != column)
        i++;
    if (i < v->sort.count)
        v->sort.keys[i].descending = !v->sort.keys[i].descending;
    else if (i < SORT_KEYS_MAX)
        v->sort.keys[v->sort.count++] = natural(column);
    view_refresh(v);
}

void view_sort_invert(struct view *v)
{
    if (!v->sort.count)
        return;
    v->sort.keys[0].descending = !v->sort.keys[0].descending;
    view_refresh(v);
}

bool view_is_marked(const struct view *v, size_t row)
{
    return row < v->order_count && (v->marks[row / 8] & 1u << row % 8);
}

void view_mark(struct view *v, size_t row, bool marked)
{
    if (row >= v->order_count || view_is_marked(v, row) == marked)
        return;
    v->marks[row / 8] ^= (uint8_t)(1u << row % 8);
    v->mark_count = marked ? v->mark_count + 1 : v->mark_count - 1;
    v->mark_last = marked ? row : v->mark_last;
}

void view_mark_range(struct view *v)
{
    size_t from = place_of(v, v->mark_last);
    if (!v->count)
        return;
    if (from == v->count)
        from = v->cursor;
    size_t last = v->cursor > from ? v->cursor : from;
    for (size_t i = v->cursor < from ? v->cursor : from; i <= last; i++)
        view_mark(v, v->rows[i], true);
    v->mark_last = v->rows[v->cursor];
}

void view_mark_shown(struct view *v, bool invert)
{
    for (size_t i = 0; i < v->count; i++)
        view_mark(v, v->rows[i], !invert || !view_is_marked(v, v->rows[i]));
}

void view_mark_none(struct view *v)
{
    memset(v->marks, 0, v->order_count / 8 + 1);
    v->mark_count = 0;
    v->mark_last = SIZE_MAX;
}
