/* Waiving findings, extending and withdrawing waivers: for the user under the cursor, or for all marked ones. */
#ifndef NCRED_UI_WAIVE_H
#define NCRED_UI_WAIVE_H

struct ui;
struct waiving;

/* Ask which finding, then open the form that waives it or, for one that is waived, offer to extend or withdraw that. */
void waiving_open(struct ui *ui);
void waiving_free(struct ui *ui);

#endif
