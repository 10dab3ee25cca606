/* One user in full: every column, derived ones first, absence in words. */
#include "ui_priv.h"

#include "../cell.h"

#include <curses.h>

void detail_draw(struct ui *ui, int y, int x, int height, int width)
{
    if (ui->view.cursor >= ui->view.count || width < 4)
        return;
    size_t row = ui->view.rows[ui->view.cursor];
    int line = -ui->detail_top;
    for (int i = 0; i < height; i++)
        mvhline(y + i, x, ' ', width);
    struct buffer b = {0};
    for (int k = 0; k < COL_COUNT; k++, line++) {
        enum column c = (enum column)((k + COL_REPORT_COUNT) % COL_COUNT);
        if (k == 0)
            c = COL_USER;
        if (line < 0 || line >= height)
            continue;
        b.len = 0;
        buffer_puts(&b, "");
        cell_for_people(&b, ui->report, row, c, ui->options->ascii);
        struct value v = report_value(ui->report, row, c);
        if (v.state != STATE_VALUE && v.state != STATE_MALFORMED)
            buffer_printf(&b, " (%s)", state_name(v.state));
        attron(A_DIM);
        ui_put(ui, y + line, x + 1, width > 34 ? 32 : width / 2, slice_of(schema[c].name), false);
        attroff(A_DIM);
        int at = width > 34 ? 34 : width / 2 + 1;
        ui_put(ui, y + line, x + at, width - at, (struct slice){b.data, b.len}, false);
    }
    buffer_free(&b);
}
