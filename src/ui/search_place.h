/* The position of a search match among all matches, "3 of 31"; the matches are counted while no key is waiting. */
#ifndef NCRED_UI_SEARCH_PLACE_H
#define NCRED_UI_SEARCH_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct report;
struct ui;

struct search_place {
    struct buffer text;          /* the text searched for */
    const struct report *report; /* borrowed: the report searched in */
    unsigned generation;         /* view.generation of the rows in LIST */
    size_t at;                   /* number of rows examined so far */
    uint32_t *list;              /* owned: indices in the view of matching rows, ascending */
    size_t count, room;
    char said[160];              /* message that waits for the place to be appended; "" if none */
    bool is_lit;                 /* matches are highlighted on screen */
};

/*
 * Count the rows that contain TEXT, unless they are counted already. Small views are counted at once, large ones in
 * steps by search_place_work().
 */
void search_place_start(struct ui *ui, struct slice text);
/* Forget the text and end highlighting. */
void search_place_stop(struct ui *ui);
/* Returns whether rows remain to be examined; search_place_work() examines some of them. */
bool search_place_has_work(const struct ui *ui);
void search_place_work(struct ui *ui);
/* Append "3 of 31". Returns false if the count is not finished. */
bool search_place_put(const struct ui *ui, struct buffer *b);
/* Show the place and MESSAGE; if the count is not finished, the place is added when it is. */
void search_place_say(struct ui *ui, const char *message);
/* Returns the text whose matches are highlighted in the table, or an empty slice. */
struct slice search_place_lit(const struct ui *ui);
void search_place_free(struct ui *ui);

#endif
