/*
 * Copying to the clipboard through the terminal (OSC 52). Where the terminal is not known to understand that, or
 * --clipboard asks for it, the text is printed when the program ends.
 */
#ifndef NCRED_UI_COPY_H
#define NCRED_UI_COPY_H

#include "base/text.h"

struct ui;

/* Copy the text given to copy_offer(), if the offer still stands, otherwise the cell under the cursor. */
void copy_cell(struct ui *ui);
/* Let the copy key, if it is the next key, copy TEXT, which must be harmless to print, instead of the cell. */
void copy_offer(struct ui *ui, struct slice text);
/* Call after every key but the digits of a number: withdraws an offer that was made before this key. */
void copy_withdraw(struct ui *ui);
/* Open the list of everything else that can be copied: rows, ARNs, a user as Markdown for a ticket. */
void copy_more(struct ui *ui);
/* Call after the screen has closed: prints the texts that could not be sent to a clipboard, and frees them. */
void copy_print(struct ui *ui);

#endif
