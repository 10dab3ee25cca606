/* Where each part of the screen is: its lines and columns. */
#ifndef NCRED_UI_LAYOUT_H
#define NCRED_UI_LAYOUT_H

struct ui;

struct layout {
    /* lines of the screen from 0, or numbers of lines; -1: the part is not shown */
    int title, strip, header, header_lines, rows, row_lines, reason, status, bottom;
    int chips;              /* column of the title after which the filters stand */
    int table_width;        /* in columns; 0: the table is hidden */
    int pane_x, pane_width; /* first column and width of the detail pane; width 0: it is not shown */
};

/* Compute ui->layout for the present size and state of the screen. Every draw calls this first. */
void ui_lay_out(struct ui *ui);

#endif
