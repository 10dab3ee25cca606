/* The action of the key E: writes a folder of evidence about what the screen shows; see session/evidence.h. */
#ifndef NCRED_UI_EVIDENCE_SCREEN_H
#define NCRED_UI_EVIDENCE_SCREEN_H

#include "base/error.h"
#include "base/text.h"

struct ui;

/* Ask for the folder's name, then make it. */
void evidence_ask(struct ui *ui);
/*
 * Write the folder DIRECTORY. Returns false with ERR set if it cannot be written, or with ERR empty if it was
 * cancelled, after showing a message about that.
 */
bool evidence_make(struct ui *ui, struct slice directory, struct error *err);

#endif
