/*
 * ui->sets holds each set's present list, ui->usual the lists at start, ui->key_list the list of the key view. A
 * change reads the list into an array of columns, changes that, and writes the list again.
 */
#include "ui/columns.h"

#include "base/bug.h"
#include "base/memory.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdio.h>

enum { WIDTH_MIN = 2 };

/* The name of the set of --columns; no set of a configuration can be called that. */
static const char by_option[] = "--columns";

/* Set LIST to the program's own columns for set INDEX (column_set_count: the key view), adapted to the report. */
static void own_list(struct buffer *list, const struct ui *ui, size_t index)
{
    column_sets_list(list, index);
    static const char credential[] = ",credential";
    char *behind = index == column_set_count && credential_id_column(ui->report, CREDENTIAL_KEY_1) != COL_COUNT
        ? strstr(list->data, credential) : NULL;
    if (behind) {
        struct buffer with_ids = {0};
        behind += sizeof credential - 1;
        buffer_add(&with_ids, list->data, (size_t)(behind - list->data));
        buffer_put_all(&with_ids, ",id", behind);
        buffer_free(list);
        *list = with_ids;
    }
    if (!ui->report->account_names)
        return;
    /* account names say more than account numbers */
    static const char number[] = ",account?,", name[] = ",account_name?,";
    char *at = strstr(list->data, number);
    if (!at)
        return;
    struct buffer with_name = {0};
    buffer_add(&with_name, list->data, (size_t)(at - list->data));
    buffer_puts(&with_name, name);
    buffer_puts(&with_name, at + sizeof number - 1);
    buffer_free(list);
    *list = with_name;
}

void columns_start(struct ui *ui)
{
    const struct config *c = &ui->options->config;
    for (size_t i = 0; i < c->filters.count; i++)
        config_pairs_set(&ui->saved, slice_of(c->filters.list[i].name), slice_of(c->filters.list[i].value));
    for (size_t i = 0; i <= column_set_count; i++) {
        struct buffer list = {0};
        own_list(&list, ui, i);
        struct slice name = slice_of(i < column_set_count ? column_sets[i].name : column_sets_credentials);
        config_pairs_set(&ui->usual, name, (struct slice){list.data, list.len});
        buffer_free(&list);
    }
    for (size_t i = 0; i < c->sets.count; i++)
        config_pairs_set(&ui->usual, slice_of(c->sets.list[i].name), slice_of(c->sets.list[i].value));
    const struct options *o = ui->options;
    bool is_of_log = o->listing == LIST_LOG && o->column_list != log_columns;
    bool has_option = o->column_count && (o->listing == LIST_USERS ? o->column_list != diff_columns : is_of_log);
    if (has_option)
        config_pairs_set(&ui->usual, slice_of(by_option), slice_of(ui->options->column_list));
    for (size_t i = 0; i < ui->usual.count; i++) {
        struct slice name = slice_of(ui->usual.list[i].name), list = slice_of(ui->usual.list[i].value);
        if (slice_equal(name, slice_of(column_sets_credentials)))
            buffer_add(&ui->key_list, list.data, list.len);
        else
            config_pairs_set(&ui->sets, name, list);
    }
    ui->set = has_option && !is_of_log ? ui->sets.count - 1 : column_sets_first(ui->report);
}

void columns_free(struct ui *ui)
{
    config_pairs_free(&ui->saved);
    config_pairs_free(&ui->sets);
    config_pairs_free(&ui->usual);
    buffer_free(&ui->key_list);
}

static bool is_by_option(const struct ui *ui)
{
    return !ui->view.keys && strcmp(ui->sets.list[ui->set].name, by_option) == 0;
}

const char *columns_set_name(const struct ui *ui)
{
    return ui->view.keys ? column_sets_credentials : ui->sets.list[ui->set].name;
}

static const char *list_of(const struct ui *ui)
{
    return ui->view.keys ? ui->key_list.data : ui->sets.list[ui->set].value;
}

static bool is_shown_as_usual(const struct ui *ui)
{
    const char *usual = config_pairs_find(&ui->usual, slice_of(columns_set_name(ui)));
    return usual && strcmp(usual, list_of(ui)) == 0;
}

