/* OSC 52 as in xterm's "Control Sequences", wrapped for tmux and screen to pass on. */
#include "base/clipboard.h"

#include "base/base64.h"

const char *const clipboard_ways[CLIPBOARD_WAYS] = {
    [CLIPBOARD_AUTO] = "auto", [CLIPBOARD_OSC52] = "osc52", [CLIPBOARD_PRINT] = "print"};

enum clipboard_way clipboard_way_find(const char *name)
{
    enum clipboard_way way = 0;
    while (way < CLIPBOARD_WAYS && strcmp(name, clipboard_ways[way]) != 0)
        way++;
    return way;
}

static bool string_begins(const char *s, const char *prefix)
{
    return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

struct clipboard_path clipboard_path_of(const char *term, const char *tmux, const char *sty)
{
    struct clipboard_path path = {.tmux = (tmux && *tmux) || string_begins(term, "tmux"), .screen = sty && *sty};
    /* over SSH only TERM is passed on, and many configurations of tmux set it to screen */
    path.screen |= string_begins(term, "screen") && !path.tmux;
    return path;
}

/* Append SEQUENCE in tmux's own DCS, in which each ESC is doubled: tmux passes the contents to the terminal. */
static void wrap_tmux(struct buffer *out, struct slice sequence)
{
    buffer_puts(out, "\033Ptmux;");
    for (size_t i = 0; i < sequence.len; i++) {
        if (sequence.data[i] == '\033')
            buffer_putc(out, '\033');
        buffer_putc(out, sequence.data[i]);
    }
    buffer_puts(out, "\033\\");
}

/* Append SEQUENCE in several DCS, whose contents screen passes to the terminal. Each must be short. */
static void wrap_screen(struct buffer *out, struct slice sequence)
{
    enum { PIECE = 240 };
    for (size_t at = 0; at < sequence.len; at += PIECE) {
        buffer_puts(out, "\033P");
        buffer_add(out, sequence.data + at, sequence.len - at < PIECE ? sequence.len - at : PIECE);
        buffer_puts(out, "\033\\");
    }
}

bool clipboard_sequence(struct buffer *out, struct slice text, struct clipboard_path path, struct error *err)
{
    struct buffer plain = {0};
    char bytes[32], most[32];
    if (text.len > CLIPBOARD_MAX)
        return error_set(err, "%s bytes are more than the %s that terminals take; w writes a file",
            text_count(bytes, sizeof bytes, text.len), text_count(most, sizeof most, CLIPBOARD_MAX));
    buffer_puts(&plain, "\033]52;c;");
    base64_encode(text, &plain);
    buffer_putc(&plain, '\a'); /* not ESC \, which would end screen's DCS */
    struct slice sequence = {plain.data, plain.len};
    /*
     * Send it plain as well: tmux has an option for setting the clipboard itself and one for passing the sequence on,
     * and either may be off. screen ignores the plain one.
     */
    buffer_add(out, sequence.data, sequence.len);
    if (path.tmux)
        wrap_tmux(out, sequence);
    if (path.screen)
        wrap_screen(out, sequence);
    buffer_free(&plain);
    return true;
}
