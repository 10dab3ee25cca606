/* The full-screen interface. */
#ifndef NCRED_UI_H
#define NCRED_UI_H

#include "session/session.h"

/* Returns whether standard output is a terminal that can show a screen; TERM=dumb cannot. */
bool ui_is_possible(void);
/*
 * Browse the reports of S, including those still loading, until the person quits. CLOCK returns now in seconds since
 * 1970; it is called when something is read again. Returns the exit status.
 */
int ui_run(struct session *s, int64_t (*clock)(void));

/*
 * The same in steps, as tests run it (see ui/term/headless.h). ui_open() returns NULL if the terminal cannot be used.
 */
struct ui *ui_open(struct session *s, int64_t (*clock)(void));
/* Draw, wait for a key or another event, and handle it. Returns false when the person has quit. */
bool ui_step(struct ui *ui);
/* Restore the terminal and free UI. Returns the exit status. */
int ui_close(struct ui *ui);

#endif
