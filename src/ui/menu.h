/*
 * A list drawn in a box over the table, from which a person chooses: its state, and what each kind of list provides.
 *
 *     static const struct menu_kind menu_days = {"Days", "none", {ACTION_OPEN, ACTION_NONE}, menu_letters, MENU_TEXTS,
 *         days_count, days_item, days_act, {NULL}};
 *
 *     menu_open(ui, &menu_days, NULL);    // days_act() is called with the index of the item chosen
 */
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
    bool is_pinned;    /* of item 0: stays on screen while the others scroll */
    int hang;          /* how much further in its second line begins if it wraps; 0: the usual indent */
};

/*
 * The form of the items: texts with an optional second text beside them; texts with a number at the right edge; or one
 * wrapped text.
 */
enum menu_form { MENU_TEXTS, MENU_NUMBERS, MENU_WRAPPED };

/* A kind of list. menu_act() calls act() only with an action of ACTIONS, except for those it handles itself. */
struct menu_kind {
    const char *title;                  /* {ACTION} stands for a key, see keys_fill() */
    const char *empty;                  /* shown when there is nothing in the list; {ACTION} as in the title */
    enum action actions[8];             /* ends with ACTION_NONE */
    const char *letters;                /* letter i chooses item i; NULL if no letter chooses */
    enum menu_form form;
    size_t (*count)(const struct ui *ui);
    void (*item)(const struct ui *ui, size_t index, struct menu_item *item);
    void (*act)(struct ui *ui, size_t index, enum action action);
    const char *words[8];               /* hint line's word for each of ACTIONS; NULL: the action's usual word */
};

struct menu {
    const struct menu_kind *kind; /* NULL: no list is open */
    size_t cursor, top, height; /* first two: item numbers; HEIGHT: screen lines for items */
    size_t shown;        /* number of items on screen */
    int left_width;      /* screen columns of the widest left text */
    int right_width;     /* the same of the right texts */
    size_t shift;        /* columns of the left texts scrolled away */
    int room;            /* columns per line of a wrapped item */
    size_t pinned;       /* 1 if item 0 is a heading that does not scroll, else 0 */
    int y, x, width;     /* position of its first line on screen, and width */
    size_t *numbers;     /* owned: counts made when the list was opened, for item(); NULL if none */
    size_t *(*make_numbers)(const struct ui *ui); /* NULL unless NUMBERS holds one number per item */
    size_t numbered;     /* number of items when make_numbers() was called last */
    struct buffer found; /* the text last searched for in a list */
    struct buffer lit;   /* the text whose matches are highlighted */
    struct buffer title; /* replaces the title of KIND if not empty */
};

/* A generous set of letters for menu_kind.letters; items beyond them have none. */
extern const char menu_letters[];

/*
 * Close any open list and open one of KIND. Takes ownership of NUMBERS (malloc'ed counts that KIND's functions use, or
 * NULL).
 */
void menu_open(struct ui *ui, const struct menu_kind *kind, size_t *numbers);
/*
 * The same, where item() reads numbers[INDEX]. MAKE returns a malloc'ed number for each item; it is called again
 * whenever the list may have other items, because reports, and columns that come with them, are read while it is open.
 */
void menu_open_numbered(struct ui *ui, const struct menu_kind *kind, size_t *(*make)(const struct ui *ui));
/* Close the list, if one is open, and free its numbers. */
void menu_close(struct ui *ui);
/*
 * Keep the cursor on an item of the open list, if one is open, and one number per item. Must be called after anything
 * that may have made the list longer or shorter, because the next key may come before the next draw.
 */
void menu_settle(struct ui *ui);
/*
 * Scroll so that the heading INDEX is the first line, if enough items follow, and put the cursor on the item after it.
 */
void menu_show_part(struct ui *ui, size_t index);
/* Draw the open list in a box over the table; on a very small screen it fills the screen. */
void menu_draw(struct ui *ui);
/*
 * Returns the hint line's word for ACTION in the open list, or NULL if it is not among the kind's actions or has no
 * hint.
 */
const char *menu_word(const struct ui *ui, enum action action);
/* Take a key that is bound to no action, a letter that chooses an item. Returns false if it chooses nothing. */
bool menu_key(struct ui *ui, uint32_t key);
/* Returns whether ACTION can be done now in the open list. */
bool menu_can(const struct ui *ui, enum action action);
/*
 * Do ACTION, which menu_can() allows. Returns ACTION if the caller must do it (search, help, undo, redo), else
 * ACTION_NONE.
 */
enum action menu_act(struct ui *ui, enum action action);
/*
 * Handle a click at Y, X: on another item, move there; on the item under the cursor, choose it; outside the list, close
 * it.
 */
void menu_click(struct ui *ui, int y, int x);
/*
 * Move to the next (STEP 1), previous (-1) or nearest from here (0) item that contains TEXT, wrapping around. Appends
 * "3 of 31" to PLACE unless that is NULL or the list has over 5000 items. Returns false if no item contains TEXT, or if
 * view.cancel ended.
 */
bool menu_search(struct ui *ui, struct slice text, int step, struct buffer *place);
/* Highlight the matches of TEXT in the list; an empty TEXT ends highlighting. */
void menu_light(struct ui *ui, struct slice text);

#endif
