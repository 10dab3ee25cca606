/*
 * The box of a list over the table, as sort, presets, filters, problems and help use it. Items are not stored: they are
 * asked for from the kind whenever they are needed.
 */
#include "ui/menu.h"

#include "ui/message.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdlib.h>

/* Leaves out the letters that are commands in every list. */
const char menu_letters[] = "abcfhilmoprstuvxyzABCDEHIJKLMOPRSTUVWXYZ";

enum { SHIFT = 8 }; /* columns that Left and Right scroll by */

static size_t menu_count(const struct ui *ui)
{
    return ui->menu.kind->count(ui);
}

static void item_start(struct menu_item *item)
{
    *item = (struct menu_item){.role = ROLE_TEXT};
    buffer_puts(&item->left, "");
    buffer_puts(&item->right, "");
}

static void item_free(struct menu_item *item)
{
    buffer_free(&item->left);
    buffer_free(&item->right);
}

static bool is_heading(const struct ui *ui, size_t index)
{
    struct menu_item item;
    item_start(&item);
    ui->menu.kind->item(ui, index, &item);
    bool heading = item.is_heading;
    item_free(&item);
    return heading;
}

static bool is_pinned(const struct ui *ui)
{
    struct menu_item item;
    item_start(&item);
    if (menu_count(ui))
        ui->menu.kind->item(ui, 0, &item);
    item_free(&item);
    return item.is_pinned;
}

/* Put the cursor on INDEX or, if that is a heading, on the next item in the direction of STEP. */
static void menu_go(struct ui *ui, size_t index, int step)
{
    struct menu *m = &ui->menu;
    size_t n = menu_count(ui);
    if (!n) {
        m->cursor = m->top = 0;
        return;
    }
    index = index < n ? index : n - 1;
    for (size_t tries = 0; tries < n && is_heading(ui, index); tries++) {
        if ((step < 0 && index == 0) || (step > 0 && index == n - 1))
            step = -step;
        index = step < 0 ? index - 1 : index + 1;
    }
    m->cursor = index;
}

static void make_numbers(struct ui *ui)
{
    free(ui->menu.numbers);
    ui->menu.numbers = ui->menu.make_numbers(ui);
    ui->menu.numbered = menu_count(ui);
}

void menu_settle(struct ui *ui)
{
    size_t n = ui->menu.kind ? menu_count(ui) : 0;
    if (ui->menu.make_numbers && ui->menu.numbered != n)
        make_numbers(ui);
    if (ui->menu.kind && ui->menu.cursor >= n)
        menu_go(ui, n ? n - 1 : 0, -1);
}

static void menu_walk(struct ui *ui, long delta)
{
    size_t by = delta < 0 ? (size_t)-delta : (size_t)delta, at = ui->menu.cursor;
    if (delta < 0)
        menu_go(ui, at > by ? at - by : 0, -1);
    else
        menu_go(ui, at + by, 1);
}

void menu_open(struct ui *ui, const struct menu_kind *kind, size_t *numbers)
{
    menu_close(ui);
    ui->menu.kind = kind;
    ui->menu.numbers = numbers;
    menu_go(ui, 0, 1);
}

void menu_open_numbered(struct ui *ui, const struct menu_kind *kind, size_t *(*make)(const struct ui *ui))
{
    menu_close(ui);
    ui->menu.kind = kind;
    ui->menu.make_numbers = make;
    make_numbers(ui);
    menu_go(ui, 0, 1);
}

void menu_close(struct ui *ui)
{
    ui->menu.kind = NULL;
    ui->menu.cursor = ui->menu.top = ui->menu.shift = 0;
    ui->menu.left_width = ui->menu.right_width = 0;
    free(ui->menu.numbers);
    ui->menu.numbers = NULL;
    ui->menu.make_numbers = NULL;
    ui->menu.lit.len = ui->menu.title.len = 0;
}

void menu_show_part(struct ui *ui, size_t index)
{
    menu_go(ui, index, 1);
    ui->menu.top = index;
}

/* Remove and return the first line of REST, the text of an item that wraps at ROOM columns. */
static struct slice take_item_line(struct slice *rest, int room)
{
    size_t n = text_first_line(*rest, room > 1 ? (size_t)room : 1);
    struct slice line = {rest->data, n};
    while (n < rest->len && rest->data[n] == ' ')
        n++;
    if (n) /* otherwise REST may be empty with NULL data */
        *rest = (struct slice){rest->data + n, rest->len - n};
    return line;
}

