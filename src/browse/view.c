/*
 * A view's rows, cursor, scroll position and marks, kept consistent when it is filtered or sorted, or grows or is
 * resized.
 */
#include "browse/view.h"
#include "audit/check_query.h"
#include "audit/credential_value.h"

#include <stdlib.h>

void view_init(struct view *v, const struct report *r)
{
    *v = (struct view){.report = r, .height = 1, .wanted = UINT32_MAX, .preview_for = SIZE_MAX, .mark_last = SIZE_MAX};
    view_grow(v);
}

void view_free_filter(struct view_filter *f)
{
    query_free(f->query);
    free(f->text);
    free(f->name);
    *f = (struct view_filter){0};
}

void view_free(struct view *v)
{
    for (size_t i = 0; i < v->filter_count; i++)
        view_free_filter(&v->filters[i]);
    view_free_filter(&v->preview);
    free(v->order);
    free(v->rows);
    free(v->spare);
    free(v->marks);
    *v = (struct view){.height = 1};
}

static void view_keep_in_sight(struct view *v)
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

size_t view_user(const struct view *v, size_t index)
{
    return v->keys ? credential_row(v->rows[index]) : v->rows[index];
}

const struct column_info *view_column(const struct view *v, int column)
{
    return v->keys ? credential_column_info(v->report, column) : report_column_info(v->report, (enum column)column);
}

bool view_was_cancelled(const struct view *v)
{
    return cancel_is_set(v->cancel);
}

bool view_is_unsure(const struct view *v)
{
    bool is = v->preview.query && query_gave_up(v->preview.query);
    for (size_t i = 0; i < v->filter_count; i++)
        is |= query_gave_up(v->filters[i].query);
    return is;
}

/* Keep the users (or with KEYS, credentials) in ROWS that match Q, which is about SUBJECT. Returns their number. */
static size_t view_keep_rows(const struct view *v, bool keys, const struct query *q, enum query_subject subject,
    uint32_t *rows, size_t count, bool inverted, struct cancel_token *p)
{
    return keys ? query_keep_credentials(q, subject, v->report, rows, count, inverted, p)
        : query_keep(q, v->report, rows, count, inverted, p);
}

/*
 * Keep the ROWS that match all filters, including the preview. Filters about credentials are ignored among users.
 * Returns their number.
 */
static size_t keep_matching(const struct view *v, bool keys, uint32_t *rows, size_t count, struct cancel_token *p)
{
    for (size_t i = 0; i <= v->filter_count; i++) {
        const struct view_filter *f = i < v->filter_count ? &v->filters[i] : &v->preview;
        if (v->preview.query && i == v->preview_for)
            f = &v->preview;
        if (i == v->filter_count && (!v->preview.query || v->preview_for != SIZE_MAX))
            break;
        if (f->subject == QUERY_USERS || keys)
            count = view_keep_rows(v, keys, f->query, f->subject, rows, count, f->inverted, p);
    }
    return count;
}

/* Remember the row under the cursor as selected. If no row is shown, the row selected before remains so. */
static void select_here(struct view *v)
{
    if (v->cursor < v->count)
        v->wanted = v->rows[v->cursor];
}

/* Returns the index of ROW in v->rows, or v->count. */
static size_t place_of_row(const struct view *v, uint32_t row)
{
    size_t i = 0;
    while (i < v->count && v->rows[i] != row)
        i++;
    return i;
}

/*
 * Returns the row nearest to index AT of OLD that is still shown, first looking after it, then before; UINT32_MAX if
 * none.
 */
static uint32_t survivor(const struct view *v, const uint32_t *old, size_t count, size_t at)
{
    uint8_t *shown = xcalloc((v->keys ? v->users : v->users / 8) + 1, 1); /* ids: up to 8 times the row */
    uint32_t found = UINT32_MAX;
    for (size_t i = 0; i < v->count; i++)
        shown[v->rows[i] / 8] |= (uint8_t)(1u << v->rows[i] % 8);
    for (size_t i = at; i < count && found == UINT32_MAX; i++) {
        if (shown[old[i] / 8] & 1u << old[i] % 8)
            found = old[i];
    }
    for (size_t i = at; i-- > 0 && found == UINT32_MAX;) {
        if (shown[old[i] / 8] & 1u << old[i] % 8)
            found = old[i];
    }
    free(shown);
    return found;
}

/*
 * Show the first COUNT rows of v->spare, which is swapped with v->rows. The cursor stays on the selected row or, if
 * that is no longer shown, goes to the nearest one that is.
 */
