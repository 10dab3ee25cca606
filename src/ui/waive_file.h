/* Changes to waiver files made on the screen. Each also updates the findings shown and can be undone. */
#ifndef NCRED_UI_WAIVE_FILE_H
#define NCRED_UI_WAIVE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/waiver_write.h"
#include "base/error.h"

struct ui;
struct waive_journal;

/*
 * waive_file_begin() starts a step of undo named WHAT, such as "waiver of rotate-key for ann"; all changes until its
 * next call belong to that step. waive_file_add() and waive_file_change() change a file, then update the screen. They
 * return false if nothing changed: ERR says why, or a key cancelled the change (view_was_cancelled()).
 */
void waive_file_begin(struct ui *ui, const char *what);
bool waive_file_add(struct ui *ui, const char *path, const struct waivers_new *new, struct error *err);
/* CHANGED receives the number of lines changed; fewer than c->count if some were no longer in the file. */
bool waive_file_change(struct ui *ui, const struct waivers_change *c, size_t *changed, struct error *err);

/* Returns the number of steps in force, counted from the start. */
size_t waive_file_steps(const struct ui *ui);
/* Returns the name of step number STEP, counted from 1, or "waivers" if it is no longer known. */
const char *waive_file_step_name(const struct ui *ui, size_t step);
/*
 * Undo or redo steps until STEP of them are in force. Returns false, with the reason in ERR, if not all could be done.
 */
bool waive_file_go(struct ui *ui, size_t step, struct error *err);
void waive_file_free(struct ui *ui);

#endif