bool columns_have_sentence(const struct ui *ui)
{
    enum { FOUR_COLUMNS_FROM = 100 };
    int width = ui->layout.table_width ? ui->layout.table_width : paint_columns();
    return ui->report->changes && !ui->view.keys && width < FOUR_COLUMNS_FROM
        && strcmp(columns_set_name(ui), column_sets_changes) == 0 && is_shown_as_usual(ui);
}

/* Put the set's columns into COLUMNS, which has room for COLUMN_SETS_COLUMNS_MAX. Returns how many. */
static size_t set_columns(const struct ui *ui, struct set_column *columns)
{
    return column_sets_read(ui->report, ui->view.keys, list_of(ui), columns);
}

/* Whether the set leaves out its column C, because the title shows a single account. */
static bool is_in_title(const struct ui *ui, const struct set_column *c)
{
    return c->needs_several && ui->report->account_count < 2;
}

/* Whether the table leaves out column C of the set, because the title or a change's sentence replaces it. */
static bool is_left_out(const struct ui *ui, const struct set_column *c)
{
    return is_in_title(ui, c)
        || ((c->id == COL_WHAT || c->id == COL_BEFORE || c->id == COL_AFTER) && columns_have_sentence(ui));
}

size_t columns_shown(const struct ui *ui, struct set_column *columns)
{
    size_t kept = 0, n = set_columns(ui, columns);
    for (size_t i = 0; i < n; i++) {
        struct set_column c = columns[i];
        if (!is_left_out(ui, &c))
            columns[kept++] = (struct set_column){.id = c.id, .width = c.width};
    }
    if (!kept)
        columns[kept++] = (struct set_column){.id = COL_USER};
    return kept;
}

size_t columns_focused(const struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns);
    BUG_ON(ui->focus >= n);
    return columns[ui->focus < n ? ui->focus : n - 1].id;
}

void columns_settle(struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns);
    if (ui->focus >= n)
        ui->focus = n - 1;
    if (ui->left + 1 >= n)
        ui->left = n > 1 ? n - 2 : 0;
}

void columns_change_set(struct ui *ui, int step)
{
    size_t n = ui->sets.count;
    if (ui->view.keys)
        return;
    do {
        ui->set = step > 0 ? (ui->set + 1) % n : (ui->set + n - 1) % n;
    } while (ui->set < column_set_count && !column_sets_is_offered(ui->report, ui->set));
    ui->left = ui->focus = 0;
    ui_say(ui, "columns: %s", columns_set_name(ui));
}

bool columns_choose_set(struct ui *ui, struct slice name)
{
    for (size_t i = 0; i < ui->sets.count && !ui->view.keys; i++) {
        if (slice_equal(name, slice_of(ui->sets.list[i].name))
            && (i >= column_set_count || column_sets_is_offered(ui->report, i))) {
            ui->set = i;
            ui->left = ui->focus = 0;
            return true;
        }
    }
    return false;
}

/* ---- changing a set ---------------------------------------------------------------- */

static void use(struct ui *ui, const struct set_column *columns, size_t n)
{
    struct buffer list = {0};
    struct error err;
    column_sets_write(&list, ui->report, ui->view.keys, columns, n);
    if (!column_sets_check_same(ui->report, ui->view.keys, list.data, columns, n, &err)) {
        ui_say(ui, "%s", err.text);
    } else if (ui->view.keys) {
        ui->key_list.len = 0;
        buffer_add(&ui->key_list, list.data, list.len);
    } else {
        config_pairs_set(&ui->sets, slice_of(ui->sets.list[ui->set].name), (struct slice){list.data, list.len});
    }
    ui->has_unsaved_columns = true;
    buffer_free(&list);
}

void columns_use(struct ui *ui, const char *list)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    use(ui, columns, column_sets_read(ui->report, ui->view.keys, list, columns));
}

/* A set while it is changed: all of its columns, including those left out, and the places around the cursor. */
struct edit {
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t count, at, before, after; /* indexes of the cursor's column and its visible neighbours; COUNT if none */
};

