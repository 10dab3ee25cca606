/* What terminfo says of a terminal. */
#include "capability.h"

#include <curses.h>
#include <stdio.h>
#include <term.h>

const char *capability(const char *name, const char *what)
{
    static char text[64];
    int status;
    if (setupterm(name, 1, &status) != OK)
        return NULL;
    const char *value = tigetstr(what);
    snprintf(text, sizeof text, "%s", value && value != (char *)-1 ? value : "");
    del_curterm(cur_term);
    return text;
}
