/* The terminal itself: entering and leaving, signals, waiting, keys. */
#ifndef NCRED_TERMINAL_H
#define NCRED_TERMINAL_H

#include "config/keys.h"
#include "ui/term/answers.h"

/* Whether the terminal on standard output can show a screen: TERM is not dumb, and can move the cursor. */
bool terminal_is_able(void);
/*
 * Take the terminal over; keys come from it even when the report is standard input. ADVICE is set to a line
 * to show when TERM is unknown, else NULL. MOUSE: take its events too. False: it cannot be used.
 */
bool terminal_start(bool mouse, const char **advice);
/* Give it back as it was. */
void terminal_stop(void);
/* The signal that wants the program to end, or 0. */
int terminal_ended_by(void);
/* Bring the screen up to date in one go, with the cursor at Y, X. */
void terminal_flush(int y, int x);
/* Send bytes that are for the terminal itself, such as OSC 52. */
void terminal_send(struct slice bytes);
/* The background as the terminal tells it; unknown until its answer is there, which may be never. */
enum background terminal_background(void);
/*
 * Whether the terminal has answered what it was asked. One that does reads control strings to their end, and ignores those
 * that it does not know.
 */
bool terminal_has_answered(void);
/* Draw everything anew. */
void terminal_redraw(void);
/* Stop the job as Ctrl-Z does elsewhere; returns when it is continued. */
void terminal_suspend(void);
/*
 * Wait for a key, a signal, or bytes on WAKE_FD or WATCH_FD (-1: none), at most MILLISECONDS (-1: for ever); resizes and
 * stops are dealt with here. What comes through WATCH_FD is no work: in memory, a screen that waits for nothing else is
 * idle. False: the terminal is gone.
 */
bool terminal_wait(int wake_fd, int watch_fd, int milliseconds);
/* Bytes that were typed, and not taken yet; as terminal_wait() does, deal with resizes and stops. */
size_t terminal_typed(void);
/* The next key that is there already, KEYS_NONE when there is none. PASTED: it was pasted, not typed. */
uint32_t terminal_key(bool *pasted);

/* Where the mouse was when terminal_key() last returned one of its keys. */
void terminal_mouse(int *y, int *x);

#endif
