/* The lists: columns to sort by, saved filters, filters in force, problems of the files. */
#include "ui/menus.h"

#include "config/presets.h"
#include "ui/columns.h"
#include "ui/filter_search.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/state.h"
#include "ui/term/paint.h"
#include "ui/user_table.h"

#include <stdlib.h>

/* ---- sort ------------------------------------------------------------------ */

/*
 * Places number all columns: those of the schema, then of credentials (in their view), then of other files. Returns
 * their number.
 */
static size_t column_count(const struct ui *ui)
{
    const struct extra_columns *x = ui->report->extra;
    return (size_t)COL_COUNT + (ui->view.keys ? CREDENTIAL_COLUMNS : 0) + (x ? x->count : 0);
}

/* Returns the column at PLACE; place_of_column() is the reverse. */
static int column_at(const struct ui *ui, size_t place)
{
    size_t known = (size_t)COL_COUNT + (ui->view.keys ? CREDENTIAL_COLUMNS : 0);
    return (int)(place < known ? place : COL_EXTRA + (place - known));
}

static size_t place_of_column(const struct ui *ui, int column)
{
    size_t known = (size_t)COL_COUNT + (ui->view.keys ? CREDENTIAL_COLUMNS : 0);
    return column < COL_EXTRA ? (size_t)column : known + (size_t)(column - COL_EXTRA);
}

/*
 * Returns the column of item INDEX. The order: columns shown in the table, then those that people often sort by, so
 * that they are on the first page, then all others.
 */
static int sort_column(const struct ui *ui, size_t index)
{
    static const enum column usual[] = {COL_LAST_ACTIVITY, COL_IDLE, COL_AGE, COL_SEVERITY, COL_OLDEST, COL_PATH};
    enum { USUAL = sizeof usual / sizeof usual[0] };
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns);
    bool seen[COL_COUNT + CREDENTIAL_COLUMNS + EXTRA_COLUMNS_MAX] = {false};
    for (size_t i = 0; i < n + USUAL + column_count(ui); i++) {
        int c = i < n ? table_sort_column(ui, columns[i].id)
            : i < n + USUAL ? (int)usual[i - n] : column_at(ui, i - n - USUAL);
        if (c < 0 || seen[place_of_column(ui, c)])
            continue;
        seen[place_of_column(ui, c)] = true;
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
    size_t i = 0;
    int c = table_sort_column(ui, columns_focused(ui));
    while (i < sort_count(ui) && sort_column(ui, i) != c)
        i++;
    if (i < sort_count(ui))
        ui->menu.cursor = i;
}

const struct menu_kind menu_sort = {"Sort by", "", {ACTION_OPEN, ACTION_NONE}, menu_letters, MENU_TEXTS,
    sort_count, sort_item, sort_act, {"sort"}};
const struct menu_kind menu_sort_then = {"Then by", "", {ACTION_OPEN, ACTION_NONE}, menu_letters, MENU_TEXTS,
    sort_count, sort_item, sort_act, {"sort"}};

/* ---- saved filters ---------------------------------------------------------- */

static size_t presets_count(const struct ui *ui)
{
    return preset_count(&ui->saved);
}

/* Returns whether the preset is a check that was not run because no file has the data it needs. */
static bool is_preset_without_facts(const struct ui *ui, size_t index)
{
    size_t check = index - ui->saved.count;
    return index >= ui->saved.count && check < check_count() && ui->report->checks_not_made >> check & 1;
}

static void presets_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    char number[32];
    preset_title(&item->left, index, &ui->saved, &ui->audit->settings);
    buffer_puts(&item->right, is_preset_without_facts(ui, index) || ui->menu.numbers[index] == SIZE_MAX ? "?"
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
    if (is_preset_without_facts(ui, index))
        ui_say(ui, "\"%s\" is skipped without --details", title.data);
    else if (action == ACTION_EDIT)
        ask_filter(ui, (struct slice){query.data, query.len}, SIZE_MAX);
    else if (!view_add_named_filter(&ui->view, (struct slice){query.data, query.len}, action == ACTION_INVERT,
        title.data, &err))
        ui_say(ui, "%s", err.text);
    buffer_free(&query);
    buffer_free(&title);
}

