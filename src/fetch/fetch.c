/* Fetching one account by either way: generate, wait, get, with retries until patience ends; and many in threads. */
#include "fetch/fetch.h"

#include "aws/aws_error.h"
#include "base/wipe.h"
#include "fetch/api.h"
#include "fetch/aws_cli.h"
#include "fetch/credentials.h"
#include "fetch/extras.h"
#include "fetch/spawn.h"

#include <config.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#ifdef WITH_API
#include "fetch/http.h"
#endif

/* ---- one account ---- */

/* What the threads of one fetch_run() share. */
struct fetching {
    struct fetch_settings settings; /* a copy of given, whose progress is tell_target() */
    const struct fetch_settings *given;
    struct fetch_target *targets;
    size_t count, next, done;
    pthread_mutex_t lock;          /* for next and done */
    pthread_mutex_t progress_lock;
    pthread_mutex_t base_lock;     /* for the following: the credentials that all roles are assumed with, found once */
    bool base_had;
    struct credentials_search base;
    struct error base_error;
    struct spawn_watch watch;
};

static void tell_target(void *context, const struct fetch_target *target, enum fetch_event event, const char *what)
{
    struct fetching *f = context;
    if (!f->given->progress)
        return;
    pthread_mutex_lock(&f->progress_lock);
    f->given->progress(f->given->context, target, event, what);
    pthread_mutex_unlock(&f->progress_lock);
}

static void say(struct way *w, enum fetch_event event, const char *what)
{
    w->settings->progress(w->settings->context, w->target, event, what);
}

/* One account on its way from the first request to the report. */
struct errand {
    struct way *way;
    struct effort effort;
    struct answer answer;
    unsigned made;       /* how often AWS said that the report is made */
    bool refused;        /* Generate was denied; there may be a report that somebody else had made */
    struct error refusal;
};

enum fetch_step { STEP_GENERATE, STEP_GET, STEP_DONE, STEP_FAILED };

static enum fetch_step out_of_patience(struct errand *e, struct error *err)
{
    const struct fetch_settings *s = e->way->settings;
    error_set(err, "%s: no report after %lld s: AWS is still making it; try again later, or with a longer --patience",
        e->way->target->name, (long long)((s->clock() - e->effort.start) / 1000));
    return STEP_FAILED;
}

/* A request failed in a way that may pass: wait and return STEP, or fail with the reason. */
static enum fetch_step again(struct errand *e, enum fetch_step step, const char *operation, struct error *err)
{
    struct error why;
    struct buffer text = {0};
    buffer_printf(&text, "trying again: %s",
        e->answer.kind == ANSWER_AWS_ERROR ? e->answer.code : e->answer.why.text);
    if (e->effort.failures + 1 < e->way->settings->tries && fetch_time_left(e->way->settings) > 0)
        say(e->way, FETCH_WAITING, text.data);
    buffer_free(&text);
    if (effort_back_off(&e->effort))
        return step;
    answer_explain(&e->answer, e->way->target->name, operation, &why);
    if (fetch_time_left(e->way->settings) <= 0)
        error_set(err, "%s; the time of --patience is over", why.text);
    else
        error_set(err, "%s; gave up after %u tries", why.text, e->effort.failures);
    return STEP_FAILED;
}

static enum fetch_step generate(struct errand *e, struct error *err)
{
    static const char operation[] = "GenerateCredentialReport";
    struct answer *a = &e->answer;
    e->way->ask(e->way, &(struct question){.action = operation}, a);
    enum aws_next next = a->kind == ANSWER_AWS_ERROR ? aws_error_next(slice_of(a->code)) : AWS_GIVE_UP;
    if (a->kind == ANSWER_TRANSIENT || next == AWS_BACK_OFF)
        return again(e, STEP_GENERATE, operation, err);
    if (a->kind == ANSWER_YES)
        e->effort.failures = 0;
    if (a->kind == ANSWER_YES && strcmp(a->state, "COMPLETE") == 0) {
        e->made++;
        return STEP_GET;
    }
    if (a->kind == ANSWER_YES || next == AWS_WAIT) {
        say(e->way, FETCH_WAITING, a->kind == ANSWER_YES ? a->state : a->code);
        return effort_wait(&e->effort) ? STEP_GENERATE : out_of_patience(e, err);
    }
    answer_explain(a, e->way->target->name, operation, err);
    /* the caller may be allowed to read a report that somebody else had made */
    if (strncmp(a->code, "AccessDenied", 12) != 0 || e->refused)
        return STEP_FAILED;
    e->refused = true;
    e->refusal = *err;
    return STEP_GET;
}