enum { INDENT = 2 }; /* columns left of an item, and the usual further indent of its later lines */

/* Returns how many columns further in than the item's first line its other lines begin. */
static int hang_of(const struct ui *ui, const struct menu_item *item)
{
    int most = ui->menu.room / 2;
    return !item->hang ? INDENT : item->hang < most ? item->hang : most;
}

/* Returns the number of screen lines of the item. */
static size_t item_height(const struct ui *ui, size_t index)
{
    struct menu_item item;
    struct buffer text = {0};
    size_t lines = 1;
    if (ui->menu.kind->form != MENU_WRAPPED)
        return 1;
    item_start(&item);
    ui->menu.kind->item(ui, index, &item);
    text_harmless(&text, (struct slice){item.left.data, item.left.len}, paint_is_ascii());
    struct slice rest = {text.data, text.len};
    take_item_line(&rest, ui->menu.room);
    for (; rest.len && !item.is_heading; lines++)
        take_item_line(&rest, ui->menu.room - hang_of(ui, &item));
    buffer_free(&text);
    item_free(&item);
    return lines;
}

/* Returns the lines of the items FROM up to TO (exclusive), or some number above MOST as soon as they exceed it. */
static size_t height_of(const struct ui *ui, size_t from, size_t to, size_t most)
{
    size_t lines = 0;
    for (; from < to && lines <= most; from++)
        lines += item_height(ui, from);
    return lines;
}

/* Returns the first item to show so that LAST is the last one that fits. */
static size_t top_for(const struct ui *ui, size_t last)
{
    const struct menu *m = &ui->menu;
    size_t top = last + 1, lines = 0;
    while (top > 0 && (lines += item_height(ui, top - 1)) <= m->height)
        top--;
    return top > last ? last : top;
}

static void menu_keep_in_sight(struct ui *ui)
{
    struct menu *m = &ui->menu;
    size_t n = menu_count(ui);
    menu_settle(ui);
    if (m->top > m->cursor)
        m->top = m->cursor;
    if (n && height_of(ui, m->top, m->cursor + 1, m->height) > m->height)
        m->top = top_for(ui, m->cursor);
    /* keep a heading directly above the cursor visible */
    if (m->top == m->cursor && m->top > 0 && m->height > 1 && is_heading(ui, m->top - 1))
        m->top--;
    if (n && m->top + m->height > n && m->top > top_for(ui, n - 1))
        m->top = top_for(ui, n - 1);
    if (m->top < m->pinned)
        m->top = m->pinned;
}

/* Widen the list's columns to the texts of the items FROM to TO - 1. */
static void measure_items(struct ui *ui, size_t from, size_t to)
{
    struct menu *m = &ui->menu;
    for (size_t i = from, n = menu_count(ui); i < to && i < n; i++) {
        struct menu_item item;
        item_start(&item);
        m->kind->item(ui, i, &item);
        int left = (int)text_width((struct slice){item.left.data, item.left.len});
        int right = (int)text_width((struct slice){item.right.data, item.right.len});
        m->left_width = left > m->left_width ? left : m->left_width;
        m->right_width = right > m->right_width ? right : m->right_width;
        item_free(&item);
    }
}

/*
 * Set the widths of the list's columns: those of all items or, of a long list, of the first ones and of all that have
 * been in view.
 */
static void set_widths(struct ui *ui)
{
    enum { FEW = 1000 };
    struct menu *m = &ui->menu;
    size_t near = (size_t)paint_lines();
    if (menu_count(ui) <= FEW)
        m->left_width = m->right_width = 0;
    measure_items(ui, 0, FEW);
    measure_items(ui, m->cursor > FEW + near ? m->cursor - near : FEW, m->cursor + near);
}

