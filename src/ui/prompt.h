/* The line in which a person types: its state, and what each kind of question provides. */
#ifndef NCRED_UI_PROMPT_H
#define NCRED_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "browse/line_editor.h"
#include "query/suggest.h"

struct ui;

/* Lines of one kind share the lines typed earlier, which Up and Down bring back. */
enum prompt_history {
    HISTORY_FILTER, HISTORY_SEARCH, HISTORY_FILE, HISTORY_UNTIL, HISTORY_OWNER, HISTORY_REASON, HISTORY_COMMAND,
    HISTORY_NAME, HISTORY_DAYS, HISTORY_WHOSE,
    HISTORY_COUNT
};

struct prompt_kind {
    const char *label;
    const char *help;
    enum prompt_history history;
    void (*changed)(struct ui *ui, struct slice text); /* NULL: nothing happens until it is accepted */
    bool (*accept)(struct ui *ui, struct slice text);  /* false: the line stays open */
    void (*cancel)(struct ui *ui);                     /* NULL: nothing to undo */
    /* NULL, or: append to C what can follow TEXT, which ends at the cursor. */
    void (*complete)(const struct ui *ui, struct slice text, struct suggestions *c);
    bool teaches;          /* what can follow is shown all the time, not only after Tab */
};

struct prompt {
    const struct prompt_kind *kind; /* NULL: no line is being typed */
    struct line_editor line;
    struct buffer note;  /* to the right: how many it finds */
    struct suggestions complete; /* what can follow; none: nothing, or Tab was not pressed in a line that does not teach */
    size_t completed;    /* the suggestion that stands in the line; SIZE_MAX: none yet */
    struct buffer before; /* the line as it was before a suggestion was chosen, */
    size_t before_at;    /* and the cursor in it */
    struct error fault;
    bool is_faulty;
    size_t index;        /* filter that is being edited; SIZE_MAX: a new one */
    size_t origin;       /* where the cursor was, in the table or the list that is searched */
    bool counts_places;  /* the note is which match of how many, once that is known */
};

/* Ask: open a line of this kind that starts as TEXT, a proposal: it is selected, so that the first letter replaces it. */
void prompt_open(struct ui *ui, const struct prompt_kind *kind, struct slice text);
/* Close the line; nothing is accepted or undone by that. */
void prompt_close(struct ui *ui);
void prompt_draw(struct ui *ui);
/* Take a key; PASTED: it is text, whatever it is bound to. */
void prompt_key(struct ui *ui, uint32_t key, bool pasted);
void prompt_free(struct ui *ui);

#endif
