/* A low screen leaves out the less important parts; a narrow one shows either the table or the detail pane. */
#include "ui/layout.h"

#include "ui/screen.h"
#include "ui/term/paint.h"

enum { STRIP_FROM = 5 };   /* the strip of kinds of changes is shown if at least so many lines are left */
/* Screen columns from which on the detail pane stands beside the table; from which on it is open from the start. */
enum { BESIDE_FROM = 120, OPEN_FROM = 160 };

/*
 * Parts get lines in this order, the most important first: one row, bottom, status, header, reason, title, strip.
 * The remaining lines are rows.
 */
void ui_lay_out(struct ui *ui)
{
    struct layout *l = &ui->layout;
    int lines = paint_lines(), columns = paint_columns(), left = lines - 1;
    *l = (struct layout){.title = -1, .strip = -1, .reason = -1, .status = -1, .bottom = -1, .table_width = columns};
    if (left >= 2 && left--)
        l->bottom = lines - 1;
    if (left >= 1 && left--)
        l->status = l->bottom - 1;
    l->header_lines = left >= 6 ? 2 : left >= 2 ? 1 : 0;
    left -= l->header_lines;
    if (left >= 4 && left--)
        l->reason = l->status - 1;
    if (left >= 3 && left--)
        l->title = 0;
    /* the pane covers the log; the graph has no kinds of changes, and its title is in the same place */
    bool is_hidden = ui->trend.is_open || (ui->log.is_open && ui->detail && columns < BESIDE_FROM);
    if (ui->report->changes && l->title == 0 && !is_hidden && left >= STRIP_FROM && left--)
        l->strip = l->title + 1;
    l->header = l->title + 1 + (l->strip >= 0);
    l->rows = l->header + l->header_lines;
    l->row_lines = left + 1;
    bool is_open = ui->detail || (ui->beside && columns >= OPEN_FROM && ui->view.count);
    if (!is_open || ui->bars.is_open || ui->trend.is_open)
        return;
    bool beside = columns >= BESIDE_FROM;
    int pane = columns * 2 / 5;
    pane = pane < 44 ? 44 : pane > 90 ? 90 : pane;
    l->table_width = beside ? columns - pane : 0;
    l->pane_x = l->table_width;
    l->pane_width = columns - l->table_width;
}
