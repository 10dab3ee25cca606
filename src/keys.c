/* The table of actions and the table of default keys. */
#include "keys.h"

#define MOVING "Moving"
#define FILTERING "Finding"
#define SORTING "Sorting"
#define LOOKING "Looking"
#define MARKING "Marking"
#define MENDING "Mending"
#define LISTS "In lists"
#define TYPING "While typing"
#define REST "And"

const struct action_info actions[ACTION_COUNT] = {
    [ACTION_DOWN] = {"down", MOVING, NULL, "one down"},
    [ACTION_UP] = {"up", MOVING, NULL, "one up"},
    [ACTION_PAGE_DOWN] = {"page-down", MOVING, NULL, "a page down; with the detail pane open, in the pane"},
    [ACTION_PAGE_UP] = {"page-up", MOVING, NULL, "a page up"},
    [ACTION_HALF_DOWN] = {"half-page-down", MOVING, NULL, "half a page down"},
    [ACTION_HALF_UP] = {"half-page-up", MOVING, NULL, "half a page up"},
    [ACTION_FIRST] = {"first", MOVING, NULL, "to the first"},
    [ACTION_LAST] = {"last", MOVING, NULL, "to the last"},
    [ACTION_LEFT] = {"left", MOVING, NULL, "columns to the left"},
    [ACTION_RIGHT] = {"right", MOVING, NULL, "columns to the right"},
    [ACTION_FILTER] = {"filter", FILTERING, "filter", "keep the users that a query holds for; ! before it: the others"},
    [ACTION_FILTERS] = {"filters", FILTERING, NULL, "list the filters in force: remove, edit, invert"},
    [ACTION_PRESETS] = {"presets", FILTERING, "presets", "named filters, with how many users each finds"},
    [ACTION_SEARCH] = {"search", FILTERING, "search", "go to the next user whose name or ARN holds a text"},
    [ACTION_SEARCH_NEXT] = {"search-next", FILTERING, NULL, "the next one found"},
    [ACTION_SEARCH_BACK] = {"search-back", FILTERING, NULL, "the one found before"},
    [ACTION_SORT] = {"sort", SORTING, "sort", "choose the column to sort by; the same again: the other way round"},
    [ACTION_SORT_THEN] = {"sort-then", SORTING, NULL, "choose a further column, for users equal so far"},
    [ACTION_SORT_LEFT] = {"sort-left", SORTING, NULL, "sort by the column to the left"},
    [ACTION_SORT_RIGHT] = {"sort-right", SORTING, NULL, "sort by the column to the right"},
    [ACTION_SORT_INVERT] = {"sort-invert", SORTING, NULL, "the other way round; missing values stay last"},
    [ACTION_OPEN] = {"open", LOOKING, "detail", "the user in full; in lists, choose"},
    [ACTION_COLUMNS_NEXT] = {"columns-next", LOOKING, "sets", "the next set of columns"},
    [ACTION_COLUMNS_BACK] = {"columns-back", LOOKING, NULL, "the set of columns before"},
    [ACTION_OVERVIEW] = {"overview", LOOKING, "overview", "counts and distributions; Enter: the users behind a bar"},
    [ACTION_KEYS] = {"keys", LOOKING, "keys", "a row a credential: password, keys, certificates; again: a row a user"},
    [ACTION_MARK] = {"mark", MARKING, NULL, "mark the user, or take the mark away, and go one down"},
    [ACTION_MARK_RANGE] = {"mark-range", MARKING, NULL, "mark from the user marked last to here"},
    [ACTION_MARK_INVERT] = {"mark-invert", MARKING, NULL, "invert the marks of the users shown"},
    [ACTION_MARK_ALL] = {"mark-all", MARKING, NULL, "mark all users shown"},
    [ACTION_MARK_NONE] = {"mark-none", MARKING, NULL, "take all marks away"},
    [ACTION_RELOAD] = {"reload", LOOKING, NULL, "read the same reports again, or fetch them again"},
    [ACTION_CHANGES] = {"changes", LOOKING, NULL, "what changed since they were read before; again: back to the users"},
    [ACTION_REMEDIES] = {"remedies", MENDING, "remedies", "commands to review for the marked users, or for this one"},
    [ACTION_WAIVE] = {"waive", MENDING, NULL, "answer for a finding until a day: it stays visible and does not count"},
    [ACTION_PROBLEMS] = {"problems", REST, NULL, "what was wrong in the files, by file and line"},
    [ACTION_HELP] = {"help", REST, "help", "this list; Enter on an action does it"},
    [ACTION_BACK] = {"back", REST, "back", "back one level: list, pane, overview, last filter"},
    [ACTION_REDRAW] = {"redraw", REST, NULL, "draw the screen anew"},
    [ACTION_SUSPEND] = {"suspend", REST, NULL, "back to the shell; fg returns"},
    [ACTION_QUIT] = {"quit", REST, "quit", "end"},
    [ACTION_EDIT] = {"edit", LISTS, "edit", "change the query before it is used"},
    [ACTION_DELETE] = {"delete", LISTS, "remove", "remove the filter"},
    [ACTION_INVERT] = {"invert", LISTS, "invert", "the users for whom it does not hold"},
    [ACTION_SAVE] = {"save", LISTS, "save", "write what the list shows to a new file"},
    [ACTION_ACCEPT] = {"accept", TYPING, "accept", "use the line"},
    [ACTION_CANCEL] = {"cancel", TYPING, "back", "leave all as it was"},
    [ACTION_LINE_LEFT] = {"line-left", TYPING, NULL, "a character to the left"},
    [ACTION_LINE_RIGHT] = {"line-right", TYPING, NULL, "a character to the right"},
    [ACTION_LINE_HOME] = {"line-home", TYPING, NULL, "to the start of the line"},
    [ACTION_LINE_END] = {"line-end", TYPING, NULL, "to its end"},
    [ACTION_ERASE_BACK] = {"erase-back", TYPING, NULL, "erase the character before; in an empty line, cancel"},
    [ACTION_ERASE] = {"erase", TYPING, NULL, "erase the character here"},
    [ACTION_ERASE_END] = {"erase-to-end", TYPING, NULL, "erase from here on"},
    [ACTION_ERASE_LINE] = {"erase-line", TYPING, NULL, "erase up to here"},
    [ACTION_ERASE_WORD] = {"erase-word", TYPING, NULL, "erase the word before"},
    [ACTION_HISTORY_BACK] = {"history-back", TYPING, "history", "the line typed before"},
    [ACTION_HISTORY_NEXT] = {"history-next", TYPING, NULL, "the line typed after"},
};

