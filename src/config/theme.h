/*
 * Colours and attributes: each text on screen has a role, and a theme gives each role a look. src/ui/term draws
 * looks; here they are data only.
 */
#ifndef NCRED_THEME_H
#define NCRED_THEME_H

#include "base/error.h"
#include "base/text.h"

/* What a piece of text on screen is. */
enum role {
    ROLE_TEXT, ROLE_TITLE, ROLE_HEADER, ROLE_SELECTED, ROLE_CURSOR, ROLE_MARK, ROLE_MISSING, ROLE_NOTE, ROLE_LABEL,
    ROLE_CRITICAL, ROLE_HIGH, ROLE_MEDIUM, ROLE_LOW, ROLE_STATUS, ROLE_HINT, ROLE_PROMPT, ROLE_FAULT,
    ROLE_BORDER, ROLE_BAR, ROLE_FOCUS, ROLE_MATCH, ROLE_COUNT
};

/* Attributes, one bit each. */
enum { LOOK_BOLD = 1, LOOK_UNDERLINE = 2, LOOK_REVERSE = 4 };

/* A colour is -1 (the terminal's default), 0 to 15 (the terminal's palette) or 16 to 255 (xterm's cube and greys). */
struct look {
    short color, color256; /* of the text, on terminals with 8 or 16 colours and on those with 256 */
    short back;            /* of the background */
    unsigned attributes;   /* bits LOOK_..., on terminals with colours */
    unsigned alone;        /* the same without colours, and where back is over 15 and the terminal has fewer colours */
};

struct theme {
    const char *name;
    const char *help;
    bool is_mono;          /* it never uses colours */
    struct look looks[ROLE_COUNT];
};

extern const struct theme themes[]; /* the first one is the default */
extern const size_t theme_count;

/* Returns the theme called NAME, or NULL. */
const struct theme *theme_find(struct slice name);
/* Returns the name of ROLE in the configuration; static. */
const char *role_name(enum role role);
/* Returns the role called NAME, or ROLE_COUNT. */
enum role role_find(struct slice name);
/*
 * Read TEXT, such as "red", "208 bold", "white on blue underline" or "default", into LOOK. For a colour over 15 LOOK's
 * earlier contents say what terminals with fewer colours use. Returns false with ERR naming the word that is wrong.
 */
bool look_parse(struct look *look, struct slice text, struct error *err);
/* Append LOOK to OUT as look_parse() reads it. */
void look_write(struct buffer *out, const struct look *look);

#endif
