/* Putting text on the screen: roles instead of colours, glyphs with an ASCII twin, never past an edge. */
#ifndef NCRED_PAINT_H
#define NCRED_PAINT_H

#include "../text.h"

/* What a piece of text is; the theme says how that looks. */
enum role {
    ROLE_TEXT, ROLE_TITLE, ROLE_HEADER, ROLE_SELECTED, ROLE_CURSOR, ROLE_MARK, ROLE_MISSING, ROLE_NOTE, ROLE_LABEL,
    ROLE_CRITICAL, ROLE_HIGH, ROLE_MEDIUM, ROLE_LOW, ROLE_STATUS, ROLE_HINT, ROLE_PROMPT, ROLE_FAULT,
    ROLE_BORDER, ROLE_BAR, ROLE_COUNT
};

enum glyph {
    GLYPH_CURSOR, GLYPH_MARK, GLYPH_ASCENDING, GLYPH_DESCENDING, GLYPH_CUT, GLYPH_LEFT, GLYPH_RIGHT,
    GLYPH_VERTICAL, GLYPH_HORIZONTAL, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT,
    GLYPH_BAR, GLYPH_HALF_BAR, GLYPH_LINE, GLYPH_COUNT
};

/* Choose colours by what the terminal has and the person wants, and glyphs by the locale. */
void paint_start(bool colors, bool ascii);
bool paint_is_ascii(void);
const char *paint_glyph(enum glyph glyph);
int paint_lines(void);
int paint_columns(void);
void paint_clear(void);
/* Write TEXT, made harmless, in WIDTH columns from Y, X on; what does not fit is cut visibly. The columns used. */
int paint_text(int y, int x, int width, struct slice text, enum role role);
/* The same, set to the right. */
void paint_right(int y, int x, int width, struct slice text, enum role role);
/* ROLE over WIDTH columns of blanks. */
void paint_blank(int y, int x, int width, enum role role);
/* An empty box with a border and TITLE in it. */
void paint_box(int y, int x, int height, int width, const char *title);

#endif
