/* The screen. */
#ifndef NCRED_UI_H
#define NCRED_UI_H

#include "session/session.h"

/* Whether there is a terminal on standard output that can show a screen; TERM=dumb cannot. */
bool ui_is_possible(void);
/*
 * Browse what S has open, and what it still loads, until the person quits; CLOCK is asked for "now",
 * in seconds since 1970, when something is read again. The exit status.
 */
int ui_run(struct session *s, int64_t (*clock)(void));

#endif
