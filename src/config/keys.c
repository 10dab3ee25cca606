/* The table of actions and the table of default keys. */
#include "config/keys.h"

#include "base/bug.h"
#include "base/error.h"

#include <stdlib.h>

#define MOVING "Move"
#define FILTERING "Filter and search"
#define SORTING "Sort"
#define LOOKING "Views"
#define COLUMNS "Columns"
#define MARKING "Mark"
#define FIXING "Fix"
#define LISTS "In lists"
#define TYPING "While typing"
#define EXPORT "Copy and export"
#define REST "Other"

const struct action_info actions[ACTION_COUNT] = {
    [ACTION_DOWN] = {"down", MOVING, NULL, "a row down"},
    [ACTION_UP] = {"up", MOVING, NULL, "a row up"},
    [ACTION_PAGE_DOWN] = {"page-down", MOVING, NULL, "a page down; with the detail pane open, in the pane"},
    [ACTION_PAGE_UP] = {"page-up", MOVING, NULL, "a page up"},
    [ACTION_HALF_DOWN] = {"half-page-down", MOVING, NULL, "half a page down"},
    [ACTION_HALF_UP] = {"half-page-up", MOVING, NULL, "half a page up"},
    [ACTION_SCROLL_DOWN] = {"scroll-down", MOVING, NULL,
        "scroll a line down; the cursor stays on its user as long as that is shown"},
    [ACTION_SCROLL_UP] = {"scroll-up", MOVING, NULL, "scroll a line up"},
    [ACTION_FIRST] = {"first", MOVING, NULL, "to the first row"},
    [ACTION_LAST] = {"last", MOVING, NULL, "to the last row"},
    [ACTION_LEFT] = {"left", MOVING, NULL, "a column to the left"},
    [ACTION_RIGHT] = {"right", MOVING, NULL, "a column to the right"},
    [ACTION_RETURN] = {"return", MOVING, NULL, "go back to the user before the last sort or filter"},
    [ACTION_FILTER] = {"filter", FILTERING, "filter",
        "show only users that match a query; start it with ! to exclude them"},
    [ACTION_FILTERS] = {"filters", FILTERING, NULL, "list the active filters: remove, edit, invert"},
    [ACTION_PRESETS] = {"presets", FILTERING, "presets", "list saved filters, with the number of users matching"},
    [ACTION_KEEP_VALUE] = {"keep-value", FILTERING, NULL, "show only rows with the value of this cell"},
    [ACTION_DROP_VALUE] = {"drop-value", FILTERING, NULL, "hide rows with the value of this cell"},
    [ACTION_FILTER_REMOVE] = {"filter-remove", FILTERING, NULL, "remove the last filter"},
    [ACTION_SEARCH] = {"search", FILTERING, "search", "search names, ARNs, account names, tags and key IDs for a text"},
    [ACTION_SEARCH_NEXT] = {"search-next", FILTERING, NULL, "go to the next match"},
    [ACTION_SEARCH_BACK] = {"search-back", FILTERING, NULL, "go to the previous match"},
    [ACTION_SORT] = {"sort", SORTING, "sort", "choose the sort column; choose it again to reverse the order"},
    [ACTION_SORT_THEN] = {"sort-then", SORTING, NULL, "add a further sort column, for equal users"},
    [ACTION_SORT_LEFT] = {"sort-left", SORTING, NULL, "sort by the column to the left"},
    [ACTION_SORT_RIGHT] = {"sort-right", SORTING, NULL, "sort by the column to the right"},
    [ACTION_SORT_INVERT] = {"sort-invert", SORTING, NULL, "reverse the order; missing values stay last"},
    [ACTION_OPEN] = {"open", LOOKING, "open", "open the user; in lists, choose"},
    [ACTION_COUNT_BY] = {"count", LOOKING, "count",
        "count the users by the values of the column; in that list, by the next column"},
    [ACTION_ACCOUNTS] = {"accounts", LOOKING, NULL, "count the users by account, worst first"},
    [ACTION_OVERVIEW] = {"overview", LOOKING, "overview", "overview; Enter lists the users in a bar"},
    [ACTION_TREND] = {"trend", LOOKING, "trend",
        "graph of how many users failed each check over time, from older reports"},
    [ACTION_CHOOSE] = {"choose", LOOKING, "on/off",
        "in the trend and in lists of checks or columns: switch it on or off"},
    [ACTION_LOG] = {"log", LOOKING, NULL, "what happened from one report to the next (press again: users)"},
    [ACTION_KEYS] = {"keys", LOOKING, "keys", "one row per credential (press again: per user)"},
    [ACTION_CHANGES] = {"changes", LOOKING, NULL, "show what changed since the last reading (press again: users)"},
    [ACTION_KIND_NEXT] = {"kind-next", LOOKING, "kinds", "show only the next kind of change; after the last kind, all"},
    [ACTION_KIND_BACK] = {"kind-back", LOOKING, NULL, "show only the previous kind of change"},
    [ACTION_RELOAD] = {"reload", LOOKING, NULL, "read the reports again, or fetch them again"},
    [ACTION_WHOSE] = {"whose", LOOKING, NULL, "find the owner of an access key, and contain a leak"},
    [ACTION_COLUMNS_NEXT] = {"columns-next", COLUMNS, "sets", "next column set"},
    [ACTION_COLUMNS_BACK] = {"columns-back", COLUMNS, NULL, "previous column set"},
    [ACTION_COLUMNS] = {"columns", COLUMNS, NULL, "list all columns, to show or hide them"},
    [ACTION_COLUMN_HIDE] = {"column-hide", COLUMNS, NULL, "hide the current column"},
    [ACTION_COLUMN_LEFT] = {"column-left", COLUMNS, NULL, "move the column to the left"},
    [ACTION_COLUMN_RIGHT] = {"column-right", COLUMNS, NULL, "move the column to the right"},
    [ACTION_COLUMN_NARROWER] = {"column-narrower", COLUMNS, NULL, "make the column narrower"},
    [ACTION_COLUMN_WIDER] = {"column-wider", COLUMNS, NULL, "make the column wider"},
    [ACTION_COLUMNS_RESET] = {"columns-reset", COLUMNS, NULL, "restore the columns of the set"},
    [ACTION_COLUMNS_SAVE] = {"columns-save", COLUMNS, NULL, "save the column set in the configuration"},
    [ACTION_COPY] = {"copy", EXPORT, NULL, "copy the cell to the clipboard"},
    [ACTION_COPY_MORE] = {"copy-more", EXPORT, NULL,
        "copy the row, the ARN, the user as Markdown, or the marked rows"},
    [ACTION_WRITE] = {"write", EXPORT, "write", "write the marked rows, or those shown, to a file"},
    [ACTION_EVIDENCE] = {"evidence", EXPORT, NULL,
        "make a folder for auditors: CSV files, an HTML page and SHA-256 of the inputs"},
    [ACTION_MARK] = {"mark", MARKING, NULL, "mark or unmark the user, and go down"},
    [ACTION_MARK_RANGE] = {"mark-range", MARKING, NULL, "mark from the last marked user to here"},
    [ACTION_MARK_INVERT] = {"mark-invert", MARKING, NULL, "invert the marks of the users shown"},
    [ACTION_MARK_ALL] = {"mark-all", MARKING, NULL, "mark all users shown"},
    [ACTION_MARK_NONE] = {"mark-none", MARKING, NULL, "clear all marks"},
    [ACTION_REMEDIES] = {"remedies", FIXING, "remedy",
        "show commands that fix the findings of the marked users, or of this one"},
    [ACTION_WAIVE] = {"waive", FIXING, NULL,
        "waive a finding of the marked users, or of this one; extend or withdraw a waiver"},
    [ACTION_THRESHOLDS] = {"thresholds", FIXING, NULL,
        "switch checks on and off, change their days, and see who fails at once"},
    [ACTION_COMMAND] = {"command", REST, NULL, "run an action by its name, or go to a row by its number"},
    [ACTION_PROBLEMS] = {"problems", REST, NULL, "list what could not be read or judged, and why"},
    [ACTION_UNDO] = {"undo", REST, "undo",
        "undo the last filter, sort, mark, column, waiver or threshold change; 50 levels"},
    [ACTION_REDO] = {"redo", REST, NULL, "redo the last undone change"},
    [ACTION_HELP] = {"help", REST, "help", "this list; Enter runs an action"},
    [ACTION_BACK] = {"back", REST, "back", "go back one level: list, pane, overview, last filter, log, changes"},
    [ACTION_LEAVE] = {"leave", REST, "quit",
        "go back one level: list, pane, overview, credentials, log, changes; in the table, quit"},
    [ACTION_REDRAW] = {"redraw", REST, NULL, "redraw the screen"},
    [ACTION_SUSPEND] = {"suspend", REST, NULL, "suspend; fg resumes"},
    [ACTION_QUIT] = {"quit", REST, NULL, "quit; asks first when marks, changed columns or thresholds would be lost"},
    [ACTION_EDIT] = {"edit", LISTS, "edit", "edit the query before it is used"},
    [ACTION_DELETE] = {"delete", LISTS, "remove", "remove the filter"},
    [ACTION_INVERT] = {"invert", LISTS, "invert", "show the users that do not match"},
    [ACTION_SAVE] = {"save", LISTS, "save", "save the filter, the thresholds, or write the list to a new file"},
    [ACTION_MORE] = {"more", LISTS, "all keys, columns, checks",
        "in the help card, show all keys, columns, queries and checks; there, go to the next part"},
    [ACTION_ACCEPT] = {"accept", TYPING, "accept", "accept the line or the form"},
    [ACTION_CANCEL] = {"cancel", TYPING, "back", "cancel; in a form, press it again to discard what was typed"},
    [ACTION_COMPLETE] = {"complete", TYPING, "complete", "complete the word; press again for the next possibility"},
    [ACTION_COMPLETE_BACK] = {"complete-back", TYPING, NULL, "previous possibility"},
    [ACTION_LINE_LEFT] = {"line-left", TYPING, NULL, "a character to the left"},
    [ACTION_LINE_RIGHT] = {"line-right", TYPING, NULL, "a character to the right"},
    [ACTION_LINE_HOME] = {"line-home", TYPING, NULL, "to the start of the line"},
    [ACTION_LINE_END] = {"line-end", TYPING, NULL, "to the end of the line"},
    [ACTION_WORD_LEFT] = {"word-left", TYPING, NULL, "a word to the left"},
    [ACTION_WORD_RIGHT] = {"word-right", TYPING, NULL, "a word to the right"},
    [ACTION_ERASE_BACK] = {"erase-back", TYPING, NULL, "erase the character to the left; in an empty line, cancel"},
    [ACTION_ERASE] = {"erase", TYPING, NULL, "erase the character under the cursor"},
    [ACTION_ERASE_END] = {"erase-to-end", TYPING, NULL, "erase to the end of the line"},
    [ACTION_ERASE_LINE] = {"erase-line", TYPING, NULL, "erase to the start of the line"},
    [ACTION_ERASE_WORD] = {"erase-word", TYPING, NULL, "erase the word to the left"},
    [ACTION_ERASE_WORD_RIGHT] = {"erase-word-right", TYPING, NULL, "erase the word to the right"},
    [ACTION_CHOOSE_BACK] = {"choose-back", TYPING, NULL,
        "previous suggestion of the box; in an empty line, previous line of the history"},
    [ACTION_CHOOSE_NEXT] = {"choose-next", TYPING, "choose", "next suggestion of the box"},
    [ACTION_HISTORY_BACK] = {"history-back", TYPING, "history", "previous line of the history"},
    [ACTION_HISTORY_NEXT] = {"history-next", TYPING, NULL, "next line of the history"},
    [ACTION_FIELD_NEXT] = {"field-next", TYPING, NULL, "in a form, the next field"},
    [ACTION_FIELD_BACK] = {"field-back", TYPING, NULL, "in a form, the previous field"},
};

