/* The log: a table of what happened between one report of the history and the next, shown instead of the users. */
#ifndef NCRED_UI_LOG_SCREEN_H
#define NCRED_UI_LOG_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "browse/view.h"
#include "history/log.h"

struct ui;

struct log_screen {
    bool is_open;
    bool is_wanted;           /* --log was given; it opens when the history is loaded */
    bool is_first;            /* --log opened the log, so leaving it quits the program */
    struct history_log log;   /* owned: the log of report USERS */
    struct report *users;     /* borrowed: the report whose place the log takes; NULL if no log was made */
    struct view parked;       /* the hidden view: the users' while the log is open, else the log's; no report: none */
    unsigned judged;          /* ui->judged when the parked report was last checked */
    size_t parked_set;        /* the column set of the parked view */
};

/* Open the log, which ui_refusal() must allow, or go back to the users. Cancellable if checks must be run again. */
void log_toggle(struct ui *ui);
/*
 * Go back to the users, if the log is open, and free the log. Call before another report or history is shown. Returns
 * false, with the log still open, if a key came while checks were run again.
 */
bool log_close(struct ui *ui);
/* The sample's history is made when it is asked for: call before anything shows the history. */
void log_add_sample(struct ui *ui);
/* Open the log if --log was given, as soon as the history is loaded; does nothing until then and afterwards. */
void log_open_wanted(struct ui *ui);
void log_screen_free(struct ui *ui);

#endif