static void view_show(struct view *v, size_t count)
{
    uint32_t *old = v->rows;
    size_t old_count = v->count, old_cursor = v->cursor;
    v->rows = v->spare;
    v->spare = old;
    v->count = count;
    v->generation++;
    size_t at = place_of_row(v, v->wanted);
    if (at == v->count && old_cursor < old_count)
        at = place_of_row(v, survivor(v, old, old_count, old_cursor));
    v->cursor = at < v->count ? at : 0;
    view_keep_in_sight(v);
    if (!v->preview.query)
        select_here(v);
}

/* Filter again. Returns false, with the rows shown unchanged, if P ended. */
static bool apply(struct view *v, struct cancel_token *p)
{
    if (v->order_count)
        memcpy(v->spare, v->order, v->order_count * sizeof *v->spare);
    size_t count = keep_matching(v, v->keys, v->spare, v->order_count, p);
    if (!cancel_is_set(p))
        view_show(v, count);
    return !cancel_is_set(p);
}

/* Sort the users or credentials IDS by ORDER. Returns false if P ended. */
static bool sort(const struct view *v, const struct sort_order *order, uint32_t *ids, size_t count,
    struct cancel_token *p)
{
    return v->keys ? credential_sort(order, v->report, NULL, ids, count, p)
        : sort_rows(order, v->report, ids, count, p);
}

/* Sort by ORDER and filter again. Returns false, with everything unchanged, if P ended. */
static bool view_arrange(struct view *v, const struct sort_order *order, struct cancel_token *p)
{
    uint32_t *before = v->order, *sorted = xcalloc(v->order_count + 1, sizeof *sorted);
    if (v->order_count)
        memcpy(sorted, before, v->order_count * sizeof *sorted);
    bool ok = sort(v, order, sorted, v->order_count, p);
    v->order = sorted;
    ok = ok && apply(v, p);
    if (!ok)
        v->order = before;
    else
        v->sort = *order;
    free(ok ? before : sorted);
    return ok;
}

void view_refresh(struct view *v)
{
    view_arrange(v, &v->sort, NULL);
}

bool view_sort(struct view *v, const struct sort_order *order)
{
    return view_arrange(v, order, v->cancel);
}

/*
 * Append the COUNT rows at NEW to v->order, and to v->rows those that match. Returns false, with nothing appended, if
 * v->cancel ended.
 */
static bool append(struct view *v, const uint32_t *new, size_t count)
{
    size_t all = v->order_count + count;
    v->order = xrealloc(v->order, all + 1, sizeof *v->order);
    v->rows = xrealloc(v->rows, all + 1, sizeof *v->rows);
    v->spare = xrealloc(v->spare, all + 1, sizeof *v->spare);
    if (count) {
        memcpy(v->order + v->order_count, new, count * sizeof *new);
        memcpy(v->rows + v->count, new, count * sizeof *new);
    }
    size_t kept = keep_matching(v, v->keys, v->rows + v->count, count, v->cancel);
    if (view_was_cancelled(v))
        return false;
    v->order_count = all;
    v->count += kept;
    v->generation++;
    return true;
}

/*
 * Put COUNT users from row FIRST on, or with KEYS all their credentials, in the report's order into *IDS, which the
 * caller frees. Returns their number.
 */
static size_t list_from(const struct view *v, size_t first, size_t count, bool keys, uint32_t **ids)
{
    if (keys)
        return credential_list(v->report, first, count, ids);
    *ids = xcalloc(count + 1, sizeof **ids);
    for (size_t i = 0; i < count; i++)
        (*ids)[i] = (uint32_t)(first + i);
    return count;
}

/* Append the next COUNT users of the report. Returns false if cancelled. */
static bool append_users(struct view *v, size_t count)
{
    uint32_t *ids;
    size_t things = list_from(v, v->users, count, v->keys, &ids);
    bool ok = append(v, ids, things);
    v->users += ok ? count : 0;
    free(ids);
    return ok;
}

bool view_is_behind(const struct view *v)
{
    return v->users < v->report->row_count;
}

bool view_grow(struct view *v)
{
    enum { PIECE = 1 << 12 }; /* at most this many users are examined again after a cancellation */
    size_t old = v->users ? v->users / 8 + 1 : 0, bytes = v->report->row_count / 8 + 1;
    v->marks = xrealloc(v->marks, bytes, 1);
    memset(v->marks + old, 0, bytes - old);
    bool ok = true;
    do {
        size_t left = v->report->row_count - v->users;
        ok = append_users(v, v->filter_count && left > PIECE ? PIECE : left);
    } while (ok && view_is_behind(v));
    view_keep_in_sight(v);
    if (v->wanted == UINT32_MAX)
        select_here(v);
    return ok;
}

