/* What goes on with an account, whichever the way: generate, wait, get, with retries and an end to the patience. */
#include "fetch/ask.h"

#include "base/system.h"
#include "aws/aws_error.h"
#include "base/wipe.h"
#include "fetch/credentials.h"

#include <config.h>
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <time.h>
#include <unistd.h>

#ifdef WITH_API
#include "fetch/http.h"
#endif

static int64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void sleep_for(int64_t ms)
{
    struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    while (nanosleep(&t, &t) != 0 && errno == EINTR)
        continue;
}

const struct fetch_settings fetch_defaults = {
    .patience = 5 * 60 * 1000, .poll = 500, .poll_max = 5000, .backoff = 500, .backoff_max = 20000, .tries = 6,
    .request = 60000, .metadata = 1000, .command = 120000, .parallel = 8, .clock = clock_now, .pause = sleep_for,
};

bool fetch_is_stopped(const struct fetch_settings *settings)
{
    return settings->stop && atomic_load(settings->stop);
}

/* ---- answers and effort ---- */

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

static bool effort_pause(struct effort *e, int64_t ms)
{
    int64_t left = e->settings->patience - (e->settings->clock() - e->start);
    if (left <= 0)
        return false;
    /* in pieces, for somebody may give up meanwhile */
    int64_t piece = e->settings->stop ? 100 : ms;
    for (ms = ms < left ? ms : left; ms > 0 && !fetch_is_stopped(e->settings); ms -= piece)
        e->settings->pause(ms < piece ? ms : piece);
    return !fetch_is_stopped(e->settings);
}

/* A wait of anything between half of MOST and all of it, so that many accounts do not come back at once. */
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
    return effort_pause(e, jittered(most < e->settings->backoff_max ? most : e->settings->backoff_max));
}

bool effort_wait(struct effort *e)
{
    int64_t ms = e->poll;
    e->poll = ms + ms / 2 < e->settings->poll_max ? ms + ms / 2 : e->settings->poll_max;
    return effort_pause(e, ms);
}

/* ---- one account ---- */

/* What all the accounts share. */
struct fetching {
    struct fetch_settings settings; /* with PROGRESS behind the lock */
    const struct fetch_settings *given;
    struct fetch_target *targets;
    size_t count, next, done;
    pthread_mutex_t lock;          /* of NEXT and DONE */
    pthread_mutex_t progress_lock;
    pthread_mutex_t base_lock;     /* of the credentials that roles are taken on with: had once for all */
    bool base_had;
    struct credentials_search base;
    struct error base_error;
};

static void tell(void *context, const struct fetch_target *target, const char *what)
{
    struct fetching *f = context;
    if (!f->given->progress)
        return;
    pthread_mutex_lock(&f->progress_lock);
    f->given->progress(f->given->context, target, what);
    pthread_mutex_unlock(&f->progress_lock);
}

static void say(struct way *w, const char *what)
{
    w->settings->progress(w->settings->context, w->target, what);
}

struct errand {
    struct way *way;
    struct effort effort;
    struct answer answer;
    unsigned made;       /* reports asked for */
    bool refused;        /* Generate was denied; perhaps there is a report all the same */
    struct error refusal;
};

enum step { STEP_GENERATE, STEP_GET, STEP_DONE, STEP_FAILED };

static enum step out_of_patience(struct errand *e, struct error *err)
{
    const struct fetch_settings *s = e->way->settings;
    error_set(err, "%s: no report after %lld s: AWS is still making it; try again later, or with a longer --patience",
        e->way->target->name, (long long)((s->clock() - e->effort.start) / 1000));
    return STEP_FAILED;
}

/* Something failed that may work later. */
static enum step again(struct errand *e, enum step step, const char *operation, struct error *err)
{
    struct error why;
    struct buffer text = {0};
    buffer_printf(&text, "trying again: %s",
        e->answer.kind == ANSWER_AWS_ERROR ? e->answer.code : e->answer.why.text);
    if (e->effort.failures + 1 < e->way->settings->tries)
        say(e->way, text.data);
    buffer_free(&text);
    if (effort_back_off(&e->effort))
        return step;
    answer_explain(&e->answer, e->way->target->name, operation, &why);
    error_set(err, "%s; gave up after %u tries", why.text, e->effort.failures);
    return STEP_FAILED;
}

static enum step generate(struct errand *e, struct error *err)
{
    static const char operation[] = "GenerateCredentialReport";
    struct answer *a = &e->answer;
    e->way->ask(e->way, operation, a);
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
        say(e->way, a->kind == ANSWER_YES ? a->state : a->code);
        return effort_wait(&e->effort) ? STEP_GENERATE : out_of_patience(e, err);
    }
    answer_explain(a, e->way->target->name, operation, err);
    /* one who may read but not have it made gets the report that somebody else had made */
    if (strncmp(a->code, "AccessDenied", 12) != 0 || e->refused)
        return STEP_FAILED;
    e->refused = true;
    e->refusal = *err;
    return STEP_GET;
}

