/* What the drawers and the actions share: everything that is on screen, and where. */
#ifndef NCRED_SCREEN_H
#define NCRED_SCREEN_H

#include "query/suggest.h"
#include "export/count_by.h"
#include "export/export.h"
#include "audit/unjudged.h"
#include "audit/finding.h"
#include "browse/line_editor.h"
#include "browse/overview_counts.h"
#include "session/reload.h"
#include "config/column_sets.h"
#include "browse/view.h"
#include "ui/term/paint.h"
#include "ui/ui.h"

struct ui;
struct undo;

/* ---- a list to choose from, over the table ------------------------------- */

struct menu_item {
    struct buffer left, right;
    enum role role;
    bool is_heading;   /* cannot be chosen */
    bool is_pinned;    /* of the first one: it stays in sight */
};

/* A kind of list; ACT may be called with any of ACTIONS. */
struct menu_kind {
    const char *title;
    const char *empty;                  /* said when there is nothing in it */
    enum action actions[8];             /* ends with ACTION_NONE */
    const char *letters;                /* each chooses an item; NULL: none does */
    bool numbers;                       /* what stands to the right are numbers */
    size_t (*count)(const struct ui *ui);
    void (*item)(const struct ui *ui, size_t index, struct menu_item *item);
    void (*act)(struct ui *ui, size_t index, enum action action);
};

struct menu {
    const struct menu_kind *kind; /* NULL: no list is open */
    size_t cursor, top, height;
    int left_width;      /* of the widest text to the left */
    size_t shift;        /* columns of it scrolled away */
    size_t pinned;       /* 1: the first one is a heading that stays in sight; else 0 */
    int y, x, width;     /* where its lines are on screen */
    size_t *numbers;   /* owned: what the list counted when it was opened; NULL: nothing */
    struct buffer found; /* what was searched for last */
};

/* ---- a line that is being typed ------------------------------------------ */

enum prompt_history { HISTORY_FILTER, HISTORY_SEARCH, HISTORY_FILE, HISTORY_UNTIL, HISTORY_OWNER, HISTORY_REASON,
    HISTORY_COMMAND, HISTORY_NAME,
    HISTORY_COUNT };

struct prompt_kind {
    const char *label;
    const char *help;
    enum prompt_history history;
    void (*changed)(struct ui *ui, struct slice text); /* NULL: nothing happens until it is accepted */
    bool (*accept)(struct ui *ui, struct slice text);  /* false: the line stays open */
    void (*cancel)(struct ui *ui);                     /* NULL: nothing to undo */
    /* NULL, or: what TEXT, which ends at the cursor, could go on with, into C. */
    void (*complete)(const struct ui *ui, struct slice text, struct suggestions *c);
    bool selects;          /* the text that it opens with is a proposal: the first letter typed replaces it */
    const char *required;  /* said where nothing was typed; NULL: an empty line cancels */
};

struct prompt {
    const struct prompt_kind *kind; /* NULL: no line is being typed */
    struct line_editor line;
    struct buffer note;  /* to the right: how many it finds */
    struct suggestions complete; /* what Tab offered; none: it was not asked */
    size_t completed;    /* the one that stands in the line; SIZE_MAX: none yet */
    struct error fault;
    bool is_faulty;
    size_t index;        /* filter that is being edited; SIZE_MAX: a new one */
    size_t origin;       /* where the cursor was */
};

/* ---- all of it ------------------------------------------------------------ */

struct layout {
    int title, header, header_lines, rows, row_lines, reason, status, bottom; /* lines; -1: no room */
    int table_width;     /* 0: the table is hidden */
    int pane_x, pane_width; /* 0: no pane */
};

/* A sheet of remedies that is being read. */
struct sheet {
    struct buffer text;
    struct slice *lines; /* owned; of text */
    size_t count;
};

/* A waiver that is being typed, for one user or for all marked ones. */
struct waiving {
    struct waiver waiver;         /* owner and reason are owned; the users are those of ROWS */
    uint32_t *rows;               /* owned; the users asked about */
    size_t row_count;
    size_t checks[CHECKS_MAX];    /* what can be waived, as it is listed */
    size_t failing[CHECKS_MAX];   /* for how many of the users each counts */
    size_t waived[CHECKS_MAX];    /* and for how many it is waived */
    size_t count;
};