static void forget_credential_filters(struct view *v)
{
    size_t kept = 0;
    for (size_t k = 0; k < v->filter_count; k++) {
        if (v->filters[k].subject == QUERY_CREDENTIALS)
            view_free_filter(&v->filters[k]);
        else
            v->filters[kept++] = v->filters[k];
    }
    for (size_t k = kept; k < v->filter_count; k++)
        v->filters[k] = (struct view_filter){0};
    v->filter_count = kept;
}

/* Replace everything in the view by IDS, which the view owns from then on. Rows are shown by view_show() later. */
static void replace_all(struct view *v, uint32_t *ids, size_t count)
{
    free(v->order);
    v->order = ids;
    v->order_count = count;
    v->rows = xrealloc(v->rows, count + 1, sizeof *v->rows);
    v->spare = xrealloc(v->spare, count + 1, sizeof *v->spare);
    v->count = v->cursor = v->top = 0;
    v->wanted = UINT32_MAX;
}

bool view_set_keys(struct view *v, bool keys)
{
    size_t user = view_selected(v);
    struct sort_order order = v->sort;
    uint32_t *ids;
    if (v->keys == keys)
        return true;
    size_t count = list_from(v, 0, v->users, keys, &ids);
    bool ok = keys ? credential_sort(&v->other_sort, v->report, NULL, ids, count, v->cancel)
        : sort_rows(&v->other_sort, v->report, ids, count, v->cancel);
    uint32_t *shown = xcalloc(count + 1, sizeof *shown);
    if (count)
        memcpy(shown, ids, count * sizeof *shown);
    size_t kept = ok ? keep_matching(v, keys, shown, count, v->cancel) : 0;
    if (!ok || view_was_cancelled(v)) {
        free(shown);
        free(ids);
        return false;
    }
    forget_credential_filters(v);
    v->keys = keys;
    v->sort = v->other_sort;
    v->other_sort = order;
    replace_all(v, ids, count);
    free(v->spare);
    v->spare = shown;
    view_show(v, kept);
    size_t i = 0;
    while (i < v->count && view_user(v, i) != user)
        i++;
    view_move_to(v, i < v->count ? i : 0);
    return true;
}

static struct query *parse(const struct view *v, struct slice text, enum query_subject subject, struct error *err)
{
    struct query *q = v->report && v->report->extra ? check_query_parse_late(text, subject, v->benchmark, err)
        : check_query_parse(text, subject, v->benchmark, err);
    if (!q || !v->report || query_bind(q, v->report, err))
        return q;
    query_free(q);
    return NULL;
}

struct query *view_parse(const struct view *v, struct slice text, struct error *err)
{
    return parse(v, text, view_subject(v), err);
}

/*
 * Parse TEXT as a filter into F; a leading ! inverts it. Returns false if TEXT has an error; ERR has its offset in
 * TEXT.
 */
bool view_read_filter(const struct view *v, struct view_filter *f, struct slice text, enum query_subject subject,
    struct error *err)
{
    size_t skip = text.len && text.data[0] == '!';
    struct slice rest = skip ? (struct slice){text.data + skip, text.len - skip} : text; /* it may have NULL data */
    struct query *q = parse(v, rest, subject, err);
    if (!q) {
        err->offset += skip;
        return false;
    }
    *f = (struct view_filter){.query = q, .text = xcalloc(rest.len + 1, 1), .inverted = skip,
        .subject = subject};
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
    return view_add_named_filter(v, text, inverted, NULL, err);
}

bool view_add_named_filter(struct view *v, struct slice text, bool inverted, const char *name, struct error *err)
{
    if (!has_room(v, err) || !view_read_filter(v, &v->filters[v->filter_count], text, view_subject(v), err))
        return false;
    v->filters[v->filter_count].inverted ^= inverted;
    v->filters[v->filter_count].name = name ? xstrdup(name) : NULL;
    v->filter_count++;
    if (apply(v, v->cancel))
        return true;
    view_free_filter(&v->filters[--v->filter_count]);
    return error_set(err, "cancelled");
}

