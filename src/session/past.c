/* Each report is loaded, judged as of its own time, added to the chronicle, and cleared before the next one. */
#include "session/past.h"

#include "base/memory.h"
#include "base/source.h"
#include "base/system.h"
#include "history/time_columns.h"
#include "session/peek.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct past {
    const struct inputs_older *older;
    size_t count;
    const struct chronicle_limits *limits;
    const struct options *options;
    struct audit audit;          /* separate, because waivers of the report on screen may change meanwhile */
    struct chronicle *chronicle; /* owned until past_take() */
    struct report report;        /* the report being added; its memory serves all of them */
    struct buffer messages;
    size_t failed;
    enum inputs_use *uses;       /* owned: one per report of `older` */
    atomic_size_t done;
    atomic_bool stop, has_ended;
    pthread_t thread;
    bool has_thread;
    int signal[2];
};

bool past_counts_all_users(const struct options *o)
{
    for (size_t i = 0; i < o->filter_count; i++) {
        const struct query *q = o->filters[i];
        if (query_needs_report(q) || query_has_word(q, slice_of(time_columns[TIME_LATE].name)))
            return true;
    }
    return false;
}

bool past_select(const struct report *r, size_t from, size_t to, const struct options *o, bool *selected,
    struct cancel_token *cancel)
{
    enum { BETWEEN_CHECKS = 64 }; /* rows: a regular expression may be slow */
    bool filters = (o->listing == LIST_TREND || options_make_page(o)) && !past_counts_all_users(o);
    for (size_t row = from; row < to; row++)
        selected[row] = true;
    for (size_t i = 0; filters && i < o->filter_count; i++) {
        for (size_t row = from; row < to; row++) {
            if (row % BETWEEN_CHECKS == 0 && cancel_check(cancel))
                return false;
            selected[row] = selected[row] && query_matches(o->filters[i], r, row);
        }
    }
    return true;
}

/* Whether a row of the only file of R lacks fields or, without an end of its line, ends in the middle of a value. */
static bool lacks_end(const struct report *r, size_t row)
{
    const struct report_file *f = &r->files[0];
    size_t fields = report_field_count(r, row);
    enum column last = r->columns[f->columns[f->column_count - 1]].known;
    return fields < f->column_count || peek_is_cut_account(r, row, row + 1) || (fields == f->column_count
        && last != COL_COUNT && report_value(r, row, last).state == STATE_MALFORMED && !report_ends_with_line(r));
}

bool past_load(struct report *r, const struct inputs_older *older, const atomic_bool *stop, struct error *err)
{
    struct load_time ignored = {0};
    if (!load_all(r, &older->input, 1, stop, NULL, &ignored, err))
        return false;
    size_t rows = r->row_count;
    bool is_cut = rows > 1 && r->file_count && r->files[0].column_count && lacks_end(r, rows - 1)
        && !lacks_end(r, rows - 2);
    if (is_cut && !atomic_load(stop))
        return error_set(err, "%s: its last line is incomplete", r->files[0].name);
    return true;
}

void past_say_repeated(struct buffer *messages, const char *name)
{
    struct error line;
    error_set(&line, "%s: %s", name, inputs_use_text(INPUTS_REPEATED));
    buffer_printf(messages, "%s\n", line.text);
}

enum inputs_use past_repeated_use(const struct report *r)
{
    return r->account_count > 1 ? INPUTS_PARTLY_REPEATED : INPUTS_REPEATED;
}

static bool past_is_stopped(void *past)
{
    return atomic_load(&((struct past *)past)->stop);
}

