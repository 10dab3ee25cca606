/*
 * A terminal that exists only in memory: the whole screen runs, keys and all, without a pseudo-terminal.
 *
 *     headless_start(24, 80);                  before ui_open(), which then uses it
 *     struct ui *ui = ui_open(&session, clock);
 *     headless_type(slice_of("jj\r"));         bytes as a terminal sends them
 *     while (ui_step(ui) && !headless_is_idle())
 *         ;
 *     headless_row(&buffer, 0);
 *     ui_close(ui);
 */
#ifndef NCRED_HEADLESS_H
#define NCRED_HEADLESS_H

#include "base/text.h"

/* What a cell of the screen shows. */
struct headless_cell {
    char text[32];       /* UTF-8; "" to the right of a wide character */
    bool bold, underline, reverse;
    short color, back;   /* -1: the terminal's own */
};

/*
 * Make terminal_start() open a screen in memory of this size. Returns false if no description of a terminal is found.
 */
bool headless_start(int lines, int columns);
/* Returns whether headless_start() was called. */
bool headless_is_on(void);
/* Type BYTES. At most 64 KiB, what a pipe holds, can be unread. */
void headless_type(struct slice bytes);
/* Returns whether the program has read all that was typed, has drawn, and has nothing left to do. */
bool headless_is_idle(void);
/* Change the size of the screen, as a person does who resizes a terminal. */
void headless_resize(int lines, int columns);
/* Append line Y of the screen as it was last drawn, without blanks at its end. */
void headless_row(struct buffer *out, int y);
/* Returns the cell at Y, X of the screen as it was last drawn. */
struct headless_cell headless_cell(int y, int x);
/* What was sent to the terminal beside the screen, such as OSC 52, since the start. */
struct slice headless_sent(void);

#endif
