/* Performs actions: what keys, clicks and commands ask for. */
#ifndef NCRED_UI_ACTIONS_H
#define NCRED_UI_ACTIONS_H

#include "config/keys.h"

struct ui;

/*
 * Perform ACTION, ui->times times if a number was typed before it, or show a message why it is refused (ui_refusal()).
 * Then perform what the action requested with ui_request(). Only the key loop in ui.c calls this; the parts of the
 * screen call ui_request().
 */
void ui_act(struct ui *ui, enum action action);
/* Perform the action left by ui_request(), as many times as requested; does nothing if there is none. */
void ui_act_on_request(struct ui *ui);

#endif
