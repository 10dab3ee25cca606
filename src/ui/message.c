/* The message line. */
#include "ui/message.h"

#include "ui/screen.h"

#include <stdarg.h>
#include <stdio.h>

void ui_say(struct ui *ui, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(ui->message, sizeof ui->message, format, args);
    va_end(args);
}
