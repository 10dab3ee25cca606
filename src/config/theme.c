/* The table of themes, and looks as text. */
#include "config/theme.h"

/* The terminal's palette. */
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, BRIGHT };

#define BOLD LOOK_BOLD
#define LINE LOOK_UNDERLINE

/* Looks that are the same in every theme. */
#define SAME \
    [ROLE_TEXT] = {-1, -1, -1, 0, 0}, \
    [ROLE_TITLE] = {-1, -1, -1, BOLD, BOLD}, \
    [ROLE_MISSING] = {-1, -1, -1, 0, 0}, \
    [ROLE_STATUS] = {-1, -1, -1, BOLD, BOLD}, \
    [ROLE_PROMPT] = {-1, -1, -1, 0, 0}, \
    [ROLE_MATCH] = {BLACK, 16, YELLOW, 0, BOLD | LINE | LOOK_REVERSE}

/*
 * The selected row and the cell of the cursor in it, each with its own background. Where that cannot be shown, the
 * row is reversed and the cell is not, which stands out as a gap in it.
 */
#define SELECTED(color256, back, cell256, cell_back) \
    [ROLE_SELECTED] = {-1, color256, back, 0, LOOK_REVERSE}, \
    [ROLE_CURSOR] = {-1, cell256, cell_back, 0, BOLD | LINE}
#define SELECTED_REVERSED \
    [ROLE_SELECTED] = {-1, -1, -1, LOOK_REVERSE, LOOK_REVERSE}, \
    [ROLE_CURSOR] = {-1, -1, -1, BOLD | LINE, BOLD | LINE}

/* One theme: the colours of headings and frames, marks, messages, grey text, severities and the selected row. */
#define THEME(calm, calm256, mark, mark256, note, note256, hint, hint256, worst, worst256, bad, bad256, low, low256, \
    ...) \
    { \
        SAME, \
        __VA_ARGS__, \
        [ROLE_HEADER] = {calm, calm256, -1, BOLD, BOLD}, \
        [ROLE_MARK] = {mark, mark256, -1, 0, BOLD}, \
        [ROLE_NOTE] = {note, note256, -1, 0, 0}, \
        [ROLE_LABEL] = {calm, calm256, -1, 0, 0}, \
        [ROLE_CRITICAL] = {worst, worst256, -1, 0, BOLD | LINE}, \
        [ROLE_HIGH] = {bad, bad256, -1, 0, BOLD | LINE}, \
        [ROLE_MEDIUM] = {note, note256, -1, 0, BOLD}, \
        [ROLE_LOW] = {low, low256, -1, 0, 0}, \
        [ROLE_HINT] = {hint, hint256, -1, 0, 0}, \
        [ROLE_FAULT] = {worst, worst256, -1, BOLD, BOLD}, \
        [ROLE_BORDER] = {calm, calm256, -1, 0, 0}, \
        [ROLE_BAR] = {calm, calm256, -1, 0, 0}, \
        [ROLE_FOCUS] = {calm, calm256, -1, BOLD | LOOK_REVERSE, BOLD | LOOK_REVERSE}, \
    }

/*
 * Nothing is said by colour alone: severities have signs, marks a star. What stands in rows has no attribute where
 * there are colours: to end one takes many times the bytes that a colour takes.
 */
const struct theme themes[] = {
    {"auto", "dark or light, as the terminal's background; safe if the terminal does not report it", false,
        THEME(CYAN, 67, CYAN, 39, YELLOW, 172, -1, 245, RED, 160, RED, 166, BLUE, 67,
            SELECTED(231, 24, 16, 153))},
    /* Blue, orange and grey differ for every kind of colour vision, in light and dark. */
    {"safe", "colour-blind safe, on light and dark backgrounds", false,
        THEME(CYAN, 67, CYAN, 39, YELLOW, 172, -1, 245, RED, 160, RED, 166, BLUE, 67,
            SELECTED(231, 24, 16, 153))},
    {"dark", "bright colours, for a dark background", false,
        THEME(CYAN, 80, BRIGHT + CYAN, 51, BRIGHT + YELLOW, 221, -1, 248, BRIGHT + RED, 203, BRIGHT + RED, 215,
            BRIGHT + BLUE, 111, SELECTED(231, 24, 16, 153))},
    {"light", "dark colours, for a light background", false,
        THEME(BLUE, 24, MAGENTA, 90, RED, 130, -1, 240, RED, 124, RED, 160, BLUE, 25,
            SELECTED(16, 153, 231, 25))},
    {"terminal", "the terminal's own 16 colours", false,
        THEME(CYAN, CYAN, CYAN, CYAN, YELLOW, YELLOW, -1, -1, RED, RED, MAGENTA, MAGENTA, BLUE, BLUE,
            SELECTED_REVERSED)},
    {"mono", "no colours: bold, underlined, reversed", true,
        THEME(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, SELECTED_REVERSED)},
};
const size_t theme_count = sizeof themes / sizeof themes[0];

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_TEXT] = "text", [ROLE_TITLE] = "title", [ROLE_HEADER] = "header", [ROLE_SELECTED] = "selected",
    [ROLE_CURSOR] = "cursor", [ROLE_MARK] = "mark", [ROLE_MISSING] = "missing", [ROLE_NOTE] = "note",
    [ROLE_LABEL] = "label", [ROLE_CRITICAL] = "critical", [ROLE_HIGH] = "high", [ROLE_MEDIUM] = "medium",
    [ROLE_LOW] = "low", [ROLE_STATUS] = "status", [ROLE_HINT] = "hint", [ROLE_PROMPT] = "prompt",
    [ROLE_FAULT] = "fault", [ROLE_BORDER] = "border", [ROLE_BAR] = "bar", [ROLE_FOCUS] = "focus",
    [ROLE_MATCH] = "match",
};

