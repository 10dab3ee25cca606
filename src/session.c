/* Opening reports: found or fetched, loaded one after another, and of each account the newest kept. */
#include "session.h"

#include "batch.h"
#include "demo.h"
#include "fetch/progress.h"
#include "parse.h"

#include <stdio.h>
#include <stdlib.h>
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

static void print_lines(const char *at)
{
    for (; *at; at += strcspn(at, "\n") + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(at, "\n"), at);
}

void session_tell(struct session *s)
{
    const struct buffer *said = &s->obtained.said;
    if (said->len > s->said)
        print_lines(said->data + s->said);
    s->said = said->len;
}

/* Find, and fetch, all of WISH; progress is shown meanwhile. */
static bool gather(const struct obtain_wish *wish, struct obtained *out, struct error *err)
{
    struct fetch_progress progress = {.out = stderr, .terminal = isatty(STDERR_FILENO)};
    struct fetch_settings settings = fetch_defaults;
    settings.progress = fetch_progress_tell;
    settings.context = &progress;
    bool ok = obtain_gather(wish, &settings, out, err);
    fetch_progress_end(&progress);
    return ok;
}

/* Read the inputs into R, after the sample if that is wanted. */
static bool load_into(struct session *s, struct report *r, struct load_result *results, struct error *err)
{
    const struct obtained *o = &s->obtained;
    struct load_time own = {0};
    r->account_names = s->names.count ? &s->names : NULL;
    return (!s->options->demo || parse_report(r, "demo", slice_of(demo_csv), err))
        && load_all(r, o->inputs, o->input_count, NULL, results, &own, err);
}

/* The inputs are in R: when some are not to count, read the others anew into SPARE, and show that. */
static bool settle(struct session *s, struct report *spare, const struct load_result *results, struct error *err)
{
    bool again = obtain_settle(&s->obtained, s->report, results), ok = true;
    if (again) {
        s->report = spare;
        ok = load_into(s, spare, NULL, err);
    }
    if (s->obtained.own.known)
        load_time_take(&s->own[0], s->obtained.own.at, s->obtained.own.why);
    s->is_partial |= s->obtained.failed > 0;
    return ok;
}

static bool load_now(struct session *s, struct error *err)
{
    struct load_result *results = xcalloc(s->obtained.input_count, sizeof *results);
    struct error why;
    bool ok = load_into(s, s->report, results, &why);
    bool settled = settle(s, &s->read[1], results, err);
    free(results);
    return ok ? settled : obtain_none(&s->obtained, err);
}

/* Wait until somebody is there to look at, or nobody will be. */
static void wait_for_start(struct session *s)
{
    enum { WHILE = 1000 };
    while (load_poll(s->load) && !s->report->row_count)
        load_wait(s->load, WHILE);
}

/*
 * Wait until there is a screen of users, and a little longer for what is small. What falls silent is not waited for as
 * soon as there is somebody to look at.
 */
static void wait_for_rows(struct session *s)
{
    enum { ROWS = 500, SMALL = 1 << 23, SILENCE = 100 };
    for (bool more = load_poll(s->load), is_silent = false; more && !is_silent;) {
        struct load_progress p = load_progress(s->load);
        size_t before = s->report->row_count;
        if (before >= ROWS && (!p.total || p.total >= SMALL))
            break;
        load_wait(s->load, SILENCE);
        more = load_poll(s->load);
        is_silent = before && s->report->row_count == before;
    }
}

/* False only when all is read already and nothing was there; what else went wrong session_poll tells. */
static bool load_behind(struct session *s, struct error *err)
{
    const struct obtained *o = &s->obtained;
    if (s->options->demo && !parse_report(s->report, "demo", slice_of(demo_csv), err))
        return false;
    s->load = load_start(s->report, o->inputs, o->input_count);
    wait_for_start(s);
    if (load_succeeded(s->load, err) || s->report->file_count)
        return true;
    obtain_settle(&s->obtained, s->report, load_results(s->load));
    return obtain_none(&s->obtained, err);
}

