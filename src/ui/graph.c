/*
 * Lines are drawn on a grid of dots: a braille cell has 2 by 4 of them, an ASCII cell one. A braille cell's character
 * is U+2800 plus the bits of its dots, in hexadecimal:
 *
 *     01 08
 *     02 10
 *     04 20
 *     40 80
 */
#include "ui/graph.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, BRAILLE = 0x2800 };

static int dots_across(const struct graph *g)
{
    return g->is_ascii ? g->columns : g->columns * DOTS_ACROSS;
}

static int dots_down(const struct graph *g)
{
    return g->is_ascii ? g->lines : g->lines * DOTS_DOWN;
}

void graph_start(struct graph *g, int64_t from, int64_t to, uint32_t most, int lines, int columns, bool ascii)
{
    *g = (struct graph){.from = from, .to = to, .most = most, .lines = lines, .columns = columns, .is_ascii = ascii};
    g->dots = xcalloc((size_t)lines * (size_t)columns, 1);
    g->letters = xcalloc((size_t)lines * (size_t)columns, 1);
}

void graph_free(struct graph *g)
{
    free(g->dots);
    free(g->letters);
    *g = (struct graph){0};
}

static int dot_of_time(const struct graph *g, int64_t t)
{
    int64_t span = g->to - g->from;
    return span ? (int)(((t - g->from) * (dots_across(g) - 1) + span / 2) / span) : dots_across(g) - 1;
}

static int dot_of_value(const struct graph *g, uint32_t value)
{
    int last = dots_down(g) - 1;
    return last - (int)(((uint64_t)value * (unsigned)last + g->most / 2) / g->most);
}

int graph_column(const struct graph *g, int64_t t)
{
    return dot_of_time(g, t) / (g->is_ascii ? 1 : DOTS_ACROSS);
}

int graph_row(const struct graph *g, uint32_t value)
{
    return dot_of_value(g, value) / (g->is_ascii ? 1 : DOTS_DOWN);
}

static void set_dot(struct graph *g, char letter, int x, int y)
{
    static const uint8_t bits[DOTS_DOWN][DOTS_ACROSS] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int across = g->is_ascii ? 1 : DOTS_ACROSS, down = g->is_ascii ? 1 : DOTS_DOWN;
    size_t cell = (size_t)(y / down) * (size_t)g->columns + (size_t)(x / across);
    g->dots[cell] |= bits[y % down][x % across];
    g->letters[cell] = letter;
}

void graph_line(struct graph *g, char letter, int64_t t0, uint32_t v0, int64_t t1, uint32_t v1)
{
    int x0 = dot_of_time(g, t0), x1 = dot_of_time(g, t1), y0 = dot_of_value(g, v0), y1 = dot_of_value(g, v1);
    int wide = abs(x1 - x0), high = abs(y1 - y0), steps = wide > high ? wide : high;
    for (int i = 0; i <= steps; i++) {
        int x = steps ? x0 + ((x1 - x0) * 2 * i + (x1 > x0 ? steps : -steps)) / (2 * steps) : x0;
        int y = steps ? y0 + ((y1 - y0) * 2 * i + (y1 > y0 ? steps : -steps)) / (2 * steps) : y0;
        set_dot(g, letter, x, y);
    }
}

char graph_letter(const struct graph *g, int line, int column)
{
    return g->letters[(size_t)line * (size_t)g->columns + (size_t)column];
}

void graph_put(struct buffer *b, const struct graph *g, int line, int from, int count)
{
    char bytes[8];
    for (int column = from; column < from + count; column++) {
        uint8_t dots = g->dots[(size_t)line * (size_t)g->columns + (size_t)column];
        if (!dots)
            buffer_putc(b, ' ');
        else if (g->is_ascii)
            buffer_putc(b, graph_letter(g, line, column));
        else
            buffer_add(b, bytes, utf8_write(bytes, BRAILLE + dots));
    }
}

uint32_t graph_top(uint32_t n)
{
    static const uint32_t small[] = {1, 2, 4, 6, 8}, firsts[] = {10, 12, 16, 20, 24, 30, 40, 50, 60, 80};
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        if (small[i] >= n)
            return small[i];
    }
    for (uint64_t power = 1; power < UINT32_MAX; power *= 10) {
        for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
            if (firsts[i] * power >= n)
                return firsts[i] * power < UINT32_MAX ? (uint32_t)(firsts[i] * power) : UINT32_MAX;
        }
    }
    return UINT32_MAX;
}
