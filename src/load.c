/* One thread reads and parses, chunk by chunk; another publishes what is ready between two of its own steps. */
#include "load.h"

#include "envelope.h"
#include "parse.h"
#include "source.h"
#include "stamp.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FIRST_CHUNK = 1 << 16, /* bytes: a screen of rows, and enough to tell what it is */
    CHUNK = 1 << 24,
    FIRST_ROOM = 1 << 20,  /* for a pipe, whose size is not known */
    LONG_ROW = 1 << 20,
    PATIENCE = 100,        /* milliseconds between two looks at whether to stop */
};

/* Something to be published: rows, and before them perhaps the file that they are of. */
struct ready {
    const struct parse *opened; /* a new file, or NULL */
    struct report_batch batch;
    const char *remark;         /* what was wrong with its envelope, or NULL; owned */
};

struct load {
    struct report *report;
    char *const *paths;
    size_t count;
    struct parse *parses;       /* one a file */
    size_t opened;              /* files that turned out to be reports */
    size_t next_row;
    pthread_t thread;
    bool has_thread;
    int signal[2];              /* a pipe: a byte is in it when something is ready */

    pthread_mutex_t lock;       /* for all below */
    struct ready *ready;
    size_t ready_count;
    bool stop, is_done, has_failed;
    struct load_progress progress;
    struct load_time own;
    struct error err;
};

void load_time_take(struct load_time *t, int64_t at, const char *why)
{
    if (!t->known || at > t->at)
        *t = (struct load_time){true, at, why};
}

static void notify(struct load *l)
{
    ssize_t ignored = write(l->signal[1], "", 1); /* when the pipe is full, it can be read */
    (void)ignored;
}

static bool is_stopped(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    bool stop = l->stop;
    pthread_mutex_unlock(&l->lock);
    return stop;
}

static void add_progress(struct load *l, uint64_t bytes, uint64_t total)
{
    pthread_mutex_lock(&l->lock);
    l->progress.bytes += bytes;
    l->progress.total += total;
    pthread_mutex_unlock(&l->lock);
}

/* Hand over what P has found so far. */
static void hand_over(struct load *l, struct parse *p, bool *is_new, const char *remark)
{
    if (!p->has_header)
        return;
    pthread_mutex_lock(&l->lock);
    l->ready = xrealloc(l->ready, l->ready_count + 1, sizeof *l->ready);
    l->ready[l->ready_count++] = (struct ready){*is_new ? p : NULL, p->batch, remark};
    pthread_mutex_unlock(&l->lock);
    p->batch = (struct report_batch){0};
    *is_new = false;
    notify(l);
}

static void take_own_time(struct load *l, int64_t at, const char *why)
{
    pthread_mutex_lock(&l->lock);
    load_time_take(&l->own, at, why);
    pthread_mutex_unlock(&l->lock);
}

/* ---- one file ---- */

struct file {
    struct source source;
    const char *name;
    size_t segment;
    size_t have, used; /* bytes in the segment, and how many of them are parsed */
};

static struct report_segment *segment_of(struct load *l, struct file *f)
{
    return &l->report->segments[f->segment];
}

static void take_name_time(struct load *l, const struct file *f)
{
    int64_t t;
    if (stamp_in_file_name(slice_of(f->name), &t))
        take_own_time(l, t, "file name");
}

/* Room for SIZE more bytes after those that are not parsed yet, which move along. */
static bool make_room(struct load *l, struct file *f, size_t size, struct error *err)
{
    size_t rest = f->have - f->used;
    size_t segment = report_add_segment(l->report, rest + size);
    if (!l->report->segments[segment].data)
        return error_set(err, "%s: too many files and too much text; open fewer reports", f->name);
    if (rest)
        memcpy(l->report->segments[segment].data, segment_of(l, f)->data + f->used, rest);
    f->segment = segment;
    f->have = rest;
    f->used = 0;
    return true;
}

/* A pipe may stay silent for ever, but load_stop is not to wait that long: false when it came first. */
static bool wait_for_input(struct load *l, const struct source *s)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    while (l->has_thread && !s->size && poll(&p, 1, PATIENCE) == 0) {
        if (is_stopped(l))
            return false;
    }
    return true;
}

/* Whether what has been read takes all the memory it may: its text, and a row's place in a block and a list of lines. */
static bool is_too_much(const struct load *l, size_t more)
{
    enum { ROW_BYTES = sizeof(struct report_block) / BLOCK_ROWS + sizeof(struct line_mark) };
    size_t rows = l->opened ? l->parses[l->opened - 1].row : l->next_row;
    return l->report->text_end + more + (uint64_t)rows * ROW_BYTES > source_limit();
}