const struct menu_kind menu_presets = {"Saved filters", "",
    {ACTION_OPEN, ACTION_EDIT, ACTION_INVERT, ACTION_NONE}, NULL, MENU_NUMBERS, presets_count, presets_item,
    presets_act, {"filter"}};

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
    buffer_printf(&ui->menu.title, "Saved filters, with the number of %ss matching", ui_row_noun(ui));
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
        buffer_puts(&item->right, f->subject == QUERY_CREDENTIALS ? "of credentials" : "of users");
}

/* Save the filter at prompt.index under the name TEXT. */
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
    buffer_printf(&query, "%s%s%s", f->inverted ? "not (" : "", f->text, f->inverted ? ")" : "");
    struct slice value = {query.data, query.len};
    p->is_faulty = !config_remember(c, "filter", text, value, &p->fault);
    if (!p->is_faulty) {
        config_pairs_set(&ui->saved, text, value);
        ui_say(ui, "saved filter \"%.*s\" in %s (p lists it)", (int)text.len, text.data, c->path);
    }
    buffer_free(&query);
    return !p->is_faulty;
}

static const struct prompt_kind name_prompt = {.label = "Save filter as: ",
    .help = "the name that {presets} shows   {accept} save, {cancel} back", .history = HISTORY_NAME,
    .accept = filter_name_accept};

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

const struct menu_kind menu_filters = {"Active filters: rows match all of them",
    "none: {filter} adds one, {presets} lists saved filters",
    {ACTION_OPEN, ACTION_EDIT, ACTION_DELETE, ACTION_INVERT, ACTION_SAVE, ACTION_NONE}, NULL, MENU_TEXTS,
    filters_count, filters_item, filters_act, {NULL}};

/* ---- problems ------------------------------------------------------------------ */

/* Returns the messages of the last reload or, before the first one, of opening the reports: one per line, harmless. */
static const struct buffer *problems_said(const struct ui *ui)
{
    return ui->reload_messages.len ? &ui->reload_messages : &ui->session->sides[0].inputs.messages;
}

/* Returns line INDEX of LINES, or an empty slice if there is no such line. */
static struct slice problems_line(const struct buffer *lines, size_t index)
{
    const char *at = lines->len ? lines->data : "", *end = at + lines->len, *stop;
    for (; index && (stop = memchr(at, '\n', (size_t)(end - at))); index--)
        at = stop + 1;
    stop = index ? end : memchr(at, '\n', (size_t)(end - at));
    return index ? (struct slice){end, 0} : (struct slice){at, (size_t)((stop ? stop : end) - at)};
}

static size_t problems_lines(const struct buffer *lines)
{
    size_t n = 0;
    const char *at = lines->len ? lines->data : "", *end = at + lines->len;
    for (const char *stop; at < end && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1)
        n++;
    return n + (at < end);
}

/* The parts of the list of problems, in the order shown. */
enum problems_part { PROBLEMS_SAID, PROBLEMS_CONFIG, PROBLEMS_MISSING, PROBLEMS_LINES, PROBLEMS_WAIVERS,
    PROBLEMS_UNJUDGED, PROBLEMS_NOT_MADE, PROBLEMS_UNCONFINED, PROBLEMS_PARTS };

bool problems_look_at_waivers(struct ui *ui)
{
    struct buffer said = {0};
    if (!ui->report->changes && !waivers_stale(&ui->audit->waivers, ui->report, &said, ui->view.cancel)) {
        buffer_free(&said);
        ui->are_waivers_due = true;
        return false;
    }
    buffer_free(&ui->waivers_said);
    ui->waivers_said = said;
    ui->waiver_warnings = problems_lines(&ui->waivers_said);
    ui->are_waivers_due = false;
    return true;
}

static size_t problems_in(const struct ui *ui, enum problems_part part)
{
    switch (part) {
    case PROBLEMS_SAID: return problems_lines(problems_said(ui));
    case PROBLEMS_CONFIG: return problems_lines(&ui->options->config.problems);
    case PROBLEMS_MISSING: return report_problem_count(ui->report) - ui->report->problem_count;
    case PROBLEMS_LINES: return ui->report->problem_count;
    case PROBLEMS_WAIVERS: return ui->waiver_warnings;
    case PROBLEMS_UNJUDGED: return unjudged_checks(&ui->unjudged);
    case PROBLEMS_NOT_MADE: return audit_not_made(ui->report) != 0;
    case PROBLEMS_UNCONFINED: return ui->session->unconfined ? 1 : 0;
    case PROBLEMS_PARTS: break;
    }
    return 0;
}