static const char *const color_names[] = {"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
enum { COLORS_NAMED = sizeof color_names / sizeof color_names[0] };

static const struct {
    const char *name;
    unsigned bit;
} attribute_names[] = {{"bold", LOOK_BOLD}, {"underline", LOOK_UNDERLINE}, {"reverse", LOOK_REVERSE}};
enum { ATTRIBUTES = sizeof attribute_names / sizeof attribute_names[0] };

const struct theme *theme_find(struct slice name)
{
    for (size_t i = 0; i < theme_count; i++) {
        if (slice_equal(name, slice_of(themes[i].name)))
            return &themes[i];
    }
    return NULL;
}

const char *role_name(enum role role)
{
    return role_names[role];
}

enum role role_find(struct slice name)
{
    enum role role = 0;
    while (role < ROLE_COUNT && !slice_equal(name, slice_of(role_names[role])))
        role++;
    return role;
}

/* ---- looks as text -------------------------------------------------------------- */

/* Read a colour: "default", "red", "bright-red", "208". Returns false if WORD is none. */
static bool parse_color(struct slice word, short *color)
{
    static const char prefix[] = "bright-";
    size_t skip = word.len > sizeof prefix && memcmp(word.data, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    struct slice name = {word.data + skip, word.len - skip};
    int number = 0;
    if (slice_equal(word, slice_of("default"))) {
        *color = -1;
        return true;
    }
    for (int i = 0; i < COLORS_NAMED; i++) {
        if (slice_equal(name, slice_of(color_names[i]))) {
            *color = (short)(i + (skip ? BRIGHT : 0));
            return true;
        }
    }
    for (size_t i = 0; i < word.len && number < 1000; i++)
        number = word.data[i] >= '0' && word.data[i] <= '9' ? number * 10 + word.data[i] - '0' : 1000;
    *color = (short)number;
    return word.len && number <= 255;
}

static unsigned parse_attribute(struct slice word)
{
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (slice_equal(word, slice_of(attribute_names[i].name)))
            return attribute_names[i].bit;
    }
    return 0;
}

bool look_parse(struct look *look, struct slice text, struct error *err)
{
    struct look new = {-1, -1, -1, 0, 0};
    struct slice word;
    bool colored = false, back = false;
    while (slice_next_word(&text, &word)) {
        short color;
        unsigned bit = parse_attribute(word);
        new.attributes |= bit;
        if (bit)
            continue;
        back = !back && slice_equal(word, slice_of("on"));
        if (back && !slice_next_word(&text, &word))
            return error_set(err, "expected a colour after \"on\"");
        if ((!back && colored) || !parse_color(word, &color))
            return error_set(err,
                "invalid colour \"%.*s\": use a name such as red or bright-blue, a number from 0 to 255, "
                "default, white on 24, or bold, underline, reverse", (int)word.len, word.data);
        *(back ? &new.back : &new.color256) = color;
        colored |= !back;
        back = false;
    }
    new.alone = new.attributes | (new.back >= 0 ? LOOK_REVERSE : 0);
    new.color = new.color256 < 16 ? new.color256 : look->color;
    *look = new;
    return true;
}

static void write_color(struct buffer *out, short color)
{
    if (color < 0)
        buffer_puts(out, "default");
    else if (color < 2 * COLORS_NAMED)
        buffer_printf(out, "%s%s", color < COLORS_NAMED ? "" : "bright-", color_names[color % COLORS_NAMED]);
    else
        buffer_printf(out, "%d", color);
}

void look_write(struct buffer *out, const struct look *look)
{
    write_color(out, look->color256);
    if (look->back >= 0) {
        buffer_puts(out, " on ");
        write_color(out, look->back);
    }
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (look->attributes & attribute_names[i].bit)
            buffer_printf(out, " %s", attribute_names[i].name);
    }
}
