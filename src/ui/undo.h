/* Undo, redo, and the way back to the user that an order or a filter moved the cursor away from. */
#ifndef NCRED_UNDO_H
#define NCRED_UNDO_H

enum { UNDO_LEVELS = 50 };

struct ui;

/*
 * Compare the state with that after the key before. A difference is one step of undo; a new order or filter also moves the
 * cursor to the first row. To be called after each key, and once at the start.
 */
void undo_note(struct ui *ui);
void undo_back(struct ui *ui);
void undo_forth(struct ui *ui);
/* Go to the user that the cursor was on before it went to the first row; again: back. */
void undo_return(struct ui *ui);
void undo_free(struct ui *ui);

#endif
