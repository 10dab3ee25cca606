/* The screen. */
#ifndef NCRED_UI_H
#define NCRED_UI_H

#include "../options.h"

/* Browse R until the person quits; WHY tells where R's as-of time comes from. The exit status. */
int ui_run(const struct options *o, struct report *r, const char *why);

#endif
