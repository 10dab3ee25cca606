/* Copying to the clipboard. */
#ifndef NCRED_UI_COPY_H
#define NCRED_UI_COPY_H

#include "base/text.h"

struct ui;

/* Copy the cell under the cursor, or what copy_offer() has offered. */
void copy_cell(struct ui *ui);
/* Have the next key, if it copies, copy TEXT, which is harmless. */
void copy_offer(struct ui *ui, struct slice text);
/* A key has been taken: what was offered before it no longer is. */
void copy_withdraw(struct ui *ui);
/* Ask what else to copy. */
void copy_more(struct ui *ui);
/* After the screen has closed: print what could not be copied otherwise. */
void copy_print(struct ui *ui);

#endif
