/* The terminal itself: entering and leaving, signals, waiting, keys. */
#ifndef NCRED_TERMINAL_H
#define NCRED_TERMINAL_H

#include "config/keys.h"
#include "ui/term/answers.h"

/* Returns whether the terminal on standard output can show a screen: TERM is not dumb, and can move the cursor. */
bool terminal_is_able(void);
/*
 * Switch the terminal to the screen. Keys are read from the terminal even if the report is standard input. MOUSE:
 * request mouse events. *ADVICE is set to a static line to show if TERM is unknown, else NULL. Returns false if the
 * terminal cannot be used.
 */
bool terminal_start(bool mouse, const char **advice);
/* Restore the terminal: screen, modes and signal handlers. */
void terminal_stop(void);
/* Returns the signal that asks the program to end (SIGTERM, SIGHUP, ...), or 0. */
int terminal_ended_by(void);
/* Send what was painted to the terminal, and put the cursor at Y, X. */
void terminal_flush(int y, int x);
/* Send BYTES to the terminal outside of the screen's contents, such as OSC 52 (copy). */
void terminal_send(struct slice bytes);
/* Returns the background that the terminal reports; BACKGROUND_UNKNOWN until it answers, which it may never do. */
enum background terminal_background(void);
/*
 * Returns whether the terminal has answered the questions of answers.h. A terminal that does reads control strings to
 * their end and ignores unknown ones, so they may be sent to it.
 */
bool terminal_has_answered(void);
/* Make the next terminal_flush() send the whole screen. */
void terminal_redraw(void);
/* Restore the terminal and stop the program as Ctrl-Z does in a shell; returns once it is continued. */
void terminal_suspend(void);
/*
 * Wait for a key, a signal, or bytes on WAKE_FD or WATCH_FD (-1: none), at most MILLISECONDS (-1: without limit).
 * Handles resizes and stops. WATCH_FD is for events from outside: a headless screen that waits only for it counts as
 * idle. Returns false if the terminal is gone.
 */
bool terminal_wait(int wake_fd, int watch_fd, int milliseconds);
/* Returns how many typed bytes are unread. Handles resizes and stops as terminal_wait() does. */
size_t terminal_typed(void);
/*
 * Returns the next key without waiting, KEYS_NONE if there is none. *PASTED: whether it was pasted rather than typed.
 */
uint32_t terminal_key(bool *pasted);

/* Set *Y and *X to where the mouse was when terminal_key() last returned one of its keys. */
void terminal_mouse(int *y, int *x);

#endif
