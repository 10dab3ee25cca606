/* The list of all checks and rules: which are on, their days, and how many users fail each, changed on screen. */
#ifndef NCRED_UI_THRESHOLDS_H
#define NCRED_UI_THRESHOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/checks.h"
#include "base/text.h"

struct ui;
struct thresholds;

/* What can be changed there, as undo keeps it. */
struct threshold_state {
    uint64_t on, partly;  /* see struct check_settings */
    int days[CHECKS_MAX];
};

void thresholds_open(struct ui *ui);
/* In the list, a digit begins a number of days for the check under the cursor. Returns false for any other KEY or list. */
bool thresholds_take_digit(struct ui *ui, uint32_t key);
/* Whether a key in the list, or in the line for days over it, judges all users. */
bool thresholds_are_open(const struct ui *ui);
/* Whether there are changes that are not in the configuration. */
bool thresholds_unsaved(const struct ui *ui);
struct threshold_state thresholds_state(const struct ui *ui);
bool thresholds_same(const struct threshold_state *a, const struct threshold_state *b);
/* Append what the step from FROM to TO did. */
void thresholds_describe(struct buffer *b, const struct threshold_state *from, const struct threshold_state *to);
/* Make STATE the one in force; if it differs, judge all users again. False: a key cancelled it, and nothing changed. */
bool thresholds_restore(struct ui *ui, const struct threshold_state *state);
void thresholds_free(struct ui *ui);

#endif
