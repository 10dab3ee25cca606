/* Help is generated from the tables of keys, actions, columns and checks, so it cannot disagree with them. */
#include "ui/help_list.h"

#include "ui/menu.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

/*
 * A part of the help that follows the actions: a heading and COUNT lines, written by LINE. The lines of the help are
 * numbered through: first the actions with the headings of their groups, then the sections, each with its heading.
 */
struct section {
    const char *title;
    size_t count;
    void (*line)(size_t index, struct menu_item *item, const struct ui *ui);
};

/* Screen columns in which the text (and its wrapped lines) begins after an action, a name or sign, a typed name. */
enum { ACTION_HANG = 17, NAME_HANG = 27, TYPE_HANG = 37 };

static void field_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    (void)ui;
    item->hang = TYPE_HANG;
    buffer_printf(&item->left, "%-26s %-8s  %s", schema[index].name, type_name(schema[index].type), schema[index].help);
}

static void key_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    const struct query_member *m = &query_key_members[index];
    (void)ui;
    item->hang = TYPE_HANG;
    buffer_printf(&item->left, "%-26s %-8s  %s", m->name, type_name(m->type), m->help);
}

static void cert_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    const struct query_member *m = &query_cert_members[index];
    (void)ui;
    item->hang = TYPE_HANG;
    buffer_printf(&item->left, "%-26s %-8s  %s", m->name, type_name(m->type), m->help);
}

static void check_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    struct buffer number = {0};
    item->hang = TYPE_HANG;
    buffer_printf(&item->left, "fails(%s)", check_at(index)->id);
    while (item->left.len < NAME_HANG)
        buffer_putc(&item->left, ' ');
    buffer_printf(&item->left, "%-8s  ", severity_name(check_severity(index, &ui->audit->settings)));
    check_number(&number, check_at(index), ui->view.benchmark);
    if (number.len)
        buffer_printf(&item->left, "%s ", number.data);
    check_title(&item->left, index, &ui->audit->settings);
    buffer_free(&number);
}

struct explained {
    const char *what, *text;
};

static void explained_line(struct menu_item *item, const struct explained *e)
{
    item->hang = NAME_HANG;
    buffer_printf(&item->left, "%-26s %s", e->what, e->text);
}

static const struct explained syntax[] = {
    {"and or not ( )", "also && || !"},
    {"= != < <= > >=", "compare; a missing value compares false"},
    {"~", "regular expression; small letters match capitals too"},
    {"in (a, b)", "one of these"},
    {"90d 12w 6mo 1y 36h", "durations"},
    {"2026-01-31", "times, also 2026-01-31T10:00Z"},
    {"missing never", "no value at all; a use that never happened"},
    {"n/a no_information", "the literal word in the report; also not_supported, empty, malformed"},
    {"key(...) cert(...)", "at least one key (certificate) matching everything inside"},
    {"since(ID) failing(ID)", "when a check began to fail, and how long ago, from older reports"},
    {"jenkins \"two words\"", "name, ARN, path, account name or owner holds all of these"},
};

static void syntax_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    (void)ui;
    explained_line(item, &syntax[index]);
}

static const struct explained cells[] = {
    {"412d", "412 days"},
    {"off 88d", "an inactive key, 88 days old"},
    {"never", "never used"},
    {"-", "there is none (N/A)"},
    {"n/s", "AWS does not say (not_supported)"},
    {"?", "the report does not say; before text: the cell could not be read"},
    {"!! ! + .", "before a name: critical, high, medium, low"},
};

static void cell_line(size_t index, struct menu_item *item, const struct ui *ui)
{
    (void)ui;
    explained_line(item, &cells[index]);
}

static const struct section *sections(size_t *count)
{
    static struct section all[] = {
        {"What cells say", sizeof cells / sizeof cells[0], cell_line},
        {"Queries, for & and -f", sizeof syntax / sizeof syntax[0], syntax_line},
        {"Columns of a user", COL_COUNT, field_line},
        {"Names inside key(...)", 0, key_line},
        {"Names inside cert(...)", 0, cert_line},
        {"Checks", 0, check_line},
    };
    all[3].count = query_key_member_count;
    all[4].count = query_cert_member_count;
    all[5].count = check_count();
    *count = sizeof all / sizeof all[0];
    return all;
}

/* Returns the action in line INDEX, or ACTION_NONE if that is the heading of a group, whose text GROUP is set to. */
static enum action action_at(size_t index, const char **group)
{
    const char *last = "";
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        if (strcmp(last, actions[a].group) != 0) {
            last = *group = actions[a].group;
            if (index-- == 0)
                return ACTION_NONE;
        }
        if (index-- == 0)
            return a;
    }
    *group = "";
    return ACTION_NONE;
}

