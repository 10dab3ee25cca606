/* Waiving findings, and extending or withdrawing waivers, for the user under the cursor or all marked users. */
#ifndef NCRED_UI_WAIVE_H
#define NCRED_UI_WAIVE_H

struct ui;
struct waiving;

/*
 * Ask which finding; then open the form that waives it or, if it is waived already, offer to extend or withdraw the
 * waiver.
 */
void waiving_open(struct ui *ui);
/* Forget the dialogue's state, if there is one. */
void waiving_free(struct ui *ui);

#endif
