/*
 * Undo and redo of a person's changes to the table: filters, order, marks, columns, waivers, thresholds. undo_note()
 * compares the state after each key with the one before, so no action has to register itself.
 */
#include "ui/undo.h"

#include "ui/columns.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/thresholds.h"
#include "ui/waive_file.h"

#include <stdlib.h>

struct undo_filter {
    char *text, *name; /* owned; NAME may be NULL */
    bool inverted;
    enum query_subject subject;
};

struct undo_state {
    bool keys;
    struct sort_order sort, other_sort;
    struct undo_filter *filters; /* owned */
    size_t filter_count;
    uint8_t *marks;              /* owned; one bit per user */
    size_t users, mark_count;
    char **lists;                /* owned: columns of each set, and last those of the key view */
    size_t list_count, set;
    size_t selected;             /* the user under the cursor, or SIZE_MAX */
    size_t waivers;              /* waive_file_steps() */
    struct threshold_state thresholds;
};

struct undo {
    const struct report *report; /* the report these states refer to */
    struct undo_state now, past[UNDO_LEVELS], future[UNDO_LEVELS];
    size_t past_count, future_count;
    size_t left; /* user that the cursor left when it went to the top, or SIZE_MAX */
};

static void free_state(struct undo_state *s)
{
    for (size_t i = 0; i < s->filter_count; i++) {
        free(s->filters[i].text);
        free(s->filters[i].name);
    }
    for (size_t i = 0; i < s->list_count; i++)
        free(s->lists[i]);
    free(s->filters);
    free(s->marks);
    free(s->lists);
    *s = (struct undo_state){0};
}

static void clear(struct undo_state *states, size_t *count)
{
    while (*count)
        free_state(&states[--*count]);
}

static void forget_all(struct undo *u)
{
    clear(u->past, &u->past_count);
    clear(u->future, &u->future_count);
    free_state(&u->now);
    u->left = SIZE_MAX;
}

void undo_free(struct ui *ui)
{
    if (ui->undo)
        forget_all(ui->undo);
    free(ui->undo);
    ui->undo = NULL;
}

static const char *list_at(const struct ui *ui, size_t i)
{
    return i < ui->sets.count ? ui->sets.list[i].value : ui->key_list.data;
}

static void capture(struct undo_state *s, const struct ui *ui)
{
    const struct view *v = &ui->view;
    *s = (struct undo_state){.keys = v->keys, .sort = v->sort, .other_sort = v->other_sort,
        .filter_count = v->filter_count, .users = v->users, .mark_count = v->mark_count,
        .list_count = ui->sets.count + 1, .set = ui->set, .selected = view_selected(v),
        .waivers = waive_file_steps(ui), .thresholds = thresholds_state(ui)};
    s->filters = xcalloc(s->filter_count + 1, sizeof *s->filters);
    for (size_t i = 0; i < s->filter_count; i++) {
        const struct view_filter *f = &v->filters[i];
        s->filters[i] = (struct undo_filter){xstrdup(f->text), f->name ? xstrdup(f->name) : NULL, f->inverted,
            f->subject};
    }
    s->marks = xcalloc(s->users / 8 + 1, 1);
    memcpy(s->marks, v->marks, s->users / 8 + 1);
    s->lists = xcalloc(s->list_count, sizeof *s->lists);
    for (size_t i = 0; i < s->list_count; i++)
        s->lists[i] = xstrdup(list_at(ui, i) ? list_at(ui, i) : "");
}

/* ---- comparing ------------------------------------------------------------------ */

static bool same_order(const struct sort_order *a, const struct sort_order *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->keys[i].column == b->keys[i].column && a->keys[i].descending == b->keys[i].descending;
    return same;
}

static bool same_filter(const struct undo_filter *f, const struct view_filter *g)
{
    return f->inverted == g->inverted && f->subject == g->subject && strcmp(f->text, g->text) == 0;
}

static bool same_filters(const struct undo_state *s, const struct view *v)
{
    bool same = s->filter_count == v->filter_count;
    for (size_t i = 0; same && i < s->filter_count; i++)
        same = same_filter(&s->filters[i], &v->filters[i]);
    return same;
}

