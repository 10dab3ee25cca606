/*
 * Sets the clipboard of the user's terminal with the sequence OSC 52, which works over SSH and through tmux and screen.
 */
#ifndef NCRED_CLIPBOARD_H
#define NCRED_CLIPBOARD_H

#include "base/error.h"
#include "base/text.h"

/*
 * How to copy text. AUTO: with OSC 52 if the terminal answers queries or is tmux or screen; otherwise as PRINT, which
 * prints the text when the program ends.
 */
enum clipboard_way { CLIPBOARD_AUTO, CLIPBOARD_OSC52, CLIPBOARD_PRINT, CLIPBOARD_WAYS };

/* The longest text in bytes: terminals cut off after 100,000 characters of base64, some of them silently. */
enum { CLIPBOARD_MAX = 74994 };

extern const char *const clipboard_ways[CLIPBOARD_WAYS];
/* Returns the way of this name, or CLIPBOARD_WAYS. */
enum clipboard_way clipboard_way_find(const char *name);

/* The programs between ncred and the terminal that the sequence must pass through. */
struct clipboard_path {
    bool tmux, screen;
};
/* Returns the path for the values of the environment variables TERM, TMUX and STY, each NULL if unset. */
struct clipboard_path clipboard_path_of(const char *term, const char *tmux, const char *sty);
/* Append the bytes that set the clipboard to TEXT. Returns false with ERR set if TEXT is longer than CLIPBOARD_MAX. */
bool clipboard_sequence(struct buffer *out, struct slice text, struct clipboard_path path, struct error *err);

#endif
