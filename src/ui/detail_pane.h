/* The detail pane: everything known about the user under the cursor. It stands beside the table or covers it. */
#ifndef NCRED_UI_DETAIL_PANE_H
#define NCRED_UI_DETAIL_PANE_H

struct ui;

/* Draw the pane where ui->layout puts it. Sets ui->detail_lines, and corrects ui->detail_top if it is past the end. */
void detail_draw(struct ui *ui);
/* Scroll the pane by LINES (negative: up), at most to its first or last page. */
void detail_scroll(struct ui *ui, long lines);

#endif
