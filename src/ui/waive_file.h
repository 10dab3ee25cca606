/* Changes to waiver files made on the screen: each also updates what is shown, and can be undone. */
#ifndef NCRED_UI_WAIVE_FILE_H
#define NCRED_UI_WAIVE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/waiver_write.h"
#include "base/error.h"

struct ui;
struct waive_journal;

/*
 * These three change a file, then update the screen. They return false if nothing changed: ERR says why, or a key
 * cancelled the change (view_was_cancelled). Changes between one call of waive_file_begin() and the next are one step of undo, which WHAT
 * names: "waiver of rotate-key for ann".
 */
void waive_file_begin(struct ui *ui, const char *what);
bool waive_file_add(struct ui *ui, const char *path, const struct waivers_new *new, struct error *err);
/* CHANGED: how many lines were; fewer than c->count when some were gone. */
bool waive_file_change(struct ui *ui, const struct waivers_change *c, size_t *changed, struct error *err);

/* How many steps are in force, counted since the start. */
size_t waive_file_steps(const struct ui *ui);
/* What the step before the one with this number did. */
const char *waive_file_step_name(const struct ui *ui, size_t step);
/* Undo steps, or do them again, until STEP are in force. False: ERR says why not all of that could be done. */
bool waive_file_go(struct ui *ui, size_t step, struct error *err);
void waive_file_free(struct ui *ui);

#endif