/* Draw a wrapped item from line Y up to END (exclusive). */
static void draw_wrapped(struct ui *ui, int y, int end, int x, int width, size_t index)
{
    struct menu_item item;
    struct buffer text = {0};
    item_start(&item);
    ui->menu.kind->item(ui, index, &item);
    bool here = index == ui->menu.cursor;
    enum role role = item.is_heading ? ROLE_HEADER : here ? ROLE_SELECTED : item.role;
    text_harmless(&text, (struct slice){item.left.data, item.left.len}, paint_is_ascii());
    struct slice rest = {text.data, text.len};
    if (here) {
        ui->cursor_y = y;
        ui->cursor_x = x + INDENT;
    }
    int hang = hang_of(ui, &item);
    for (int indent = item.is_heading ? 0 : INDENT; y < end && (rest.len || indent <= INDENT); y++) {
        int room = ui->menu.room - (indent > INDENT ? hang : 0);
        struct slice line = take_item_line(&rest, room);
        if (here)
            paint_blank(y, x, width, ROLE_SELECTED);
        if (here && indent <= INDENT)
            paint_text(y, x, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
        paint_text(y, x + indent, room, line, role);
        indent = INDENT + hang;
    }
    buffer_free(&text);
    item_free(&item);
}

static void draw_item(struct ui *ui, int y, int x, int width, size_t index)
{
    struct menu_item item;
    item_start(&item);
    ui->menu.kind->item(ui, index, &item);
    bool here = index == ui->menu.cursor;
    int at = x;
    if (here) {
        paint_blank(y, x, width, ROLE_SELECTED);
        paint_text(y, x, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
    }
    if (!item.is_heading || item.is_pinned)
        at += 2;
    if (ui->menu.kind->letters && index < strlen(ui->menu.kind->letters)) {
        paint_text(y, at, 1, (struct slice){&ui->menu.kind->letters[index], 1}, here ? ROLE_SELECTED : ROLE_LABEL);
        at += 2;
    }
    struct slice left = {item.left.data, item.left.len}, right = {item.right.data, item.right.len};
    int end = x + width, beside = at + ui->menu.left_width + 2;
    if (ui->menu.kind->form == MENU_NUMBERS)
        beside = end - (int)text_width(right);
    enum role role = item.is_heading ? ROLE_HEADER : here ? ROLE_SELECTED : item.role;
    if (!right.len || beside >= end || beside < at + 8)
        beside = end;
    size_t skip = text_fit(left, item.is_heading ? 0 : ui->menu.shift);
    if (skip)
        left = (struct slice){left.data + skip, left.len - skip};
    paint_text(y, at, beside - at, left, role);
    paint_text(y, beside, end - beside, right,
        here ? ROLE_SELECTED : ui->menu.kind->form == MENU_NUMBERS ? item.role : ROLE_HINT);
    if (here) {
        ui->cursor_y = y;
        ui->cursor_x = at;
    }
    item_free(&item);
}

/*
 * Append the title of the list. If it is wider than WIDTH columns, its parts are left out from the end; parts are
 * separated by colons and commas.
 */
static void put_list_title(struct buffer *b, const struct ui *ui, int width)
{
    const struct menu *m = &ui->menu;
    if (m->title.len)
        buffer_puts(b, m->title.data);
    else
        keys_fill(b, &ui->options->config.keymap, m->kind->title, MODE_MENU);
    size_t len = b->len;
    while (len && (int)text_width((struct slice){b->data, len}) > width) {
        while (len && !strchr(":,", b->data[len - 1]))
            len--;
        len -= len > 0;
    }
    b->len = len ? len : b->len;
    buffer_puts(b, "");
}

/*
 * Draw the right text of the item under the cursor into ROOM columns of the frame's line Y, if the list, which is WIDTH
 * columns wide, cuts it.
 */
static void draw_foot(const struct ui *ui, int y, int x, int width, int room)
{
    enum { FOOT_MIN = 16 };
    const struct menu *m = &ui->menu;
    struct menu_item item;
    item_start(&item);
    m->kind->item(ui, m->cursor, &item);
    int beside = 2 + (m->kind->letters ? 2 : 0) + m->left_width + 2;
    int need = (int)text_width((struct slice){item.right.data, item.right.len});
    if (need && beside + need > width && room >= FOOT_MIN) {
        struct buffer b = {0};
        buffer_printf(&b, " %s ", item.right.data);
        paint_text(y, x, room, (struct slice){b.data, b.len}, ROLE_HINT);
        buffer_free(&b);
    }
    item_free(&item);
}

/*
 * The list takes the full width if fewer columns than this would remain beside it, because they would show nothing
 * legible.
 */
enum { BESIDE_MIN = 4 };

void menu_draw(struct ui *ui)
{
    struct menu *m = &ui->menu;
    struct buffer name = {0}, empty = {0};
    int lines = paint_lines() - 1, columns = paint_columns();
    size_t n = menu_count(ui);
    if (m->make_numbers)
        make_numbers(ui); /* a report read again may have as many columns, but others */
    set_widths(ui);
    put_list_title(&name, ui, columns - 6);
    int title = (int)text_width((struct slice){name.data, name.len}) + 8;
    int width = m->left_width + (m->right_width ? m->right_width + 2 : 0) + 4 + (m->kind->letters ? 2 : 0) + 2;
    width = width < title ? title : width;
    keys_fill(&empty, &ui->options->config.keymap, n ? "" : m->kind->empty, MODE_TABLE);
    int least = n ? 0 : (int)text_width((struct slice){empty.data, empty.len}) + 6;
    width = width < least ? least : width;
    width = width + BESIDE_MIN > columns ? columns : width;
    bool boxed = lines >= 3 && columns >= 10;
    m->room = width - boxed * 4 - INDENT;
    size_t taken = lines > 0 ? height_of(ui, 0, n, (size_t)lines) : 0;
    int height = taken + 2 > (size_t)lines ? lines : (int)taken + 2;
    height = height < 3 ? 3 : height;
    int y = boxed ? (lines - height) / 2 : 0, x = boxed ? (columns - width) / 2 : 0;
    m->height = boxed ? (size_t)height - 2 : lines > 0 ? (size_t)lines : 1;
    m->pinned = m->height > 1 && is_pinned(ui);
    m->height -= m->pinned;
    m->y = y + boxed + (int)m->pinned;
    m->x = x;
    m->width = width;
    menu_keep_in_sight(ui);
    if (boxed)
        paint_box(y, x, height, width, name.data);
    else
        paint_clear();
    buffer_free(&name);
    int at = m->y, end = m->y + (int)m->height;
    for (m->shown = 0; at < end && m->top + m->shown < n; m->shown++) {
        size_t index = m->top + m->shown;
        if (m->kind->form == MENU_WRAPPED)
            draw_wrapped(ui, at, end, x + boxed * 2, width - boxed * 4, index);
        else
            draw_item(ui, at, x + boxed * 2, width - boxed * 4, index);
        at += (int)item_height(ui, index);
    }
    if (m->pinned)
        draw_item(ui, m->y - 1, x + boxed * 2, width - boxed * 4, 0);
    for (int line = m->y; line < end; line++)
        paint_matches(line, x + boxed * 2, width - boxed * 4, (struct slice){m->lit.data, m->lit.len}, ROLE_MATCH);
    if (!n)
        paint_text(y + boxed, x + boxed * 2, width - boxed * 4, (struct slice){empty.data, empty.len}, ROLE_HINT);
    buffer_free(&empty);
    struct buffer place = {0};
    buffer_puts(&place, "");
    if (boxed && n > m->shown + m->pinned)
        buffer_printf(&place, " %zu of %zu ", m->cursor + 1 - m->pinned, n - m->pinned);
    paint_right(y + height - 1, x + 2, width - 4, (struct slice){place.data, place.len}, ROLE_HINT);
    if (boxed && n && m->kind->form == MENU_TEXTS)
        draw_foot(ui, y + height - 1, x + 2, width - 4, width - 5 - (int)place.len);
    buffer_free(&place);
}

bool menu_key(struct ui *ui, uint32_t key)
{
    const char *letters = ui->menu.kind->letters;
    const char *at = letters && key > ' ' && key < 0x7f ? strchr(letters, (int)key) : NULL;
    if (!at || (size_t)(at - letters) >= menu_count(ui))
        return false;
    menu_go(ui, (size_t)(at - letters), 1);
    ui_request(ui, ACTION_OPEN, 1);
    return true;
}

void menu_click(struct ui *ui, int y, int x)
{
    struct menu *m = &ui->menu;
    size_t index = m->top, before = m->cursor;
    for (int at = m->y; index < menu_count(ui) && (at += (int)item_height(ui, index)) <= y;)
        index++;
    if (y < m->y || y >= m->y + (int)m->height || x < m->x || x >= m->x + m->width || index >= menu_count(ui)) {
        menu_close(ui);
        return;
    }
    menu_go(ui, index, 1);
    if (m->cursor == before)
        ui_request(ui, ACTION_OPEN, 1);
}

static bool item_holds(const struct ui *ui, size_t index, struct slice text)
{
    struct menu_item item;
    item_start(&item);
    ui->menu.kind->item(ui, index, &item);
    bool holds = !item.is_heading && (slice_contains_nocase((struct slice){item.left.data, item.left.len}, text)
        || slice_contains_nocase((struct slice){item.right.data, item.right.len}, text));
    item_free(&item);
    return holds;
}

/* Append "N of M": the cursor's position among the items that contain TEXT, and their number. */
static void put_place_in_list(const struct ui *ui, struct slice text, struct buffer *place)
{
    size_t nth = 0, all = 0;
    for (size_t i = 0, n = menu_count(ui); i < n; i++) {
        all += item_holds(ui, i, text);
        nth = i == ui->menu.cursor ? all : nth;
    }
    buffer_printf(place, "%zu of %zu", nth, all);
}

bool menu_search(struct ui *ui, struct slice text, int step, struct buffer *place)
{
    enum { COUNTED = 5000, AT_ONCE = 256 };
    size_t n = menu_count(ui), at = ui->menu.cursor;
    for (size_t k = step != 0; n && k <= n && (k % AT_ONCE || !cancel_check(ui->view.cancel)); k++) {
        size_t i = step >= 0 ? (at + k) % n : (at + n - k) % n;
        if (!item_holds(ui, i, text))
            continue;
        ui->menu.cursor = i;
        if (place && n <= COUNTED)
            put_place_in_list(ui, text, place);
        return true;
    }
    return false;
}

void menu_light(struct ui *ui, struct slice text)
{
    ui->menu.lit.len = 0;
    buffer_add(&ui->menu.lit, text.data, text.len);
}

static void search_more(struct ui *ui, int step)
{
    struct slice text = {ui->menu.found.data, ui->menu.found.len};
    struct buffer place = {0};
    size_t before = ui->menu.cursor;
    buffer_puts(&place, "");
    if (!text.len) {
        ui_say_keys(ui, MODE_MENU, "nothing to repeat; {search} searches");
    } else if (!menu_search(ui, text, step, &place)) {
        ui_say(ui, "nothing in this list contains \"%s\"", ui->menu.found.data);
    } else {
        bool is_wrapped = step > 0 ? ui->menu.cursor <= before : ui->menu.cursor >= before;
        const char *words = ui->menu.cursor == before ? "this is the only one" : is_wrapped ? "wrapped" : "";
        ui_say(ui, "%s%s%s", place.data, words[0] && place.len ? "; " : "", words);
        menu_light(ui, text);
    }
    buffer_free(&place);
}

const char *menu_word(const struct ui *ui, enum action action)
{
    const struct menu_kind *kind = ui->menu.kind;
    for (size_t i = 0; kind->actions[i] != ACTION_NONE; i++) {
        if (kind->actions[i] == action)
            return kind->words[i] ? kind->words[i] : action == ACTION_OPEN ? "choose" : actions[action].hint;
    }
    return NULL;
}

bool menu_can(const struct ui *ui, enum action action)
{
    static const enum action usual[] = {ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_HALF_DOWN,
        ACTION_HALF_UP, ACTION_FIRST, ACTION_LAST, ACTION_LEFT, ACTION_RIGHT, ACTION_BACK, ACTION_SEARCH,
        ACTION_SEARCH_NEXT, ACTION_SEARCH_BACK, ACTION_HELP};
    const struct menu *m = &ui->menu;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (usual[i] == action)
            return true;
    }
    for (size_t i = 0; m->kind->actions[i] != ACTION_NONE; i++) {
        if (m->kind->actions[i] == action)
            return m->cursor < menu_count(ui);
    }
    return false;
}

enum action menu_act(struct ui *ui, enum action action)
{
    struct menu *m = &ui->menu;
    long page = m->shown > 1 ? (long)m->shown - 1 : 1; /* overlap of a line, so a skipped heading is visible */
    switch ((int)action) {
    case ACTION_DOWN: menu_walk(ui, 1); break;
    case ACTION_UP: menu_walk(ui, -1); break;
    case ACTION_PAGE_DOWN: menu_walk(ui, page); break;
    case ACTION_PAGE_UP: menu_walk(ui, -page); break;
    case ACTION_HALF_DOWN: menu_walk(ui, page / 2 + 1); break;
    case ACTION_HALF_UP: menu_walk(ui, -page / 2 - 1); break;
    case ACTION_FIRST: menu_go(ui, 0, 1); break;
    case ACTION_LAST: menu_go(ui, SIZE_MAX, -1); break;
    case ACTION_LEFT: m->shift -= m->shift < SHIFT ? m->shift : SHIFT; break;
    case ACTION_RIGHT: m->shift += m->shift + SHIFT < (size_t)m->left_width ? SHIFT : 0; break;
    case ACTION_BACK: menu_close(ui); break;
    case ACTION_SEARCH_NEXT: search_more(ui, 1); break;
    case ACTION_SEARCH_BACK: search_more(ui, -1); break;
    case ACTION_SEARCH:
    case ACTION_UNDO:
    case ACTION_REDO:
    case ACTION_HELP: return action;
    default: m->kind->act(ui, m->cursor, action);
    }
    return ACTION_NONE;
}
