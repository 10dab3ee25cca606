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

/* The same in steps, as tests run it (see ui/term/headless.h). ui_open returns NULL if the terminal cannot be used. */
struct ui *ui_open(struct session *s, int64_t (*clock)(void));
/* Draw, wait for a key or anything else, and take it in. False: it is over. */
bool ui_step(struct ui *ui);
/* Give the terminal back and free all. The exit status. */
int ui_close(struct ui *ui);

#endif
