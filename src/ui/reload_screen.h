/* Reading the reports again, and the list of what changed. */
#ifndef NCRED_UI_RELOAD_SCREEN_H
#define NCRED_UI_RELOAD_SCREEN_H

#include <stdbool.h>

#include "base/text.h"

struct report;
struct ui;

/* Begin to read the reports again. */
void reload_reports(struct ui *ui);
/* Go to the list of what changed, or back. */
void changes_toggle(struct ui *ui);
/* Show R in the place of what is shown. Returns false, with nothing changed, if a key came before that was done. */
bool reload_screen_show(struct ui *ui, struct report *r);
/* Whether reports are being read again or compared. */
bool reload_screen_is_on(const struct ui *ui);
/* A descriptor that becomes readable when reload_screen_poll() has something to do; -1: none. */
int reload_screen_descriptor(const struct ui *ui);
/* Whether reload_screen_poll() has something to do at once. */
bool reload_screen_has_work(const struct ui *ui);
/* Append the progress of reading or comparing. */
void reload_screen_progress(struct ui *ui, struct buffer *b);
/* Read or compare for a moment; at the end show the outcome. */
void reload_screen_poll(struct ui *ui);
void reload_screen_cancel(struct ui *ui);
void reload_screen_free(struct ui *ui);

#endif
