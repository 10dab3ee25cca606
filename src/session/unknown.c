/* The sentences are those that cli/print.c writes to standard error. */
#include "session/unknown.h"

static size_t tell_line(const struct buffer *text, void (*line)(void *context, struct slice text), void *context)
{
    line(context, (struct slice){text->data, text->len});
    return 1;
}

size_t unknown_tell(const struct report *r, const struct unjudged *u, void (*line)(void *context, struct slice text),
    void *context)
{
    struct buffer text = {0};
    size_t lines = 0;
    audit_tell_not_made(&text, r);
    if (text.len)
        lines += tell_line(&text, line, context);
    for (size_t i = 0; i < unjudged_checks(u); i++) {
        size_t check = unjudged_check(u, i);
        text.len = 0;
        buffer_printf(&text, "%s is unknown for ", check_at(check)->id);
        unjudged_describe(&text, u, check);
        lines += tell_line(&text, line, context);
    }
    for (size_t i = 0; i < r->file_count; i++) {
        text.len = 0;
        buffer_printf(&text, "%s:%zu: ", r->files[i].name, r->files[i].header_line);
        if (report_tell_missing(r, i, UINT32_MAX, &text))
            lines += tell_line(&text, line, context);
    }
    for (size_t i = 0; i < r->problem_count && i < UNKNOWN_PROBLEMS_MAX; i++) {
        text.len = 0;
        buffer_printf(&text, "%s:%zu: %s", r->files[r->problems[i].file].name, r->problems[i].line,
            r->problems[i].text);
        lines += tell_line(&text, line, context);
    }
    if (r->problem_count > UNKNOWN_PROBLEMS_MAX) {
        text.len = 0;
        buffer_printf(&text, "and %zu more problems in the files", r->problem_count - UNKNOWN_PROBLEMS_MAX);
        lines += tell_line(&text, line, context);
    }
    buffer_free(&text);
    return lines;
}
