/* Writing text and colours to the screen. No other file writes text to curses. */
#include "ui/term/paint.h"

#include <curses.h>

static const char *const glyphs[GLYPH_COUNT][2] = {
    [GLYPH_CURSOR] = {"▌", ">"},
    [GLYPH_MARK] = {"*", "*"},
    [GLYPH_ASCENDING] = {"▲", "^"},
    [GLYPH_DESCENDING] = {"▼", "v"},
    [GLYPH_CUT] = {"…", "~"},
    [GLYPH_LEFT] = {"◂", "<"},
    [GLYPH_RIGHT] = {"▸", ">"},
    [GLYPH_VERTICAL] = {"│", "|"},
    [GLYPH_HORIZONTAL] = {"─", "-"},
    [GLYPH_TOP_LEFT] = {"┌", "+"},
    [GLYPH_TOP_RIGHT] = {"┐", "+"},
    [GLYPH_BOTTOM_LEFT] = {"└", "+"},
    [GLYPH_BOTTOM_RIGHT] = {"┘", "+"},
    [GLYPH_BAR] = {"█", "#"},
    [GLYPH_HALF_BAR] = {"▌", ":"},
    [GLYPH_LINE] = {"─", "-"},
    [GLYPH_TIMES] = {"×", "x"},
    [GLYPH_BAR_1] = {"▏", "."}, [GLYPH_BAR_2] = {"▎", "."}, [GLYPH_BAR_3] = {"▍", ":"}, [GLYPH_BAR_5] = {"▋", ":"},
    [GLYPH_BAR_6] = {"▊", "|"}, [GLYPH_BAR_7] = {"▉", "|"},
};

static bool use_ascii;
static attr_t looks[ROLE_COUNT];
static bool on_blanks[ROLE_COUNT]; /* the look is visible on blanks too */

static attr_t plain;               /* pair of the terminal's default colours; 0 if there is none */
static bool is_among_colors;

static void use_pair_for_plain(void)
{
    plain = (attr_t)COLOR_PAIR(ROLE_COUNT + 1);
    init_pair(ROLE_COUNT + 1, -1, -1);
}

void paint_among_colors(bool is)
{
    is_among_colors = is;
}

static attr_t look_of(enum role role)
{
    return looks[role] | (is_among_colors && !(looks[role] & A_COLOR) ? plain : 0);
}

static attr_t attributes_of(unsigned bits)
{
    return (bits & LOOK_BOLD ? A_BOLD : 0) | (bits & LOOK_UNDERLINE ? A_UNDERLINE : 0)
        | (bits & LOOK_REVERSE ? A_REVERSE : 0);
}

/* Replace a bright colour (8 to 15) by its dark one on a terminal of 8 colours. */
static short within(short color)
{
    return color >= COLORS && color < 16 ? (short)(color - 8) : color;
}

void paint_start(const struct look *wanted, bool colors, bool ascii)
{
    use_ascii = ascii;
    colors = colors && has_colors() && start_color() == OK && COLORS >= 8 && COLOR_PAIRS > ROLE_COUNT + 1;
    short background = colors && use_default_colors() == OK ? -1 : COLOR_BLACK;
    for (int i = 0; i < ROLE_COUNT; i++) {
        short color = COLORS >= 256 ? wanted[i].color256 : within(wanted[i].color);
        bool has_back = COLORS >= 256 || wanted[i].back < 16; /* otherwise the role looks as it does without colours */
        short back = has_back ? within(wanted[i].back) : -1;
        color = has_back ? color : -1;
        looks[i] = attributes_of(colors && has_back ? wanted[i].attributes : wanted[i].alone);
        on_blanks[i] = looks[i] & (A_UNDERLINE | A_REVERSE) || (colors && back >= 0);
        if (!colors || (color < 0 && back < 0))
            continue;
        init_pair((short)(i + 1), color < 0 && background >= 0 ? COLOR_WHITE : color, back < 0 ? background : back);
        looks[i] |= (attr_t)COLOR_PAIR(i + 1);
    }
    if (colors && background < 0)
        use_pair_for_plain();
}

bool paint_is_ascii(void)
{
    return use_ascii;
}

const char *paint_glyph(enum glyph glyph)
{
    return glyphs[glyph][use_ascii];
}

void paint_put_bar(struct buffer *b, size_t count, size_t most, int width)
{
    static const enum glyph parts[] = {GLYPH_BAR_1, GLYPH_BAR_1, GLYPH_BAR_2, GLYPH_BAR_3, GLYPH_HALF_BAR, GLYPH_BAR_5,
        GLYPH_BAR_6, GLYPH_BAR_7};
    size_t eighths = most && width > 0 ? (count * (size_t)width * 8 + most - 1) / most : 0;
    for (size_t i = 0; i + 8 <= eighths; i += 8)
        buffer_puts(b, paint_glyph(GLYPH_BAR));
    if (eighths % 8)
        buffer_puts(b, paint_glyph(parts[eighths % 8]));
}

int paint_lines(void)
{
    return LINES;
}

int paint_columns(void)
{
    return COLS;
}

void paint_clear(void)
{
    erase();
}

/*
 * Append TEXT, made harmless and cut to WIDTH columns; returns its width. A combining character at the start gets a
 * blank before it, because it would join the cell to the left.
 */
