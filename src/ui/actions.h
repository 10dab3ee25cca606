/* Doing what a key, a click or a command asks for. */
#ifndef NCRED_UI_ACTIONS_H
#define NCRED_UI_ACTIONS_H

#include "config/keys.h"

struct ui;

/* Do ACTION, or say why it cannot be done; then what was requested meanwhile. Only ui.c and its like call it: see ui_request(). */
void ui_act(struct ui *ui, enum action action);
/* Do what was requested, if anything was. */
void ui_act_on_request(struct ui *ui);

#endif
