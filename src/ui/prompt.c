/* A line typed at the bottom of the screen. */
#include "ui_priv.h"

#include <curses.h>

bool prompt_read(struct ui *ui, const char *label, struct buffer *line,
    void (*live)(struct ui *ui, struct slice text, struct buffer *note))
{
    struct buffer note = {0};
    buffer_puts(line, "");
    for (;;) {
        ui_draw(ui);
        note.len = 0;
        buffer_puts(&note, "");
        struct slice text = {line->data, line->len};
        if (live)
            live(ui, text, &note);
        int y = LINES - 1, label_width = (int)strlen(label);
        move(y, 0);
        clrtoeol();
        ui_put(ui, y, 0, COLS, slice_of(label), false);
        ui_put(ui, y, label_width, COLS - label_width, text, false);
        int note_width = (int)text_width((struct slice){note.data, note.len});
        int used = label_width + (int)line->len + 2;
        if (used + note_width < COLS)
            ui_put(ui, y, COLS - note_width, note_width, (struct slice){note.data, note.len}, false);
        else if (LINES > 2)
            ui_put(ui, y - 1, 0, COLS, (struct slice){note.data, note.len}, false);
        move(y, label_width + (int)line->len < COLS ? label_width + (int)line->len : COLS - 1);
        refresh();
        int c = getch();
        if (c == '\n' || c == '\r' || c == KEY_ENTER || c == 27 || c == 3 || c == ERR) {
            buffer_free(&note);
            return c == '\n' || c == '\r' || c == KEY_ENTER;
        }
        if ((c == KEY_BACKSPACE || c == 127 || c == 8) && line->len)
            line->data[--line->len] = '\0';
        else if (c == 21)
            line->data[line->len = 0] = '\0';
        else if (c >= 32 && c < 256 && c != 127)
            buffer_putc(line, (char)c);
    }
}
