/* What terminal.c asks of the terminal in memory. */
#ifndef NCRED_HEADLESS_PRIV_H
#define NCRED_HEADLESS_PRIV_H

#include "ui/term/headless.h"

/* Make the screen the current one, or clear the one that is there. Returns the descriptor that keys come from, or -1. */
int headless_open(void);
/* As terminal_wait(). */
bool headless_wait(int wake_fd, int milliseconds); /* files that change do not end it */
void headless_send(struct slice bytes);

#endif
