/*
 * A line graph on character cells: several series over time, drawn in braille dots or, in ASCII, with letters.
 *
 *     struct graph g;
 *     graph_start(&g, from, to, 412, lines, columns, paint_is_ascii());
 *     graph_line(&g, 'a', t0, 412, t1, 41);    // once per segment; a later series covers an earlier one
 *     graph_put(&b, &g, line, from, count);    // cells of a line, as text
 *     graph_free(&g);
 */
#ifndef NCRED_UI_GRAPH_H
#define NCRED_UI_GRAPH_H

#include <stdint.h>

#include "base/text.h"

struct graph {
    int64_t from, to;     /* the times at the left and right edge */
    uint32_t most;        /* the value at the top; 0 is at the bottom */
    int lines, columns;   /* size in cells */
    bool is_ascii;
    uint8_t *dots;        /* owned: per cell, one bit per dot as in the braille block; by line, then column */
    char *letters;        /* owned: per cell, the series drawn there last; NUL if none */
};

/* Start an empty graph, freed with graph_free(). LINES, COLUMNS, MOST must be at least 1, and TO not before FROM. */
void graph_start(struct graph *g, int64_t from, int64_t to, uint32_t most, int lines, int columns, bool ascii);
/* Draw a segment of series LETTER from value V0 at time T0 to V1 at T1. Both points must be within the axes. */
void graph_line(struct graph *g, char letter, int64_t t0, uint32_t v0, int64_t t1, uint32_t v1);
/* Return the cell column of time T, and the cell line of VALUE, counted from 0 at the top. */
int graph_column(const struct graph *g, int64_t t);
int graph_row(const struct graph *g, uint32_t value);
/* Returns the letter of the series that a cell shows, NUL if none. */
char graph_letter(const struct graph *g, int line, int column);
/* Append the text of COUNT cells of LINE, from column FROM on. */
void graph_put(struct buffer *b, const struct graph *g, int line, int from, int count);
void graph_free(struct graph *g);

/* Returns the end of an axis for values up to N: a round number, at least N; even, except 1. UINT32_MAX at most. */
uint32_t graph_top(uint32_t n);

#endif
