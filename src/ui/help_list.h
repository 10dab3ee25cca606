/* Help on the screen: menu_card is one page with the most useful keys, menu_help lists everything. */
#ifndef NCRED_UI_HELP_LIST_H
#define NCRED_UI_HELP_LIST_H

#include "ui/menu.h"

extern const struct menu_kind menu_help, menu_card;

#endif
