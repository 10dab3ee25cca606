/*
 * A line graph of cells: several series over time on one pair of axes, in braille dots, or letters where there is only ASCII.
 *
 *     struct graph g;
 *     graph_start(&g, from, to, 412, lines, columns, paint_is_ascii());
 *     graph_line(&g, 'a', t0, 412, t1, 41);    // for each series, in the order in which they cover each other
 *     graph_put(&b, &g, line, from, count);    // the cells of a line, as text
 *     graph_free(&g);
 */
#ifndef NCRED_UI_GRAPH_H
#define NCRED_UI_GRAPH_H

#include <stdint.h>

#include "base/text.h"

struct graph {
    int64_t from, to;     /* the first and last moment */
    uint32_t most;        /* the value at the top; 0 is at the bottom */
    int lines, columns;
    bool is_ascii;
    uint8_t *dots;        /* owned: bits of each cell, as in the braille block */
    char *letters;        /* owned: the series that was drawn last in each cell; NUL: none */
};

/* LINES and COLUMNS are at least 1, MOST too, and TO is not before FROM. */
void graph_start(struct graph *g, int64_t from, int64_t to, uint32_t most, int lines, int columns, bool ascii);
/* Draw series LETTER from one point to the next; both are within the axes. */
void graph_line(struct graph *g, char letter, int64_t t0, uint32_t v0, int64_t t1, uint32_t v1);
/* The column of a moment, the line of a value: from the top, 0. */
int graph_column(const struct graph *g, int64_t t);
int graph_row(const struct graph *g, uint32_t value);
/* The series that a cell shows; NUL: none. */
char graph_letter(const struct graph *g, int line, int column);
/* Append what COUNT cells of LINE from column FROM on show. */
void graph_put(struct buffer *b, const struct graph *g, int line, int from, int count);
void graph_free(struct graph *g);

/* A round number that is not below N, and hardly larger; even, but for 1. */
uint32_t graph_top(uint32_t n);

#endif
