/* The log: what happened between one report and the next, as a table of its own in the place of the users. */
#ifndef NCRED_UI_LOG_SCREEN_H
#define NCRED_UI_LOG_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "browse/view.h"
#include "history/log.h"

struct ui;

struct log_screen {
    bool is_open;
    bool is_wanted;           /* by --log, as soon as the history is there */
    bool is_first;            /* it was opened by --log: leaving it ends the program */
    struct history_log log;   /* of the newest report, once it was opened; made again for another one */
    struct report *users;     /* borrowed: what it takes the place of; NULL: no log was made */
    struct view parked;       /* of the users while the log is open, and the other way round; no report: none yet */
    unsigned judged;          /* ui->judged when users and log were last swapped */
    size_t parked_set;        /* the column set of the parked view */
};

/* Open the log, which ui_refusal() allows, or go back to the users. */
void log_toggle(struct ui *ui);
/* Go back to the users, if the log is open, and forget it: another report, or history, takes their place. */
void log_close(struct ui *ui);
/* Open the log if --log asked for it, and it can be. */
void log_open_wanted(struct ui *ui);
void log_screen_free(struct ui *ui);

#endif