static void start_edit(struct ui *ui, struct edit *e)
{
    size_t shown = 0;
    e->count = set_columns(ui, e->columns);
    e->at = e->before = e->after = e->count;
    for (size_t i = 0; i < e->count; i++) {
        struct set_column c = e->columns[i];
        if (is_left_out(ui, &c))
            continue;
        if (shown + 1 == ui->focus)
            e->before = i;
        else if (shown == ui->focus)
            e->at = i;
        else if (shown == ui->focus + 1)
            e->after = i;
        shown++;
    }
}

void columns_hide(struct ui *ui)
{
    struct edit e;
    start_edit(ui, &e);
    if (e.at == e.count || (e.before == e.count && e.after == e.count)) {
        ui_say(ui, "already the last column");
        return;
    }
    memmove(&e.columns[e.at], &e.columns[e.at + 1], (e.count - e.at - 1) * sizeof e.columns[0]);
    use(ui, e.columns, e.count - 1);
}

void columns_move(struct ui *ui, int step)
{
    struct edit e;
    start_edit(ui, &e);
    size_t to = step < 0 ? e.before : e.after;
    if (to == e.count || e.at == e.count)
        return;
    struct set_column moved = e.columns[e.at];
    if (to < e.at)
        memmove(&e.columns[to + 1], &e.columns[to], (e.at - to) * sizeof moved);
    else
        memmove(&e.columns[e.at], &e.columns[e.at + 1], (to - e.at) * sizeof moved);
    e.columns[to] = moved;
    use(ui, e.columns, e.count);
    ui->focus = step < 0 ? ui->focus - 1 : ui->focus + 1;
}

void columns_resize(struct ui *ui, int step)
{
    struct edit e;
    start_edit(ui, &e);
    if (e.at == e.count)
        return;
    /* the list's width comes first, because focus_width is that of the last draw and keys may come faster */
    int width = (e.columns[e.at].width ? e.columns[e.at].width : ui->focus_width) + step;
    if (width < WIDTH_MIN || width > COLUMN_LIST_WIDTH_MAX)
        return;
    e.columns[e.at].width = width;
    use(ui, e.columns, e.count);
}

void columns_reset(struct ui *ui)
{
    const char *name = columns_set_name(ui);
    columns_use(ui, config_pairs_find(&ui->usual, slice_of(name)));
    ui->has_unsaved_columns = false;
    ui_say(ui, "the columns of %s are as they were", name);
}

void columns_save(struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    struct buffer list = {0};
    struct error err;
    const struct config *c = &ui->options->config;
    size_t n = set_columns(ui, columns);
    bool option = is_by_option(ui);
    for (size_t i = 0; i < n && option; i++)
        columns[i].needs_several = false; /* --columns has no mark for this */
    column_sets_write(&list, ui->report, ui->view.keys, columns, n);
    struct slice value = {list.data, list.len};
    if (config_remember(c, option ? "set" : "columns", slice_of(option ? "columns" : columns_set_name(ui)), value,
        &err)) {
        ui_say(ui, "%s columns of %s saved in %s", option ? "the" : "these", columns_set_name(ui), c->path);
        ui->has_unsaved_columns = false;
    } else {
        ui_say(ui, "%s", err.text);
    }
    buffer_free(&list);
}

void columns_show(struct ui *ui, size_t id)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns), i = 0;
    while (i < n && columns[i].id != id && (ui->view.keys || column_sets_sort_column(ui->report, columns[i].id) != id))
        i++;
    if (i < n)
        return;
    bool unsaved = ui->has_unsaved_columns; /* quitting must not ask about a column that the user did not add */
    n = set_columns(ui, columns);
    for (i = 0; i < n && !(columns[i].id == id && is_in_title(ui, &columns[i]));)
        i++;
    if (i < n) {
        columns[i].needs_several = false;
        use(ui, columns, n);
    } else {
        n -= n == COLUMN_SETS_COLUMNS_MAX;
        size_t at = n ? 1 : 0; /* 0 if the report has none of the list's columns */
        memmove(&columns[at + 1], &columns[at], (n - at) * sizeof columns[0]);
        columns[at] = (struct set_column){.id = id};
        use(ui, columns, n + 1);
    }
    ui->has_unsaved_columns = unsaved;
}

void columns_put_list(struct ui *ui, size_t index, const char *list)
{
    if (index < ui->sets.count) {
        config_pairs_set(&ui->sets, slice_of(ui->sets.list[index].name), slice_of(list));
        return;
    }
    ui->key_list.len = 0;
    buffer_puts(&ui->key_list, list);
}