enum {
    ROWS = MODE_TABLE | MODE_DETAIL,
    PLACES = ROWS | MODE_OVERVIEW,      /* where the cursor moves through something other than a list */
    PAGES = PLACES | MODE_TREND,
    WALKED = PAGES | MODE_MENU,
    TYPED = MODE_PROMPT | MODE_FORM,
    EVERYWHERE = WALKED | TYPED
};

/* In the order of the hint line. */
const struct binding bindings[] = {
    {"j", ACTION_DOWN, WALKED, false}, {"Down", ACTION_DOWN, WALKED, false},
    {"k", ACTION_UP, WALKED, false}, {"Up", ACTION_UP, WALKED, false},
    {"PgDn", ACTION_PAGE_DOWN, WALKED, false}, {"C-f", ACTION_PAGE_DOWN, WALKED, false},
    {"PgUp", ACTION_PAGE_UP, WALKED, false}, {"C-b", ACTION_PAGE_UP, WALKED, false},
    {"C-d", ACTION_HALF_DOWN, WALKED, false}, {"C-u", ACTION_HALF_UP, WALKED, false},
    {"C-e", ACTION_SCROLL_DOWN, ROWS, false}, {"C-y", ACTION_SCROLL_UP, ROWS, false},
    {"g", ACTION_FIRST, WALKED, false}, {"Home", ACTION_FIRST, WALKED, false},
    {"G", ACTION_LAST, WALKED, false}, {"End", ACTION_LAST, WALKED, false},
    {"h", ACTION_LEFT, PLACES, false}, {"Left", ACTION_LEFT, PLACES | MODE_MENU, false},
    {"l", ACTION_RIGHT, PLACES, false}, {"Right", ACTION_RIGHT, PLACES | MODE_MENU, false},
    {"Space", ACTION_CHOOSE, MODE_TREND | MODE_MENU, false},
    {"T", ACTION_TREND, MODE_OVERVIEW | MODE_TREND, false},
    {"T", ACTION_THRESHOLDS, ROWS, false},
    {"&", ACTION_FILTER, PLACES, false},
    {")", ACTION_KIND_NEXT, ROWS, false}, {"(", ACTION_KIND_BACK, ROWS, false},
    {"F", ACTION_FILTERS, PLACES, false},
    {"p", ACTION_PRESETS, PLACES, false},
    {".", ACTION_KEEP_VALUE, ROWS, false},
    {",", ACTION_DROP_VALUE, ROWS, false},
    {"Backspace", ACTION_FILTER_REMOVE, PLACES, false}, {"C-h", ACTION_FILTER_REMOVE, PLACES, false},
    {"'", ACTION_RETURN, ROWS, false},
    {"n", ACTION_SEARCH_NEXT, PLACES | MODE_MENU, false},
    {"N", ACTION_SEARCH_BACK, PLACES | MODE_MENU, false},
    {"s", ACTION_SORT, ROWS, false},
    {"Enter", ACTION_OPEN, MODE_TABLE | MODE_OVERVIEW | MODE_TREND | MODE_MENU, false},
    {"S", ACTION_SORT_THEN, ROWS, false},
    {"<", ACTION_SORT_LEFT, ROWS | MODE_MENU, false},
    {"s", ACTION_SORT_RIGHT, MODE_MENU, false}, {">", ACTION_SORT_RIGHT, ROWS | MODE_MENU, false},
    {"I", ACTION_SORT_INVERT, ROWS | MODE_MENU, false},
    {"#", ACTION_COUNT_BY, ROWS | MODE_MENU, false},
    {"A", ACTION_ACCOUNTS, PLACES, false},
    {"o", ACTION_OVERVIEW, PLACES, false},
    {"t", ACTION_TREND, PAGES, false}, {"L", ACTION_LOG, PLACES, false},
    {"r", ACTION_REMEDIES, ROWS, false},
    {"K", ACTION_KEYS, ROWS, false},
    {"Tab", ACTION_COLUMNS_NEXT, ROWS, false},
    {"S-Tab", ACTION_COLUMNS_BACK, ROWS, false},
    {"C", ACTION_COLUMNS, ROWS, false},
    {"-", ACTION_COLUMN_HIDE, ROWS, false},
    {"{", ACTION_COLUMN_LEFT, ROWS, false}, {"}", ACTION_COLUMN_RIGHT, ROWS, false},
    {"[", ACTION_COLUMN_NARROWER, ROWS, false}, {"]", ACTION_COLUMN_WIDER, ROWS, false},
    {"=", ACTION_COLUMNS_RESET, ROWS, false}, {"C-s", ACTION_COLUMNS_SAVE, ROWS, false},
    {"/", ACTION_SEARCH, PLACES | MODE_MENU, false},
    {"Space", ACTION_MARK, ROWS, false},
    {"v", ACTION_MARK_RANGE, ROWS, false},
    {"*", ACTION_MARK_INVERT, ROWS, false},
    {"a", ACTION_MARK_ALL, ROWS, false},
    {"u", ACTION_MARK_NONE, ROWS, false},
    {"R", ACTION_RELOAD, ROWS, false},
    {"D", ACTION_CHANGES, ROWS, false},
    {"W", ACTION_WAIVE, ROWS, false},
    {"y", ACTION_COPY, ROWS, false},
    {"Y", ACTION_COPY_MORE, ROWS, false},
    {"w", ACTION_WRITE, ROWS, false},
    {"E", ACTION_EVIDENCE, PLACES, false},
    {"i", ACTION_WHOSE, ROWS, false},
    {":", ACTION_COMMAND, PAGES, false},
    {"P", ACTION_PROBLEMS, PLACES, false},
    {"U", ACTION_UNDO, ROWS | MODE_MENU, false},
    {"C-r", ACTION_REDO, ROWS | MODE_MENU, false},
    {"?", ACTION_HELP, WALKED, false}, {"F1", ACTION_HELP, WALKED, false},
    {"Esc", ACTION_BACK, WALKED, false}, {"C-c", ACTION_BACK, WALKED, false}, {"q", ACTION_BACK, MODE_MENU, false},
    {"C-l", ACTION_REDRAW, EVERYWHERE, false},
    {"C-z", ACTION_SUSPEND, EVERYWHERE, false},
    {"q", ACTION_LEAVE, PAGES, false},
    {"Q", ACTION_QUIT, WALKED, false}, {"F10", ACTION_QUIT, WALKED, false},
    {"e", ACTION_EDIT, MODE_MENU, false},
    {"d", ACTION_DELETE, MODE_MENU, false}, {"Delete", ACTION_DELETE, MODE_MENU, false},
    {",", ACTION_INVERT, MODE_MENU, false}, {"!", ACTION_INVERT, MODE_MENU, false},
    {"w", ACTION_SAVE, MODE_MENU, false},
    {"Tab", ACTION_MORE, MODE_MENU, false},
    {"Enter", ACTION_ACCEPT, TYPED, false},
    {"Esc", ACTION_CANCEL, TYPED, false}, {"C-c", ACTION_CANCEL, TYPED, false}, {"C-g", ACTION_CANCEL, TYPED, false},
    {"Tab", ACTION_COMPLETE, MODE_PROMPT, false}, {"S-Tab", ACTION_COMPLETE_BACK, MODE_PROMPT, false},
    {"Left", ACTION_LINE_LEFT, TYPED, false}, {"C-b", ACTION_LINE_LEFT, TYPED, false},
    {"Right", ACTION_LINE_RIGHT, TYPED, false}, {"C-f", ACTION_LINE_RIGHT, TYPED, false},
    {"Home", ACTION_LINE_HOME, TYPED, false}, {"C-a", ACTION_LINE_HOME, TYPED, false},
    {"End", ACTION_LINE_END, TYPED, false}, {"C-e", ACTION_LINE_END, TYPED, false},
    {"M-b", ACTION_WORD_LEFT, TYPED, false}, {"M-f", ACTION_WORD_RIGHT, TYPED, false},
    {"Backspace", ACTION_ERASE_BACK, TYPED, false}, {"C-h", ACTION_ERASE_BACK, TYPED, false},
    {"Delete", ACTION_ERASE, TYPED, false}, {"C-d", ACTION_ERASE, TYPED, false},
    {"C-k", ACTION_ERASE_END, TYPED, false},
    {"C-u", ACTION_ERASE_LINE, TYPED, false},
    {"C-w", ACTION_ERASE_WORD, TYPED, false}, {"M-Backspace", ACTION_ERASE_WORD, TYPED, false},
    {"M-d", ACTION_ERASE_WORD_RIGHT, TYPED, false},
    {"Up", ACTION_CHOOSE_BACK, MODE_PROMPT, false}, {"Down", ACTION_CHOOSE_NEXT, MODE_PROMPT, false},
    {"C-p", ACTION_HISTORY_BACK, TYPED, false}, {"C-n", ACTION_HISTORY_NEXT, TYPED, false},
    {"Tab", ACTION_FIELD_NEXT, MODE_FORM, false}, {"Down", ACTION_FIELD_NEXT, MODE_FORM, false},
    {"S-Tab", ACTION_FIELD_BACK, MODE_FORM, false}, {"Up", ACTION_FIELD_BACK, MODE_FORM, false},
};
const size_t binding_count = sizeof bindings / sizeof bindings[0];

