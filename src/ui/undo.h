/* Undo, redo, and the return to the user that the cursor was on before a new order or filter moved it. */
#ifndef NCRED_UNDO_H
#define NCRED_UNDO_H

enum { UNDO_LEVELS = 50 };

struct ui;

/*
 * Compare the state with that after the previous key and record a difference as one step of undo. A new order or filter
 * also moves the cursor to the first row. Must be called after each key, and once at the start.
 */
void undo_note(struct ui *ui);
/* Undo or redo one step and name it in a message, or say why it was not possible. */
void undo_back(struct ui *ui);
void undo_forth(struct ui *ui);
/* Move to the user that the cursor was on before it went to the first row; calling it again returns. */
void undo_return(struct ui *ui);
void undo_free(struct ui *ui);

#endif
