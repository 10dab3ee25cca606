/* Answers, and the waits between one question and the next. */
#include "fetch/ask.h"

#include "aws/aws_error.h"
#include "base/system.h"

#include <stdarg.h>
#include <stdio.h>

void answer_free(struct answer *a)
{
    buffer_free(&a->body);
    *a = (struct answer){0};
}

void answer_fail(struct answer *a, enum answer_kind kind, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    a->kind = kind;
    error_set(&a->why, "%s", text);
}

void answer_explain(const struct answer *a, const char *name, const char *operation, struct error *err)
{
    struct aws_error e = {slice_of(a->code), slice_of(operation), slice_of(a->message)};
    if (a->kind == ANSWER_AWS_ERROR)
        aws_error_set(err, name, &e);
    else
        error_set(err, "%s: %s", name, a->why.text);
}

void effort_start(struct effort *e, const struct fetch_settings *settings)
{
    *e = (struct effort){settings, settings->clock(), 0, settings->poll};
}

/* Returns a random time from half of MOST to MOST, so that many accounts do not try again at the same moment. */
static int64_t jittered(int64_t most)
{
    uint32_t random = 0;
    if (!system_random(&random, sizeof random))
        random = UINT32_C(1) << 31;
    return most / 2 + (int64_t)((uint64_t)random * (uint64_t)(most - most / 2) >> 32);
}

bool effort_back_off(struct effort *e)
{
    if (++e->failures >= e->settings->tries)
        return false;
    int64_t most = e->settings->backoff;
    for (unsigned i = 1; i < e->failures && most < e->settings->backoff_max; i++)
        most *= 2;
    return fetch_pause(e->settings, jittered(most < e->settings->backoff_max ? most : e->settings->backoff_max));
}

bool effort_wait(struct effort *e)
{
    int64_t ms = e->poll;
    e->poll = ms + ms / 2 < e->settings->poll_max ? ms + ms / 2 : e->settings->poll_max;
    return fetch_pause(e->settings, ms);
}
