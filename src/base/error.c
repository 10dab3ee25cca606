/* Errors as data, and the one place where the program may end by itself: memory is out. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void (*no_memory_hook)(void);

void error_on_no_memory(void (*hook)(void))
{
    no_memory_hook = hook;
}

__attribute__((format(printf, 3, 0))) static void set(struct error *err, size_t offset, const char *format, va_list args)
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

static _Noreturn void no_memory(void)
{
    static const char message[] = "ncred: out of memory: close other programs or open fewer reports\n";
    if (no_memory_hook)
        no_memory_hook();
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(2);
}

void *xrealloc(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        no_memory();
    size_t bytes = count * size;
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        no_memory();
    return p;
}

char *xstrdup(const char *s)
{
    size_t size = strlen(s) + 1;
    return memcpy(xrealloc(NULL, size, 1), s, size);
}

void *xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        no_memory();
    return p;
}