static size_t action_lines(void)
{
    const char *group = "";
    size_t n = 0;
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        n += 1 + (strcmp(group, actions[a].group) != 0);
        group = actions[a].group;
    }
    return n;
}

static size_t help_count(const struct ui *ui)
{
    size_t count, n = action_lines();
    const struct section *all = sections(&count);
    (void)ui;
    for (size_t i = 0; i < count; i++)
        n += all[i].count + 1;
    return n;
}

static void action_item(const struct keymap *keymap, size_t index, struct menu_item *item)
{
    const char *group;
    enum action a = action_at(index, &group);
    if (a == ACTION_NONE) {
        item->is_heading = true;
        buffer_puts(&item->left, group);
        return;
    }
    if (!keys_of(&item->left, keymap, a, ~0u, 3))
        buffer_puts(&item->left, "(no key)");
    while (item->left.len < 16)
        buffer_putc(&item->left, ' ');
    item->hang = ACTION_HANG;
    buffer_printf(&item->left, " %s", actions[a].help);
}

static void help_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    size_t count;
    const struct section *all = sections(&count);
    if (index < action_lines()) {
        action_item(&ui->options->config.keymap, index, item);
        return;
    }
    index -= action_lines();
    for (size_t i = 0; i < count; index -= all[i].count + 1, i++) {
        if (index > all[i].count)
            continue;
        item->is_heading = index == 0;
        if (index == 0)
            buffer_puts(&item->left, all[i].title);
        else
            all[i].line(index - 1, item, ui);
        return;
    }
}

/* Returns the index of the next heading after line INDEX; 0, the first one, if there is none. */
static size_t next_part(const struct ui *ui, size_t index)
{
    for (size_t n = help_count(ui); ++index < n;) {
        struct menu_item item = {.role = ROLE_TEXT};
        help_item(ui, index, &item);
        buffer_free(&item.left);
        buffer_free(&item.right);
        if (item.is_heading)
            return index;
    }
    return 0;
}

/* Enter on an action closes the help and performs the action; Tab goes to the next heading. */
static void help_act(struct ui *ui, size_t index, enum action action)
{
    const char *group;
    if (action == ACTION_MORE) {
        menu_show_part(ui, next_part(ui, index));
        return;
    }
    enum action a = index < action_lines() ? action_at(index, &group) : ACTION_NONE;
    if (a == ACTION_NONE)
        return;
    menu_close(ui);
    ui_request(ui, a, 1);
}

const struct menu_kind menu_help = {"Help", "", {ACTION_OPEN, ACTION_MORE, ACTION_NONE}, NULL, MENU_WRAPPED,
    help_count, help_item, help_act, {NULL, "next part"}};

/* ---- the card ------------------------------------------------------------------- */

/* The rows of the card: a task and its key, beside it a sign of the screen (NULL: see add_sign()) and its meaning. */
static const struct {
    const char *task;
    enum action action; /* ACTION_NONE: a heading */
    const char *sign, *meaning;
} card[] = {
    {"WHAT YOU WANT", ACTION_NONE, "WHAT YOU SEE", ""},
    {"find a user", ACTION_SEARCH, "!! !", "critical, high"},
    {"keys over 90 days, no MFA", ACTION_PRESETS, "+ .", "medium, low"},
    {"a query of your own", ACTION_FILTER, "off", "the key is inactive"},
    {"only this value", ACTION_KEEP_VALUE, "never", "never used"},
    {"all but this value", ACTION_DROP_VALUE, "-", "no such credential"},
    {"remove the last filter", ACTION_FILTER_REMOVE, "?", "unknown, or unreadable"},
    {"sort by this column", ACTION_SORT, "n/s", "not reported by AWS"},
    {"how many of each value", ACTION_COUNT_BY, "AGE", "since created or changed"},
    {"open one user", ACTION_OPEN, "IDLE", "since last use or creation"},
    {"overview, with bars", ACTION_OVERVIEW, "late", "later than the SLA allows"},
    {"one row per credential", ACTION_KEYS, NULL, "sorted by (2: that next)"},
    {"commands that fix it", ACTION_REMEDIES, "colours", "the cell's worst finding"},
    {"accept a risk until a date", ACTION_WAIVE, NULL, "a filter in the title"},
    {"what changed", ACTION_CHANGES, NULL, "more columns on that side"},
    {"other columns", ACTION_COLUMNS_NEXT, "*", "marked by {mark}"},
    {"write to a file", ACTION_WRITE, "({problems})", "problems in the files"},
    {"days and checks that count", ACTION_THRESHOLDS, "", ""},
    {"undo", ACTION_UNDO, "3 of 31", "place among the matches"},
    {"back one level, then quit", ACTION_LEAVE, "- of 28", "the filter has a mistake"},
    {"whose leaked key it is", ACTION_WHOSE, "", ""},
};

