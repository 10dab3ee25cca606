/* Work that may take long: the next key cancels it, and the screen names it meanwhile. */
#ifndef NCRED_UI_WAITING_H
#define NCRED_UI_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"

struct ui;

struct waiting {
    struct cancel_token cancel;
    size_t typed;       /* bytes typed and not read when it began: more than these cancel it */
    int64_t next_look;  /* at the keys, in milliseconds */
    int64_t worked;     /* processor time of this thread, in milliseconds, at which it looks */
    int lines, columns; /* of the screen that says so; 0: none does yet */
    const char *doing;  /* static: "Sorting"; NULL: not said */
    int64_t told_at;    /* when the screen said so last, in milliseconds */
};

/* Until waiting_end(), long work of ui->view is cancelled when a key comes; IS_TYPING: also by one that is there already. */
void waiting_begin(struct ui *ui, bool is_typing);
/* Returns whether the work was cancelled. */
bool waiting_end(struct ui *ui);

#endif