/* ---- the list of all columns ------------------------------------------------------- */

/* Returns the number of columns from other files. */
static size_t extra_count(const struct ui *ui)
{
    return ui->report->extra ? ui->report->extra->count : 0;
}

/*
 * Returns the id of the column in line INDEX. The lines are, for users: the schema, columns of other files, the
 * report's columns as in the file; in the key view: the columns of a credential, the schema, columns of other files.
 */
static size_t id_at(const struct ui *ui, size_t index)
{
    size_t first = ui->view.keys ? CREDENTIAL_COLUMNS : 0, extra = first + COL_COUNT, raw = extra + extra_count(ui);
    return index < first ? COL_COUNT + index : index < extra ? index - first
        : index < raw ? COL_EXTRA + (index - extra) : COLUMN_SETS_RAW + (index - raw);
}

static size_t list_count(const struct ui *ui)
{
    return COL_COUNT + (ui->view.keys ? CREDENTIAL_COLUMNS : ui->report->column_count) + extra_count(ui);
}

/* Returns the line of column ID: the inverse of id_at(). */
static size_t list_index(const struct ui *ui, size_t id)
{
    size_t first = ui->view.keys ? CREDENTIAL_COLUMNS : 0, extra = first + COL_COUNT;
    return id >= COL_EXTRA ? extra + (id - COL_EXTRA) : id < COL_COUNT ? first + id
        : ui->view.keys ? id - COL_COUNT : extra + extra_count(ui) + (id - COLUMN_SETS_RAW);
}

/* Returns for each line 1 if its column is in the set, otherwise 0; malloc'ed. */
static size_t *number_shown(const struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = set_columns(ui, columns), *numbers = xcalloc(list_count(ui), sizeof *numbers);
    for (size_t i = 0; i < n; i++)
        numbers[list_index(ui, columns[i].id)] |= !is_in_title(ui, &columns[i]);
    return numbers;
}

static void list_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    size_t id = id_at(ui, index);
    buffer_puts(&item->left, ui->menu.numbers[index] ? paint_glyph(GLYPH_MARK) : " ");
    buffer_putc(&item->left, ' ');
    struct set_column one = {.id = id};
    column_sets_write(&item->left, ui->report, ui->view.keys, &one, 1);
    if (!ui->view.keys && id >= COLUMN_SETS_RAW && id < COL_EXTRA)
        buffer_puts(&item->right, "as the file has it");
    else
        buffer_puts(&item->right, view_column(&ui->view, (int)id)->help);
}

/* Put the cursor into column ID, if it is shown: one that was added at the right end would else be out of sight. */
static void focus_on(struct ui *ui, size_t id)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].id == id)
            ui->focus = i;
    }
}

static void list_act(struct ui *ui, size_t index, enum action action)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t id = id_at(ui, index), n = set_columns(ui, columns), i = 0;
    if (action == ACTION_SAVE) {
        columns_save(ui);
        return;
    }
    while (i < n && columns[i].id != id)
        i++;
    bool is_new = i == n;
    if (is_new && n == COLUMN_SETS_COLUMNS_MAX) {
        ui_say(ui, "at most %d columns; hide another one first", COLUMN_SETS_COLUMNS_MAX);
        return;
    }
    if (is_new) {
        columns[n++] = (struct set_column){.id = id};
    } else if (is_in_title(ui, &columns[i])) {
        columns[i].needs_several = false;
    } else if (n == 1) {
        ui_say(ui, "already the last column");
        return;
    } else {
        memmove(&columns[i], &columns[i + 1], (n - i - 1) * sizeof columns[0]);
        n--;
    }
    use(ui, columns, n);
    if (is_new)
        focus_on(ui, id);
}

static const struct menu_kind menu_columns = {"Columns: {open} shows or hides, {save} saves", "",
    {ACTION_OPEN, ACTION_CHOOSE, ACTION_SAVE, ACTION_NONE}, NULL, MENU_TEXTS, list_count, list_item, list_act,
    {"show or hide", NULL}};

void columns_list(struct ui *ui)
{
    menu_open_numbered(ui, &menu_columns, number_shown);
}
