/* Writes over one line on a terminal, which must not wrap. */
#include "fetch/progress.h"

#include <stdlib.h>

static void blank_line(struct fetch_progress *p, size_t from)
{
    for (size_t i = from; i < p->width; i++)
        putc(' ', p->out);
}

void fetch_progress_tell(void *context, const struct fetch_target *target, const char *what)
{
    struct fetch_progress *p = context;
    char name[60], text[300];
    struct buffer line = {0};
    if (strcmp(what, FETCH_ASKED) == 0) {
        p->asks = false;
        return;
    }
    p->done += strcmp(what, "done") == 0;
    p->failed += strcmp(what, "failed") == 0;
    text_escape(name, sizeof name, slice_of(target->name));
    text_escape(text, sizeof text, slice_of(what));
    if (p->asks)
        return; /* the person may be typing */
    if (strcmp(what, FETCH_ASKS) == 0) {
        fetch_progress_end(p);
        p->asks = true;
        fprintf(p->out, "ncred: %s: %s\n", name, text);
        return;
    }
    if (!p->terminal) {
        /* how each account ended is reported elsewhere */
        if (strncmp(what, "asking", 6) != 0 && strcmp(what, "done") != 0 && strcmp(what, "failed") != 0)
            fprintf(p->out, "ncred: %s: %s\n", name, text);
        return;
    }
    buffer_printf(&line, "ncred: fetching: %zu of %zu done", p->done, target->of);
    if (p->failed)
        buffer_printf(&line, ", %zu failed", p->failed);
    buffer_printf(&line, "; %s: %s", name, text);
    /* a line that wraps cannot be written over */
    size_t n = text_fit((struct slice){line.data, line.len}, 78);
    fprintf(p->out, "\r%.*s", (int)n, line.data);
    size_t width = text_width((struct slice){line.data, n});
    blank_line(p, width);
    fflush(p->out);
    p->width = width;
    buffer_free(&line);
}

void fetch_progress_end(struct fetch_progress *p)
{
    if (!p->width)
        return;
    putc('\r', p->out);
    blank_line(p, 0);
    putc('\r', p->out);
    fflush(p->out);
    p->width = 0;
}
