/* Opening reports: one file or pipe is loaded piece by piece, several or fetched ones are sorted out first. */
#include "session.h"

#include "batch.h"
#include "demo.h"
#include "fetch/progress.h"
#include "parse.h"

#include <stdio.h>
#include <unistd.h>

/* Names of accounts, from either list that may hold them. */
static bool read_names(struct session *s, struct error *err)
{
    const struct options *o = s->options;
    bool ok = (!o->account_names || accounts_read(&s->names, o->account_names, err))
        && (!o->wish.accounts_path || accounts_read(&s->names, o->wish.accounts_path, err));
    for (int i = 0; i < 2; i++)
        s->read[i].account_names = s->names.count ? &s->names : NULL;
    return ok;
}

/* Several reports, or fetched ones; what is to be said of them is said here. */
static bool open_many(struct session *s, const struct obtain_wish *wish, int which, struct error *err)
{
    struct fetch_progress progress = {.out = stderr, .terminal = isatty(STDERR_FILENO)};
    struct fetch_settings settings = fetch_defaults;
    struct obtained obtained;
    settings.progress = fetch_progress_tell;
    settings.context = &progress;
    bool ok = obtain(wish, &settings, &s->read[which], &obtained, err);
    fetch_progress_end(&progress);
    if (ok && obtained.time_known)
        load_time_take(&s->own[which], obtained.time, obtained.time_why);
    s->is_partial |= obtained.failed > 0;
    /* of one that failed the error tells already */
    bool told = !ok && obtained.failed <= 1;
    for (const char *at = told || !obtained.said.data ? "" : obtained.said.data; *at; at += strcspn(at, "\n") + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(at, "\n"), at);
    obtained_free(&obtained);
    return ok;
}

/*
 * Wait until there is a screen of users, and a little longer for a report that is small. A pipe that falls silent is not
 * waited for as soon as there is somebody to look at.
 */
static bool wait_for_rows(struct session *s, struct error *err)
{
    enum { ROWS = 500, SMALL = 1 << 23, SILENCE = 100 };
    for (;;) {
        size_t before = s->report->row_count;
        load_wait(s->load, SILENCE);
        if (!load_poll(s->load))
            return load_succeeded(s->load, err);
        struct load_progress p = load_progress(s->load);
        bool is_silent = !p.total && before && s->report->row_count == before;
        if (is_silent || (s->report->row_count >= ROWS && (!p.total || p.total >= SMALL)))
            return true;
    }
}

static bool open_one(struct session *s, bool behind, struct error *err)
{
    static char standard_input[] = "-";
    static char *const only[] = {standard_input};
    const struct options *o = s->options;
    char *const *paths = o->file_count ? o->files : only;
    if (!behind)
        return load_all(s->report, paths, 1, &s->own[0], err);
    s->load = load_start(s->report, paths, 1);
    return wait_for_rows(s, err);
}

/* OLD is the first file; NEW the second, or what is fetched. */
static bool open_two(struct session *s, struct error *err)
{
    struct obtain_wish old = {.paths = s->options->wish.paths, .path_count = 1}, new = s->options->wish;
    new.paths++;
    new.path_count--;
    return open_many(s, &old, 0, err) && open_many(s, &new, 1, err);
}

static bool open_reports(struct session *s, bool behind, struct error *err)
{
    const struct options *o = s->options;
    if (o->diff)
        return open_two(s, err);
    if (o->demo && !parse_report(s->report, "demo", slice_of(demo_csv), err))
        return false;
    if (o->demo)
        load_time_take(&s->own[0], demo_as_of, "sample");
    if (o->wish.fetch || (o->file_count && !obtain_is_plain(&o->wish)))
        return open_many(s, &o->wish, 0, err);
    return (o->demo && !o->file_count) || open_one(s, behind, err);
}

/* Whether the as-of time is another one than before. With --diff, each report has its own, unless one is given. */
static bool choose_as_of(struct session *s)
{
    const struct options *o = s->options;
    int64_t before = s->report->as_of;
    if (s->load) {
        struct load_time own = load_own_time(s->load);
        if (own.known)
            load_time_take(&s->own[0], own.at, own.why);
    }
    const struct load_time *own = &s->own[o->diff ? 1 : 0];
    int64_t as_of = o->as_of_given ? o->as_of : own->known ? own->at : s->now;
    s->why = o->as_of_given ? "--as-of" : own->known ? own->why : "now";
    s->read[1].as_of = as_of;
    s->read[0].as_of = o->diff && s->own[0].known ? s->own[0].at : as_of;
    return s->report->as_of != before;
}

static void compare(struct session *s)
{
    struct buffer summary = {0};
    audit_run(&s->audit, &s->read[1]);
    diff_run(&s->diff, &s->read[0], &s->read[1], &s->audit);
    s->report = &s->diff.report;
    diff_summary(&summary, &s->diff);
    if (batch_is_wanted(s->options) || !isatty(STDOUT_FILENO))
        fprintf(stderr, "ncred: %s\n", summary.data);
    buffer_free(&summary);
}

bool session_open(struct session *s, const struct options *o, int64_t now, bool behind, struct error *err)
{
    *s = (struct session){.options = o, .now = now};
    s->report = &s->read[0];
    audit_init(&s->audit, &o->checks);
    if (o->waivers && !waivers_load(&s->audit.waivers, o->waivers, err))
        return false;
    if (!read_names(s, err) || !open_reports(s, behind, err))
        return false;
    choose_as_of(s);
    if (behind || batch_asks_checks(o)) /* else nobody would look at what they find */
        audit_run(&s->audit, s->report);
    if (o->diff)
        compare(s);
    return true;
}

bool session_poll(struct session *s, struct error *err)
{
    size_t before = s->report->row_count;
    bool more = load_poll(s->load);
    audit_run_from(&s->audit, s->report, choose_as_of(s) ? 0 : before);
    if (more)
        return true;
    err->text[0] = '\0';
    if (!load_succeeded(s->load, err))
        s->is_partial = true;
    else if (load_progress(s->load).is_stopped)
        error_set(err, "stopped: only what had been read is shown");
    load_free(s->load);
    s->load = NULL;
    return false;
}

void session_close(struct session *s)
{
    load_free(s->load);
    diff_free(&s->diff);
    for (int i = 0; i < 2; i++)
        report_free(&s->read[i]);
    audit_free(&s->audit);
    accounts_free(&s->names);
}
