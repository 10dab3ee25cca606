/* Looks of what is on screen: roles instead of colours, and the table of themes. No curses. */
#ifndef NCRED_THEME_H
#define NCRED_THEME_H

#include "base/error.h"
#include "base/text.h"

/* What a piece of text is; the theme says how that looks. */
enum role {
    ROLE_TEXT, ROLE_TITLE, ROLE_HEADER, ROLE_SELECTED, ROLE_CURSOR, ROLE_MARK, ROLE_MISSING, ROLE_NOTE, ROLE_LABEL,
    ROLE_CRITICAL, ROLE_HIGH, ROLE_MEDIUM, ROLE_LOW, ROLE_STATUS, ROLE_HINT, ROLE_PROMPT, ROLE_FAULT,
    ROLE_BORDER, ROLE_BAR, ROLE_FOCUS, ROLE_MATCH, ROLE_COUNT
};

enum { LOOK_BOLD = 1, LOOK_UNDERLINE = 2, LOOK_REVERSE = 4 };

/* Colours are -1 (the terminal's own), 0 to 15 (of the terminal's 16) or 16 to 255 (of xterm's cube and greys). */
struct look {
    short color, color256; /* for terminals of 8 or 16 colours; of 256 */
    short back;            /* behind it */
    unsigned attributes;   /* bits LOOK_...; with colours */
    unsigned alone;        /* without colours, and where BACK is over 15 and the terminal has fewer colours */
};

struct theme {
    const char *name;
    const char *help;
    bool is_mono;          /* never any colour */
    struct look looks[ROLE_COUNT];
};

extern const struct theme themes[]; /* the first one is the default */
extern const size_t theme_count;

/* The theme of this name, or NULL. */
const struct theme *theme_find(struct slice name);
const char *role_name(enum role role);
/* The role of this name, or ROLE_COUNT. */
enum role role_find(struct slice name);
/*
 * Read a look such as "red", "208 bold", "white on blue underline", "default" into LOOK, which says what a terminal of
 * fewer colours does with a number over 15. False: ERR says which word is wrong.
 */
bool look_parse(struct look *look, struct slice text, struct error *err);
/* Append it as look_parse() reads it. */
void look_write(struct buffer *out, const struct look *look);

#endif