static enum fetch_step get(struct errand *e, struct error *err)
{
    static const char operation[] = "GetCredentialReport";
    struct answer *a = &e->answer;
    e->way->ask(e->way, &(struct question){.action = operation}, a);
    enum aws_next next = a->kind == ANSWER_AWS_ERROR ? aws_error_next(slice_of(a->code)) : AWS_GIVE_UP;
    if (a->kind == ANSWER_YES)
        return STEP_DONE;
    if (a->kind == ANSWER_TRANSIENT || next == AWS_BACK_OFF)
        return again(e, STEP_GET, operation, err);
    if (next == AWS_WAIT) {
        say(e->way, FETCH_WAITING, a->code);
        return effort_wait(&e->effort) ? STEP_GET : out_of_patience(e, err);
    }
    if (next == AWS_GENERATE && e->refused) {
        *err = e->refusal;
        return STEP_FAILED;
    }
    if (next == AWS_GENERATE && e->made < 3) {
        say(e->way, FETCH_WAITING, a->code);
        return effort_wait(&e->effort) ? STEP_GENERATE : out_of_patience(e, err);
    }
    answer_explain(a, e->way->target->name, operation, err);
    return STEP_FAILED;
}

static bool run_errand(struct way *way, struct buffer *bytes, struct error *err)
{
    struct errand e = {.way = way};
    enum fetch_step step = STEP_GENERATE;
    effort_start(&e.effort, way->settings);
    say(way, FETCH_ASKING, "asking");
    while (step == STEP_GENERATE || step == STEP_GET) {
        answer_free(&e.answer);
        if (fetch_is_stopped(way->settings)) {
            step = STEP_FAILED;
            error_set(err, "%s: cancelled", way->target->name);
            break;
        }
        step = step == STEP_GENERATE ? generate(&e, err) : get(&e, err);
    }
    if (step == STEP_DONE) {
        *bytes = e.answer.body;
        e.answer.body = (struct buffer){0};
    }
    answer_free(&e.answer);
    return step == STEP_DONE;
}

/* ---- which way ---- */

/*
 * Find the credentials that roles are assumed with, with FIND, or return those found before: all targets with a role
 * have the same profile, and a person is not asked for an MFA code twenty times.
 */
static bool base_once(struct fetching *f, const struct fetch_settings *s, const struct fetch_target *t,
    bool (*find)(const struct fetch_settings *, const char *, const char *, struct credentials_search *,
        struct error *), struct credentials_search *out, struct error *err)
{
    pthread_mutex_lock(&f->base_lock);
    if (!f->base_had)
        find(s, t->profile, t->profile ? t->profile : "credentials", &f->base, &f->base_error);
    f->base_had = true;
    *out = f->base;
    *err = f->base_error;
    pthread_mutex_unlock(&f->base_lock);
    return out->found == CREDENTIALS_FOUND;
}

static bool open_cli(struct fetching *f, struct way *way, const struct fetch_settings *s, const struct fetch_target *t,
    struct error *err)
{
    struct credentials_search base = {0};
    if (!aws_cli_found())
        return error_set(err, "%s: the AWS CLI was not found on PATH: install it%s", t->name,
            fetch_has_api() ? ", or use --via api" : "");
    if (!t->role_arn)
        return aws_cli_open(way, s, t, &base.credentials, err);
    /* an aws command that cannot export its session caches it when the first role is assumed: one after the other */
    bool ok = base_once(f, s, t, aws_cli_credentials, &base, err) || base.found == CREDENTIALS_NONE;
    bool alone = ok && base.found == CREDENTIALS_NONE;
    if (alone)
        pthread_mutex_lock(&f->base_lock);
    ok = ok && aws_cli_open(way, s, t, &base.credentials, err);
    if (alone)
        pthread_mutex_unlock(&f->base_lock);
    credentials_search_wipe(&base);
    return ok;
}

#ifdef WITH_API
static bool open_api(struct fetching *f, struct way *way, const struct fetch_settings *s, struct fetch_target *t,
    struct error *err)
{
    struct credentials_search search;
    bool ok = t->role_arn ? base_once(f, s, t, credentials_find, &search, err)
                          : credentials_find(s, t->profile, t->name, &search, err);
    bool is_auto = s->via == FETCH_VIA_AUTO;
    if (ok) {
        memcpy(t->account, search.account, sizeof t->account);
        ok = api_open(way, s, t, &search.credentials, err);
    } else if (is_auto && search.found != CREDENTIALS_BROKEN && aws_cli_found()) {
        ok = open_cli(f, way, s, t, err);
    } else if (is_auto && search.found == CREDENTIALS_CLI_ONLY) {
        struct error why = *err;
        error_set(err, "%s; but the AWS CLI was not found on PATH: install it, or put the keys of a session into the "
            "environment", why.text);
    }
    credentials_search_wipe(&search);
    return ok;
}
#else
static bool open_api(struct fetching *f, struct way *way, const struct fetch_settings *s, struct fetch_target *t,
    struct error *err)
{
    if (s->via == FETCH_VIA_API)
        return error_set(err, "%s: this ncred was built without the API (--without-api); use --via cli", t->name);
    return open_cli(f, way, s, t, err);
}
#endif

static bool open_way(struct fetching *f, struct way *way, const struct fetch_settings *s, struct fetch_target *t,
    struct error *err)
{
    bool ok = s->via == FETCH_VIA_CLI ? open_cli(f, way, s, t, err) : open_api(f, way, s, t, err);
    if (t->role_arn)
        credentials_account(t->role_arn, t->account);
    return ok;
}

