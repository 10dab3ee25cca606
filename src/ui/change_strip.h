/* The line under the title of a list of changes: how many of each kind there are. A kind can be chosen as a filter. */
#ifndef NCRED_UI_CHANGE_STRIP_H
#define NCRED_UI_CHANGE_STRIP_H

struct ui;

/* Draw the strip in line Y, scrolled so that the kind in the filter is visible. */
void change_strip_draw(const struct ui *ui, int y);
/* Show only the changes of the next (STEP 1) or previous (-1) kind; after the last and before the first, all kinds. */
void change_strip_step(struct ui *ui, int step);
/* Handle a click in column X: show only the changes of the kind there or, if only they are shown, all kinds again. */
void change_strip_click(struct ui *ui, int x);

#endif