static const struct {
    const char *name;
    uint32_t key;
} named[] = {
    {"Tab", KEYS_TAB}, {"Enter", KEYS_ENTER}, {"Esc", KEYS_ESC}, {"Space", KEYS_SPACE}, {"Backspace", KEYS_BACKSPACE},
    {"Up", KEYS_UP}, {"Down", KEYS_DOWN}, {"Left", KEYS_LEFT}, {"Right", KEYS_RIGHT}, {"Home", KEYS_HOME},
    {"End", KEYS_END}, {"PgUp", KEYS_PAGE_UP}, {"PgDn", KEYS_PAGE_DOWN}, {"S-Tab", KEYS_SHIFT_TAB},
    {"Delete", KEYS_DELETE},
};

enum action action_find(struct slice name)
{
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        if (slice_equal(name, slice_of(actions[a].name)))
            return a;
    }
    return ACTION_NONE;
}

const char *action_nearest(struct slice name)
{
    struct nearest n = nearest_to(name);
    for (enum action a = 0; a < ACTION_COUNT; a++)
        nearest_try(&n, actions[a].name);
    return n.name;
}

unsigned action_modes(enum action action)
{
    unsigned modes = 0;
    for (size_t i = 0; i < binding_count; i++)
        modes |= bindings[i].action == action ? bindings[i].modes : 0;
    return modes;
}

