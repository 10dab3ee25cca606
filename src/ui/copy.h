/* Copying to the clipboard. */
#ifndef NCRED_UI_COPY_H
#define NCRED_UI_COPY_H

struct ui;

/* Copy the cell under the cursor. */
void copy_cell(struct ui *ui);
/* Ask what else to copy. */
void copy_more(struct ui *ui);
/* After the screen has closed: print what could not be copied otherwise. */
void copy_print(struct ui *ui);

#endif