static enum step get(struct errand *e, struct error *err)
{
    static const char operation[] = "GetCredentialReport";
    struct answer *a = &e->answer;
    e->way->ask(e->way, operation, a);
    enum aws_next next = a->kind == ANSWER_AWS_ERROR ? aws_error_next(slice_of(a->code)) : AWS_GIVE_UP;
    if (a->kind == ANSWER_YES)
        return STEP_DONE;
    if (a->kind == ANSWER_TRANSIENT || next == AWS_BACK_OFF)
        return again(e, STEP_GET, operation, err);
    if (next == AWS_WAIT) {
        say(e->way, a->code);
        return effort_wait(&e->effort) ? STEP_GET : out_of_patience(e, err);
    }
    if (next == AWS_GENERATE && e->refused) {
        *err = e->refusal;
        return STEP_FAILED;
    }
    if (next == AWS_GENERATE && e->made < 3) {
        say(e->way, a->code);
        return effort_wait(&e->effort) ? STEP_GENERATE : out_of_patience(e, err);
    }
    answer_explain(a, e->way->target->name, operation, err);
    return STEP_FAILED;
}

static bool run_errand(struct way *way, struct buffer *bytes, struct error *err)
{
    struct errand e = {.way = way};
    enum step step = STEP_GENERATE;
    effort_start(&e.effort, way->settings);
    say(way, "asking");
    while (step == STEP_GENERATE || step == STEP_GET) {
        answer_free(&e.answer);
        if (fetch_is_stopped(way->settings)) {
            step = STEP_FAILED;
            error_set(err, "%s: given up", way->target->name);
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

#ifdef WITH_API
static bool find_base(struct fetching *f, const struct fetch_target *t, struct credentials_search *out,
    struct error *err)
{
    if (!t->role_arn)
        return credentials_find(&f->settings, t->profile, t->name, out, err);
    /* the targets with a role have one profile: what it takes to sign in is not asked of a person twenty times */
    pthread_mutex_lock(&f->base_lock);
    if (!f->base_had)
        credentials_find(&f->settings, t->profile, t->profile ? t->profile : "credentials", &f->base, &f->base_error);
    f->base_had = true;
    *out = f->base;
    *err = f->base_error;
    pthread_mutex_unlock(&f->base_lock);
    return out->found == CREDENTIALS_FOUND;
}

static bool choose_way(struct fetching *f, struct way *way, const struct fetch_target *t, struct error *err)
{
    if (f->settings.via == FETCH_VIA_CLI)
        return aws_cli_open(way, &f->settings, t, err);
    struct credentials_search search;
    bool ok = find_base(f, t, &search, err);
    if (ok)
        ok = api_open(way, &f->settings, t, &search.credentials, err);
    else if (f->settings.via == FETCH_VIA_AUTO && search.found != CREDENTIALS_BROKEN && aws_cli_found())
        ok = aws_cli_open(way, &f->settings, t, err);
    credentials_wipe(&search);
    return ok;
}
#else
static bool choose_way(struct fetching *f, struct way *way, const struct fetch_target *t, struct error *err)
{
    if (f->settings.via == FETCH_VIA_API)
        return error_set(err, "%s: this ncred was built without the API (--without-api); use --via cli", t->name);
    return aws_cli_open(way, &f->settings, t, err);
}
#endif

bool fetch_has_api(void)
{
#ifdef WITH_API
    return true;
#else
    return false;
#endif
}

/* ---- side by side ---- */

static void *work(void *context)
{
    struct fetching *f = context;
    for (;;) {
        pthread_mutex_lock(&f->lock);
        size_t i = f->next < f->count ? f->next++ : f->count;
        pthread_mutex_unlock(&f->lock);
        if (i == f->count)
            return NULL;
        struct fetch_target *t = &f->targets[i];
        struct way way = {0};
        error_set(&t->error, "%s: given up", t->name);
        t->done = !fetch_is_stopped(&f->settings) && choose_way(f, &way, t, &t->error)
            && run_errand(&way, &t->bytes, &t->error);
        wipe_credentials(&way.credentials);
        tell(f, t, t->done ? "done" : "failed");
        pthread_mutex_lock(&f->lock);
        f->done += t->done;
        pthread_mutex_unlock(&f->lock);
    }
}

/* A limit of 0 does not hold where cores go to a program; a process that is not dumpable leaves none there either. */
static void leave_no_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

size_t fetch_run(const struct fetch_settings *settings, struct fetch_target *targets, size_t count)
{
    leave_no_core();
    /* jansson reads credentials too; no JSON of before is around */
    json_set_alloc_funcs(wipe_malloc, wipe_free);
    struct fetching f = {.settings = *settings, .given = settings, .targets = targets, .count = count,
        .lock = PTHREAD_MUTEX_INITIALIZER, .progress_lock = PTHREAD_MUTEX_INITIALIZER,
        .base_lock = PTHREAD_MUTEX_INITIALIZER};
    for (size_t i = 0; i < count; i++)
        targets[i].of = count;
    f.settings.progress = tell;
    f.settings.context = &f;
#ifdef WITH_API
    http_start();
#endif
    size_t n = settings->parallel < count ? settings->parallel : count, started = 0;
    pthread_t *threads = xcalloc(n, sizeof *threads);
    /* this thread works too, and alone when no other can be had */
    while (started + 1 < n && pthread_create(&threads[started], NULL, work, &f) == 0)
        started++;
    work(&f);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    credentials_wipe(&f.base);
#ifdef WITH_API
    http_end();
#endif
    return f.done;
}

void fetch_free(struct fetch_target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_free(&targets[i].bytes);
}
