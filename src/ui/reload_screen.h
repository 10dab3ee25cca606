/* Reading the reports again while they are shown, and switching between the users and the list of changes. */
#ifndef NCRED_UI_RELOAD_SCREEN_H
#define NCRED_UI_RELOAD_SCREEN_H

#include <stdbool.h>

#include "base/text.h"

struct report;
struct ui;

/* What a report lacks that the one before had. */
struct left_out {
    struct buffer lines; /* owned: one line for each of the following, with the reason */
    size_t filters, sort_columns;
};

/* Start reading the reports again in the background; says why if that is not possible. */
void reload_reports(struct ui *ui);
/* Switch between the users and the list of changes. With two reports given, the first call starts their comparison. */
void changes_toggle(struct ui *ui);
/*
 * Show R instead of the current report, with the same order, filters, marks and cursor as far as R has them. Filters
 * and columns of the order that R lacks are added to LEFT_OUT (or NULL), which the caller frees. Returns false, with
 * nothing changed, if a key cancelled it; LEFT_OUT then means nothing.
 */
bool reload_screen_show(struct ui *ui, struct report *r, struct left_out *left_out);
/* Returns whether reports are being read again or compared. */
bool reload_screen_is_on(const struct ui *ui);
/* Returns a descriptor that becomes readable when reload_screen_poll() has work, or -1 if there is none to wait for. */
int reload_screen_descriptor(const struct ui *ui);
/* Returns whether reload_screen_poll() has work now, without waiting for the descriptor. */
bool reload_screen_has_work(const struct ui *ui);
/* Append the progress of reading or comparing, such as "comparing 40%". */
void reload_screen_progress(struct ui *ui, struct buffer *b);
/*
 * Do a short piece of reading or comparing; when both are done, show the result, unless a prompt, form or list is open.
 */
void reload_screen_poll(struct ui *ui);
/* Stop reading or comparing; what is shown stays. Too late once the history includes the new report. */
void reload_screen_cancel(struct ui *ui);
void reload_screen_free(struct ui *ui);

#endif
