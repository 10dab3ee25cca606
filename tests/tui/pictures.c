/* Pictures of the running program for the README, as SVG: the terminal's cells with their colours. `make pictures'. */
#include "term.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_WIDTH = 9, CELL_HEIGHT = 19, MARGIN = 10, BASE = 14 };

/* A terminal's own colours. */
static const struct paper {
    unsigned back, front;
} dark = {0x1c1c1c, 0xd0d0d0}, light = {0xffffff, 0x303030};

/* A colour of the 256 as xterm has it. */
static unsigned rgb(int color, unsigned otherwise)
{
    static const unsigned basic[16] = {0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5,
        0x666666, 0xf14c4c, 0x23d18b, 0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff};
    static const unsigned steps[6] = {0, 95, 135, 175, 215, 255};
    if (color < 0)
        return otherwise;
    if (color >= 0x1000000)
        return (unsigned)color & 0xffffff;
    if (color < 16)
        return basic[color];
    if (color >= 232)
        return 0x010101u * (unsigned)(8 + 10 * (color - 232));
    color -= 16;
    return steps[color / 36] << 16 | steps[color / 6 % 6] << 8 | steps[color % 6];
}

static void put_text(FILE *f, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': fputs("&amp;", f); break;
        case '<': fputs("&lt;", f); break;
        case '>': fputs("&gt;", f); break;
        default: putc(*text, f);
        }
    }
}

static bool alike(struct term_cell a, struct term_cell b)
{
    return a.fg == b.fg && a.bg == b.bg && a.bold == b.bold && a.underline == b.underline && a.reverse == b.reverse;
}

static bool is_blank_cell(struct term *t, int y, int x)
{
    return strcmp(term_cell(t, y, x).text, " ") == 0;
}

/* Cells of one look from X to END. */
static void put_run(FILE *f, struct term *t, int y, int x, int end, struct paper paper)
{
    struct term_cell look = term_cell(t, y, x);
    unsigned fg = rgb(look.fg, paper.front), bg = rgb(look.bg, paper.back);
    int left = MARGIN + x * CELL_WIDTH, top = MARGIN + y * CELL_HEIGHT, width = (end - x) * CELL_WIDTH;
    if (look.reverse) {
        unsigned swapped = fg;
        fg = bg;
        bg = swapped;
    }
    if (bg != paper.back)
        fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", left, top, width,
            CELL_HEIGHT, bg);
    while (x < end && is_blank_cell(t, y, x))
        x++;
    while (end > x && is_blank_cell(t, y, end - 1))
        end--;
    if (x == end)
        return;
    fprintf(f, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s%s>", MARGIN + x * CELL_WIDTH, top + BASE,
        (end - x) * CELL_WIDTH, fg, look.bold ? " font-weight=\"bold\"" : "",
        look.underline ? " text-decoration=\"underline\"" : "");
    for (int i = x; i < end; i++)
        put_text(f, is_blank_cell(t, y, i) ? "\u00a0" : term_cell(t, y, i).text); /* readers collapse plain blanks */
    fputs("</text>\n", f);
}

/* Begin the picture NAME of a screen of this size, with LINES more below it. */
static FILE *begin_picture(struct term *t, const char *name, int lines, struct paper paper)
{
    const char *directory = getenv("NCRED_PICTURES");
    char path[512];
    int width = term_columns(t) * CELL_WIDTH + 2 * MARGIN, height = (term_rows(t) + lines) * CELL_HEIGHT + 2 * MARGIN;
    assert_non_null(directory);
    snprintf(path, sizeof path, "%s/%s.svg", directory, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
        "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%06x\"/>\n"
        "<g font-family=\"DejaVu Sans Mono,Menlo,Consolas,monospace\" font-size=\"15\">\n",
        width, height, width, height, paper.back);
    return f;
}

static void end_picture(FILE *f)
{
    fputs("</g>\n</svg>\n", f);
    assert_int_equal(fclose(f), 0);
}

static void put_screen(FILE *f, struct term *t, struct paper paper)
{
    term_settle(t);
    for (int y = 0; y < term_rows(t); y++) {
        for (int x = 0, end; x < term_columns(t); x = end) {
            for (end = x + 1; end < term_columns(t) && alike(term_cell(t, y, x), term_cell(t, y, end));)
                end++;
            put_run(f, t, y, x, end, paper);
        }
    }
}

static void take_picture_on(struct paper paper, struct term *t, const char *name)
{
    FILE *f = begin_picture(t, name, 0, paper);
    put_screen(f, t, paper);
    end_picture(f);
}

static void take_picture(struct term *t, const char *name)
{
    take_picture_on(dark, t, name);
}

/* In the colours that a terminal with a dark background gets. */
static struct term *open_sample(int rows, int columns)
{
    struct term *t = term_open(rows, columns, "--config=", "--theme=dark", "--demo", NULL);
    term_wait(t, "28 of 28");
    return t;
}

static void test_start(void **state)
{
    (void)state;
    take_picture(open_sample(24, 80), "start");
}

/* The first screen in the other kinds of colours. */
static void test_themes(void **state)
{
    static const struct {
        const char *option, *name;
        const struct paper *paper;
    } themes[] = {{"--theme=light", "light", &light}, {"--theme=terminal", "colors-16", &dark},
        {"--theme=mono", "mono", &light}};
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
        struct term *t = term_open(24, 80, "--config=", "--demo", themes[i].option, NULL);
        term_wait(t, "28 of 28");
        take_picture_on(*themes[i].paper, t, themes[i].name);
        term_teardown(state);
    }
}