static bool same_marks(const struct undo_state *s, const struct view *v)
{
    return s->mark_count == v->mark_count && memcmp(s->marks, v->marks,
        (s->users < v->users ? s->users : v->users) / 8) == 0
        && (s->users != v->users || s->marks[s->users / 8] == v->marks[s->users / 8]);
}

static bool same_columns(const struct undo_state *s, const struct ui *ui)
{
    bool same = s->set == ui->set && s->list_count == ui->sets.count + 1;
    for (size_t i = 0; same && i < s->list_count; i++)
        same = strcmp(s->lists[i], list_at(ui, i) ? list_at(ui, i) : "") == 0;
    return same;
}

static void add_filter_name(struct buffer *b, const struct undo_filter *f)
{
    buffer_printf(b, "%s%s", f->inverted ? "not " : "", f->name ? f->name : f->text);
}

/* Append a description of the step from FROM to TO for a message. */
static void describe(struct buffer *b, const struct ui *ui, const struct undo_state *from, const struct undo_state *to)
{
    size_t i = 0;
    while (i < from->filter_count && i < to->filter_count
        && strcmp(from->filters[i].text, to->filters[i].text) == 0
        && from->filters[i].inverted == to->filters[i].inverted)
        i++;
    if (from->waivers != to->waivers) {
        buffer_puts(b, waive_file_step_name(ui, from->waivers > to->waivers ? from->waivers : to->waivers));
    } else if (!thresholds_same(&from->thresholds, &to->thresholds)) {
        thresholds_describe(b, &from->thresholds, &to->thresholds);
    } else if (from->keys != to->keys) {
        buffer_puts(b, to->keys ? "one row per credential" : "one row per user");
    } else if (to->filter_count >= from->filter_count && i < to->filter_count) {
        buffer_puts(b, "filter ");
        add_filter_name(b, &to->filters[i]);
    } else if (i < from->filter_count) {
        buffer_puts(b, "removal of filter ");
        add_filter_name(b, &from->filters[i]);
    } else if (!same_order(&from->sort, &to->sort)) {
        buffer_puts(b, "order by ");
        for (size_t k = 0; k < to->sort.count; k++)
            buffer_printf(b, "%s%s", k ? ", " : "", view_column(&ui->view, (int)to->sort.keys[k].column)->name);
    } else if (from->mark_count != to->mark_count || from->users != to->users
        || memcmp(from->marks, to->marks, to->users / 8 + 1) != 0) {
        size_t more = to->mark_count > from->mark_count ? to->mark_count - from->mark_count
            : from->mark_count - to->mark_count;
        buffer_printf(b, "%s %zu user%s", to->mark_count > from->mark_count ? "marking" : "unmarking", more,
            more == 1 ? "" : "s");
    } else {
        buffer_printf(b, "columns of %s", columns_set_name(ui));
    }
}

/* ---- after each key --------------------------------------------------------------- */

/* Returns a word for the value that sorts first, such as "oldest". */
static const char *extreme(const struct column_info *c, bool descending)
{
    switch ((int)c->type) {
    case TYPE_BOOL: return descending ? "yes" : "no";
    case TYPE_TIME: return descending ? "latest" : "earliest";
    case TYPE_NUMBER: return descending ? "most" : "fewest";
    case TYPE_RIGHTS: return descending ? "most rights" : "fewest rights";
    case TYPE_SEVERITY: return descending ? "worst" : "least severe";
    case TYPE_DURATION:
        if (strstr(c->name, "age"))
            return descending ? "oldest" : "newest";
        return descending ? "longest" : "shortest";
    default: return descending ? "Z" : "A";
    }
}

