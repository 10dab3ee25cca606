/* A thread reads; after it has ended, the caller's thread judges and compares, in steps. */
#include "session/reload.h"

#include "base/system.h"
#include "report/review.h"
#include "session/inputs_items.h"
#include "session/inputs_newest.h"
#include "session/kept.h"
#include "session/past.h"
#include "session/peek.h"
#include "session/session_context.h"
#include "session/turn.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct reload_job {
    struct inputs_wish wishes[2]; /* the second one is used if two reports are compared */
    bool two;
    const struct report *before;  /* borrowed */
    const struct inputs *known;   /* borrowed */
    const struct options *context; /* borrowed, or NULL */
    struct fetch_settings settings;
    struct reload reload;         /* used by the thread until IS_DONE */
    bool ok;
    struct error err;
    atomic_bool stop;
    pthread_t thread;
    bool has_thread;
    int signal[2];

    pthread_mutex_t lock;         /* protects all members below */
    bool is_done, is_fetching;
    size_t done, failed, of;
    char latest[160];             /* progress of a fetch: "dev: INPROGRESS" */
};

/* ---- on the thread ---- */

static void reload_notify(struct reload_job *job)
{
    ssize_t ignored = write(job->signal[1], "", 1); /* if the pipe is full, it is readable anyway */
    (void)ignored;
}

static void reload_tell(void *context, const struct fetch_target *target, enum fetch_event event, const char *what)
{
    struct reload_job *job = context;
    char name[60], text[60];
    text_escape(name, sizeof name, slice_of(target->name));
    text_escape(text, sizeof text, slice_of(what));
    pthread_mutex_lock(&job->lock);
    job->is_fetching = true;
    job->of = target->of;
    job->done += event == FETCH_DONE;
    job->failed += event == FETCH_FAILED;
    snprintf(job->latest, sizeof job->latest, "%s: %s", name, text);
    pthread_mutex_unlock(&job->lock);
    reload_notify(job);
}

/* An input that was read before: its name and its time. */
struct known_input {
    const char *name; /* borrowed */
    int64_t time;
    enum inputs_use use;
};

static int compare_known(const void *a, const void *b)
{
    const struct known_input *x = a, *y = b;
    return x->time != y->time ? (x->time < y->time ? -1 : 1) : strcmp(x->name, y->name);
}

static struct known_input *list_known(const struct inputs *known)
{
    struct known_input *list = xcalloc(known->count + 1, sizeof *list);
    for (size_t i = 0; i < known->count; i++) {
        const struct inputs_item *item = &known->items[i];
        bool has_own_time = !item->is_older && item->own_time.known;
        list[i] = (struct known_input){item->name, has_own_time ? item->own_time.at : item->time,
            item->use};
    }
    qsort(list, known->count, sizeof *list, compare_known);
    return list;
}

/*
 * The indexes of NOW's older reports that KNOWN did not read, in their order. *COUNT is set to their number. What
 * became of the others is noted in NOW.
 */
static size_t *list_new(const struct inputs *known, struct inputs *now, size_t *count)
{
    struct known_input *list = list_known(known);
    size_t *new = xcalloc(now->older_count + 1, sizeof *new);
    *count = 0;
    for (size_t i = 0; i < now->older_count; i++) {
        const struct inputs_older *o = &now->older[i];
        struct known_input key = {o->input.path ? o->input.path : o->input.name, o->time, INPUTS_USED};
        const struct known_input *found = bsearch(&key, list, known->count, sizeof key, compare_known);
        if (found)
            now->items[o->item].use = found->use;
        else
            new[(*count)++] = i;
    }
    free(list);
    return new;
}

/* Read the older reports that have appeared since the last time; the newest ones if there are very many. */
static void read_between(struct reload_job *job)
{
    enum { MOST = 100 };
    struct reload *r = &job->reload;
    size_t count;
    size_t *new = list_new(job->known, &r->obtained, &count);
    size_t skipped = count > MOST ? count - MOST : 0;
    if (skipped)
        inputs_say(&r->obtained, "%zu new reports in the history: only the last %d of them were read", count, MOST);
    r->between = xcalloc(count + 1, sizeof *r->between);
    for (size_t i = skipped; i < count && !atomic_load(&job->stop); i++) {
        struct reload_between *b = &r->between[r->between_count];
        struct error err;
        const struct inputs_older *o = &r->obtained.older[new[i]];
        b->time = o->time;
        b->item = o->item;
        if (past_load(&b->report, o, &job->stop, &err)) {
            r->between_count++;
            continue;
        }
        report_free(&b->report);
        *b = (struct reload_between){.time = 0};
        r->obtained.items[o->item].use = INPUTS_UNREADABLE;
        inputs_say(&r->obtained, "%s; left out of the history", err.text);
    }
    free(new);
}

