/*
 * The list opened by # and A: a menu whose first item is the heading and whose other items are the groups of
 * ui->counting.by in order. Enter filters by a group's query.
 */
#include "ui/count_list.h"

#include "context/context.h"
#include "ui/columns.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/state.h"
#include "ui/term/paint.h"
#include "ui/user_table.h"

#include <stdlib.h>

enum { VALUE_MIN = 12, VALUE_MAX = 48, BAR_WIDTH = 20, BAR_MIN = 4 };

/* Headings narrow enough to stand over numbers; severities have the signs that the table shows before names. */
static const char *const headings[COUNT_COLUMNS] = {[COUNT_USERS] = "USERS", [COUNT_CRITICAL] = "!!",
    [COUNT_HIGH] = "!", [COUNT_MEDIUM] = "+", [COUNT_LOW] = ".", [COUNT_UNKNOWN] = "?", [COUNT_NO_MFA] = "NO MFA",
    [COUNT_OLD_KEY] = "KEY>90d", [COUNT_UNUSED] = "UNUSED", [COUNT_RATE] = "HIGH+"};

void counting_free(struct counting *c)
{
    count_by_free(&c->by);
    *c = (struct counting){0};
}

/* Set B to the text of ROW's cell in COLUMN, or to the column's heading if ROW is SIZE_MAX. */
static void count_text(struct buffer *b, const struct ui *ui, size_t row, enum count_by_column column)
{
    const struct counting *c = &ui->counting;
    struct table t = count_by_table(&c->by);
    char number[32];
    b->len = 0;
    buffer_puts(b, "");
    if (row != SIZE_MAX && column != COUNT_VALUE && column != COUNT_RATE)
        buffer_puts(b, text_count(number, sizeof number,
            (unsigned long long)count_by_number(c->by.order[row], column)));
    else if (row != SIZE_MAX)
        t.people_text(&t, row, column, b, paint_is_ascii());
    else if (column == COUNT_VALUE)
        text_harmless(b, slice_of(report_column_info(ui->report, c->by.column)->name), paint_is_ascii());
    else
        buffer_puts(b, headings[column]);
    if (row == SIZE_MAX && column == c->sort)
        buffer_puts(b, paint_glyph(c->inverted == (column == COUNT_VALUE) ? GLYPH_DESCENDING : GLYPH_ASCENDING));
}

/* Whether the column is shown: all are, but the column of unknown outcomes only if there are any. */
static bool is_shown(const struct counting *c, enum count_by_column column)
{
    if (column != COUNT_UNKNOWN)
        return true;
    for (size_t i = 0; i < c->by.count; i++) {
        if (c->by.groups[i].unknown)
            return true;
    }
    return false;
}

/* Returns the width of the largest number in COLUMN, at least 3. */
static int width_of_numbers(const struct counting *c, enum count_by_column column)
{
    int64_t most = 100;
    char number[32];
    for (size_t i = 0; i < c->by.count; i++) {
        int64_t n = count_by_number(&c->by.groups[i], column);
        most = n > most ? n : most;
    }
    return (int)strlen(text_count(number, sizeof number, (unsigned long long)most));
}

/*
 * Compute the columns' widths: of numbers from the largest one; of values, once for all orders, from the first lines
 * and from further ones that have more bytes than the width so far, until enough are measured or the width is the
 * greatest drawn.
 */
static void measure_counts(struct ui *ui)
{
    enum { LINES = 1000 };
    struct counting *c = &ui->counting;
    struct buffer b = {0};
    size_t measured = 0;
    for (int k = COUNT_VALUE; k < COUNT_COLUMNS; k++) {
        if (k == COUNT_VALUE && c->widths[k])
            continue;
        count_text(&b, ui, SIZE_MAX, (enum count_by_column)k);
        int width = (int)text_width((struct slice){b.data, b.len}) + (k == COUNT_VALUE); /* room for the order's sign */
        int least = k == COUNT_RATE ? 4 : k == COUNT_VALUE ? 0 : width_of_numbers(c, (enum count_by_column)k);
        for (size_t i = 0; k == COUNT_VALUE && i < c->by.count && width < VALUE_MAX && measured < 2 * LINES; i++) {
            if (i >= LINES && c->by.order[i]->text.len <= (size_t)width)
                continue;
            measured++;
            count_text(&b, ui, i, COUNT_VALUE);
            least = (int)text_width((struct slice){b.data, b.len});
            width = least > width ? least : width;
        }
        c->widths[k] = !is_shown(c, (enum count_by_column)k) ? 0 : width > least ? width : least;
    }
    buffer_free(&b);
}