static const struct {
    const char *name;
    unsigned mode;
} modes_table[] = {{"table", MODE_TABLE}, {"detail", MODE_DETAIL}, {"overview", MODE_OVERVIEW}, {"trend", MODE_TREND},
    {"list", MODE_MENU}, {"line", MODE_PROMPT}, {"form", MODE_FORM}};

static unsigned mode_find(struct slice name)
{
    for (size_t i = 0; i < sizeof modes_table / sizeof modes_table[0]; i++) {
        if (slice_equal(name, slice_of(modes_table[i].name)))
            return modes_table[i].mode;
    }
    return 0;
}

unsigned modes_parse(struct slice list)
{
    unsigned modes = 0;
    for (size_t at = 0; at <= list.len;) {
        const char *comma = at < list.len ? memchr(list.data + at, ',', list.len - at) : NULL;
        size_t end = comma ? (size_t)(comma - list.data) : list.len;
        unsigned mode = mode_find((struct slice){list.data + at, end - at});
        if (!mode)
            return 0;
        modes |= mode;
        at = end + 1;
    }
    return modes;
}

void modes_names(struct buffer *out, unsigned modes)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof modes_table / sizeof modes_table[0]; i++) {
        if (modes & modes_table[i].mode)
            buffer_printf(out, "%s%s", n++ ? "," : "", modes_table[i].name);
    }
}

