/* Which actions the present state of the screen allows. */
#ifndef NCRED_UI_STATE_H
#define NCRED_UI_STATE_H

#include <stdbool.h>

#include "config/keys.h"

struct ui;

enum mode ui_mode(const struct ui *ui);
/* The mode below the line that is being typed: that of an action named on the command line. */
enum mode ui_mode_below(const struct ui *ui);
/* Whether a line is being typed, or a form or a list is open; until it is closed the same report is shown. */
bool ui_is_asking(const struct ui *ui);
/* What a row of the table is: user, credential, change, event. */
const char *ui_row_noun(const struct ui *ui);
/*
 * Returns why ACTION cannot be done in MODE (ui_mode or ui_mode_below), or NULL if it can. Nothing else decides this:
 * keys, the command line, the mouse, lists, the hint line and the tests all ask here. An action that it allows finds
 * the state that it needs; for instance, a list of changes shows a user once per change, so counts of users and lists of
 * credentials are refused there.
 */
const char *ui_refusal(const struct ui *ui, enum mode mode, enum action action);
/* Whether ACTION can be done in the present mode. */
bool ui_can(const struct ui *ui, enum action action);

#endif