/* How a line fits the screen: the widths of the value and of the bar (0: no bar), and which numbers are shown. */
struct fitted {
    int value, bar;
    bool has[COUNT_COLUMNS];
};

/*
 * If there is too little room, the bar becomes shorter first, then the value, down to VALUE_MIN; then whole columns of
 * numbers are left out, but never the sort column. Numbers are never cut, because a cut number is a wrong number.
 */
static void fit_counts(const struct counting *c, struct fitted *f)
{
    /* the first is left out first */
    static const enum count_by_column dispensable[] = {COUNT_UNKNOWN, COUNT_LOW, COUNT_UNUSED, COUNT_OLD_KEY,
        COUNT_MEDIUM, COUNT_NO_MFA, COUNT_HIGH, COUNT_CRITICAL, COUNT_USERS, COUNT_RATE};
    int room = paint_columns() - 8; /* the box, the cursor */
    for (int k = COUNT_VALUE; k < COUNT_COLUMNS; k++) {
        f->has[k] = c->widths[k] > 0;
        room -= k != COUNT_VALUE && f->has[k] ? c->widths[k] + 1 : 0;
    }
    int wanted = c->widths[COUNT_VALUE] > VALUE_MAX ? VALUE_MAX : c->widths[COUNT_VALUE];
    for (size_t i = 0; i < sizeof dispensable / sizeof dispensable[0] && room < VALUE_MIN; i++) {
        enum count_by_column k = dispensable[i];
        if (!f->has[k] || k == c->sort)
            continue;
        f->has[k] = false;
        room += c->widths[k] + 1;
    }
    wanted = wanted < VALUE_MIN ? VALUE_MIN : wanted;
    f->value = wanted <= room ? wanted : room > 1 ? room : 1;
    f->bar = room - f->value - 1;
    f->bar = f->bar > BAR_WIDTH ? BAR_WIDTH : f->bar < BAR_MIN ? 0 : f->bar;
}

static void put_spaces(struct buffer *b, int n)
{
    for (; n > 0; n--)
        buffer_putc(b, ' ');
}

/* Append a bar for the share of users with a high or critical finding; it is not empty if there is such a user. */
static void put_bar(struct buffer *b, const struct count_group *g, int width)
{
    size_t start = b->len;
    buffer_putc(b, ' ');
    paint_put_bar(b, g->severity[SEVERITY_HIGH] + g->severity[SEVERITY_CRITICAL], g->users, width);
    put_spaces(b, width + 1 - (int)text_width((struct slice){b->data + start, b->len - start}));
}

/* Append TEXT padded to WIDTH columns, or cut to them with a sign at the end. */
static void put_cut(struct buffer *out, struct slice text, int width)
{
    bool is_cut = text_fit(text, (size_t)width) < text.len;
    text.len = text_fit(text, (size_t)(is_cut ? width - 1 : width));
    buffer_add(out, text.data, text.len);
    if (is_cut)
        buffer_puts(out, paint_glyph(GLYPH_CUT));
    put_spaces(out, width - (int)text_width(text) - is_cut);
}

/* Append the line of group ROW, or the heading if ROW is SIZE_MAX. */
static void put_line(struct buffer *out, const struct ui *ui, size_t row)
{
    const struct counting *c = &ui->counting;
    struct buffer b = {0};
    struct fitted f;
    fit_counts(c, &f);
    for (int k = COUNT_VALUE; k < COUNT_COLUMNS; k++) {
        if (!f.has[k])
            continue;
        count_text(&b, ui, row, (enum count_by_column)k);
        struct slice text = {b.data, b.len};
        if (k == COUNT_VALUE) {
            put_cut(out, text, f.value);
        } else {
            put_spaces(out, c->widths[k] - (int)text_width(text) + 1);
            buffer_add(out, text.data, text.len);
        }
    }
    if (f.bar && row != SIZE_MAX)
        put_bar(out, c->by.order[row], f.bar);
    else
        put_spaces(out, f.bar ? f.bar + 1 : 0);
    buffer_free(&b);
}

