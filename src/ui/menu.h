/* A list to choose from, drawn over the table: its state, and what each kind of list provides. */
#ifndef NCRED_UI_MENU_H
#define NCRED_UI_MENU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "config/keys.h"
#include "ui/term/paint.h"

struct ui;

struct menu_item {
    struct buffer left, right;
    enum role role;
    bool is_heading;   /* cannot be chosen */
    bool is_pinned;    /* of the first one: it stays in sight */
    int hang;          /* where its second line begins, if it wraps; 0: a little further in than the first */
};

/* What the items of a list are: texts, perhaps with another one to the right; with a number there; texts that wrap. */
enum menu_form { MENU_TEXTS, MENU_NUMBERS, MENU_WRAPPED };

/* A kind of list. act() is called with one of ACTIONS only. */
struct menu_kind {
    const char *title;
    const char *empty;                  /* shown when there is nothing in the list */
    enum action actions[8];             /* ends with ACTION_NONE */
    const char *letters;                /* each chooses an item; NULL: none does */
    enum menu_form form;
    size_t (*count)(const struct ui *ui);
    void (*item)(const struct ui *ui, size_t index, struct menu_item *item);
    void (*act)(struct ui *ui, size_t index, enum action action);
    const char *words[8];               /* what the hint line calls each of ACTIONS here; NULL: as elsewhere */
};

struct menu {
    const struct menu_kind *kind; /* NULL: no list is open */
    size_t cursor, top, height; /* height: lines for items */
    size_t shown;        /* how many items are in sight */
    int left_width;      /* of the widest text to the left */
    size_t shift;        /* columns of it scrolled away */
    int room;            /* columns for the text of an item that wraps */
    size_t pinned;       /* 1: the first one is a heading that stays in sight; else 0 */
    int y, x, width;     /* where its lines are on screen */
    size_t *numbers;     /* owned: what the list counted when it was opened; NULL: nothing */
    struct buffer found; /* the text last searched for */
    struct buffer lit;   /* the text whose matches are marked */
    struct buffer title; /* instead of the kind's; empty: that one */
};

/* Letters for a list of any length. */
extern const char menu_letters[];

/* Open a list of this kind. It takes over NUMBERS, malloc'ed, what was counted for it; NULL: nothing was. */
void menu_open(struct ui *ui, const struct menu_kind *kind, size_t *numbers);
void menu_close(struct ui *ui);
/* Show the heading INDEX at the top, as far as the list goes on behind it, with the cursor on the line after it. */
void menu_show_part(struct ui *ui, size_t index);
void menu_draw(struct ui *ui);
/* What the hint line calls ACTION in the list that is open; NULL: it is none of the list's actions, or has no hint. */
const char *menu_word(const struct ui *ui, enum action action);
/* Take a key that is bound to no action, a letter that chooses an item. Returns false if it chooses nothing. */
bool menu_key(struct ui *ui, uint32_t key);
/* Whether ACTION means something in the open list. */
bool menu_can(const struct ui *ui, enum action action);
/* Do ACTION, which menu_can() allows. Returns ACTION if the list leaves it to the caller (search, help, undo), else ACTION_NONE. */
enum action menu_act(struct ui *ui, enum action action);
/* A click: on an item, to go there; on the item under the cursor, to choose it; elsewhere, to close the list. */
void menu_click(struct ui *ui, int y, int x);
/*
 * Go to the next (STEP 1), previous (-1) or this (0) item that holds TEXT, and append "3 of 31" to PLACE, unless it is NULL
 * or the list is very long. Returns false if none does.
 */
bool menu_search(struct ui *ui, struct slice text, int step, struct buffer *place);
/* Mark what holds TEXT; an empty one marks nothing. */
void menu_light(struct ui *ui, struct slice text);

#endif