/* What a wider screen adds: the column WHY, and the pane. */
static void test_wide(void **state)
{
    (void)state;
    take_picture(open_sample(35, 120), "wide");
    take_picture(open_sample(50, 200), "wide-200");
}

static void test_detail(void **state)
{
    (void)state;
    struct term *t = open_sample(30, 130);
    term_type(t, "/jenkins\r");
    term_wait_gone(t, "Esc back  q quit/");
    term_keys(t, "Enter");
    term_wait(t, "created");
    take_picture(t, "detail");
}

static void test_filter(void **state)
{
    (void)state;
    struct term *t = open_sample(24, 80);
    term_type(t, "&key(active and ag > 90d)");
    term_wait(t, "no column");
    take_picture(t, "filter");
}

static void test_overview(void **state)
{
    (void)state;
    struct term *t = open_sample(30, 110);
    term_keys(t, "o");
    term_wait(t, "FINDINGS");
    take_picture(t, "overview");
}

static void test_presets(void **state)
{
    (void)state;
    struct term *t = open_sample(24, 80);
    term_keys(t, "p");
    term_wait(t, "Saved filters");
    take_picture(t, "presets");
}

static void test_remedies(void **state)
{
    (void)state;
    struct term *t = open_sample(30, 110);
    term_keys(t, "j r");
    term_wait(t, "Commands to review");
    take_picture(t, "remedies");
}

/* Whose a leaked key is, and the commands that contain it. */
static void test_whose(void **state)
{
    (void)state;
    struct term *t = open_sample(48, 110);
    term_keys(t, "i");
    term_wait(t, "Access key ID");
    term_type(t, "AKIARZPUZDIKF3RNWYI2\r");
    term_wait(t, "by the ID's format");
    take_picture(t, "whose");
}

/* The sample with its history, which --trend and --log open with. */
static struct term *open_history(int rows, int columns, const char *listing, const char *marker)
{
    struct term *t = term_open(rows, columns, "--config=", "--theme=dark", "--demo", listing, NULL);
    term_wait(t, marker);
    return t;
}

static void test_trend(void **state)
{
    (void)state;
    take_picture(open_history(24, 80, "--trend", "27 dates"), "trend");
}

static void test_log(void **state)
{
    (void)state;
    take_picture(open_history(24, 100, "--log", "WHAT HAPPENED"), "log");
}

/* The life of a user. */
static void test_life(void **state)
{
    (void)state;
    struct term *t = open_history(45, 100, "--trend", "27 dates");
    term_keys(t, "q");
    term_wait(t, "28 of 28");
    term_type(t, "/former\r");
    term_wait_gone(t, "Esc back  q quit/");
    term_keys(t, "Enter");
    term_wait(t, "created");
    term_keys(t, "C-d");
    term_wait(t, "HISTORY");
    take_picture(t, "life");
}

/* A walk through the program, one picture after the other; who asks for less motion sees the first one only. */
static void test_tour(void **state)
{
    enum { SECONDS = 3 };
    static const struct {
        const char *keys, *marker, *caption;
    } steps[] = {
        {NULL, "28 of 28", "ncred prod.csv     the riskiest users first, and why"},
        {"j j", "28 of 28", "j k     the line below says what is wrong with the user"},
        {"p", "Saved filters", "p     filters for common questions, with their counts"},
        {"/ n o t Space r o t a t e d Enter Enter", "8 of 28", "Enter     keys that were not rotated for 90 days"},
        {"Enter", "created", "Enter     everything about one user"},
        {"q r", "Commands to review", "r     the AWS commands that fix it, for you to review"},
        {"q Backspace", "28 of 28", "Backspace     removes the filter"},
        {"o", "FINDINGS", "o     the whole account at a glance"},
    };
    enum { COUNT = sizeof steps / sizeof *steps };
    (void)state;
    struct term *t = open_sample(24, 80);
    FILE *f = begin_picture(t, "tour", 2, dark);
    fprintf(f, "<style>.f{visibility:hidden;animation:f %ds steps(1) infinite}@keyframes f{0%%{visibility:visible}"
        "%.2f%%,100%%{visibility:hidden}}@media(prefers-reduced-motion){.f{animation:none}.f0{visibility:visible}}</style>\n",
        SECONDS * COUNT, 100.0 / COUNT);
    for (int i = 0; i < COUNT; i++) {
        if (steps[i].keys)
            term_keys(t, steps[i].keys);
        term_wait(t, steps[i].marker);
        fprintf(f, "<g class=\"f f%d\" style=\"animation-delay:%ds\">\n", i, SECONDS * i);
        put_screen(f, t, dark);
        fprintf(f, "<text x=\"%d\" y=\"%d\" fill=\"#f5f543\">", MARGIN, MARGIN + 25 * CELL_HEIGHT + BASE);
        for (const char *c = steps[i].caption; *c; c++)
            put_text(f, *c == ' ' ? "\u00a0" : (char[]){*c, 0});
        fputs("</text>\n</g>\n", f);
    }
    end_picture(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_start), TERM_TEST(test_themes), TERM_TEST(test_wide),
        TERM_TEST(test_detail), TERM_TEST(test_filter),
        TERM_TEST(test_overview), TERM_TEST(test_presets), TERM_TEST(test_remedies), TERM_TEST(test_whose),
        TERM_TEST(test_trend), TERM_TEST(test_log),
        TERM_TEST(test_life), TERM_TEST(test_tour)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