/* Users counted by the values of a column. */
struct counting {
    struct count_by by;
    enum count_by_column sort;
    bool inverted;
    int widths[COUNT_COLUMNS]; /* that the columns need; 0: not shown */
    size_t at;             /* the group chosen last */
    bool is_chosen;        /* and its query became a filter */
    bool is_written;       /* the file that is asked for gets the counts */
};

/* A file that is going to be written. */
struct writing {
    char *path;          /* owned */
    const struct export_format *format;
};

/* What may take long is being worked out. */
struct waiting {
    struct cancel_token cancel;
    size_t typed;       /* bytes that nobody had taken when it began: more than these give it up */
    int64_t next_look;  /* at the keys, in milliseconds */
    int64_t worked;     /* that this thread must have worked until then, in milliseconds, too */
    int lines, columns; /* of the screen that says so; 0: none does yet */
};

/* The overview; counted again whenever other users are shown. */
struct bars {
    bool is_open;
    struct overview_counts overview;
    unsigned generation; /* of the view that was counted */
    bool is_counted;
    size_t cursor;       /* index of a bar */
    size_t clean;        /* users without findings */
    size_t filter;       /* number of the filter that Enter on the bar added; 0: none */
    size_t top[2];       /* lines scrolled away in each column */
};

/* How many of the users shown have which severity at worst; counted again whenever others are shown. */
struct tally {
    unsigned generation; /* of the view that was counted */
    bool is_counted;
    size_t of[SEVERITY_COUNT];
};

struct ui {
    const struct options *options;
    struct report *report;
    struct unjudged unjudged; /* of the list of problems, counted when it opens */
    struct audit *audit; /* checks with their settings, waivers */
    struct session *session;
    struct report *first; /* what was opened */
    struct reload *reloads[2]; /* owned; the last one and the one before, NULL: none */
    struct reload_job *job;    /* what reads again; NULL: nothing */
    struct reload *coming;     /* owned; was read again, and is being compared; NULL: nothing */
    bool job_is_comparison;    /* of the two files that were opened */
    int64_t (*clock)(void);    /* now, in seconds since 1970 */
    const char *why;     /* where the as-of time comes from */
    const char *advice;  /* of the terminal, also printed at the end; NULL: none */
    struct view view;
    struct view parked;  /* of the users while changes are listed, and the other way round; no report: none yet */
    struct layout layout;
    struct config_pairs saved; /* owned: saved filters */
    struct config_pairs sets; /* owned: column sets, each a list */
    struct buffer key_list;   /* the list of the key view */
    struct config_pairs usual; /* owned: for each set by name, the list it had at start, which `=` brings back */
    size_t set;          /* column set shown, of SETS */
    size_t parked_set;   /* that of the parked view */
    size_t focus;        /* column that the cursor is in, of those shown */
    int focus_width;     /* columns that it has on screen */
    size_t left;         /* columns scrolled out to the left */
    bool detail;         /* the detail pane is open */
    size_t detail_top, detail_lines;
    struct bars bars;
    struct tally tally;
    struct sheet sheet;
    struct waiving waiving;
    struct writing writing;
    struct counting counting;
    struct buffer copied; /* printed when the screen has closed */
    struct menu menu;
    struct prompt prompt;
    struct history histories[HISTORY_COUNT];
    struct buffer search;
    char message[512];
    int cursor_y, cursor_x; /* where the terminal's own cursor is put */
    struct waiting waiting;
    bool is_unsure;      /* so is the view, and it was said */
    bool was_cancelled;   /* what the key before began; not said yet */
    bool chosen;         /* somebody went to a row; until then the cursor stays on the first one, whichever that is */
    bool quit;
    bool has_unsaved_columns; /* a person changed columns that are not in the configuration */
    bool was_asked_to_quit;   /* by the key before, which said what would be lost */
    size_t times;        /* a number typed before a key, such as 10j; 0: none */
    struct undo *undo;   /* owned */
    struct {
        enum action action;
        int times;
    } request;           /* an action that a part of the screen leaves to the others: see ui_request */
    void (*draw)(struct ui *ui); /* draws all of the screen, also while something takes long */
};

enum mode ui_mode(const struct ui *ui);
/* The mode below the line that is being typed: that of an action which is named on the command line. */
enum mode ui_mode_below(const struct ui *ui);
/* Whether a line is being typed, or a list is open; until it is closed the same report is shown. */
bool ui_is_asking(const struct ui *ui);
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Work out ui->layout for the present size and state, as every draw does first. */
void ui_lay_out(struct ui *ui);
/*
 * Returns why ACTION cannot be done in MODE (ui_mode or ui_mode_below), or NULL if it can. Nothing else decides this:
 * keys, the command line, the mouse, lists, the hint line and the tests all ask here. An action that it allows finds
 * the state that it needs; for instance, a list of changes shows a user once per change, so counts of users and lists of
 * credentials are refused there.
 */
