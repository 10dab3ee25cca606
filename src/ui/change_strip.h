/* The line under the title of a list of changes: how many of each kind there are; each part is a filter. */
#ifndef NCRED_UI_CHANGE_STRIP_H
#define NCRED_UI_CHANGE_STRIP_H

struct ui;

/* Draw it in line Y, the part that is filtered by in sight. */
void change_strip_draw(const struct ui *ui, int y);
/* Keep the changes of the next (STEP 1) or previous (-1) kind; behind the last one all kinds again. */
void change_strip_step(struct ui *ui, int step);
/* A click in column X: keep the changes of that kind or, if they are kept, show all again. */
void change_strip_click(struct ui *ui, int x);

#endif