bool fetch_has_api(void)
{
#ifdef WITH_API
    return true;
#else
    return false;
#endif
}

/* ---- side by side ---- */

/*
 * Fetch what was asked for beside the report. Failures stay in the target's errors. Each part may take
 * settings.patience.
 */
static void fetch_extras(struct way *way, struct fetch_settings *s, struct fetch_target *t)
{
    if (s->details) {
        say(way, FETCH_ASKING, "asking for details");
        s->deadline = s->clock() + s->patience;
        extras_details(way, &t->details, &t->details_error);
    }
    if (s->key_ids) {
        say(way, FETCH_ASKING, "asking for access keys");
        s->deadline = s->clock() + s->patience;
        extras_keys(way, (struct slice){t->bytes.data, t->bytes.len}, &t->keys, &t->keys_error);
    }
    if (s->whose) {
        say(way, FETCH_ASKING, "asking whose the access key is");
        s->deadline = s->clock() + s->patience;
        extras_owner(way, s->whose, (struct slice){t->bytes.data, t->bytes.len}, &t->owner, &t->keys, &t->keys_error,
            &t->owner_error);
    }
}

static void tell_arrival(struct fetching *f, struct fetch_target *t, enum fetch_part part)
{
    if (!t->done || !f->given->arrived)
        return;
    pthread_mutex_lock(&f->progress_lock);
    f->given->arrived(f->given->context, t, part);
    pthread_mutex_unlock(&f->progress_lock);
}

static void fetch_one(struct fetching *f, struct fetch_target *t)
{
    struct fetch_settings settings = f->settings;
    struct way way = {0};
    settings.target = t;
    settings.deadline = settings.clock() + settings.patience;
    error_set(&t->error, "%s: cancelled", t->name);
    t->done = !fetch_is_stopped(&settings) && open_way(f, &way, &settings, t, &t->error)
        && run_errand(&way, &t->bytes, &t->error);
    /* at once: what comes beside it may take minutes, and be cancelled */
    tell_arrival(f, t, FETCH_REPORT);
    if (t->done && (settings.details || settings.key_ids || settings.whose)) {
        fetch_extras(&way, &settings, t);
        tell_arrival(f, t, FETCH_BESIDE);
    }
    aws_credentials_wipe(&way.credentials);
    tell_target(f, t, t->done ? FETCH_DONE : FETCH_FAILED, t->done ? "done" : "failed");
}

static void *work(void *context)
{
    struct fetching *f = context;
    for (;;) {
        pthread_mutex_lock(&f->lock);
        size_t i = f->next < f->count ? f->next++ : f->count;
        pthread_mutex_unlock(&f->lock);
        if (i == f->count)
            return NULL;
        fetch_one(f, &f->targets[i]);
        pthread_mutex_lock(&f->lock);
        f->done += f->targets[i].done;
        pthread_mutex_unlock(&f->lock);
    }
}

/* RLIMIT_CORE does not hold where cores are piped to a program (core(5)); that the process is not dumpable does. */
static void leave_no_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* Prepare F, and the process, for one fetch_run(); fetching_end() is its counterpart. */
static void fetching_begin(struct fetching *f, const struct fetch_settings *settings, struct fetch_target *targets,
    size_t count)
{
    leave_no_core();
    /* jansson reads credentials, too; nothing that it allocated earlier may be in use now */
    json_set_alloc_funcs(wipe_malloc, wipe_free);
    *f = (struct fetching){.settings = *settings, .given = settings, .targets = targets, .count = count,
        .lock = PTHREAD_MUTEX_INITIALIZER, .progress_lock = PTHREAD_MUTEX_INITIALIZER,
        .base_lock = PTHREAD_MUTEX_INITIALIZER};
    for (size_t i = 0; i < count; i++)
        targets[i].of = count;
    f->settings.progress = tell_target;
    f->settings.context = f;
    spawn_watch_begin(&f->watch);
#ifdef WITH_API
    http_start();
#endif
}

static void fetching_end(struct fetching *f)
{
    credentials_search_wipe(&f->base);
#ifdef WITH_API
    http_end();
#endif
    spawn_watch_end(&f->watch);
}

size_t fetch_run(const struct fetch_settings *settings, struct fetch_target *targets, size_t count)
{
    struct fetching f;
    fetching_begin(&f, settings, targets, count);
    size_t n = settings->parallel < count ? settings->parallel : count, started = 0;
    pthread_t *threads = xcalloc(n, sizeof *threads);
    /* this thread works, too; alone if no other can be created */
    while (started + 1 < n && pthread_create(&threads[started], NULL, work, &f) == 0)
        started++;
    work(&f);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    fetching_end(&f);
    return f.done;
}

void fetch_free(struct fetch_target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_free(&targets[i].bytes);
        buffer_free(&targets[i].details);
        buffer_free(&targets[i].keys);
    }
}