const char *ui_refusal(const struct ui *ui, enum mode mode, enum action action);
/* Whether ACTION can be done in the present mode. */
bool ui_can(const struct ui *ui, enum action action);
/* Do ACTION, or say why it cannot be done; then what was requested meanwhile. */
void ui_act(struct ui *ui, enum action action);
/* Do what was requested, if anything was. */
void ui_act_on_request(struct ui *ui);
/*
 * Leave ACTION to be done TIMES times once the present key is dealt with, by ui.c. Parts of the screen do not call
 * ui_act(): it calls them.
 */
static inline void ui_request(struct ui *ui, enum action action, int times)
{
    ui->request.action = action;
    ui->request.times = times;
}

/*
 * Between these two, long work of ui->view is cancelled when a key comes; IS_TYPING: also for one that is there
 * already. waiting_end() tells whether it has.
 */
void waiting_begin(struct ui *ui, bool is_typing);
bool waiting_end(struct ui *ui);

/* The sets of columns: those of the table, the configuration's, and that of --columns. */
void columns_start(struct ui *ui);
void columns_free(struct ui *ui);
const char *columns_set_name(const struct ui *ui);
/* Columns of the table as it is shown, the first one stays put, into COLUMNS (COLUMN_SETS_COLUMNS_MAX); how many. */
size_t columns_shown(const struct ui *ui, struct set_column *columns);
/*
 * Keep the cursor's column and the scroll position within the columns shown. To be called after whatever changes the
 * columns, the view or the report, because the next key may come before the next draw.
 */
void columns_settle(struct ui *ui);
void columns_change_set(struct ui *ui, int step);
/* False: no set is called that. */
bool columns_choose_set(struct ui *ui, struct slice name);
/* Give the set that is shown these columns, a list that column_sets_check() likes. */
void columns_use(struct ui *ui, const char *list);
/* Hide, move, resize the column in focus; have the set as it was; remember it in the configuration. */
void columns_hide(struct ui *ui);
void columns_move(struct ui *ui, int step);
void columns_resize(struct ui *ui, int step);
void columns_reset(struct ui *ui);
void columns_save(struct ui *ui);
/* Show the column that is sorted by, behind the first one, unless it is shown. */
void columns_show(struct ui *ui, size_t id);
/* Open the list of all columns, where each is shown or hidden. */
void columns_list(struct ui *ui);
/* Give set INDEX, or behind the last one the key view, a list that it had before. */
void columns_put_list(struct ui *ui, size_t index, const char *list);
/* Keep the rows with the value of the cell under the cursor, or drop them. */
void cell_filter(struct ui *ui, bool keep);
/* What a column of the table is sorted by; -1: nothing. */
int table_sort_column(const struct ui *ui, size_t id);
void table_draw(struct ui *ui);
/* A click: on a heading, to sort by it; on a row, to go there; on the row where the cursor is, to open it. */
void table_click(struct ui *ui, int y, int x);
/* What the mouse did: KEYS_CLICK, KEYS_WHEEL_UP, KEYS_WHEEL_DOWN. */
void mouse_take(struct ui *ui, uint32_t key);
/* Bytes of TEXT up to MOST, without a character that is cut in two. */
size_t text_start(struct slice text, size_t most);
void detail_draw(struct ui *ui);
/* Scroll the pane by LINES, up to its first or last page. */
void detail_scroll(struct ui *ui, long lines);
void status_draw(struct ui *ui);
/* Append number and title of the check, and by whom it is waived. */
void finding_title(struct buffer *b, const struct ui *ui, const struct finding *f);
enum role role_of_severity(enum severity severity);
const char *glyph_of_severity(enum severity severity);