enum {
    ROWS = MODE_TABLE | MODE_DETAIL,
    PLACES = ROWS | MODE_OVERVIEW,      /* where there is something to walk through that is not a list */
    WALKED = PLACES | MODE_MENU,
    EVERYWHERE = WALKED | MODE_PROMPT
};

/* The hint line takes them in this order. */
const struct binding bindings[] = {
    {"j", ACTION_DOWN, WALKED}, {"Down", ACTION_DOWN, WALKED},
    {"k", ACTION_UP, WALKED}, {"Up", ACTION_UP, WALKED},
    {"PgDn", ACTION_PAGE_DOWN, WALKED}, {"C-f", ACTION_PAGE_DOWN, WALKED},
    {"PgUp", ACTION_PAGE_UP, WALKED}, {"C-b", ACTION_PAGE_UP, WALKED},
    {"C-d", ACTION_HALF_DOWN, WALKED}, {"C-u", ACTION_HALF_UP, WALKED},
    {"g", ACTION_FIRST, WALKED}, {"Home", ACTION_FIRST, WALKED},
    {"G", ACTION_LAST, WALKED}, {"End", ACTION_LAST, WALKED},
    {"h", ACTION_LEFT, PLACES}, {"Left", ACTION_LEFT, WALKED},
    {"l", ACTION_RIGHT, PLACES}, {"Right", ACTION_RIGHT, WALKED},
    {"&", ACTION_FILTER, PLACES},
    {"F", ACTION_FILTERS, PLACES},
    {"p", ACTION_PRESETS, PLACES},
    {"n", ACTION_SEARCH_NEXT, ROWS | MODE_MENU},
    {"N", ACTION_SEARCH_BACK, ROWS | MODE_MENU},
    {"s", ACTION_SORT, ROWS},
    {"Enter", ACTION_OPEN, MODE_TABLE | MODE_OVERVIEW | MODE_MENU},
    {"S", ACTION_SORT_THEN, ROWS},
    {"<", ACTION_SORT_LEFT, ROWS},
    {">", ACTION_SORT_RIGHT, ROWS},
    {"I", ACTION_SORT_INVERT, ROWS},
    {"Tab", ACTION_COLUMNS_NEXT, ROWS},
    {"S-Tab", ACTION_COLUMNS_BACK, ROWS},
    {"o", ACTION_OVERVIEW, PLACES},
    {"K", ACTION_KEYS, ROWS},
    {"/", ACTION_SEARCH, ROWS | MODE_MENU},
    {"Space", ACTION_MARK, ROWS},
    {"v", ACTION_MARK_RANGE, ROWS},
    {"*", ACTION_MARK_INVERT, ROWS},
    {"a", ACTION_MARK_ALL, ROWS},
    {"u", ACTION_MARK_NONE, ROWS},
    {"R", ACTION_RELOAD, ROWS},
    {"D", ACTION_CHANGES, ROWS},
    {"r", ACTION_REMEDIES, ROWS},
    {"W", ACTION_WAIVE, ROWS},
    {"P", ACTION_PROBLEMS, PLACES},
    {"?", ACTION_HELP, WALKED},
    {"Esc", ACTION_BACK, WALKED}, {"C-c", ACTION_BACK, WALKED}, {"q", ACTION_BACK, MODE_MENU},
    {"C-l", ACTION_REDRAW, EVERYWHERE},
    {"C-z", ACTION_SUSPEND, EVERYWHERE},
    {"q", ACTION_QUIT, PLACES},
    {"e", ACTION_EDIT, MODE_MENU},
    {"d", ACTION_DELETE, MODE_MENU}, {"Delete", ACTION_DELETE, MODE_MENU},
    {"!", ACTION_INVERT, MODE_MENU},
    {"w", ACTION_SAVE, MODE_MENU},
    {"Enter", ACTION_ACCEPT, MODE_PROMPT},
    {"Esc", ACTION_CANCEL, MODE_PROMPT}, {"C-c", ACTION_CANCEL, MODE_PROMPT}, {"C-g", ACTION_CANCEL, MODE_PROMPT},
    {"Left", ACTION_LINE_LEFT, MODE_PROMPT}, {"C-b", ACTION_LINE_LEFT, MODE_PROMPT},
    {"Right", ACTION_LINE_RIGHT, MODE_PROMPT}, {"C-f", ACTION_LINE_RIGHT, MODE_PROMPT},
    {"Home", ACTION_LINE_HOME, MODE_PROMPT}, {"C-a", ACTION_LINE_HOME, MODE_PROMPT},
    {"End", ACTION_LINE_END, MODE_PROMPT}, {"C-e", ACTION_LINE_END, MODE_PROMPT},
    {"Backspace", ACTION_ERASE_BACK, MODE_PROMPT}, {"C-h", ACTION_ERASE_BACK, MODE_PROMPT},
    {"Delete", ACTION_ERASE, MODE_PROMPT}, {"C-d", ACTION_ERASE, MODE_PROMPT},
    {"C-k", ACTION_ERASE_END, MODE_PROMPT},
    {"C-u", ACTION_ERASE_LINE, MODE_PROMPT},
    {"C-w", ACTION_ERASE_WORD, MODE_PROMPT},
    {"Up", ACTION_HISTORY_BACK, MODE_PROMPT}, {"C-p", ACTION_HISTORY_BACK, MODE_PROMPT},
    {"Down", ACTION_HISTORY_NEXT, MODE_PROMPT}, {"C-n", ACTION_HISTORY_NEXT, MODE_PROMPT},
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

uint32_t keys_parse(struct slice name)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (slice_equal_nocase(name, slice_of(named[i].name)))
            return named[i].key;
    }
    if (name.len == 3 && name.data[0] == 'C' && name.data[1] == '-' && name.data[2] > ' ')
        return (uint32_t)name.data[2] & 0x1f;
    uint32_t cp = UINT32_MAX;
    size_t n = name.len ? utf8_decode(name.data, name.len, &cp) : 0;
    return n && n == name.len && codepoint_width(cp) > 0 ? cp : KEYS_NONE;
}

enum action keys_action(uint32_t key, enum mode mode)
{
    for (size_t i = 0; i < binding_count; i++) {
        if ((bindings[i].modes & mode) && keys_parse(slice_of(bindings[i].key)) == key)
            return bindings[i].action;
    }
    return ACTION_NONE;
}

bool keys_of(struct buffer *out, enum action action, unsigned modes, size_t limit)
{
    size_t n = 0;
    for (size_t i = 0; i < binding_count && n < limit; i++) {
        if (bindings[i].action == action && (bindings[i].modes & modes))
            buffer_printf(out, "%s%s", n++ ? " " : "", bindings[i].key);
    }
    return n > 0;
}