static void tell_order(struct ui *ui)
{
    const struct sort_order *s = &ui->view.sort;
    struct buffer keys = {0}, names = {0};
    for (size_t i = 0; i < s->count; i++) {
        const struct column_info *c = view_column(&ui->view, (int)s->keys[i].column);
        buffer_printf(&names, "%s%s%s%s, %s first", i ? ", then by " : "", c->group ? c->group : "",
            c->group ? " " : "", c->heading, extreme(c, s->keys[i].descending));
    }
    if (s->count && keys_of(&keys, &ui->options->config.keymap, ACTION_SORT_INVERT, MODE_TABLE, 1))
        ui_say(ui, "sorted by %s; %s reverses", names.data, keys.data);
    else if (s->count)
        ui_say(ui, "sorted by %s", names.data);
    buffer_free(&keys);
    buffer_free(&names);
}

static void push(struct undo_state *states, size_t *count, struct undo_state *s)
{
    if (*count == UNDO_LEVELS) {
        free_state(&states[0]);
        memmove(&states[0], &states[1], (UNDO_LEVELS - 1) * sizeof *states);
        --*count;
    }
    states[(*count)++] = *s;
    *s = (struct undo_state){0};
}

static bool is_key_of(const struct sort_order *s, enum column column)
{
    size_t i = 0;
    while (i < s->count && s->keys[i].column != column)
        i++;
    return i < s->count;
}

/*
 * After a new order or filter: move the cursor to the first row; after a new order, also show its column and name it.
 */
static void react(struct ui *ui, const struct undo_state *before)
{
    bool sorted = before->keys == ui->view.keys && !same_order(&before->sort, &ui->view.sort);
    bool filtered = before->keys == ui->view.keys && before->filter_count <= ui->view.filter_count
        && !same_filters(before, &ui->view);
    if (sorted) {
        for (size_t i = ui->view.sort.count; i-- > 0;) {
            if (!is_key_of(&before->sort, ui->view.sort.keys[i].column))
                columns_show(ui, (size_t)ui->view.sort.keys[i].column);
        }
        if (!ui->message[0])
            tell_order(ui);
    }
    if (sorted || filtered) {
        ui->undo->left = before->selected;
        view_move_to(&ui->view, 0);
        ui->detail_top = 0;
    }
}

/* Returns the undo state of the report shown. It starts anew for another report, because states refer to rows. */
static struct undo *undo_of_report(struct ui *ui)
{
    struct undo *u = ui->undo;
    if (!u) {
        u = ui->undo = xcalloc(1, sizeof *u);
        u->left = SIZE_MAX;
    }
    if (u->report != ui->report || ui->view.report != ui->report) {
        forget_all(u);
        u->report = ui->report;
        capture(&u->now, ui);
    }
    return u;
}

void undo_note(struct ui *ui)
{
    struct undo *u = undo_of_report(ui);
    struct threshold_state thresholds = thresholds_state(ui);
    if (ui->view.preview.query)
        return;
    if (u->now.keys == ui->view.keys && same_order(&u->now.sort, &ui->view.sort) && same_filters(&u->now, &ui->view)
        && same_marks(&u->now, &ui->view) && same_columns(&u->now, ui)
        && u->now.waivers == waive_file_steps(ui) && thresholds_same(&u->now.thresholds, &thresholds)) {
        u->now.selected = view_selected(&ui->view);
        return;
    }
    react(ui, &u->now);
    clear(u->future, &u->future_count);
    push(u->past, &u->past_count, &u->now);
    capture(&u->now, ui);
}

/* ---- going back and forth ------------------------------------------------------------ */

static size_t index_of(const struct view *v, size_t user)
{
    size_t i = 0;
    while (i < v->count && view_user(v, i) != user)
        i++;
    return i;
}

/* Restore the filters and order of S if they differ. Returns false with ERR if a key cancelled it. */
static bool restore_view(struct ui *ui, const struct undo_state *s, struct error *err)
{
    struct view *v = &ui->view;
    struct view_filter filters[VIEW_FILTERS_MAX] = {{0}};
    size_t n = 0;
    if (v->keys == s->keys && same_order(&s->sort, &v->sort) && same_filters(s, v))
        return true;
    if (!view_set_keys(v, s->keys))
        return error_set(err, "cancelled");
    while (n < s->filter_count
        && view_read_filter(v, &filters[n], slice_of(s->filters[n].text), s->filters[n].subject, err)) {
        filters[n].inverted = s->filters[n].inverted;
        filters[n].name = s->filters[n].name ? xstrdup(s->filters[n].name) : NULL;
        n++;
    }
    if (n == s->filter_count && view_replace(v, filters, n, &s->sort))
        return true;
    for (size_t i = 0; i < n; i++)
        view_free_filter(&filters[i]);
    return n < s->filter_count ? false : error_set(err, "cancelled");
}

