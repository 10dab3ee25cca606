/*
 * The table of actions, what can be done on screen, and the table of bindings, which keys do it. Help, the hint line,
 * the configuration and the test of the manual are made from them.
 */
#ifndef NCRED_KEYS_H
#define NCRED_KEYS_H

#include "base/text.h"

/* A key is a number: the code point of a character, control characters included, or one of these beyond Unicode. */
enum key {
    KEYS_TAB = 9, KEYS_ENTER = 13, KEYS_ESC = 27, KEYS_SPACE = 32, KEYS_BACKSPACE = 127,
    KEYS_UP = 0x110000, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END, KEYS_PAGE_UP, KEYS_PAGE_DOWN,
    KEYS_SHIFT_TAB, KEYS_DELETE, KEYS_F1, KEYS_F12 = KEYS_F1 + 11,
    KEYS_CLICK, KEYS_WHEEL_UP, KEYS_WHEEL_DOWN, /* of the mouse, see terminal_mouse */
    KEYS_NONE, /* no key */
    KEYS_ALT = 0x200000 /* added to a key that is pressed together with Alt */
};

/* The parts of the screen in which a binding may count, one bit each. */
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

/* Those of one group of the help follow each other. */
enum action {
    ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_HALF_DOWN, ACTION_HALF_UP,
    ACTION_SCROLL_DOWN, ACTION_SCROLL_UP, ACTION_FIRST,
    ACTION_LAST, ACTION_LEFT, ACTION_RIGHT, ACTION_RETURN,
    ACTION_FILTER, ACTION_FILTERS, ACTION_PRESETS, ACTION_KEEP_VALUE, ACTION_DROP_VALUE, ACTION_FILTER_REMOVE,
    ACTION_SEARCH, ACTION_SEARCH_NEXT, ACTION_SEARCH_BACK,
    ACTION_SORT, ACTION_SORT_THEN, ACTION_SORT_LEFT, ACTION_SORT_RIGHT, ACTION_SORT_INVERT,
    ACTION_OPEN, ACTION_COUNT_BY, ACTION_ACCOUNTS, ACTION_OVERVIEW, ACTION_TREND, ACTION_CHOOSE, ACTION_LOG,
    ACTION_KEYS, ACTION_CHANGES, ACTION_KIND_NEXT, ACTION_KIND_BACK, ACTION_RELOAD, ACTION_WHOSE,
    ACTION_COLUMNS_NEXT, ACTION_COLUMNS_BACK, ACTION_COLUMNS, ACTION_COLUMN_HIDE, ACTION_COLUMN_LEFT,
    ACTION_COLUMN_RIGHT, ACTION_COLUMN_NARROWER, ACTION_COLUMN_WIDER, ACTION_COLUMNS_RESET, ACTION_COLUMNS_SAVE,
    ACTION_COPY, ACTION_COPY_MORE, ACTION_WRITE, ACTION_EVIDENCE,
    ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_INVERT, ACTION_MARK_ALL, ACTION_MARK_NONE,
    ACTION_REMEDIES, ACTION_WAIVE, ACTION_THRESHOLDS,
    ACTION_COMMAND, ACTION_PROBLEMS, ACTION_UNDO, ACTION_REDO, ACTION_HELP, ACTION_BACK, ACTION_LEAVE,
    ACTION_REDRAW, ACTION_SUSPEND, ACTION_QUIT,
    ACTION_EDIT, ACTION_DELETE, ACTION_INVERT, ACTION_SAVE, ACTION_MORE,
    ACTION_ACCEPT, ACTION_CANCEL, ACTION_COMPLETE, ACTION_COMPLETE_BACK, ACTION_LINE_LEFT, ACTION_LINE_RIGHT,
    ACTION_LINE_HOME, ACTION_LINE_END, ACTION_WORD_LEFT, ACTION_WORD_RIGHT, ACTION_ERASE_BACK, ACTION_ERASE,
    ACTION_ERASE_END, ACTION_ERASE_LINE, ACTION_ERASE_WORD, ACTION_ERASE_WORD_RIGHT,
    ACTION_CHOOSE_BACK, ACTION_CHOOSE_NEXT, ACTION_HISTORY_BACK, ACTION_HISTORY_NEXT, ACTION_FIELD_NEXT,
    ACTION_FIELD_BACK, ACTION_COUNT,
    ACTION_NONE = ACTION_COUNT
};

struct action_info {
    const char *name;  /* in the configuration, after ":" and in the manual */
    const char *group; /* its heading in help */
    const char *hint;  /* its word in the hint line; NULL: it is not there */
    const char *help;  /* one line */
};

struct binding {
    char key[12];      /* "j", "C-l", "PgDn": see keys_parse() */
    enum action action;
    unsigned modes;    /* bits of enum mode */
    bool own;          /* set in the configuration */
};

/* The bindings in force: the defaults as the configuration changed them, in the order of the hint line. */
struct keymap {
    struct binding *list; /* owned */
    size_t count;
};

extern const struct action_info actions[ACTION_COUNT];
extern const struct binding bindings[]; /* the defaults */
extern const size_t binding_count;

/* Returns the action called NAME, or ACTION_NONE. */
enum action action_find(struct slice name);
/* Returns the action name nearest to NAME, for "did you mean"; NULL if none is near. */
const char *action_nearest(struct slice name);
/* Returns the modes in which ACTION can be bound, as bits: those in which it has a default key. */
unsigned action_modes(enum action action);
/* Returns the modes that LIST, such as "table,detail", names, as bits; 0 if one of the names is wrong. */
unsigned modes_parse(struct slice list);
/* Append such a list to OUT. */
void modes_names(struct buffer *out, unsigned modes);

/*
 * Returns the key called NAME: one character, "C-x", or a word such as "Up", "PgDn", "S-Tab" or "F1", each perhaps
 * after "M-" for Alt. KEYS_NONE if there is no such key.
 */
uint32_t keys_parse(struct slice name);
/* Append the name of KEY, as keys_parse() reads it; "this key" if it has none. */
void keys_name(struct buffer *out, uint32_t key);
/* Make M the default bindings. Free it with keymap_free(). */
void keymap_init(struct keymap *m);
void keymap_free(struct keymap *m);
/*
 * Bind KEY, a name that keys_parse() knows, to ACTION in MODES, in place of what it did there; ACTION_NONE: to nothing.
 */
void keymap_bind(struct keymap *m, struct slice key, unsigned modes, enum action action);
/* Returns the action of KEY in MODE, or ACTION_NONE. */
enum action keys_action(const struct keymap *m, uint32_t key, enum mode mode);
/* Append the names of at most LIMIT keys for ACTION in any of MODES to OUT. Returns false if there are none. */
bool keys_of(struct buffer *out, const struct keymap *m, enum action action, unsigned modes, size_t limit);
/*
 * Append TEXT, a message of ours, with each {ACTION}, the name of an action, replaced by its key in one of MODES, else
 * by its key in another mode, else by ":ACTION", which the command line takes.
 */
void keys_fill(struct buffer *out, const struct keymap *m, const char *text, unsigned modes);

#endif
