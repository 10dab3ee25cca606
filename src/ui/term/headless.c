/*
 * A curses screen whose output goes to /dev/null and whose keys come from a pipe; the tests read cells back from
 * curses.
 */
#include "ui/term/headless.h"

#include "base/system.h"
#include "ui/term/headless_priv.h"

#include <curses.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static struct {
    bool is_on, is_idle;
    int lines, columns;
    SCREEN *screen;
    FILE *keys, *output;
    int typing;          /* write end of the pipe of keys */
    struct buffer sent;
} headless = {.typing = -1};

bool headless_start(int lines, int columns)
{
    headless.lines = lines;
    headless.columns = columns;
    headless.sent.len = 0;
    headless.is_idle = false;
    headless.is_on = headless_open() >= 0;
    if (headless.is_on) { /* discard keys left over from the previous run */
        char sink[256];
        while (read(fileno(headless.keys), sink, sizeof sink) > 0)
            ;
        flushinp();
    }
    return headless.is_on;
}

bool headless_is_on(void)
{
    return headless.is_on;
}

static bool headless_pipe(void)
{
    int ends[2];
    if (!system_pipe(ends, true))
        return false;
    headless.keys = fdopen(ends[0], "r");
    headless.typing = ends[1];
    headless.output = fopen("/dev/null", "we");
    return headless.keys && headless.output;
}

int headless_open(void)
{
    static const char *const known[] = {"xterm-256color", "xterm", "vt100", "ansi", "linux"};
    if (!headless.screen && !headless_pipe())
        return -1;
    for (size_t i = 0; !headless.screen && i < sizeof known / sizeof known[0]; i++)
        headless.screen = newterm(known[i], headless.output, headless.keys);
    if (!headless.screen)
        return -1;
    headless_resize(headless.lines, headless.columns);
    erase();
    return fileno(headless.keys);
}

void headless_type(struct slice bytes)
{
    headless.is_idle = false;
    if (headless.typing >= 0 && write(headless.typing, bytes.data, bytes.len) != (ssize_t)bytes.len)
        fputs("headless_type: more keys than fit are waiting\n", stderr);
}

bool headless_is_idle(void)
{
    return headless.is_idle;
}

void headless_resize(int lines, int columns)
{
    headless.lines = lines;
    headless.columns = columns;
    headless.is_idle = false;
    if (headless.screen && is_term_resized(lines, columns))
        resize_term(lines, columns);
}

bool headless_wait(int wake_fd, int milliseconds)
{
    int waiting = 0;
    struct pollfd woken = {.fd = wake_fd, .events = POLLIN};
    if (ioctl(fileno(headless.keys), FIONREAD, &waiting) == 0 && waiting > 0)
        return true;
    if (wake_fd >= 0)
        poll(&woken, 1, milliseconds);
    else
        headless.is_idle = milliseconds != 0;
    return true;
}

void headless_send(struct slice bytes)
{
    buffer_add(&headless.sent, bytes.data, bytes.len);
}

struct slice headless_sent(void)
{
    return (struct slice){headless.sent.data ? headless.sent.data : "", headless.sent.len};
}

/* Append the characters of a cell; nothing for the second cell of a wide character. */
static void headless_add_cell(struct buffer *out, int y, int x, attr_t *attributes, short *pair)
{
    cchar_t cell;
    wchar_t wide[CCHARW_MAX + 1] = {0};
    char bytes[8];
    mbstate_t state = {0};
    *attributes = 0;
    *pair = 0;
    if (mvin_wch(y, x, &cell) != OK || getcchar(&cell, wide, attributes, pair, NULL) != OK)
        return;
    for (const wchar_t *w = wide; *w; w++) {
        size_t n = wcrtomb(bytes, *w, &state);
        if (n != (size_t)-1)
            buffer_add(out, bytes, n);
    }
}

void headless_row(struct buffer *out, int y)
{
    size_t end = out->len;
    for (int x = 0; x < COLS;) {
        attr_t attributes;
        short pair;
        size_t before = out->len;
        headless_add_cell(out, y, x, &attributes, &pair);
        size_t width = text_width((struct slice){out->data + before, out->len - before});
        x += width > 1 ? (int)width : 1;
        end = out->len > before + 1 || (out->len > before && out->data[before] != ' ') ? out->len : end;
    }
    out->len = end;
    buffer_puts(out, "");
}

struct headless_cell headless_cell(int y, int x)
{
    struct headless_cell c = {.color = -1, .back = -1};
    struct buffer text = {0};
    attr_t attributes;
    short pair;
    headless_add_cell(&text, y, x, &attributes, &pair);
    if (text.len)
        memcpy(c.text, text.data, text.len < sizeof c.text ? text.len : sizeof c.text - 1);
    buffer_free(&text);
    c.bold = attributes & A_BOLD;
    c.underline = attributes & A_UNDERLINE;
    c.reverse = attributes & A_REVERSE;
    if (pair)
        pair_content(pair, &c.color, &c.back);
    return c;
}