/* Restore waivers, thresholds and view of S. Returns false with ERR if one fails; others may be restored already. */
static bool undo_go_to(struct ui *ui, const struct undo_state *s, struct error *err)
{
    if (!waive_file_go(ui, s->waivers, err))
        return false;
    if (!thresholds_restore(ui, &s->thresholds))
        return error_set(err, "cancelled");
    return restore_view(ui, s, err);
}

/*
 * Restore S, which must be of the current report. Returns false with ERR, and restores the state before, if it fails.
 */
static bool restore(struct ui *ui, const struct undo_state *s, struct error *err)
{
    struct view *v = &ui->view;
    if (!undo_go_to(ui, s, err)) {
        struct cancel_token *cancel = v->cancel;
        struct error ignored;
        v->cancel = NULL; /* going back must not be cancelled half-way */
        undo_go_to(ui, &ui->undo->now, &ignored);
        v->cancel = cancel;
        return false;
    }
    v->other_sort = s->other_sort;
    size_t users = s->users < v->users ? s->users : v->users;
    memset(v->marks, 0, v->users / 8 + 1);
    memcpy(v->marks, s->marks, users / 8 + 1);
    v->mark_count = s->mark_count;
    for (size_t i = 0; i < s->list_count; i++)
        columns_put_list(ui, i, s->lists[i]);
    ui->set = s->set;
    columns_settle(ui);
    size_t at = index_of(v, s->selected);
    view_move_to(v, at < v->count ? at : 0);
    ui->detail_top = 0;
    ui->detail &= v->count > 0;
    return true;
}

static void undo_step(struct ui *ui, struct undo_state *from, size_t *from_count, struct undo_state *to,
    size_t *to_count, bool is_undo)
{
    struct undo *u = ui->undo;
    struct buffer what = {0};
    struct error err;
    struct undo_state *target = &from[*from_count - 1];
    describe(&what, ui, is_undo ? target : &u->now, is_undo ? &u->now : target);
    if (!restore(ui, target, &err)) {
        ui_say(ui, "not %s: %s", is_undo ? "undone" : "redone", err.text);
    } else {
        ui_say(ui, "%s: %s", is_undo ? "undone" : "redone", what.data);
        push(to, to_count, &u->now);
        free_state(&from[--*from_count]);
        capture(&u->now, ui);
    }
    buffer_free(&what);
}

void undo_back(struct ui *ui)
{
    struct undo *u = undo_of_report(ui);
    if (!u->past_count)
        ui_say(ui, "nothing to undo");
    else
        undo_step(ui, u->past, &u->past_count, u->future, &u->future_count, true);
}

void undo_forth(struct ui *ui)
{
    struct undo *u = undo_of_report(ui);
    if (!u->future_count)
        ui_say(ui, "nothing to redo");
    else
        undo_step(ui, u->future, &u->future_count, u->past, &u->past_count, false);
}

void undo_return(struct ui *ui)
{
    struct undo *u = undo_of_report(ui);
    size_t here = view_selected(&ui->view);
    if (u->left == SIZE_MAX) {
        ui_say(ui, "nothing to return to: no sort or filter has moved the cursor");
        return;
    }
    size_t at = index_of(&ui->view, u->left);
    if (at == ui->view.count) {
        struct slice name = report_raw(ui->report, u->left, COL_USER);
        ui_say(ui, "%.*s is not among the users shown", (int)name.len, name.data);
        return;
    }
    u->left = here;
    view_move_to(&ui->view, at);
    ui->detail_top = 0;
}
