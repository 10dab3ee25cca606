/* Which line and column of the screen belongs to which part. */
#ifndef NCRED_UI_LAYOUT_H
#define NCRED_UI_LAYOUT_H

struct ui;

struct layout {
    int title, strip, header, header_lines, rows, row_lines, reason, status, bottom; /* lines; -1: no room, or none is needed */
    int table_width;     /* 0: the table is hidden */
    int pane_x, pane_width; /* 0: no pane */
};

/* Work out ui->layout for the present size and state, as every draw does first. */
void ui_lay_out(struct ui *ui);

#endif
