/* Setting the clipboard of the user's terminal with OSC 52, which works over SSH and through tmux and screen. */
#ifndef NCRED_CLIPBOARD_H
#define NCRED_CLIPBOARD_H

#include "base/error.h"
#include "base/text.h"

/* AUTO: OSC 52 if the terminal answers questions, or through tmux and screen; otherwise the text is printed when the program ends. */
enum clipboard_way { CLIPBOARD_AUTO, CLIPBOARD_OSC52, CLIPBOARD_PRINT, CLIPBOARD_WAYS };

/* Bytes that fit: terminals stop at 100,000 characters of base64, some of them without a message. */
enum { CLIPBOARD_MAX = 74994 };

extern const char *const clipboard_ways[CLIPBOARD_WAYS];
/* The way of this name, or CLIPBOARD_WAYS. */
enum clipboard_way clipboard_way_find(const char *name);

/* What the sequence has to pass through. */
struct clipboard_path {
    bool tmux, screen;
};
/* Tell it from the values of the environment variables TERM, TMUX and STY, each NULL when unset. */
struct clipboard_path clipboard_path_of(const char *term, const char *tmux, const char *sty);
/* Append the bytes that set the clipboard to TEXT. Returns false with ERR set when TEXT exceeds CLIPBOARD_MAX bytes. */
bool clipboard_sequence(struct buffer *out, struct slice text, struct clipboard_path path, struct error *err);

#endif