static size_t counts_count(const struct ui *ui)
{
    return ui->counting.by.count ? ui->counting.by.count + 1 : 0;
}

static void counts_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    item->is_heading = item->is_pinned = index == 0;
    put_line(&item->left, ui, index ? index - 1 : SIZE_MAX);
}

/* Sort the list by COLUMN; if a key cancels that, the order stays as it was. */
static void sort_again(struct ui *ui, enum count_by_column column, bool inverted)
{
    struct counting *c = &ui->counting;
    if (!count_by_sort(&c->by, column, inverted, ui->view.cancel)) {
        ui_say(ui, "cancelled");
        return;
    }
    c->sort = column;
    c->inverted = inverted;
    measure_counts(ui);
    ui->menu.cursor = c->by.count ? 1 : 0;
}

/* Sort by the next (STEP 1) or previous (-1) column that is shown, wrapping around. */
static void sort_step(struct ui *ui, int step)
{
    struct counting *c = &ui->counting;
    int column = (int)c->sort;
    do
        column = (column + COUNT_COLUMNS + step) % COUNT_COLUMNS;
    while (!c->widths[column]);
    sort_again(ui, (enum count_by_column)column, false);
}

/* Append the name of a group's filter for the title, such as "team=Mobile", in the form that cell_filter() uses. */
static void put_chip(struct buffer *name, const struct ui *ui, size_t group)
{
    enum { WIDEST = 40 };
    const struct count_by *by = &ui->counting.by;
    struct buffer label = {0};
    count_by_label(&label, by, group, paint_is_ascii());
    size_t fit = text_fit((struct slice){label.data, label.len}, WIDEST);
    buffer_printf(name, "%s=%.*s%s", report_column_info(ui->report, by->column)->name, (int)fit, label.data,
        fit < label.len ? paint_glyph(GLYPH_CUT) : "");
    buffer_free(&label);
}

/* Close the list and add a filter that keeps the users of a group or, if INVERTED, drops them. */
static void choose_group(struct ui *ui, size_t group, bool inverted)
{
    struct counting *c = &ui->counting;
    struct buffer query = {0}, name = {0};
    struct error err;
    count_by_query(&query, &c->by, group);
    put_chip(&name, ui, group);
    c->at = group;
    menu_close(ui);
    ui->bars.is_open = false;
    if (view_add_named_filter(&ui->view, (struct slice){query.data, query.len}, inverted, name.data, &err)) {
        c->is_chosen = true;
        view_move_to(&ui->view, 0);
    } else if (!view_was_cancelled(&ui->view)) {
        ui_say(ui, "%s", err.text);
    }
    buffer_free(&query);
    buffer_free(&name);
}

/* The columns by which # in the list counts next, in this order: joined tables, tags, account and path. */
enum grouping { GROUPING_TABLE, GROUPING_TAG, GROUPING_OWN, GROUPING_NONE };

static enum grouping grouping_of(const struct report *r, enum column column)
{
    const struct extra_column *c = extra_columns_at(r->extra, column);
    if (!c)
        return column == COL_ACCOUNT || column == COL_PATH ? GROUPING_OWN : GROUPING_NONE;
    if (c->info.type != TYPE_TEXT)
        return GROUPING_NONE;
    return c->origin != EXTRA_PROGRAM ? GROUPING_TABLE : context_columns_have_tag(slice_of(c->name)) ? GROUPING_TAG
        : GROUPING_NONE;
}

/* Returns the grouping column after COLUMN, wrapping around; the first one if COLUMN is not a grouping column. */
static enum column next_grouping(const struct report *r, enum column column)
{
    size_t all = COL_COUNT + (r->extra ? r->extra->count : 0);
    enum column first = COL_COUNT;
    bool is_behind = false;
    for (enum grouping g = GROUPING_TABLE; g < GROUPING_NONE; g++) {
        for (size_t k = 0; k < all; k++) {
            enum column at = (enum column)(k < COL_COUNT ? k : COL_EXTRA + k - COL_COUNT);
            if (grouping_of(r, at) != g)
                continue;
            if (is_behind)
                return at;
            first = first == COL_COUNT ? at : first;
            is_behind = at == column;
        }
    }
    return first;
}

