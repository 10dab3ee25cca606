/* struct ui: the state of the whole screen, as nested structs of its parts. */
#ifndef NCRED_SCREEN_H
#define NCRED_SCREEN_H

#include "audit/finding.h"
#include "audit/unjudged.h"
#include "browse/line_editor.h"
#include "browse/view.h"
#include "config/keys.h"
#include "session/reload.h"
#include "ui/count_list.h"
#include "ui/layout.h"
#include "ui/log_screen.h"
#include "ui/menu.h"
#include "ui/overview_screen.h"
#include "ui/prompt.h"
#include "ui/term/answers.h"
#include "ui/remedy_sheet.h"
#include "ui/search_place.h"
#include "ui/status.h"
#include "ui/suggest_box.h"
#include "ui/trend_page.h"
#include "ui/ui.h"
#include "ui/user_table.h"
#include "ui/waiting.h"
#include "ui/watching.h"
#include "ui/write.h"

struct form;
struct thresholds;
struct undo;
struct waive_journal;
struct waiving;

struct ui {
    const struct options *options;
    struct report *report;
    struct unjudged unjudged; /* for the list of problems; counted when it opens */
    bool are_waivers_due;       /* problems_look_at_waivers() was cancelled, or waivers have changed since */
    struct buffer waivers_said; /* owned: one line per warning of problems_look_at_waivers() */
    size_t waiver_warnings;     /* number of lines in waivers_said */
    struct audit *audit; /* the checks with their settings, and the waivers */
    struct session *session;
    struct report *first; /* the report opened at start */
    struct reload *reloads[2]; /* owned: the latest reload and the one before; NULL if none */
    struct reload_job *job;    /* reads the reports again in the background; NULL if idle */
    struct reload *coming;     /* owned: the reload being compared with the latest report; NULL if none */
    bool job_is_comparison;    /* JOB compares the two files opened, for `ncred OLD NEW` */
    struct buffer reload_messages; /* owned: messages of the last reload, one per line, for the list of problems */
    int64_t (*clock)(void);    /* returns now, in seconds since 1970 */
    const char *as_of_why; /* explains where the as-of time comes from */
    const char *advice;  /* advice about the terminal, also printed at the end; NULL if none */
    struct view view;
    struct view parked;  /* the other view (users or changes); its report is NULL if not made yet */
    struct layout layout;
    struct config_pairs saved; /* owned: saved filters */
    struct config_pairs sets; /* owned: column sets by name, each with its list of columns */
    struct buffer key_list;   /* columns of the set used for the view of credentials */
    struct config_pairs usual; /* owned: the initial list of each column set, restored by `=` */
    size_t set;          /* index in SETS of the column set shown */
    size_t parked_set;   /* the same for the parked view */
    size_t focus;        /* index of the cursor's column among the columns shown */
    int focus_width;     /* width of that column on screen */
    struct names_width names;
    size_t left;         /* columns scrolled away at the left */
    bool detail;         /* the detail pane is open and paging keys scroll it */
    bool beside;         /* a wide screen shows the pane from the start; keys stay with the table */
    size_t detail_top, detail_lines;
    struct bars bars;
    struct trend_page trend;
    struct log_screen log;
    struct severity_tally tally;
    struct sheet sheet;
    struct waiving *waiving; /* owned: the waiver dialogue; NULL if none */
    struct thresholds *thresholds; /* owned: NULL until the list was opened or a threshold changed */
    struct waive_journal *waive_journal; /* owned: NULL until the first change of a waiver file, or undo of one */
    unsigned judged, parked_judged; /* the first grows with each new judgement; its value for PARKED */
    struct writing writing;
    struct counting counting;
    struct buffer copied; /* printed on standard output after the screen has closed */
    struct buffer offered; /* what `y` as the next key copies; see copy_offer() */
    bool offered_now;      /* the current key made the offer */
    struct menu menu;
    struct prompt prompt;
    struct suggest_box suggest_box;
    struct form *form;   /* owned; NULL if no form is open */
    struct line_history histories[HISTORY_COUNT];
    struct buffer search;
    struct search_place search_place;
    char message[512];
    int cursor_y, cursor_x; /* position of the terminal's cursor */
    enum background background; /* the terminal background that the colours are chosen for */
    struct waiting waiting;
    struct watching watching;
    bool is_unsure;      /* view_is_unsure(), and the person was told */
    bool was_cancelled;   /* the previous key's work was cancelled, and the person was not told yet */
    bool chosen;         /* a person moved to a row; until then the cursor stays on the first row whatever arrives */
    bool quit;
    bool has_unsaved_columns; /* columns differ from the configuration by a person's change */
    size_t messages_shown;   /* length of the inputs' messages that the screen has shown, or mentioned */
    bool was_told_now;        /* the screen has said that no report contains its time */
    bool was_asked_to_quit;   /* the previous key asked to quit and was told what would be lost */
    size_t times;        /* a count typed before a key, as in 10j; 0 if none */
    struct undo *undo;   /* owned */
    struct {
        enum action action;
        int times;
    } request;           /* an action requested by a part of the screen, done later by ui.c; see ui_request() */
    void (*draw)(struct ui *ui); /* draws the whole screen; also called during long work */
};

/*
 * Ask ui.c to do ACTION, TIMES times, after the current key is handled. Parts of the screen use this because ui_act()
 * calls them, so they cannot call it.
 */
static inline void ui_request(struct ui *ui, enum action action, int times)
{
    ui->request.action = action;
    ui->request.times = times;
}

#endif