/* Read up to WANTED bytes more; none when the load has been stopped. */
static bool read_more(struct load *l, struct file *f, size_t wanted, bool *is_end, struct error *err)
{
    size_t room = segment_of(l, f)->size - f->have;
    if (!room) {
        size_t size = segment_of(l, f)->size * 2;
        size = size > (size_t)CHUNK * 4 ? (size_t)CHUNK * 4 : size;
        if (is_too_much(l, size))
            return source_is_too_long(f->name, err);
        if (!make_room(l, f, size, err))
            return false;
        room = segment_of(l, f)->size - f->have;
    }
    size_t got = 0;
    if (!wait_for_input(l, &f->source))
        return true;
    bool ok = source_fill(&f->source, segment_of(l, f)->data + f->have, wanted < room ? wanted : room, &got, is_end, err);
    f->have += got;
    add_progress(l, got, 0);
    return ok;
}

static bool parse_chunks(struct load *l, struct file *f, struct parse *p, bool is_end, struct error *err)
{
    bool is_new = true;
    size_t chunk = FIRST_CHUNK;
    take_name_time(l, f);
    for (;;) {
        size_t used;
        if (!parse_text(p, f->segment, f->used, f->have, is_end, &used, err))
            return false;
        f->used += used;
        hand_over(l, p, &is_new, NULL);
        if (is_end || is_stopped(l))
            return true;
        chunk = chunk < CHUNK ? chunk * 4 : CHUNK;
        /* a long row is not looked at again for each few bytes more of it */
        size_t rest = f->have - f->used, wanted = !used && rest > LONG_ROW ? rest * 2 : rest + 1;
        while (!is_end && f->have - f->used < wanted) {
            if (!read_more(l, f, chunk, &is_end, err))
                return false;
            if (is_stopped(l))
                return true;
        }
    }
}

/* What is wrapped has to be read whole. */
static bool parse_envelope(struct load *l, struct file *f, struct parse *p, bool is_end, struct error *err)
{
    while (!is_end) {
        if (is_stopped(l))
            return error_set(err, "%s: stopped before it was read", f->name);
        if (!read_more(l, f, CHUNK, &is_end, err))
            return false;
    }
    struct envelope e;
    bool is_new = true;
    size_t used, segment;
    bool ok = envelope_open((struct slice){segment_of(l, f)->data, f->have}, f->name, &e, err);
    if (ok) {
        segment = report_add_segment(l->report, e.csv.len);
        ok = l->report->segments[segment].data || error_set(err, "%s: too many files", f->name);
    }
    if (ok) {
        if (e.csv.len)
            memcpy(l->report->segments[segment].data, e.csv.data, e.csv.len);
        ok = parse_text(p, segment, 0, e.csv.len, true, &used, err);
    }
    if (ok) {
        hand_over(l, p, &is_new, e.problem[0] ? xstrdup(e.problem) : NULL);
        if (e.generated_known)
            take_own_time(l, e.generated, "report");
        else
            take_name_time(l, f);
    }
    envelope_free(&e);
    return ok;
}

/* What a file is shows in its first line that is not blank. */
static bool is_enough(struct slice start)
{
    size_t i = 0;
    while (i < start.len && strchr(" \t\r\n", start.data[i]) && start.data[i])
        i++;
    return start.len >= FIRST_CHUNK || (i < start.len && memchr(start.data + i, '\n', start.len - i));
}

/* The first bytes are there: as they are, or in an envelope? */
static bool parse_file(struct load *l, struct file *f, struct error *err)
{
    bool is_end = false;
    struct parse *p = &l->parses[l->opened];
    while (!is_end && !is_enough((struct slice){segment_of(l, f)->data, f->have})) {
        if (is_stopped(l))
            return error_set(err, "%s: stopped before it was read", f->name);
        if (!read_more(l, f, FIRST_CHUNK - f->have, &is_end, err))
            return false;
    }
    parse_start(p, l->report, f->name, l->opened++, l->next_row);
    bool is_plain = envelope_is_none((struct slice){segment_of(l, f)->data, f->have});
    bool ok = is_plain ? parse_chunks(l, f, p, is_end, err) : parse_envelope(l, f, p, is_end, err);
    l->next_row = p->row;
    return ok;
}