/* Returns false if it was stopped before, so that nothing of the report is in the history. */
static bool take_in(struct past *p, size_t index)
{
    const struct inputs_older *older = &p->older[index];
    struct cancel_token cancel = {.is_over = past_is_stopped, .context = p};
    struct report *r = &p->report;
    struct error err;
    report_clear(r);
    bool is_read = past_load(r, older, &p->stop, &err);
    if (cancel_check(&cancel))
        return false;
    if (!is_read) {
        buffer_printf(&p->messages, "%s; left out of the history\n", err.text);
        p->failed++;
        p->uses[index] = INPUTS_UNREADABLE;
        return true;
    }
    r->as_of = older->time;
    bool *selected = xcalloc(r->row_count + 1, sizeof *selected);
    if (audit_run_until(&p->audit, r, &cancel) && past_select(r, 0, r->row_count, p->options, selected, &cancel)
        && !chronicle_add_older(p->chronicle, r, older->time, p->limits, selected, &cancel)) {
        p->uses[index] = past_repeated_use(r);
        past_say_repeated(&p->messages, older->input.path ? older->input.path : older->input.name);
    }
    free(selected);
    return !cancel.has_ended;
}

static void *take_all(void *past)
{
    struct past *p = past;
    for (size_t i = 0; i < p->count && !atomic_load(&p->stop) && take_in(p, i); i++) {
        atomic_store(&p->done, i + 1);
        if (p->signal[1] >= 0) {
            ssize_t ignored = write(p->signal[1], "", 1); /* if the pipe is full, it is readable anyway */
            (void)ignored;
        }
    }
    report_free(&p->report);
    atomic_store(&p->has_ended, true);
    if (p->signal[1] >= 0) {
        ssize_t ignored = write(p->signal[1], "", 1);
        (void)ignored;
    }
    return NULL;
}

struct past *past_start(const struct inputs_older *older, size_t count, const struct chronicle_limits *limits,
    const struct options *o, const struct check_settings *checks, const struct report *newest, bool behind)
{
    struct past *p = xcalloc(1, sizeof *p);
    struct error err;
    *p = (struct past){.older = older, .count = count, .limits = limits, .options = o, .chronicle = chronicle_new(),
        .signal = {-1, -1}, .uses = xcalloc(count + 1, sizeof *p->uses)};
    audit_init(&p->audit, checks);
    for (size_t i = 0; i < o->waiver_count; i++) {
        bool is_file = source_is_file(o->waivers[i]); /* a pipe was read before and cannot be read again */
        bool ok = is_file ? waivers_add(&p->audit.waivers, o->waivers[i], o->checks.other_names, &err)
            : error_set(&err, "%s: no regular file, which can be read once only", o->waivers[i]);
        if (!ok)
            buffer_printf(&p->messages, "%s; the history is without these waivers\n", err.text);
    }
    audit_bind(&p->audit, newest); /* a word in a rule that names its columns must not be text to older reports */
    if (behind && !system_pipe(p->signal, true))
        p->signal[0] = p->signal[1] = -1;
    p->has_thread = p->signal[0] >= 0 && pthread_create(&p->thread, NULL, take_all, p) == 0;
    if (!p->has_thread)
        take_all(p);
    return p;
}

bool past_is_busy(struct past *p)
{
    char bytes[64];
    while (p->signal[0] >= 0 && read(p->signal[0], bytes, sizeof bytes) > 0)
        ;
    return !atomic_load(&p->has_ended);
}

int past_descriptor(const struct past *p)
{
    return p->signal[0];
}

size_t past_done(const struct past *p, size_t *of)
{
    *of = p->count;
    return atomic_load(&p->done);
}

void past_stop(struct past *p)
{
    atomic_store(&p->stop, true);
}

static void past_join(struct past *p)
{
    if (p->has_thread)
        pthread_join(p->thread, NULL);
    p->has_thread = false;
}

struct chronicle *past_take(struct past *p)
{
    past_join(p);
    struct chronicle *c = p->chronicle;
    p->chronicle = NULL;
    return c;
}

enum inputs_use past_use(const struct past *p, size_t index)
{
    return p->uses[index];
}

const char *past_messages(const struct past *p, size_t *failed)
{
    *failed = p->failed;
    return p->messages.len ? p->messages.data : NULL;
}

void past_free(struct past *p)
{
    if (!p)
        return;
    past_stop(p);
    past_join(p);
    for (int i = 0; i < 2; i++) {
        if (p->signal[i] >= 0)
            close(p->signal[i]);
    }
    chronicle_free(p->chronicle);
    audit_free(&p->audit);
    buffer_free(&p->messages);
    free(p->uses);
    free(p);
}
