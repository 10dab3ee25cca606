/*
 * The prompt, a line at the bottom in which a person types: its state, and what each kind of prompt provides.
 *
 *     static const struct prompt_kind days_prompt = {.label = "Days: ",
 *         .help = "a number   {accept} apply, {cancel} back", .history = HISTORY_DAYS, .accept = days_accept};
 *
 *     prompt_open(ui, &days_prompt, slice_of("90"));    // Enter calls days_accept() with the text
 */
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

/* Prompts with the same history share the lines typed earlier, which Up and Down bring back. */
enum prompt_history {
    HISTORY_FILTER, HISTORY_SEARCH, HISTORY_FILE, HISTORY_UNTIL, HISTORY_OWNER, HISTORY_REASON, HISTORY_COMMAND,
    HISTORY_NAME, HISTORY_DAYS, HISTORY_WHOSE,
    HISTORY_COUNT
};

struct prompt_kind {
    const char *label;
    const char *help;      /* {ACTION} stands for a key, see keys_fill(); three blanks separate parts */
    enum prompt_history history;
    void (*changed)(struct ui *ui, struct slice text); /* called after each change; NULL if only Enter matters */
    bool (*accept)(struct ui *ui, struct slice text);  /* returns false to keep the prompt open */
    void (*cancel)(struct ui *ui);                     /* called when the prompt is cancelled; NULL: nothing to undo */
    /* NULL, or appends to C the possible continuations of TEXT, which ends at the cursor. */
    void (*complete)(const struct ui *ui, struct slice text, struct suggestions *c);
    bool teaches;          /* suggestions are shown while typing, not only after Tab */
};

struct prompt {
    const struct prompt_kind *kind; /* NULL if no prompt is open */
    struct line_editor line;
    struct buffer note;  /* shown at the right, such as the number of matches */
    struct suggestions complete; /* current suggestions; empty before Tab unless the kind teaches */
    size_t completed;    /* index of the suggestion now in the line; SIZE_MAX if none */
    struct buffer before; /* the line before a suggestion was chosen */
    size_t before_at;    /* the cursor's byte offset in BEFORE */
    struct error fault;
    bool is_faulty;
    size_t index;        /* index of the filter being edited; SIZE_MAX for a new one */
    size_t origin;       /* cursor of the table, overview or list when the prompt opened */
    bool counts_places;  /* NOTE shows which match of how many, once that is counted */
};

/*
 * Open a prompt of this kind with TEXT as its proposal; the text is selected, so the first character typed replaces it.
 */
void prompt_open(struct ui *ui, const struct prompt_kind *kind, struct slice text);
/* Close the prompt without accepting it and without calling cancel(). */
void prompt_close(struct ui *ui);
/* Draw the prompt with its note, suggestions, and an error, message or help below it. */
void prompt_draw(struct ui *ui);
/* Handle KEY; if PASTED, it is inserted as text even if it is bound to an action. */
void prompt_key(struct ui *ui, uint32_t key, bool pasted);
/* Free the prompt and all histories. */
void prompt_free(struct ui *ui);

#endif