/* Returns the key F1 to F12 called NAME, or KEYS_NONE. */
static uint32_t parse_function_key(struct slice name)
{
    unsigned n = 0;
    if (name.len < 2 || name.len > 3 || (name.data[0] != 'F' && name.data[0] != 'f'))
        return KEYS_NONE;
    for (size_t i = 1; i < name.len; i++)
        n = name.data[i] >= '0' && name.data[i] <= '9' ? n * 10 + (unsigned)(name.data[i] - '0') : 99;
    return n >= 1 && n <= 12 && name.data[1] != '0' ? KEYS_F1 + n - 1 : (uint32_t)KEYS_NONE;
}

uint32_t keys_parse(struct slice name)
{
    if (name.len > 2 && memcmp(name.data, "M-", 2) == 0) {
        uint32_t key = keys_parse((struct slice){name.data + 2, name.len - 2});
        return key < KEYS_NONE && key != KEYS_ESC ? key + KEYS_ALT : KEYS_NONE;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (slice_equal_nocase(name, slice_of(named[i].name)))
            return named[i].key;
    }
    if (name.len == 3 && name.data[0] == 'C' && name.data[1] == '-' && name.data[2] > ' ')
        return (uint32_t)name.data[2] & 0x1f;
    if (parse_function_key(name) != KEYS_NONE)
        return parse_function_key(name);
    uint32_t cp = UINT32_MAX;
    size_t n = name.len ? utf8_decode(name.data, name.len, &cp) : 0;
    return n && n == name.len && codepoint_width(cp) > 0 ? cp : KEYS_NONE;
}

