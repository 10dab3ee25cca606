/* Formats errors. The whole text is escaped, so callers may put untrusted text into it. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static void set(struct error *err, size_t offset, const char *format,
    va_list args)
{
    char raw[512];
    if (vsnprintf(raw, sizeof raw, format, args) < 0)
        raw[0] = '\0';
    err->offset = offset;
    text_escape(err->text, sizeof err->text, slice_of(raw));
}

bool error_set(struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(err, 0, format, args);
    va_end(args);
    return false;
}

bool error_at(struct error *err, size_t offset, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(err, offset, format, args);
    va_end(args);
    return false;
}