bool view_remove_filter(struct view *v, size_t index)
{
    struct view_filter f = v->filters[index];
    size_t after = (v->filter_count - index - 1) * sizeof f;
    memmove(&v->filters[index], &v->filters[index + 1], after);
    v->filter_count--;
    v->filters[v->filter_count] = (struct view_filter){0};
    if (apply(v, v->cancel)) {
        view_free_filter(&f);
        return true;
    }
    memmove(&v->filters[index + 1], &v->filters[index], after);
    v->filters[index] = f;
    v->filter_count++;
    return false;
}

bool view_replace(struct view *v, struct view_filter *filters, size_t count, const struct sort_order *order)
{
    struct view_filter before[VIEW_FILTERS_MAX];
    size_t before_count = v->filter_count;
    memcpy(before, v->filters, sizeof before);
    memset(v->filters, 0, sizeof v->filters);
    memcpy(v->filters, filters, count * sizeof *filters);
    v->filter_count = count;
    if (view_arrange(v, order, v->cancel)) {
        for (size_t i = 0; i < before_count; i++)
            view_free_filter(&before[i]);
        return true;
    }
    memcpy(v->filters, before, sizeof before);
    v->filter_count = before_count;
    return false;
}

bool view_invert_filter(struct view *v, size_t index)
{
    v->filters[index].inverted = !v->filters[index].inverted;
    if (apply(v, v->cancel))
        return true;
    v->filters[index].inverted = !v->filters[index].inverted;
    return false;
}

/* What a filter is about that takes the place of filter INDEX or, for SIZE_MAX, comes after all. */
static enum query_subject subject_of(const struct view *v, size_t index)
{
    return index == SIZE_MAX ? view_subject(v) : v->filters[index].subject;
}

bool view_is_filter(const struct view *v, struct slice text, size_t index, struct error *err)
{
    struct view_filter f = {0};
    bool ok = view_read_filter(v, &f, text, subject_of(v, index), err);
    view_free_filter(&f);
    return ok;
}

/*
 * Show the result of the preview F at filter INDEX. NARROWS: F matches only rows that are shown already. Returns false,
 * with everything unchanged, if cancelled.
 */
static bool try_filter(struct view *v, const struct view_filter *f, size_t index, bool narrows)
{
    struct view_filter before = v->preview;
    size_t before_for = v->preview_for, count = v->count;
    v->preview = *f;
    v->preview_for = index;
    bool ok;
    if (narrows) {
        if (count)
            memcpy(v->spare, v->rows, count * sizeof *v->spare);
        count = view_keep_rows(v, v->keys, f->query, f->subject, v->spare, count, false, v->cancel);
        ok = !view_was_cancelled(v);
        if (ok)
            view_show(v, count);
    } else {
        ok = apply(v, v->cancel);
    }
    if (ok) {
        view_free_filter(&before);
        return true;
    }
    v->preview = before;
    v->preview_for = before_for;
    return false;
}

bool view_preview(struct view *v, struct slice text, size_t index, struct error *err)
{
    struct view_filter f;
    enum query_subject subject = subject_of(v, index);
    if ((index == SIZE_MAX && !has_room(v, err)) || !view_read_filter(v, &f, text, subject, err))
        return false;
    size_t top = v->top;
    bool is_first = !v->preview.query;
    /* rows that the previous preview hides cannot match the new one either */
    bool narrows = v->preview.query && v->preview_for == index && !v->preview.inverted && !f.inverted
        && v->preview.subject == subject && query_only_narrows(v->preview.query, f.query, v->report);
    if (!try_filter(v, &f, index, narrows)) {
        view_free_filter(&f);
        return error_set(err, "cancelled");
    }
    v->top_before = is_first ? top : v->top_before;
    return true;
}

void view_accept(struct view *v)
{
    if (!v->preview.query)
        return;
    size_t at = v->preview_for == SIZE_MAX ? v->filter_count++ : v->preview_for;
    view_free_filter(&v->filters[at]);
    v->filters[at] = v->preview;
    v->preview = (struct view_filter){0};
    v->preview_for = SIZE_MAX;
    select_here(v);
}

void view_cancel(struct view *v)
{
    bool shown = v->preview.query;
    view_free_filter(&v->preview);
    v->preview_for = SIZE_MAX;
    if (!shown)
        return;
    if (!apply(v, v->cancel)) /* a cancelled preview must not remain; it is undone later */
        v->is_unsorted = v->has_grown = true;
    v->top = v->top_before;
    view_keep_in_sight(v);
}