static void counts_act(struct ui *ui, size_t index, enum action action)
{
    struct counting *c = &ui->counting;
    switch ((int)action) {
    case ACTION_SORT_RIGHT: sort_step(ui, 1); break;
    case ACTION_SORT_LEFT: sort_step(ui, -1); break;
    case ACTION_SORT_INVERT: sort_again(ui, c->sort, !c->inverted); break;
    case ACTION_COUNT_BY: counts_open_column(ui, next_grouping(ui->report, c->by.column)); break;
    case ACTION_SAVE:
        menu_close(ui);
        c->is_written = true;
        ui_request(ui, ACTION_WRITE, 1);
        break;
    case ACTION_OPEN:
    case ACTION_INVERT:
        if (index)
            choose_group(ui, index - 1, action == ACTION_INVERT);
        break;
    default: break;
    }
}

static const struct menu_kind menu_counts = {"", "no user is shown",
    {ACTION_OPEN, ACTION_INVERT, ACTION_SORT_LEFT, ACTION_SORT_RIGHT, ACTION_SORT_INVERT, ACTION_COUNT_BY, ACTION_SAVE,
        ACTION_NONE},
    NULL, MENU_TEXTS, counts_count, counts_item, counts_act, {"keep these", "drop", NULL, "sort", NULL, "next column"}};

void counts_open_column(struct ui *ui, enum column column)
{
    struct counting *c = &ui->counting;
    struct count_by fresh;
    struct error err;
    if (!count_by_build(&fresh, ui->report, column, ui->view.rows, ui->view.count, ui->view.cancel, &err)) {
        count_by_free(&fresh);
        if (err.text[0])
            ui_say(ui, "%s", err.text);
        return;
    }
    count_by_free(&c->by);
    *c = (struct counting){.by = fresh, .sort = COUNT_RATE};
    measure_counts(ui);
    menu_open(ui, &menu_counts, NULL);
    struct buffer *title = &ui->menu.title;
    buffer_puts(title, "Users by ");
    text_harmless(title, slice_of(report_column_info(ui->report, column)->name), paint_is_ascii());
    buffer_printf(title, ": %s is the share with a high or critical finding", headings[COUNT_RATE]);
}

void counts_open(struct ui *ui)
{
    size_t id = columns_focused(ui);
    int column = table_sort_column(ui, id);
    enum column known = column >= 0 ? (enum column)column
        : report_column_find(ui->report, slice_of(ui->report->columns[id - COLUMN_SETS_RAW].name));
    if (known == COL_COUNT)
        ui_say(ui, "this column cannot be counted: its name cannot be used in a query");
    else
        counts_open_column(ui, known);
}

void counts_open_accounts(struct ui *ui)
{
    counts_open_column(ui, COL_ACCOUNT);
}

bool counts_is_last_filter(const struct ui *ui)
{
    const struct counting *c = &ui->counting;
    struct buffer query = {0};
    if (!c->is_chosen || !ui->view.filter_count || c->at >= c->by.count)
        return false;
    count_by_query(&query, &c->by, c->at);
    bool is = strcmp(ui->view.filters[ui->view.filter_count - 1].text, query.data) == 0;
    buffer_free(&query);
    return is;
}

void counts_return(struct ui *ui)
{
    if (ui_refusal(ui, MODE_TABLE, ACTION_COUNT_BY))
        return; /* the key view or a list of changes is shown now, which cannot be counted */
    size_t at = ui->counting.at;
    enum count_by_column sort = ui->counting.sort;
    bool inverted = ui->counting.inverted;
    counts_open_column(ui, ui->counting.by.column);
    if (ui->menu.kind != &menu_counts)
        return;
    sort_again(ui, sort, inverted);
    ui->menu.cursor = at < ui->counting.by.count ? at + 1 : ui->menu.cursor;
}