/*
 * CARD_LEFT has room for a key's name of 10 columns. The longest, M-Backspace, has 11 and leaves 34 beside it on a
 * screen of 80: no sign and meaning may be longer.
 */
enum { CARD_TASK = 27, CARD_LEFT = 37, CARD_SIGN = 8, CARD_WIDTH = 80 };

/* Whether the screen is too narrow for two columns, so that the signs are listed below the tasks. */
static bool is_card_narrow(void)
{
    return paint_columns() < CARD_WIDTH;
}

static bool has_sign(size_t index)
{
    return !card[index].sign || card[index].sign[0];
}

static size_t card_count(const struct ui *ui)
{
    size_t tasks = sizeof card / sizeof card[0], n = tasks;
    (void)ui;
    for (size_t i = 0; i < tasks && is_card_narrow(); i++)
        n += has_sign(i);
    return n;
}

/* Returns the row of the card for line INDEX. IS_SIGN is set to whether the line shows its sign, below the tasks. */
static size_t card_row(size_t index, bool *is_sign)
{
    size_t tasks = sizeof card / sizeof card[0], row = 0;
    *is_sign = index >= tasks;
    if (!*is_sign)
        return index;
    for (index -= tasks; row + 1 < tasks && (!has_sign(row) || index-- > 0);)
        row++;
    return row;
}

/* Append the sign of row INDEX; signs that differ on a terminal with only ASCII are looked up here. */
static void add_sign(const struct ui *ui, struct buffer *b, size_t index)
{
    if (card[index].sign)
        ui_put_keys(ui, b, MODE_TABLE, card[index].sign);
    else if (card[index].action == ACTION_KEYS)
        buffer_printf(b, "%s %s", paint_glyph(GLYPH_DESCENDING), paint_glyph(GLYPH_ASCENDING));
    else if (card[index].action == ACTION_WAIVE)
        buffer_puts(b, paint_glyph(GLYPH_TIMES));
    else
        buffer_printf(b, "%s %s", paint_glyph(GLYPH_LEFT), paint_glyph(GLYPH_RIGHT));
}

static void pad_to(struct buffer *b, size_t width)
{
    for (size_t used = text_width((struct slice){b->data, b->len}); used < width; used++)
        buffer_putc(b, ' ');
    buffer_puts(b, "");
}

static void put_sign(const struct ui *ui, struct buffer *b, size_t row)
{
    struct buffer sign = {0};
    add_sign(ui, &sign, row);
    if (card[row].action != ACTION_NONE) {
        buffer_putc(&sign, ' '); /* a key's name may fill the column */
        pad_to(&sign, CARD_SIGN);
    }
    buffer_puts(b, sign.data);
    ui_put_keys(ui, b, MODE_TABLE, card[row].meaning);
    buffer_free(&sign);
}

static void card_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    bool is_sign;
    size_t row = card_row(index, &is_sign);
    item->is_heading = card[row].action == ACTION_NONE;
    if (is_sign) {
        put_sign(ui, &item->left, row);
        return;
    }
    buffer_puts(&item->left, card[row].task);
    pad_to(&item->left, CARD_TASK);
    if (card[row].action != ACTION_NONE)
        keys_of(&item->left, &ui->options->config.keymap, card[row].action, ~0u, 1);
    pad_to(&item->left, CARD_LEFT);
    if (is_card_narrow())
        return;
    buffer_puts(&item->right, item->is_heading ? "  " : ""); /* aligns the heading with the lines below it */
    put_sign(ui, &item->right, row);
}

static void card_act(struct ui *ui, size_t index, enum action action)
{
    bool is_sign;
    size_t row = card_row(index, &is_sign);
    if (action == ACTION_MORE || (!is_sign && card[row].action == ACTION_MORE)) {
        menu_open(ui, &menu_help, NULL);
        return;
    }
    if (is_sign)
        return;
    menu_close(ui);
    ui_request(ui, card[row].action, 1);
}

const struct menu_kind menu_card = {"Help: {open} runs it, {more} shows all keys, columns, checks", "",
    {ACTION_OPEN, ACTION_MORE, ACTION_NONE}, NULL, MENU_TEXTS, card_count, card_item, card_act, {NULL}};
