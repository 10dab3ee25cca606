/* The clipboard of whoever looks at the terminal, by OSC 52, through tmux and screen. */
#ifndef NCRED_CLIPBOARD_H
#define NCRED_CLIPBOARD_H

#include "base/error.h"
#include "base/text.h"

/* AUTO: by OSC 52 where the terminal is of a kind that may know it, else printed when the program ends. */
enum clipboard_way { CLIPBOARD_AUTO, CLIPBOARD_OSC52, CLIPBOARD_PRINT, CLIPBOARD_WAYS };

/* Bytes that fit: terminals stop at 100,000 characters of base 64, some of them in silence. */
enum { CLIPBOARD_MAX = 74994 };

extern const char *const clipboard_ways[CLIPBOARD_WAYS];
/* The way of this name, or CLIPBOARD_WAYS. */
enum clipboard_way clipboard_way_find(const char *name);

/* What stands between the program and the terminal. */
struct clipboard_path {
    bool knows;          /* the terminal may know OSC 52 */
    bool tmux, screen;
};
/* By the values of TERM, TMUX and STY, each NULL when unset. */
struct clipboard_path clipboard_path_of(const char *term, const char *tmux, const char *sty);
/* Append what sets the clipboard to TEXT. False: it is too much, ERR says so. */
bool clipboard_sequence(struct buffer *out, struct slice text, struct clipboard_path path, struct error *err);

#endif
