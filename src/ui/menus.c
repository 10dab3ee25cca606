/* The lists: columns to sort by, named filters, filters in force, problems of the files. */
#include "ui/menus.h"

#include "config/presets.h"
#include "ui/columns.h"
#include "ui/filter_search.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/term/paint.h"
#include "ui/user_table.h"

#include <stdlib.h>

/* ---- sort ------------------------------------------------------------------ */

/* Columns of the schema, then those of credentials or of other files; so many of them. */
static size_t column_count(const struct ui *ui)
{
    const struct extra_columns *x = ui->report->extra;
    return ui->view.keys ? (size_t)COL_COUNT + CREDENTIAL_COLUMNS : (size_t)COL_COUNT + (x ? x->count : 0);
}

/* The number of the column at PLACE among these, and back. */
static int column_at(const struct ui *ui, size_t place)
{
    return (int)(ui->view.keys || place < COL_COUNT ? place : COL_EXTRA + (place - COL_COUNT));
}

static size_t place_of_column(int column)
{
    return column < COL_EXTRA ? (size_t)column : (size_t)COL_COUNT + (size_t)(column - COL_EXTRA);
}

/* The columns in sight come first, then all others. */
static int sort_column(const struct ui *ui, size_t index)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns);
    bool seen[COL_COUNT + CREDENTIAL_COLUMNS + EXTRA_COLUMNS_MAX] = {false};
    for (size_t i = 0; i < n + column_count(ui); i++) {
        int c = i < n ? table_sort_column(ui, columns[i].id) : column_at(ui, i - n);
        if (c < 0 || seen[place_of_column(c)])
            continue;
        seen[place_of_column(c)] = true;
        if (index-- == 0)
            return c;
    }
    return COL_USER;
}

static size_t sort_count(const struct ui *ui)
{
    return column_count(ui);
}

static void sort_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    int c = sort_column(ui, index);
    const struct column_info *info = view_column(&ui->view, c);
    const struct sort_order *s = &ui->view.sort;
    buffer_printf(&item->left, "%s%s%s", info->group ? info->group : "", info->group ? " " : "", info->heading);
    for (size_t i = 0; i < s->count; i++) {
        enum glyph arrow = s->keys[i].descending ? GLYPH_DESCENDING : GLYPH_ASCENDING;
        if ((int)s->keys[i].column == c)
            buffer_printf(&item->left, " %s%zu", paint_glyph(arrow), i + 1);
    }
    buffer_puts(&item->right, info->help);
}

static void sort_act(struct ui *ui, size_t index, enum action action)
{
    int c = sort_column(ui, index);
    bool then = ui->menu.kind == &menu_sort_then || action == ACTION_SORT_THEN;
    menu_close(ui);
    if (then)
        view_sort_then(&ui->view, c);
    else
        view_sort_by(&ui->view, c);
}

void menu_sort_go(struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns), i = 0;
    int c = table_sort_column(ui, columns[ui->focus < n ? ui->focus : n - 1].id);
    while (i < sort_count(ui) && sort_column(ui, i) != c)
        i++;
    if (i < sort_count(ui))
        ui->menu.cursor = i;
}

const struct menu_kind menu_sort = {"Sort by", "", {ACTION_OPEN, ACTION_NONE}, menu_letters, false,
    sort_count, sort_item, sort_act};
const struct menu_kind menu_sort_then = {"Then by", "", {ACTION_OPEN, ACTION_NONE}, menu_letters, false,
    sort_count, sort_item, sort_act};

/* ---- named filters ---------------------------------------------------------- */

static size_t presets_count(const struct ui *ui)
{
    return preset_count(&ui->saved);
}

static void presets_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    char number[32];
    preset_title(&item->left, index, &ui->saved, &ui->audit->settings);
    buffer_puts(&item->right, ui->menu.numbers[index] == SIZE_MAX ? "?"
        : text_count(number, sizeof number, ui->menu.numbers[index]));
    item->role = ui->menu.numbers[index] ? ROLE_TEXT : ROLE_MISSING;
}

static void presets_act(struct ui *ui, size_t index, enum action action)
{
    struct buffer query = {0};
    struct error err;
    struct buffer title = {0};
    preset_query(&query, index, &ui->saved, &ui->audit->settings, ui->view.keys);
    preset_title(&title, index, &ui->saved, &ui->audit->settings);
    menu_close(ui);
    if (action == ACTION_EDIT)
        ask_filter(ui, (struct slice){query.data, query.len}, SIZE_MAX);
    else if (!view_add_named_filter(&ui->view, (struct slice){query.data, query.len}, action == ACTION_INVERT, title.data,
        &err))
        ui_say(ui, "%s", err.text);
    buffer_free(&query);
    buffer_free(&title);
}

const struct menu_kind menu_presets = {"Saved filters, with the number of users matching", "",
    {ACTION_OPEN, ACTION_EDIT, ACTION_INVERT, ACTION_NONE}, NULL, true, presets_count, presets_item, presets_act};

