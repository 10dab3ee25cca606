/* What can be done on screen and which keys do it; help, the hint line and the manual come off these tables. */
#ifndef NCRED_KEYS_H
#define NCRED_KEYS_H

#include "base/text.h"

/* A key is its code point (controls included), or one of these above Unicode. */
enum key {
    KEYS_TAB = 9, KEYS_ENTER = 13, KEYS_ESC = 27, KEYS_SPACE = 32, KEYS_BACKSPACE = 127,
    KEYS_UP = 0x110000, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END, KEYS_PAGE_UP, KEYS_PAGE_DOWN,
    KEYS_SHIFT_TAB, KEYS_DELETE, KEYS_F1, KEYS_F12 = KEYS_F1 + 11,
    KEYS_CLICK, KEYS_WHEEL_UP, KEYS_WHEEL_DOWN, /* of the mouse, see terminal_mouse */
    KEYS_NONE,
    KEYS_ALT = 0x200000 /* added to the key that Alt is held with */
};

/* Where a binding holds; a bit each. */
enum mode {
    MODE_TABLE = 1,    /* the table alone */
    MODE_DETAIL = 2,   /* the detail pane is open */
    MODE_OVERVIEW = 4,
    MODE_TREND = 8,    /* the graph of the history */
    MODE_MENU = 16,    /* a list of things to choose from */
    MODE_PROMPT = 32,  /* a line is being typed */
    MODE_FORM = 64,    /* a form is being filled in */
    MODES_END = 128
};

enum action {
    ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_HALF_DOWN, ACTION_HALF_UP, ACTION_FIRST,
    ACTION_LAST, ACTION_LEFT, ACTION_RIGHT, ACTION_RETURN,
    ACTION_FILTER, ACTION_FILTERS, ACTION_PRESETS, ACTION_KEEP_VALUE, ACTION_DROP_VALUE, ACTION_FILTER_REMOVE,
     ACTION_SEARCH, ACTION_SEARCH_NEXT, ACTION_SEARCH_BACK,
    ACTION_COUNT_BY, ACTION_ACCOUNTS,
    ACTION_SORT, ACTION_SORT_THEN, ACTION_SORT_LEFT, ACTION_SORT_RIGHT, ACTION_SORT_INVERT,
    ACTION_OPEN, ACTION_OVERVIEW, ACTION_TREND, ACTION_CHOOSE, ACTION_LOG, ACTION_KEYS,
    ACTION_COLUMNS_NEXT, ACTION_COLUMNS_BACK, ACTION_COLUMNS, ACTION_COLUMN_HIDE, ACTION_COLUMN_LEFT,
    ACTION_COLUMN_RIGHT, ACTION_COLUMN_NARROWER, ACTION_COLUMN_WIDER, ACTION_COLUMNS_RESET, ACTION_COLUMNS_SAVE,
    ACTION_COPY, ACTION_COPY_MORE, ACTION_WRITE, ACTION_EVIDENCE, ACTION_WHOSE,
    ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_INVERT, ACTION_MARK_ALL, ACTION_MARK_NONE,
    ACTION_RELOAD, ACTION_CHANGES, ACTION_KIND_NEXT, ACTION_KIND_BACK, ACTION_REMEDIES, ACTION_WAIVE, ACTION_THRESHOLDS,
    ACTION_COMMAND, ACTION_PROBLEMS, ACTION_UNDO, ACTION_REDO, ACTION_HELP, ACTION_BACK, ACTION_LEAVE,
     ACTION_REDRAW, ACTION_SUSPEND, ACTION_QUIT,
    ACTION_EDIT, ACTION_DELETE, ACTION_INVERT, ACTION_SAVE, ACTION_MORE,
    ACTION_ACCEPT, ACTION_CANCEL, ACTION_COMPLETE, ACTION_COMPLETE_BACK, ACTION_LINE_LEFT, ACTION_LINE_RIGHT, ACTION_LINE_HOME, ACTION_LINE_END, ACTION_WORD_LEFT, ACTION_WORD_RIGHT,
    ACTION_ERASE_BACK, ACTION_ERASE, ACTION_ERASE_END, ACTION_ERASE_LINE, ACTION_ERASE_WORD, ACTION_ERASE_WORD_RIGHT,
    ACTION_CHOOSE_BACK, ACTION_CHOOSE_NEXT, ACTION_HISTORY_BACK, ACTION_HISTORY_NEXT, ACTION_FIELD_NEXT, ACTION_FIELD_BACK,
    ACTION_COUNT,
    ACTION_NONE = ACTION_COUNT
};

struct action_info {
    const char *name;  /* in the configuration and the manual */
    const char *group; /* heading in help */
    const char *hint;  /* word for the hint line; NULL: not there */
    const char *help;
};

struct binding {
    char key[12];      /* "j", "C-l", "PgDn": see keys_parse */
    enum action action;
    unsigned modes;    /* bits of enum mode */
    bool own;          /* the person's, not a default */
};

/* The bindings in force, in the order in which hints show them. */
struct keymap {
    struct binding *list; /* owned */
    size_t count;
};

extern const struct action_info actions[ACTION_COUNT];
extern const struct binding bindings[]; /* the defaults */
extern const size_t binding_count;

/* The action of this name, or ACTION_NONE. */
enum action action_find(struct slice name);
/* The name of an action nearest to NAME, or NULL if none is near. */
const char *action_nearest(struct slice name);
/* Where ACTION can be bound: the modes that it has a default key in. */
unsigned action_modes(enum action action);
/* The modes of a list such as "table,detail", 0 when a name in it is none; and the list, appended to OUT. */
unsigned modes_parse(struct slice list);
void modes_names(struct buffer *out, unsigned modes);

/*
 * The key of this name: one character, "C-x", or a word such as "Up", "PgDn", "S-Tab", "F1", each perhaps behind "M-" for
 * Alt; KEYS_NONE: no such key.
 */
uint32_t keys_parse(struct slice name);
/* Append the name of KEY as keys_parse() reads it; "this key" if it has none. */
void keys_name(struct buffer *out, uint32_t key);
/* Start with the defaults. */
void keymap_init(struct keymap *m);
void keymap_free(struct keymap *m);
/* Have KEY (its name is good, see keys_parse) do ACTION in MODES and nothing else there; ACTION_NONE: nothing at all. */
void keymap_bind(struct keymap *m, struct slice key, unsigned modes, enum action action);
/* What KEY does in MODE, or ACTION_NONE. */
enum action keys_action(const struct keymap *m, uint32_t key, enum mode mode);
/* Append the names of the keys that do ACTION in any of MODES, at most LIMIT; false: there are none. */
bool keys_of(struct buffer *out, const struct keymap *m, enum action action, unsigned modes, size_t limit);

#endif
