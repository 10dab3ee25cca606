/* The table: header, user column, column sets, cursor marked in the gutter. */
#include "ui_priv.h"

#include "../batch.h"
#include "../cell.h"

#include <curses.h>

enum { SETS = 5 };

int table_set_count(void)
{
    return SETS;
}

int table_columns(const struct ui *ui, enum column *columns)
{
    static const enum column sets[SETS][9] = {
        [1] = {COL_USER, COL_PASSWORD_ENABLED, COL_MFA_ACTIVE, COL_PASSWORD_AGE, COL_PASSWORD_IDLE, COL_IDLE, COL_COUNT},
        [2] = {COL_USER, COL_KEY_1_ACTIVE, COL_KEY_1_AGE, COL_KEY_1_IDLE, COL_KEY_2_ACTIVE, COL_KEY_2_AGE, COL_KEY_2_IDLE, COL_COUNT},
        [3] = {COL_USER, COL_CERT_1_ACTIVE, COL_CERT_1_AGE, COL_CERT_2_ACTIVE, COL_CERT_2_AGE, COL_COUNT},
    };
    int n = 0;
    if (ui->options->column_count) {
        for (size_t i = 0; i < ui->options->column_count; i++)
            columns[n++] = ui->options->columns[i];
    } else if (ui->set == 0) {
        n = (int)batch_triage_columns(ui->report, columns);
    } else if (ui->set == SETS - 1) {
        for (enum column c = 0; c < COL_REPORT_COUNT; c++)
            columns[n++] = c;
    } else {
        while (sets[ui->set][n] != COL_COUNT) {
            columns[n] = sets[ui->set][n];
            n++;
        }
    }
    return n;
}

static void title(const struct ui *ui, struct buffer *b, enum column c)
{
    char text[64];
    buffer_puts(b, schema_title(c, text, sizeof text));
    for (size_t i = 0; i < ui->view.sort.count; i++) {
        if (ui->view.sort.keys[i].column == c && i == 0)
            buffer_putc(b, ui->view.sort.keys[i].descending ? 'v' : '^');
    }
}

static void draw_row(struct ui *ui, int y, int width, const enum column *columns, int n, size_t index, bool header)
{
    int x = 2;
    size_t row = header ? 0 : ui->view.rows[index];
    struct buffer b = {0};
    for (int i = 0; i < n && x < width; i++) {
        int w = schema[columns[i]].width;
        b.len = 0;
        buffer_puts(&b, "");
        if (header)
            title(ui, &b, columns[i]);
        else
            cell_for_people(&b, ui->report, row, columns[i], ui->options->ascii);
        ui_put(ui, y, x, x + w > width ? width - x : w, (struct slice){b.data, b.len}, cell_is_right(columns[i]));
        x += w + 1;
    }
    buffer_free(&b);
}

void table_draw(struct ui *ui, int y, int height, int width)
{
    enum column columns[OPTIONS_COLUMNS_MAX];
    int n = table_columns(ui, columns);
    view_resize(&ui->view, height > 1 ? (size_t)height - 1 : 1);
    attron(A_BOLD);
    draw_row(ui, y, width, columns, n, 0, true);
    attroff(A_BOLD);
    for (int i = 0; i < height - 1 && ui->view.top + (size_t)i < ui->view.count; i++) {
        size_t index = ui->view.top + (size_t)i;
        bool here = index == ui->view.cursor;
        if (here) {
            attron(A_BOLD);
            mvaddch(y + 1 + i, 0, '>');
        }
        draw_row(ui, y + 1 + i, width, columns, n, index, false);
        if (here)
            attroff(A_BOLD);
    }
}
