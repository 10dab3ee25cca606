/* The message line. */
#include "ui/message.h"

#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ui_say(struct ui *ui, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(ui->message, sizeof ui->message, format, args);
    va_end(args);
}

void ui_say_keys(struct ui *ui, enum mode mode, const char *text)
{
    struct buffer filled = {0};
    keys_fill(&filled, &ui->options->config.keymap, text, mode);
    ui_say(ui, "%s", filled.data);
    buffer_free(&filled);
}

void ui_put_keys(const struct ui *ui, struct buffer *out, enum mode mode, const char *text)
{
    keys_fill(out, &ui->options->config.keymap, text, mode);
}

void message_fit(struct buffer *b, const char *text, int width)
{
    int over = (int)text_width(slice_of(text)) - width;
    for (const char *at = text; *at;) {
        bool is_path = *at == '/' && over > 0 && (at == text || strchr(" \"'(", at[-1]));
        size_t n = is_path ? strcspn(at, " \"'") : 1, directory = n;
        while (is_path && directory > 1 && at[directory - 1] != '/')
            directory--;
        if (is_path && directory > 2) {
            over -= (int)text_width((struct slice){at, directory - 1}) - 1;
            buffer_puts(b, paint_glyph(GLYPH_CUT));
            at += directory - 1;
            n -= directory - 1;
        }
        buffer_add(b, at, n);
        at += n;
    }
}
