/* Which of the rows shown hold the text that was searched for: "3 of 31", counted while no key is waiting. */
#ifndef NCRED_UI_SEARCH_PLACE_H
#define NCRED_UI_SEARCH_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct report;
struct ui;

struct search_place {
    struct buffer text;          /* what is looked for */
    const struct report *report; /* borrowed; in which, */
    unsigned generation;         /* and in which of the view's rows */
    size_t at;                   /* rows that were looked at */
    uint32_t *list;              /* owned; indices of those that hold it, in order */
    size_t count, room;
    char said[160];              /* the message that the place is added to; "": none waits for it */
    bool is_lit;                 /* matches are marked on screen */
};

/* Count the rows that hold TEXT, unless they are counted already. Small views are counted at once, large ones in steps. */
void search_place_start(struct ui *ui, struct slice text);
/* Forget the text; no match is marked any more. */
void search_place_stop(struct ui *ui);
bool search_place_has_work(const struct ui *ui);
void search_place_work(struct ui *ui);
/* Append "3 of 31"; false: not counted yet. */
bool search_place_put(const struct ui *ui, struct buffer *b);
/* Say the place and MESSAGE; a place that is not known yet is added once it is. */
void search_place_say(struct ui *ui, const char *message);
/* The text whose matches are marked in the table, or an empty one. */
struct slice search_place_lit(const struct ui *ui);
void search_place_free(struct ui *ui);

#endif
