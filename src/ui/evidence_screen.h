/* E: a folder of evidence of what is shown. */
#ifndef NCRED_UI_EVIDENCE_SCREEN_H
#define NCRED_UI_EVIDENCE_SCREEN_H

#include "base/error.h"
#include "base/text.h"

struct ui;

/* Ask for the folder's name, then make it. */
void evidence_ask(struct ui *ui);
/* Make the folder DIRECTORY. False: ERR says why not, or is empty when it was cancelled, which was said. */
bool evidence_make(struct ui *ui, struct slice directory, struct error *err);

#endif
