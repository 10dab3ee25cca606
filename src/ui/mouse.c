/*
 * Mouse events (with --mouse): the wheel moves the cursor or scrolls the pane; a click acts on what is under the
 * pointer.
 */
#include "ui/mouse.h"

#include "ui/change_strip.h"
#include "ui/detail_pane.h"
#include "ui/form.h"
#include "ui/menu.h"
#include "ui/overview_screen.h"
#include "ui/screen.h"
#include "ui/status.h"
#include "ui/term/terminal.h"
#include "ui/user_table.h"

enum { WHEEL_LINES = 3 };

static void wheel(struct ui *ui, int x, int sign)
{
    bool in_pane = ui->layout.pane_width && x >= ui->layout.pane_x && !ui->bars.is_open && !ui->trend.is_open;
    if (!ui->menu.kind && in_pane) {
        detail_scroll(ui, sign * WHEEL_LINES);
        return;
    }
    ui_request(ui, sign > 0 ? ACTION_DOWN : ACTION_UP, WHEEL_LINES);
}

void mouse_take(struct ui *ui, uint32_t key)
{
    int y, x;
    terminal_mouse(&y, &x);
    if (ui->prompt.kind)
        return; /* a click must not close the prompt and lose the text */
    if (ui->form) {
        if (key == KEYS_CLICK)
            form_click(ui, y);
        return;
    }
    if (key != KEYS_CLICK)
        wheel(ui, x, key == KEYS_WHEEL_DOWN ? 1 : -1);
    else if (ui->menu.kind)
        menu_click(ui, y, x);
    else if (ui->trend.is_open)
        trend_page_click(ui, y, x);
    else if (ui->layout.title >= 0 && y == ui->layout.title)
        status_click(ui, x);
    else if (ui->bars.is_open)
        overview_click(ui, y, x);
    else if (ui->layout.strip >= 0 && y == ui->layout.strip)
        change_strip_click(ui, x);
    else if (x < ui->layout.table_width)
        table_click(ui, y, x);
}
