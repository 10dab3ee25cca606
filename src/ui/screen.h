/* The state of the screen: what is shown, and how far each part of it is. */
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
    struct unjudged unjudged; /* of the list of problems, counted when it opens */
    struct buffer waivers_said; /* owned; a line for each of problems_look_at_waivers() */
    size_t waiver_warnings;     /* how many these are */
    struct audit *audit; /* checks with their settings, waivers */
    struct session *session;
    struct report *first; /* what was opened */
    struct reload *reloads[2]; /* owned; the last one and the one before, NULL: none */
    struct reload_job *job;    /* what reads again; NULL: nothing */
    struct reload *coming;     /* owned; was read again, and is being compared; NULL: nothing */
    bool job_is_comparison;    /* of the two files that were opened */
    struct buffer reload_said; /* owned; a line for each thing that the last reload could not read, for the list of problems */
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
    struct names_width names;
    size_t left;         /* columns scrolled out to the left */
    bool detail;         /* the detail pane is open, and paging keys are for it */
    bool beside;         /* on a wide screen the pane is there from the start; keys are for the table */
    size_t detail_top, detail_lines;
    struct bars bars;
    struct trend_page trend;
    struct log_screen log;
    struct tally tally;
    struct sheet sheet;
    struct waiving *waiving; /* owned; NULL: nothing is being waived */
    struct thresholds *thresholds; /* owned; NULL: nobody has changed any */
    struct waive_journal *waive_journal; /* owned; NULL: no file of waivers was changed yet */
    unsigned judged, parked_judged; /* grows when findings are judged anew; as it was when PARKED was left */
    struct writing writing;
    struct counting counting;
    struct buffer copied; /* printed when the screen has closed */
    struct buffer offered; /* what the next key copies, if it is y; see copy_offer() */
    bool offered_now;      /* by the key that is being taken */
    struct menu menu;
    struct prompt prompt;
    struct suggest_box suggest_box;
    struct form *form;   /* owned; NULL: none is open */
    struct history histories[HISTORY_COUNT];
    struct buffer search;
    struct search_place search_place;
    char message[512];
    int cursor_y, cursor_x; /* where the terminal's own cursor is put */
    enum background background; /* that the colours are for */
    struct waiting waiting;
    struct watching watching;
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

/*
 * Leave ACTION to be done TIMES times once the present key is dealt with, by ui.c. Parts of the screen do not call
 * ui_act(): it calls them.
 */
static inline void ui_request(struct ui *ui, enum action action, int times)
{
    ui->request.action = action;
    ui->request.times = times;
}

#endif