void keys_name(struct buffer *out, uint32_t key)
{
    char bytes[8];
    if (key >= KEYS_ALT && key != KEYS_NONE) {
        buffer_puts(out, "M-");
        key -= KEYS_ALT;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (named[i].key == key) {
            buffer_puts(out, named[i].name);
            return;
        }
    }
    if (key >= KEYS_F1 && key <= KEYS_F12)
        buffer_printf(out, "F%u", (unsigned)(key - KEYS_F1 + 1));
    else if (key < ' ')
        buffer_printf(out, "C-%c", (int)(key ? key + 'a' - 1 : '@'));
    else if (key < KEYS_UP && codepoint_width(key) > 0)
        buffer_add(out, bytes, utf8_write(bytes, key));
    else
        buffer_puts(out, "this key");
}

/* ---- the bindings in force ------------------------------------------------------ */

void keymap_init(struct keymap *m)
{
    *m = (struct keymap){xcalloc(binding_count, sizeof *m->list), binding_count};
    memcpy(m->list, bindings, binding_count * sizeof *m->list);
}

void keymap_free(struct keymap *m)
{
    free(m->list);
    *m = (struct keymap){0};
}

static bool has_key(const struct binding *b, uint32_t key)
{
    return keys_parse(slice_of(b->key)) == key;
}