static int fit(struct buffer *b, struct slice text, int width)
{
    uint32_t cp;
    if (text.len && utf8_decode(text.data, text.len, &cp) && cp != UINT32_MAX && codepoint_width(cp) == 0)
        buffer_putc(b, ' ');
    text_harmless(b, text, use_ascii);
    buffer_puts(b, "");
    size_t all = text_width((struct slice){b->data, b->len});
    if (all > (size_t)width) {
        b->len = text_fit((struct slice){b->data, b->len}, (size_t)width - 1);
        all = text_width((struct slice){b->data, b->len}) + 1;
        buffer_puts(b, paint_glyph(GLYPH_CUT));
    }
    return (int)all;
}

static bool clip(int y, int x, int *width)
{
    if (y < 0 || y >= LINES || x < 0 || x >= COLS)
        return false;
    if (*width > COLS - x)
        *width = COLS - x;
    return *width > 0;
}

static int paint_slice(int y, int x, int width, struct slice text, enum role role, bool right)
{
    struct buffer b = {0};
    if (!clip(y, x, &width))
        return 0;
    int used = fit(&b, text, width);
    attrset(look_of(role));
    mvaddnstr(y, right ? x + width - used : x, b.data, (int)b.len);
    attrset(A_NORMAL);
    buffer_free(&b);
    return used;
}

int paint_text(int y, int x, int width, struct slice text, enum role role)
{
    return paint_slice(y, x, width, text, role, false);
}

void paint_right(int y, int x, int width, struct slice text, enum role role)
{
    paint_slice(y, x, width, text, role, true);
}

void paint_blank(int y, int x, int width, enum role role)
{
    if (!clip(y, x, &width))
        return;
    mvhline(y, x, ' ' | look_of(role), width);
}

void paint_gap(int y, int x, int width, enum role role)
{
    if (!on_blanks[role])
        paint_blank(y, x, width, role);
}

/* Append the characters of the cell at Y, X. Returns the columns that they take. */
static int read_cell(struct buffer *b, int y, int x)
{
    cchar_t cell;
    wchar_t wide[CCHARW_MAX + 1] = {0};
    attr_t attributes;
    short pair;
    size_t start = b->len;
    if (mvin_wch(y, x, &cell) != OK || getcchar(&cell, wide, &attributes, &pair, NULL) != OK)
        return 1;
    for (const wchar_t *w = wide; *w; w++)
        buffer_add_utf8(b, (uint32_t)*w <= 0x10ffff ? (uint32_t)*w : '?');
    int width = (int)text_width((struct slice){b->data + start, b->len - start});
    return width > 1 ? width : 1;
}

void paint_matches(int y, int x, int width, struct slice text, enum role role)
{
    enum { MOST = 1024 };
    struct buffer line = {0}, wanted = {0};
    size_t starts[MOST + 1]; /* byte offset in LINE of each column */
    if (!text.len || !clip(y, x, &width) || width > MOST)
        return;
    text_harmless(&wanted, text, use_ascii);
    buffer_puts(&line, "");
    for (int i = 0; i < width;) {
        size_t start = line.len;
        int columns = read_cell(&line, y, x + i);
        for (; columns > 0 && i < width; columns--)
            starts[i++] = start;
    }
    starts[width] = line.len;
    for (int i = 0; i < width; i++) {
        struct slice rest = {line.data + starts[i], line.len - starts[i]};
        bool is_start = i == 0 || starts[i] != starts[i - 1];
        if (!is_start || rest.len < wanted.len
            || !slice_equal_nocase((struct slice){rest.data, wanted.len}, (struct slice){wanted.data, wanted.len}))
            continue;
        int end = i;
        while (end < width && starts[end] < starts[i] + wanted.len)
            end++;
        mvchgat(y, x + i, end - i, looks[role] & ~A_COLOR, (short)PAIR_NUMBER(looks[role]), NULL);
        i = end - 1;
    }
    buffer_free(&line);
    buffer_free(&wanted);
}

static void paint_rule(int y, int x, int width, enum glyph left, enum glyph right)
{
    struct buffer b = {0};
    buffer_puts(&b, paint_glyph(left));
    for (int i = 2; i < width; i++)
        buffer_puts(&b, paint_glyph(GLYPH_HORIZONTAL));
    buffer_puts(&b, paint_glyph(right));
    paint_text(y, x, width, (struct slice){b.data, b.len}, ROLE_BORDER);
    buffer_free(&b);
}

void paint_box(int y, int x, int height, int width, const char *title)
{
    paint_rule(y, x, width, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT);
    for (int i = 1; i < height - 1; i++) {
        paint_text(y + i, x, 1, slice_of(paint_glyph(GLYPH_VERTICAL)), ROLE_BORDER);
        paint_blank(y + i, x + 1, width - 2, ROLE_TEXT);
        paint_text(y + i, x + width - 1, 1, slice_of(paint_glyph(GLYPH_VERTICAL)), ROLE_BORDER);
    }
    paint_rule(y + height - 1, x, width, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT);
    if (width > 6) {
        struct buffer b = {0};
        buffer_printf(&b, " %s ", title);
        paint_text(y, x + 2, width - 4, (struct slice){b.data, b.len}, ROLE_TITLE);
        buffer_free(&b);
    }
}