/* Two ends of a pipe that nobody waits for. */
static bool open_signal(int *ends)
{
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static bool load_path(struct load *l, const char *path, struct error *err)
{
    struct file f = {.name = strcmp(path, "-") == 0 ? "(stdin)" : path};
    if (!source_open(&f.source, path, err))
        return false;
    if (is_too_much(l, f.source.size)) {
        source_close(&f.source);
        return source_is_too_long(f.name, err);
    }
    f.segment = report_add_segment(l->report, f.source.size ? f.source.size : FIRST_ROOM);
    add_progress(l, 0, f.source.size);
    bool ok = (segment_of(l, &f)->data || error_set(err, "%s: too many files; open fewer reports", f.name))
        && parse_file(l, &f, err);
    source_close(&f.source);
    return ok;
}

/* ---- all of them ---- */

static void *run(void *context)
{
    struct load *l = context;
    struct error err;
    bool ok = true;
    for (size_t i = 0; ok && i < l->count && !is_stopped(l); i++)
        ok = load_path(l, l->paths[i], &err);
    pthread_mutex_lock(&l->lock);
    l->has_failed = !ok;
    if (!ok)
        l->err = err;
    l->progress.is_stopped = l->stop && ok;
    l->is_done = true;
    pthread_mutex_unlock(&l->lock);
    notify(l);
    return NULL;
}

static struct load *load_new(struct report *r, char *const *paths, size_t count)
{
    struct load *l = xcalloc(1, sizeof *l);
    report_init(r);
    *l = (struct load){.report = r, .paths = paths, .count = count, .opened = r->file_count, .next_row = r->row_count,
        .signal = {-1, -1}};
    l->parses = xcalloc(r->file_count + count, sizeof *l->parses);
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

struct load *load_start(struct report *r, char *const *paths, size_t count)
{
    struct load *l = load_new(r, paths, count);
    l->has_thread = open_signal(l->signal) && pthread_create(&l->thread, NULL, run, l) == 0;
    if (!l->has_thread)
        run(l); /* no thread to be had: then at once */
    return l;
}

void load_free(struct load *l)
{
    if (!l)
        return;
    load_stop(l);
    if (l->has_thread)
        pthread_join(l->thread, NULL);
    load_poll(l);
    for (size_t i = 0; i < l->opened; i++)
        parse_end(&l->parses[i]);
    for (int i = 0; i < 2; i++) {
        if (l->signal[i] >= 0)
            close(l->signal[i]);
    }
    pthread_mutex_destroy(&l->lock);
    free(l->parses);
    free(l->ready);
    free(l);
}

bool load_poll(struct load *l)
{
    char bytes[64];
    while (l->signal[0] >= 0 && read(l->signal[0], bytes, sizeof bytes) > 0)
        ;
    pthread_mutex_lock(&l->lock);
    struct ready *ready = l->ready;
    size_t count = l->ready_count;
    bool is_done = l->is_done;
    l->ready = NULL;
    l->ready_count = 0;
    for (size_t i = 0; i < count; i++) { /* under the lock: the dictionaries grow under it too */
        if (ready[i].opened)
            report_publish_file(l->report, ready[i].opened->name, &ready[i].opened->header);
        report_publish(l->report, &ready[i].batch);
        if (ready[i].remark)
            report_add_problem(l->report, l->report->file_count - 1, 1, "%s", ready[i].remark);
        free((char *)(uintptr_t)ready[i].remark);
    }
    pthread_mutex_unlock(&l->lock);
    free(ready);
    return !is_done;
}

void load_wait(struct load *l, int milliseconds)
{
    struct pollfd p = {.fd = l->signal[0], .events = POLLIN};
    if (l->signal[0] >= 0)
        poll(&p, 1, milliseconds);
}

int load_descriptor(const struct load *l)
{
    return l->signal[0];
}

void load_stop(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_mutex_unlock(&l->lock);
}

struct load_progress load_progress(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    struct load_progress progress = l->progress;
    pthread_mutex_unlock(&l->lock);
    return progress;
}

bool load_succeeded(const struct load *l, struct error *err)
{
    if (l->has_failed)
        *err = l->err;
    return !l->has_failed;
}

struct load_time load_own_time(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    struct load_time own = l->own;
    pthread_mutex_unlock(&l->lock);
    return own;
}

bool load_all(struct report *r, char *const *paths, size_t count, struct load_time *own, struct error *err)
{
    struct load *l = load_new(r, paths, count);
    run(l);
    bool ok = load_succeeded(l, err);
    if (ok)
        load_poll(l);
    if (l->own.known)
        load_time_take(own, l->own.at, l->own.why);
    load_free(l);
    return ok;
}

bool load_bytes(struct report *r, const char *name, struct slice bytes, struct load_time *own, struct error *err)
{
    struct envelope e = {0};
    int64_t t;
    bool ok = envelope_open(bytes, name, &e, err) && parse_report(r, name, e.csv, err);
    if (ok && e.problem[0])
        report_add_problem(r, r->file_count - 1, 1, "%s", e.problem);
    if (ok && e.generated_known)
        load_time_take(own, e.generated, "report");
    else if (ok && stamp_in_file_name(slice_of(name), &t))
        load_time_take(own, t, "file name");
    envelope_free(&e);
    return ok;
}
