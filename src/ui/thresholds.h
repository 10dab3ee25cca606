/*
 * The list of all checks and rules: which are on, their days, and how many users fail each. A person changes them
 * there.
 */
#ifndef NCRED_UI_THRESHOLDS_H
#define NCRED_UI_THRESHOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/checks.h"
#include "base/text.h"

struct ui;
struct thresholds;

/* The settings that can be changed in the list, as undo stores them. */
struct threshold_state {
    uint64_t on, partly;  /* one bit per check; see struct check_settings */
    int days[CHECKS_MAX];
};

/* Open the list, with its cursor on the check that the cell under the table's cursor is about. */
void thresholds_open(struct ui *ui);
/*
 * In the list, a digit opens a prompt for the days of the check under the cursor. Returns false if KEY is not a digit
 * or another list is open.
 */
bool thresholds_take_digit(struct ui *ui, uint32_t key);
/* Returns whether this list, or the prompt for days over it, is open; keys there judge all users again. */
bool thresholds_are_open(const struct ui *ui);
/* Returns whether there are changes that are not in the configuration. */
bool thresholds_unsaved(const struct ui *ui);
/* Returns the settings in force. */
struct threshold_state thresholds_state(const struct ui *ui);
bool thresholds_same(const struct threshold_state *a, const struct threshold_state *b);
/* Append a description of the change from FROM to TO. */
void thresholds_describe(struct buffer *b, const struct threshold_state *from, const struct threshold_state *to);
/*
 * Put STATE in force and, if it differs, judge all users again. Returns false, with nothing changed, if a key cancelled
 * it.
 */
bool thresholds_restore(struct ui *ui, const struct threshold_state *state);
void thresholds_free(struct ui *ui);

#endif