void presets_open(struct ui *ui)
{
    size_t *numbers = xcalloc(preset_count(&ui->saved), sizeof *numbers);
    for (size_t i = 0; i < preset_count(&ui->saved); i++) {
        struct error err;
        struct buffer text = {0};
        preset_query(&text, i, &ui->saved, &ui->audit->settings, ui->view.keys);
        struct query *q = view_parse(&ui->view, (struct slice){text.data, text.len}, &err);
        if (q)
            numbers[i] = view_count_with(&ui->view, q, false);
        query_free(q);
        buffer_free(&text);
    }
    menu_open(ui, &menu_presets, numbers);
}

/* ---- filters in force --------------------------------------------------------- */

static size_t filters_count(const struct ui *ui)
{
    return ui->view.filter_count;
}

static void filters_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct view_filter *f = &ui->view.filters[index];
    buffer_printf(&item->left, "%s%s", f->inverted ? "!" : "", f->text);
    if (f->name)
        buffer_printf(&item->right, "%s%s", f->name, ui->view.keys ? "  " : "");
    if (ui->view.keys)
        buffer_puts(&item->right, f->of_credential ? "of credentials" : "of users");
}

/* The name under which the filter at prompt.index is remembered. */
static bool filter_name_accept(struct ui *ui, struct slice text)
{
    const struct view_filter *f = &ui->view.filters[ui->prompt.index];
    const struct config *c = &ui->options->config;
    struct buffer query = {0};
    struct prompt *p = &ui->prompt;
    text = slice_trimmed(text);
    if (memchr(text.data, '=', text.len)) {
        p->is_faulty = true;
        return error_set(&p->fault, "expected a name without =");
    }
    buffer_printf(&query, f->inverted ? "not (%s)" : "%s", f->text);
    struct slice value = {query.data, query.len};
    p->is_faulty = !config_remember(c, "filter", text, value, &p->fault);
    if (!p->is_faulty) {
        config_pairs_set(&ui->saved, text, value);
        ui_say(ui, "Saved filter \"%.*s\" in %s (p lists it)", (int)text.len, text.data, c->path);
    }
    buffer_free(&query);
    return !p->is_faulty;
}

static const struct prompt_kind name_prompt = {"Save filter as: ", "the name that p shows   Enter save, Esc back",
    HISTORY_NAME, NULL, filter_name_accept, NULL, NULL, false, NULL};

static void filters_act(struct ui *ui, size_t index, enum action action)
{
    if (action == ACTION_SAVE) {
        menu_close(ui);
        ui->prompt.index = index;
        prompt_open(ui, &name_prompt, slice_of(""));
    } else if (action == ACTION_INVERT) {
        view_invert_filter(&ui->view, index);
    } else if (action == ACTION_DELETE) {
        view_remove_filter(&ui->view, index);
    } else {
        menu_close(ui);
        ask_filter(ui, slice_of(""), index);
    }
}

const struct menu_kind menu_filters = {"Filters in force, all of them hold", "none: & adds one, p has named ones",
    {ACTION_OPEN, ACTION_EDIT, ACTION_DELETE, ACTION_INVERT, ACTION_SAVE, ACTION_NONE}, NULL, false,
    filters_count, filters_item, filters_act};

/* ---- problems ------------------------------------------------------------------ */

/* The files that lack columns, what is wrong in their lines, then notes about the run itself. */
static size_t problems_count(const struct ui *ui)
{
    return report_problem_count(ui->report) + (ui->session->unconfined ? 1 : 0);
}

static void problems_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct report *r = ui->report;
    if (index == report_problem_count(r)) {
        buffer_printf(&item->left, "this run is not fully confined: %s", ui->session->unconfined);
        return;
    }
    for (size_t f = 0; f < r->file_count; f++) {
        if (!r->files[f].lacks || index-- > 0)
            continue;
        buffer_printf(&item->left, "%s:%zu: ", r->files[f].name, r->files[f].header_line);
        report_tell_missing(r, f, &item->left);
        return;
    }
    const struct problem *p = &r->problems[index];
    buffer_printf(&item->left, "%s:%zu: %s", r->files[p->file].name, p->line, p->text);
}

/* Go to the user that the problem is about, if it is shown. */
static void problems_act(struct ui *ui, size_t index, enum action action)
{
    size_t all = report_problem_count(ui->report), notes = all - ui->report->problem_count;
    (void)action;
    if (index == all) {
        ui_say(ui, "ncred works as it would otherwise; doc/security.md says what is then not refused");
        return;
    }
    if (index < notes) {
        ui_say(ui, "this is about all users of the file");
        return;
    }
    const struct problem *p = &ui->report->problems[index - notes];
    for (size_t i = 0; i < ui->view.count; i++) {
        size_t row = view_user(&ui->view, i);
        if (report_file_of(ui->report, row) != p->file || report_line_of(ui->report, row) != p->line)
            continue;
        menu_close(ui);
        view_move_to(&ui->view, i);
        return;
    }
    ui_say(ui, "that line is not among the users shown");
}

const struct menu_kind menu_problems = {"Problems in the files, and what could not be judged", "none: every column is there, and every field was read",
    {ACTION_OPEN, ACTION_NONE}, NULL, false, problems_count, problems_item, problems_act};
