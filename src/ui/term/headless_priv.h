/* What terminal.c calls in place of the terminal while headless_is_on(). */
#ifndef NCRED_HEADLESS_PRIV_H
#define NCRED_HEADLESS_PRIV_H

#include "ui/term/headless.h"

/*
 * Make the headless screen the current one of curses, or clear it. Returns the descriptor that keys come from, or -1.
 */
int headless_open(void);
/* As terminal_wait(), without a WATCH_FD. */
bool headless_wait(int wake_fd, int milliseconds);
/* As terminal_send(). */
void headless_send(struct slice bytes);

#endif
