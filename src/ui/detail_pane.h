/* The detail pane: everything known about the user under the cursor. */
#ifndef NCRED_UI_DETAIL_PANE_H
#define NCRED_UI_DETAIL_PANE_H

struct ui;

void detail_draw(struct ui *ui);
/* Scroll the pane by LINES, up to its first or last page. */
void detail_scroll(struct ui *ui, long lines);

#endif
