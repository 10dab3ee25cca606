/* Which actions the current state of the screen allows. */
#ifndef NCRED_UI_STATE_H
#define NCRED_UI_STATE_H

#include <stdbool.h>

#include "config/keys.h"

struct ui;

/* Returns the current mode, which decides what keys mean and which actions they can name. */
enum mode ui_mode(const struct ui *ui);
/* The mode without the open prompt: the one in which an action named on the command line runs. */
enum mode ui_mode_below(const struct ui *ui);
/* Returns whether a prompt, form or list is open. While one is, the report shown is not replaced. */
bool ui_is_asking(const struct ui *ui);
/*
 * Returns whether the table shows a list that was opened over the users, which back and leave close: credentials, the
 * log or changes, unless the program was started with that list.
 */
bool ui_is_over_users(const struct ui *ui);
/* Returns what one row of the table is: "user", "credential", "change" or "event". */
const char *ui_row_noun(const struct ui *ui);
/*
 * Returns why ACTION cannot be done in MODE (ui_mode() or ui_mode_below()), a text for keys_fill(), or NULL if it can.
 * This is the only place that decides it: keys, the command line, the mouse, lists, the hint line and the tests all ask
 * here. An allowed action may rely on the state it needs; for instance, counts of users and lists of credentials are
 * refused in a list of changes, because that shows a user once per change.
 */
const char *ui_refusal(const struct ui *ui, enum mode mode, enum action action);
/* Returns whether ACTION can be done in the current mode. */
bool ui_can(const struct ui *ui, enum action action);

#endif