/* Unbind KEY in MODES. */
static void unbind(struct keymap *m, uint32_t key, unsigned modes)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (has_key(&m->list[i], key))
            m->list[i].modes &= ~modes;
        if (m->list[i].modes)
            m->list[kept++] = m->list[i];
    }
    m->count = kept;
}

/* Returns the index of the default binding of this key to this action, binding_count if there is none. */
static size_t default_of(const struct binding *b)
{
    size_t i = 0;
    while (i < binding_count && (bindings[i].action != b->action || !has_key(b, keys_parse(slice_of(bindings[i].key)))))
        i++;
    return i;
}

/* Defaults are in the order of their table; bindings of the configuration come before those for the same action. */
static size_t rank(const struct binding *b)
{
    size_t i = 0;
    if (!b->own)
        return 2 * default_of(b) + 1;
    while (i < binding_count && bindings[i].action != b->action)
        i++;
    return 2 * i;
}

/* Move the last binding to its place; the others are in order. */
static void order_bindings(struct keymap *m)
{
    struct binding b = m->list[m->count - 1];
    size_t at = m->count - 1, mine = rank(&b);
    for (; at > 0 && rank(&m->list[at - 1]) > mine; at--)
        m->list[at] = m->list[at - 1];
    m->list[at] = b;
}

void keymap_bind(struct keymap *m, struct slice key, unsigned modes, enum action action)
{
    uint32_t code = keys_parse(key);
    struct binding new = {.action = action, .modes = modes};
    memcpy(new.key, key.data, key.len < sizeof new.key ? key.len : sizeof new.key - 1);
    for (size_t i = 0; i < m->count; i++)
        new.modes |= m->list[i].action == action && has_key(&m->list[i], code) ? m->list[i].modes : 0;
    unbind(m, code, new.modes);
    if (action == ACTION_NONE)
        return;
    size_t usual = default_of(&new);
    new.own = usual == binding_count || (new.modes & ~bindings[usual].modes);
    if (!new.own)
        memcpy(new.key, bindings[usual].key, sizeof new.key);
    m->list = xrealloc(m->list, m->count + 1, sizeof *m->list);
    m->list[m->count++] = new;
    order_bindings(m);
}

enum action keys_action(const struct keymap *m, uint32_t key, enum mode mode)
{
    for (size_t i = 0; i < m->count; i++) {
        if ((m->list[i].modes & mode) && has_key(&m->list[i], key))
            return m->list[i].action;
    }
    return ACTION_NONE;
}

bool keys_of(struct buffer *out, const struct keymap *m, enum action action, unsigned modes, size_t limit)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count && n < limit; i++) {
        if (m->list[i].action == action && (m->list[i].modes & modes))
            buffer_printf(out, "%s%s", n++ ? " " : "", m->list[i].key);
    }
    return n > 0;
}

void keys_fill(struct buffer *out, const struct keymap *m, const char *text, unsigned modes)
{
    for (const char *hole; (hole = strchr(text, '{')); text = hole) {
        buffer_add(out, text, (size_t)(hole - text));
        struct slice name = {hole + 1, strcspn(hole + 1, "}")};
        enum action action = action_find(name);
        BUG_ON(action == ACTION_NONE);
        if (!keys_of(out, m, action, modes, 1) && !keys_of(out, m, action, ~0U, 1))
            buffer_printf(out, ":%.*s", (int)name.len, name.data);
        hole = name.data + name.len + (name.data[name.len] == '}');
    }
    buffer_puts(out, text);
}