/* Returns the part that item *INDEX of the list belongs to, and sets *INDEX to its index in that part. */
static enum problems_part problems_part_of(const struct ui *ui, size_t *index)
{
    enum problems_part part = 0;
    for (size_t n; part < PROBLEMS_PARTS && *index >= (n = problems_in(ui, part)); part++)
        *index -= n;
    return part;
}

static size_t problems_count(const struct ui *ui)
{
    size_t all = 0;
    for (enum problems_part part = 0; part < PROBLEMS_PARTS; part++)
        all += problems_in(ui, part);
    return all;
}

static void put_missing(struct buffer *out, const struct report *r, size_t index)
{
    size_t f = 0;
    while (!r->files[f].lacks || index-- > 0)
        f++;
    buffer_printf(out, "%s:%zu: ", r->files[f].name, r->files[f].header_line);
    report_tell_missing(r, f, UINT32_MAX, out);
}

static void problems_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct report *r = ui->report;
    struct slice line;
    size_t check;
    switch (problems_part_of(ui, &index)) {
    case PROBLEMS_MISSING: put_missing(&item->left, r, index); break;
    case PROBLEMS_LINES:
        buffer_printf(&item->left, "%s:%zu: %s", r->files[r->problems[index].file].name, r->problems[index].line,
            r->problems[index].text);
        break;
    case PROBLEMS_UNJUDGED:
        check = unjudged_check(&ui->unjudged, index);
        buffer_printf(&item->left, "%s is unknown for ", check_at(check)->id);
        unjudged_describe(&item->left, &ui->unjudged, check);
        break;
    case PROBLEMS_NOT_MADE: audit_tell_not_made(&item->left, r); break;
    case PROBLEMS_SAID:
        line = problems_line(problems_said(ui), index);
        buffer_printf(&item->left, "%s%.*s", ui->reload_messages.len ? "reading again: " : "", (int)line.len,
            line.data);
        break;
    case PROBLEMS_WAIVERS:
        line = problems_line(&ui->waivers_said, index);
        buffer_printf(&item->left, "%.*s", (int)line.len, line.data);
        break;
    case PROBLEMS_CONFIG:
        line = problems_line(&ui->options->config.problems, index);
        buffer_printf(&item->left, "%.*s", (int)line.len, line.data);
        break;
    case PROBLEMS_UNCONFINED:
        buffer_printf(&item->left, "this run is not fully confined: %s", ui->session->unconfined);
        break;
    case PROBLEMS_PARTS: break;
    }
}

/* Move to the user that the problem is about, if that user is shown. */
static void go_to_line(struct ui *ui, const struct problem *p)
{
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

/* Filter for the users that a check could not judge. */
static void show_unjudged(struct ui *ui, size_t check)
{
    struct error err;
    struct buffer query = {0};
    buffer_printf(&query, "unknown(%s)", check_at(check)->id);
    menu_close(ui);
    if (!view_add_filter(&ui->view, (struct slice){query.data, query.len}, false, &err))
        ui_say(ui, "%s", err.text);
    buffer_free(&query);
}

static void problems_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    switch (problems_part_of(ui, &index)) {
    case PROBLEMS_MISSING: ui_say(ui, "this is about all users of the file"); break;
    case PROBLEMS_LINES: go_to_line(ui, &ui->report->problems[index]); break;
    case PROBLEMS_UNJUDGED: show_unjudged(ui, unjudged_check(&ui->unjudged, index)); break;
    case PROBLEMS_NOT_MADE:
        ui_say(ui, "they need --details FILE, from aws iam get-account-authorization-details");
        break;
    case PROBLEMS_UNCONFINED:
        ui_say(ui, "ncred works all the same; doc/security.md lists what is then not blocked");
        break;
    case PROBLEMS_CONFIG: ui_say(ui, "this is about the configuration; it is read when ncred starts"); break;
    case PROBLEMS_WAIVERS:
        ui_say_keys(ui, MODE_TABLE, "{waive} on a user extends or withdraws the waivers of that user");
        break;
    case PROBLEMS_SAID: case PROBLEMS_PARTS: ui_say(ui, "this is about the files, not about one user"); break;
    }
}

const struct menu_kind menu_problems = {"Problems in the files, and what could not be judged",
    "none: every column is there, and every field was read",
    {ACTION_OPEN, ACTION_NONE}, NULL, MENU_WRAPPED, problems_count, problems_item, problems_act, {"go to"}};