/* The time that a report tells or, if unknown, the likely time of its latest file, as in inputs_settle(). */
static int64_t reload_time_of(const struct report *r, const struct load_time *own)
{
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < r->file_count && !own->known; i++) {
        size_t to = i + 1 < r->file_count ? r->files[i + 1].first_row : r->row_count;
        int64_t time = peek_likely_time(r, r->files[i].first_row, to, r->files[i].name);
        latest = time > latest ? time : latest;
    }
    return own->known ? own->at : latest;
}

/* Make the later report the new one. Of two of the same time, that is the one named last. */
static void order_by_time(struct reload *r)
{
    struct load_time *own = &r->obtained.own_time, *other = &r->older_inputs.own_time;
    if (reload_time_of(&r->older, other) <= reload_time_of(&r->report, own))
        return;
    struct report newer = r->older;
    struct inputs inputs = r->older_inputs;
    r->older = r->report;
    r->report = newer;
    r->older_inputs = r->obtained;
    r->obtained = inputs;
}

static bool reload_is_stopped(void *context)
{
    struct reload_job *job = context;
    return atomic_load(&job->stop);
}

/* Read the files about users that came with the reports, and add their columns. Returns false with job->err set. */
static bool add_fresh_context(struct reload_job *job)
{
    struct reload *r = &job->reload;
    struct cancel_token stop = {.is_over = reload_is_stopped, .context = job};
    struct buffer ignored = {0};
    r->context = session_context_again(job->context, &r->obtained, &stop);
    bool ok = !r->context || (session_context_apply(r->context, &r->report, &r->obtained.messages, &job->err)
            && (!job->two || session_context_apply(r->context, &r->older, &ignored, &job->err)));
    buffer_free(&ignored);
    return ok && (!cancel_is_set(&stop) || error_set(&job->err, "cancelled"));
}

static void *reload_run(void *context)
{
    struct reload_job *job = context;
    struct reload *r = &job->reload;
    bool ok = kept_obtain(&job->wishes[0], &job->settings, job->two ? NULL : job->before, &r->report, &r->obtained,
        &job->err);
    if (ok && job->two)
        ok = inputs_obtain(&job->wishes[1], &job->settings, &r->older, &r->older_inputs, &job->err);
    if (ok && job->known && !job->two)
        read_between(job);
    review_rows(&r->report);
    review_rows(&r->older);
    if (ok && job->two)
        order_by_time(r);
    if (ok && job->context)
        ok = add_fresh_context(job);
    pthread_mutex_lock(&job->lock);
    job->ok = ok;
    job->is_done = true;
    pthread_mutex_unlock(&job->lock);
    reload_notify(job);
    return NULL;
}

/* ---- on the caller's thread ---- */

static void end(struct reload_job *job)
{
    if (job->has_thread)
        pthread_join(job->thread, NULL);
    for (int i = 0; i < 2; i++) {
        if (job->signal[i] >= 0)
            close(job->signal[i]);
    }
    pthread_mutex_destroy(&job->lock);
    free(job);
}

struct reload_job *reload_start(const struct inputs_wish *w, const struct fetch_settings *settings,
    const struct report *before, const struct inputs *known, bool two, const struct options *context,
    struct error *err)
{
    if (!inputs_can_reload(w)) {
        error_set(err, "only files and fetched reports can be read again; standard input has ended");
        return NULL;
    }
    struct reload_job *job = xcalloc(1, sizeof *job);
    *job = (struct reload_job){.wishes = {*w, *w}, .two = two, .before = before, .known = known,
        .context = context, .settings = *settings, .signal = {-1, -1}};
    for (int i = 0; two && i < 2; i++) {
        job->wishes[i].paths += 1 - i;
        job->wishes[i].path_count = 1;
    }
    job->settings.progress = reload_tell;
    job->settings.context = job;
    job->settings.stop = &job->stop;
    pthread_mutex_init(&job->lock, NULL);
    if (!system_pipe(job->signal, true))
        job->signal[0] = job->signal[1] = -1;
    job->has_thread = job->signal[0] >= 0 && pthread_create(&job->thread, NULL, reload_run, job) == 0;
    if (job->has_thread)
        return job;
    end(job); /* reading on the screen's thread could not be cancelled */
    error_set(err, "cannot read again: the system has no free thread");
    return NULL;
}

