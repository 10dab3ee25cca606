/* Putting text on the screen: roles instead of colours, glyphs with an ASCII twin, never past an edge. */
#ifndef NCRED_PAINT_H
#define NCRED_PAINT_H

#include "config/theme.h"

enum glyph {
    GLYPH_CURSOR, GLYPH_MARK, GLYPH_ASCENDING, GLYPH_DESCENDING, GLYPH_CUT, GLYPH_LEFT, GLYPH_RIGHT,
    GLYPH_VERTICAL, GLYPH_HORIZONTAL, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT,
    GLYPH_BAR, GLYPH_HALF_BAR, GLYPH_LINE, GLYPH_TIMES,
    GLYPH_BAR_1, GLYPH_BAR_2, GLYPH_BAR_3, GLYPH_BAR_5, GLYPH_BAR_6, GLYPH_BAR_7, /* eighths of a column */
    GLYPH_COUNT
};

/* Take the ROLE_COUNT looks, in COLORS as far as the terminal has them; glyphs are ASCII when the locale needs it. */
void paint_start(const struct look *wanted, bool colors, bool ascii);
bool paint_is_ascii(void);
const char *paint_glyph(enum glyph glyph);
/* Append a bar for COUNT out of MOST in up to WIDTH columns, in eighths of a column; at least one eighth for a count above 0. */
void paint_put_bar(struct buffer *b, size_t count, size_t most, int width);

int paint_lines(void);
int paint_columns(void);
void paint_clear(void);
/* Write TEXT, made harmless, in WIDTH columns from Y, X on; what does not fit is cut visibly. The columns used. */
int paint_text(int y, int x, int width, struct slice text, enum role role);
/* The same, set to the right. */
void paint_right(int y, int x, int width, struct slice text, enum role role);
/*
 * From here on plain text and blanks that are painted have a pair of the terminal's own colours: between colours, going
 * back to that takes curses half the bytes that going back to no attributes does, which costs once more at the end.
 */
void paint_among_colors(bool is);
/* ROLE over WIDTH columns of blanks. */
void paint_blank(int y, int x, int width, enum role role);
/*
 * Blanks behind a text in ROLE, as that text is painted where this cannot be seen: what follows then costs the terminal
 * one change of colour, not two, or none.
 */
void paint_gap(int y, int x, int width, enum role role);
/* Give ROLE to every place on line Y, in WIDTH columns from X on, where TEXT stands, in capitals or small letters. */
void paint_matches(int y, int x, int width, struct slice text, enum role role);
/* An empty box with a border and TITLE in it. */
void paint_box(int y, int x, int height, int width, const char *title);

#endif
