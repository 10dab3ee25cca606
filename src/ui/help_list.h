/* Help on the screen: one page for people in a hurry, and all of it. */
#ifndef NCRED_UI_HELP_LIST_H
#define NCRED_UI_HELP_LIST_H

#include "ui/menu.h"

extern const struct menu_kind menu_help, menu_card;

#endif