int reload_descriptor(const struct reload_job *job)
{
    return job->signal[0];
}

bool reload_poll(struct reload_job *job)
{
    char bytes[64];
    while (job->signal[0] >= 0 && read(job->signal[0], bytes, sizeof bytes) > 0)
        ;
    pthread_mutex_lock(&job->lock);
    bool is_done = job->is_done;
    pthread_mutex_unlock(&job->lock);
    return !is_done;
}

void reload_progress(struct reload_job *job, struct buffer *b)
{
    pthread_mutex_lock(&job->lock);
    if (!job->is_fetching)
        buffer_puts(b, "reading again");
    else
        buffer_printf(b, "fetching: %zu of %zu done, ", job->done, job->of);
    if (job->failed)
        buffer_printf(b, "%zu failed, ", job->failed);
    buffer_puts(b, job->latest);
    pthread_mutex_unlock(&job->lock);
}

bool reload_take(struct reload_job *job, struct reload *r, const struct report *old, const struct reload_time *time,
    struct error *err)
{
    if (job->has_thread)
        pthread_join(job->thread, NULL);
    job->has_thread = false;
    bool ok = job->ok, two = job->two;
    *r = job->reload;
    *err = job->err;
    end(job);
    r->own_time = r->obtained.own_time;
    struct load_time other = r->older_inputs.own_time;
    if (!ok)
        return false;
    r->report.as_of = time->given ? time->given_time : r->own_time.known ? r->own_time.at : time->now;
    r->as_of_why = time->given ? "--as-of" : r->own_time.known ? r->own_time.why : "now";
    r->report.as_of_why = r->as_of_why;
    r->report.account_names = old->account_names;
    if (two) {
        r->older.as_of = !time->given && other.known ? other.at : r->report.as_of;
        r->older.as_of_why = !time->given && other.known ? other.why : r->as_of_why;
        r->older.account_names = old->account_names;
        review_tell(&r->older);
    }
    review_tell(&r->report);
    r->old = two ? &r->older : old;
    return true;
}

bool reload_step(struct reload *r, const struct audit *audit)
{
    /* the newer one last, because names in rules stay bound to the report judged last */
    struct report *reports[] = {&r->report, &r->older};
    struct turn turn;
    struct cancel_token *p = turn_begin(&turn, NULL);
    for (size_t i = sizeof reports / sizeof(struct report *); i-- > 0;) {
        size_t before = r->audited[i];
        r->audited[i] = audit_run_part(audit, reports[i], before, reports[i]->row_count, p);
        if (r->audited[i] > before)
            return true;
    }
    if (!r->diff.changes.old)
        diff_begin(&r->diff, r->old, &r->report);
    return diff_step(&r->diff, audit, p);
}

void reload_audit_again(struct reload *r)
{
    memset(r->audited, 0, sizeof r->audited);
    r->report.has_stale_times = true;
    diff_free(&r->diff);
}

bool reload_is_compared(const struct reload *r)
{
    return r->diff.changes.old && !r->diff.work;
}

unsigned reload_percent(const struct reload *r)
{
    return r->diff.changes.old ? diff_percent(&r->diff) : 0;
}

void reload_abandon(struct reload_job *job)
{
    if (!job)
        return;
    atomic_store(&job->stop, true);
    if (job->has_thread)
        pthread_join(job->thread, NULL);
    job->has_thread = false;
    struct reload r = job->reload;
    reload_free(&r);
    end(job);
}

void reload_free(struct reload *r)
{
    diff_free(&r->diff);
    report_free(&r->report);
    report_free(&r->older);
    inputs_free(&r->obtained);
    inputs_free(&r->older_inputs);
    context_free(r->context);
    for (size_t i = 0; i < r->between_count; i++)
        report_free(&r->between[i].report);
    free(r->between);
}

void reload_summary(struct buffer *b, const struct reload *r)
{
    const struct report *old = r->diff.changes.old;
    if (r->obtained.kept)
        buffer_printf(b, "reloaded, except %zu unreadable report%s: ", r->obtained.kept,
            r->obtained.kept == 1 ? "" : "s");
    else
        buffer_puts(b, "reloaded: ");
    if (r->obtained.fetched && r->own_time.known && r->diff.changes.count == 0 && r->own_time.at == old->as_of)
        buffer_puts(b, "still the same report: AWS keeps one for four hours");
    else
        change_summary(b, &r->diff.changes);
    if (r->obtained.failed > r->obtained.kept)
        buffer_printf(b, "; %zu could not be read", r->obtained.failed - r->obtained.kept);
}
