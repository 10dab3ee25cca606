/* The screen. */
#ifndef NCRED_UI_H
#define NCRED_UI_H

#include "../session.h"

/* Whether there is a terminal on standard output that can show a screen; TERM=dumb cannot. */
bool ui_is_possible(void);
/* Browse what S has open, and what it still loads, until the person quits. The exit status. */
int ui_run(struct session *s);

#endif
