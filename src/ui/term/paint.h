/*
 * Text on the screen: roles instead of colours, glyphs with an ASCII twin, never past an edge. Lines (Y) and columns
 * (X) count from 0 at the top left.
 *
 *     paint_clear();
 *     int used = paint_text(0, 1, 20, slice_of(name), ROLE_TITLE);    // made harmless, cut at 20 columns
 *     paint_right(0, 21 + used, 10, slice_of("28 of 28"), ROLE_HINT);
 *     terminal_flush(0, 1);
 */
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

/*
 * Set up the looks of all ROLE_COUNT roles from WANTED: with COLORS as far as the terminal has them, otherwise with
 * attributes only. ASCII: glyphs are ASCII.
 */
void paint_start(const struct look *wanted, bool colors, bool ascii);
/* Returns whether glyphs are ASCII. */
bool paint_is_ascii(void);
/* Returns the glyph as text; static. */
const char *paint_glyph(enum glyph glyph);
/*
 * Append a bar for COUNT of MOST in up to WIDTH columns: in eighths of a column, and at least one eighth if COUNT is
 * not 0.
 */
void paint_put_bar(struct buffer *b, size_t count, size_t most, int width);

/* Return the size of the screen. */
int paint_lines(void);
int paint_columns(void);
/* Erase the screen that is being drawn. */
void paint_clear(void);
/*
 * Write TEXT, made harmless, in at most WIDTH columns from Y, X on, and mark where it was cut. Returns the columns
 * used.
 */
int paint_text(int y, int x, int width, struct slice text, enum role role);
/* The same, aligned to the right edge of the WIDTH columns. */
void paint_right(int y, int x, int width, struct slice text, enum role role);
/*
 * While IS is set, plain text is drawn in an explicit pair of the terminal's default colours. Between coloured cells
 * curses then sends half the bytes that resetting all attributes takes, for one more change at the end.
 */
void paint_among_colors(bool is);
/* Fill WIDTH columns with blanks in ROLE. */
void paint_blank(int y, int x, int width, enum role role);
/*
 * Fill WIDTH columns with blanks behind a text in ROLE. Where it makes no visible difference they get that role's
 * colours, which saves the terminal a change of colour.
 */
void paint_gap(int y, int x, int width, enum role role);
/* Give ROLE to each occurrence of TEXT, in any letter case, on line Y in the WIDTH columns from X on. */
void paint_matches(int y, int x, int width, struct slice text, enum role role);
/* Draw an empty box with a border that shows TITLE. */
void paint_box(int y, int x, int height, int width, const char *title);

#endif