static bool open_inputs(struct session *s, bool behind, struct error *err)
{
    static char standard_input[] = "-";
    static char *const only[] = {standard_input};
    const struct options *o = s->options;
    struct obtain_wish wish = o->wish;
    if (o->demo)
        load_time_take(&s->own[0], demo_as_of, "sample");
    if (o->demo && !o->file_count && !wish.fetch)
        return parse_report(s->report, "demo", slice_of(demo_csv), err);
    if (!o->file_count && !wish.fetch) {
        wish.paths = only;
        wish.path_count = 1;
    }
    bool ok = gather(&wish, &s->obtained, err) && (behind ? load_behind(s, err) : load_now(s, err));
    s->is_partial |= s->obtained.failed > 0;
    if (!ok && s->obtained.failed <= 1) /* the error tells already */
        s->said = s->obtained.said.len;
    session_tell(s);
    return ok;
}

/* One side of a comparison. */
static bool open_side(struct session *s, const struct obtain_wish *wish, int which, struct error *err)
{
    struct fetch_progress progress = {.out = stderr, .terminal = isatty(STDERR_FILENO)};
    struct fetch_settings settings = fetch_defaults;
    struct obtained obtained;
    settings.progress = fetch_progress_tell;
    settings.context = &progress;
    bool ok = obtain(wish, &settings, &s->read[which], &obtained, err);
    fetch_progress_end(&progress);
    if (obtained.own.known)
        load_time_take(&s->own[which], obtained.own.at, obtained.own.why);
    s->is_partial |= obtained.failed > 0;
    print_lines((ok || obtained.failed > 1) && obtained.said.data ? obtained.said.data : "");
    obtained_free(&obtained);
    return ok;
}

/* OLD is the first file; NEW the second, or what is fetched. */
static bool open_two(struct session *s, struct error *err)
{
    struct obtain_wish old = {.paths = s->options->wish.paths, .path_count = 1}, new = s->options->wish;
    new.paths++;
    new.path_count--;
    return open_side(s, &old, 0, err) && open_side(s, &new, 1, err);
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
    bool asks = behind || batch_asks_checks(o); /* else nobody would look at what the checks find */
    if (asks)
        audit_init(&s->audit, &o->checks);
    if (o->waivers && !waivers_load(&s->audit.waivers, o->waivers, err))
        return false;
    if (!read_names(s, err) || !(o->diff ? open_two(s, err) : open_inputs(s, behind, err)))
        return false;
    choose_as_of(s);
    if (!s->load && asks)
        audit_run(&s->audit, s->report);
    if (o->diff)
        compare(s);
    return true;
}

void session_wait(struct session *s)
{
    if (!s->load)
        return;
    wait_for_rows(s);
    choose_as_of(s);
    audit_run(&s->audit, s->report);
}

/* All has come: what went wrong, and which of the reports count. */
static void finish(struct session *s, struct error *err)
{
    struct error ignored;
    if (!load_succeeded(s->load, err))
        s->is_partial = true;
    else if (load_progress(s->load).is_stopped)
        error_set(err, "stopped: only what had been read is shown");
    else if (!settle(s, &s->read[1], load_results(s->load), &ignored))
        s->report = &s->read[0];
    load_free(s->load);
    s->load = NULL;
}

bool session_poll(struct session *s, struct error *err)
{
    size_t before = s->report->row_count;
    struct report *shown = s->report;
    bool more = load_poll(s->load);
    err->text[0] = '\0';
    bool moved = choose_as_of(s);
    if (!more)
        finish(s, err);
    moved |= choose_as_of(s);
    audit_run_from(&s->audit, s->report, moved || s->report != shown ? 0 : before);
    return more;
}

void session_close(struct session *s)
{
    load_free(s->load);
    diff_free(&s->diff);
    for (int i = 0; i < 2; i++)
        report_free(&s->read[i]);
    obtained_free(&s->obtained);
    audit_free(&s->audit);
    accounts_free(&s->names);
}
