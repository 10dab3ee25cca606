/* The screen. */
#ifndef NCRED_UI_H
#define NCRED_UI_H

#include "../audit.h"
#include "../options.h"

/* Whether there is a terminal on standard output that can show a screen; TERM=dumb cannot. */
bool ui_is_possible(void);
/*
 * Browse R, which AUDIT has been run over, until the person quits; WHY tells where R's as-of time comes from. The exit
 * status.
 */
int ui_run(const struct options *o, struct report *r, struct audit *audit, const char *why);

#endif