size_t view_count_with(const struct view *v, const struct query *q, bool inverted)
{
    if (v->count)
        memcpy(v->spare, v->rows, v->count * sizeof *v->rows);
    size_t count = view_keep_rows(v, v->keys, q, view_subject(v), v->spare, v->count, inverted, v->cancel);
    return view_was_cancelled(v) ? SIZE_MAX : count;
}

size_t view_selected(const struct view *v)
{
    return v->cursor < v->count ? view_user(v, v->cursor) : SIZE_MAX;
}

void view_move_to(struct view *v, size_t index)
{
    v->cursor = index;
    view_keep_in_sight(v);
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

void view_scroll(struct view *v, long lines)
{
    size_t by = lines < 0 ? (size_t)-lines : (size_t)lines, lowest = v->count > v->height ? v->count - v->height : 0;
    v->top = lines < 0 ? v->top - (v->top < by ? v->top : by) : v->top + by < lowest ? v->top + by : lowest;
    size_t last = v->top + v->height - 1;
    view_move_to(v, v->cursor < v->top ? v->top : v->cursor > last ? last : v->cursor);
}

void view_resize(struct view *v, size_t height)
{
    v->height = height ? height : 1;
    view_keep_in_sight(v);
}

/* Returns whether COLUMN has the id of the user's other key, not of the credential in row I of the key view. */
static bool is_id_of_another(const struct view *v, size_t i, enum column column)
{
    enum credential own = v->keys ? credential_slot(v->rows[i]) : CREDENTIAL_COUNT;
    bool is = false;
    for (enum credential c = CREDENTIAL_KEY_1; v->keys && c <= CREDENTIAL_KEY_2; c++)
        is |= c != own && credential_id_column(v->report, c) == column;
    return is;
}

static bool cell_holds(const struct report *r, size_t user, enum column column, struct slice text)
{
    struct value v = report_value(r, user, column);
    return v.state == STATE_VALUE && slice_contains_nocase(v.text, text);
}

/*
 * Returns the column that contains TEXT: name, ARN, account name, or texts of other files such as tags and key IDs, in
 * this order; else COL_COUNT.
 */
static enum column holding_word(const struct view *v, size_t index, struct slice text)
{
    size_t user = view_user(v, index);
    const struct extra_columns *x = v->report->extra;
    if (slice_contains_nocase(report_raw(v->report, user, COL_USER), text))
        return COL_USER;
    if (slice_contains_nocase(report_raw(v->report, user, COL_ARN), text))
        return COL_ARN;
    if (cell_holds(v->report, user, COL_ACCOUNT_NAME, text))
        return COL_ACCOUNT_NAME;
    for (size_t i = 0; x && i < x->count; i++) {
        enum column column = (enum column)(COL_EXTRA + i);
        if (x->list[i].info.type == TYPE_TEXT && cell_holds(v->report, user, column, text)
            && !is_id_of_another(v, index, column))
            return column;
    }
    return COL_COUNT;
}

enum column view_holding(const struct view *v, size_t index, struct slice text)
{
    struct slice word;
    enum column first = COL_COUNT;
    while (slice_next_word(&text, &word)) {
        enum column column = holding_word(v, index, word);
        if (column == COL_COUNT)
            return COL_COUNT;
        if (first == COL_COUNT || first == COL_USER)
            first = column;
    }
    return first;
}

bool view_holds(const struct view *v, size_t index, struct slice text)
{
    return view_holding(v, index, text) != COL_COUNT;
}

bool view_search(struct view *v, struct slice text, int step)
{
    enum { AT_ONCE = 1 << 12 };
    for (size_t n = 1; n <= v->count && (n % AT_ONCE || !cancel_check(v->cancel)); n++) {
        size_t i = step > 0 ? (v->cursor + n) % v->count : (v->cursor + v->count - n) % v->count;
        if (view_holds(v, i, text)) {
            view_move_to(v, i);
            return true;
        }
    }
    return false;
}

/* The default direction: durations, numbers and severities start with the largest. */
static struct sort_key natural(const struct view *v, int column)
{
    enum type t = view_column(v, column)->type;
    return (struct sort_key){(enum column)column, t == TYPE_DURATION || t == TYPE_NUMBER || t == TYPE_SEVERITY};
}

bool view_sort_by(struct view *v, int column)
{
    bool same = v->sort.count && (int)v->sort.keys[0].column == column;
    struct sort_key key = same ? v->sort.keys[0] : natural(v, column);
    key.descending ^= same;
    return view_sort(v, &(struct sort_order){.keys = {key}, .count = 1});
}

bool view_sort_then(struct view *v, int column)
{
    struct sort_order order = v->sort;
    size_t i = 0;
    while (i < order.count && (int)order.keys[i].column != column)
        i++;
    if (i < order.count)
        order.keys[i].descending = !order.keys[i].descending;
    else if (i < SORT_KEYS_MAX)
        order.keys[order.count++] = natural(v, column);
    return view_sort(v, &order);
}

bool view_sort_invert(struct view *v)
{
    struct sort_order order = v->sort;
    order.keys[0].descending = !order.keys[0].descending;
    return !order.count || view_sort(v, &order);
}

bool view_is_marked(const struct view *v, size_t row)
{
    return row < v->users && (v->marks[row / 8] & 1u << row % 8);
}

void view_mark(struct view *v, size_t row, bool marked)
{
    if (row >= v->users || view_is_marked(v, row) == marked)
        return;
    v->marks[row / 8] ^= (uint8_t)(1u << row % 8);
    v->mark_count = marked ? v->mark_count + 1 : v->mark_count - 1;
    v->mark_last = marked ? row : v->mark_last;
}

void view_mark_range(struct view *v)
{
    size_t from = 0;
    if (!v->count)
        return;
    while (from < v->count && view_user(v, from) != v->mark_last)
        from++;
    if (from == v->count)
        from = v->cursor;
    size_t last = v->cursor > from ? v->cursor : from;
    for (size_t i = v->cursor < from ? v->cursor : from; i <= last; i++)
        view_mark(v, view_user(v, i), true);
    v->mark_last = view_selected(v);
}

/* Remembers the marks before: a user shown several times (several credentials) must be inverted only once. */
void view_mark_shown(struct view *v, bool invert)
{
    uint8_t *before = xcalloc(v->users / 8 + 1, 1);
    memcpy(before, v->marks, v->users / 8 + 1);
    for (size_t i = 0; i < v->count; i++) {
        size_t row = view_user(v, i);
        view_mark(v, row, !invert || !(before[row / 8] & 1u << row % 8));
    }
    free(before);
}

void view_mark_none(struct view *v)
{
    memset(v->marks, 0, v->users / 8 + 1);
    v->mark_count = 0;
    v->mark_last = SIZE_MAX;
}

uint32_t *view_chosen(const struct view *v, size_t *count)
{
    uint32_t *rows = xcalloc(v->mark_count + 1, sizeof *rows);
    uint8_t *left = xcalloc(v->users / 8 + 1, 1);
    *count = 0;
    memcpy(left, v->marks, v->users / 8 + 1);
    for (size_t i = 0; i < v->count && *count < v->mark_count; i++) {
        size_t row = view_user(v, i); /* a user may appear several times in the key view */
        if (left[row / 8] & 1u << row % 8)
            rows[(*count)++] = (uint32_t)row;
        left[row / 8] &= (uint8_t)~(1u << row % 8);
    }
    for (size_t row = 0; row < v->users && *count < v->mark_count; row++) {
        if (left[row / 8] & 1u << row % 8)
            rows[(*count)++] = (uint32_t)row;
    }
    if (!*count && v->cursor < v->count)
        rows[(*count)++] = (uint32_t)view_selected(v);
    free(left);
    return rows;
}

/* Returns what identifies a user across reports: the ARN, else the name. */
static struct slice row_identity(const struct report *r, size_t row)
{
    struct slice arn = report_raw(r, row, COL_ARN);
    return arn.len ? arn : report_raw(r, row, COL_USER);
}

static int compare_slices(const void *x, const void *y)
{
    const struct slice *a = x, *b = y;
    size_t n = a->len < b->len ? a->len : b->len;
    int d = n ? memcmp(a->data, b->data, n) : 0;
    return d ? d : (a->len > b->len) - (a->len < b->len);
}

void view_mark_as(struct view *v, const struct view *old)
{
    struct slice *names = xcalloc(old->mark_count, sizeof *names);
    size_t n = 0;
    for (size_t row = 0; row < old->users && n < old->mark_count; row++) {
        if (view_is_marked(old, row))
            names[n++] = row_identity(old->report, row);
    }
    if (n)
        qsort(names, n, sizeof *names, compare_slices);
    for (size_t row = 0; row < v->users && n; row++) {
        struct slice name = row_identity(v->report, row);
        if (bsearch(&name, names, n, sizeof *names, compare_slices))
            view_mark(v, row, true);
    }
    v->mark_last = SIZE_MAX; /* a range starts only at a mark set by a person */
    free(names);
}
