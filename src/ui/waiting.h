/*
 * Long work: the next key cancels it, and the screen names it meanwhile.
 *
 *     waiting_begin(ui, false);
 *     view_sort(&ui->view, &order);    // polls ui->view.cancel
 *     if (waiting_end(ui))
 *         ui_say(ui, "cancelled");
 */
#ifndef NCRED_UI_WAITING_H
#define NCRED_UI_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"

struct ui;

struct waiting {
    struct cancel_token cancel;
    size_t typed;       /* unread bytes of input at the start; more than these cancel the work */
    int64_t next_look;  /* when to look for keys again, in milliseconds */
    int64_t worked;     /* processor time of this thread, in milliseconds, at which to look */
    int lines, columns; /* screen size when the notice was drawn; 0 if it was not */
    const char *doing;  /* static: a word such as "Sorting"; NULL if not named */
    int64_t told_at;    /* when the notice was last drawn, in milliseconds */
};

/*
 * Until waiting_end(), a key cancels long work of ui->view. With IS_TYPING, a key that is already waiting cancels it
 * too.
 */
void waiting_begin(struct ui *ui, bool is_typing);
/* End what waiting_begin() began. Returns whether the work was cancelled. */
bool waiting_end(struct ui *ui);

#endif
