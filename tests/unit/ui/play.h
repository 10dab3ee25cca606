/* The screen in memory for tests: a report opened, keys in by name, lines and cells out. */
#ifndef NCRED_PLAY_H
#define NCRED_PLAY_H

#include "ui/term/headless.h"
#include "ui/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Open ncred with ARGS up to a NULL on a screen of LINES by COLUMNS; without a configuration unless ARGS name one. */
struct ui *play_open(int lines, int columns, ...) __attribute__((sentinel));
/* TEXT, which must stay, is typed before the next screen opens. */
void play_ahead(const char *text);
/* The same from an array. */
struct ui *play_open_list(int lines, int columns, const char *const *args);
/*
 * Keys by name with blanks between them, as in tests/tui/term.h: "j Down C-f M-b Enter Esc" and words as they stand.
 * They are sent in one write, but a wait follows each Esc that is not the last, since what follows at once would belong
 * to it.
 */
void play_keys(const char *names);
/* Append what a terminal sends for the key of this name. */
void play_put_key(struct buffer *out, const char *name);
/* Bytes as they are, in one write. */
void play_type(const char *text);
/* Draw and take keys until there is nothing left to do; false when the screen has ended. */
bool play_settle(void);
bool play_has_ended(void);
/* The line Y (negative: from below) of the screen, until the next call. */
const char *play_row(int y);
/* Whether TEXT is on the screen, and where (Y and X may be NULL). */
bool play_find(const char *text, int *y, int *x);
/* Fail, and show the screen, unless TEXT is there; is not there. */
void play_shows(const char *text);
void play_lacks(const char *text);
/* For a cancel_token whose CONTEXT is a size_t: a key comes when it was asked for that often. */
bool play_key_comes_later(void *context);
/* The exit status. */
int play_close(void);
/*
 * Write CONTENT to a file in a directory that goes away at the end of the program; its path until the next call but
 * seven.
 */
const char *play_file(const char *name, const char *content, size_t len);
const char *play_directory(void);
/* A report of ROWS users whose COLUMNS surplus columns are named extra_1 and so on. */
void play_wide_report(struct buffer *csv, size_t rows, size_t columns);

#endif