/* Open a list; it owns NUMBERS, what was counted for it, NULL: nothing. */
void menu_open(struct ui *ui, const struct menu_kind *kind, size_t *numbers);
void menu_close(struct ui *ui);
void menu_draw(struct ui *ui);
/* A key that is no binding: a letter that chooses. False: it means nothing. */
bool menu_key(struct ui *ui, uint32_t key);
/* Do ACTION, which menu_can() allows, in the list that is open. */
/* Returns ACTION when it is not for the list itself to do (search, help), else ACTION_NONE. */
enum action menu_act(struct ui *ui, enum action action);
/* Whether ACTION means something in the list that is open. */
bool menu_can(const struct ui *ui, enum action action);
/* A click: on a line, to go there; on the line where the cursor is, to choose it; elsewhere, to close the list. */
void menu_click(struct ui *ui, int y, int x);
bool menu_search(struct ui *ui, struct slice text, int step);

/* Count what is shown, unless that is known; false: cancelled. */
bool overview_count(struct ui *ui);
void overview_draw(struct ui *ui);
/* A click: on a bar, to go there; on the bar where the cursor is, to choose it. */
void overview_click(struct ui *ui, int y, int x);
/* Append the query of the bar under the cursor. */
void overview_query(struct buffer *b, const struct ui *ui);
/* To the next (STEP 1) or last (STEP -1) bar whose label holds TEXT. */
bool overview_search(struct ui *ui, struct slice text, int step);
/* If the last filter is that of the bar that Enter was pressed on: remove it, and be on that bar again. */
bool overview_return(struct ui *ui);
/* False: the action means nothing special there. */
bool overview_act(struct ui *ui, enum action action);

void prompt_open(struct ui *ui, const struct prompt_kind *kind, struct slice text);
void prompt_close(struct ui *ui);
void prompt_draw(struct ui *ui);
void prompt_key(struct ui *ui, uint32_t key, bool pasted);
void prompt_free(struct ui *ui);

/* Type a filter; INDEX: edit that one, SIZE_MAX: a new one that starts as TEXT. */
void ask_filter(struct ui *ui, struct slice text, size_t index);
void ask_search(struct ui *ui);
void ask_menu_search(struct ui *ui);
void ask_overview_search(struct ui *ui);
void search_again(struct ui *ui, int step);

/* Letters for a list of any length. */
extern const char menu_letters[];
/* In a list of columns to sort by: to the column of the table's cursor. */
void menu_sort_go(struct ui *ui);
extern const struct menu_kind menu_sort, menu_sort_then, menu_presets, menu_filters, menu_problems, menu_help, menu_card;
void presets_open(struct ui *ui);
/* Read the reports again; go to the list of what changed, and back. */
void reload_reports(struct ui *ui);
void changes_toggle(struct ui *ui);
/* Show R in the place of what is shown; false: a key came before that was done, and nothing changed. */
bool reload_screen_show(struct ui *ui, struct report *r);
/* Whether they are being read again, or compared; a descriptor that tells of more, -1: none; whether to go on with it. */
bool reload_screen_is_on(const struct ui *ui);
int reload_screen_descriptor(const struct ui *ui);
bool reload_screen_has_work(const struct ui *ui);
/* Append how far that is. */
void reload_screen_progress(struct ui *ui, struct buffer *b);
/* Go on with it, and show what it brought in the end; give it up. */
void reload_screen_poll(struct ui *ui);
void reload_screen_cancel(struct ui *ui);
void reload_screen_free(struct ui *ui);
/* List the users by the values of the column in focus, by account; the list again as it was left by choosing a value. */
void counts_open(struct ui *ui);
void counts_open_accounts(struct ui *ui);
void counts_return(struct ui *ui);
/* Whether the last filter in force came from choosing a value. */
bool counts_is_last_filter(const struct ui *ui);
void counting_free(struct counting *c);
void remedies_open(struct ui *ui);
/* Open the page of the access key with this id. False: it is no id, see ERR. */
bool whose_open(struct ui *ui, struct slice id, struct error *err);
/* Append what a person reads in the cell of column ID; harmless, always NUL-terminated. */
void table_cell(struct buffer *b, const struct ui *ui, uint32_t row, size_t id);
/* Copy the cell; ask what else to copy; print what could not be copied otherwise. */
void copy_cell(struct ui *ui);
void copy_more(struct ui *ui);
void copy_print(struct ui *ui);
/* Write what is shown or marked: ask for the file, or write PATH. */
void write_ask(struct ui *ui);
void write_to(struct ui *ui, struct slice path);
void writing_free(struct writing *w);
void ask_command(struct ui *ui);
/* Type an access key id, to see whose it is. */
void whose_ask(struct ui *ui);
void sheet_free(struct sheet *s);
void waiving_open(struct ui *ui);
void waiving_free(struct waiving *w);

#endif
