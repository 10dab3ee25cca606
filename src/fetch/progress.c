/* Writes over one line on a terminal, which must not wrap. */
#include "fetch/progress.h"

#include <stdlib.h>

static void blank_line(struct fetch_progress *p, size_t from)
{
    for (size_t i = from; i < p->width; i++)
        putc(' ', p->out);
}

void fetch_progress_tell(void *context, const struct fetch_target *target, enum fetch_event event, const char *what)
{
    struct fetch_progress *p = context;
    char name[60], text[300];
    struct buffer line = {0};
    p->done += event == FETCH_DONE;
    p->failed += event == FETCH_FAILED;
    p->is_prompting &= event != FETCH_PROMPT_END;
    if (p->is_prompting || event == FETCH_PROMPT_END)
        return; /* the person may be typing */
    text_escape(name, sizeof name, slice_of(target->name));
    text_escape(text, sizeof text, slice_of(what));
    if (event == FETCH_PROMPTING) {
        fetch_progress_end(p);
        p->is_prompting = true;
        fprintf(p->out, "ncred: %s: %s\n", name, text);
        return;
    }
    if (!p->terminal) {
        if (event == FETCH_WAITING) /* how each account ended is reported elsewhere */
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
