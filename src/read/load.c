/*
 * One thread reads and parses chunk by chunk and queues finished batches; the thread that uses the report publishes
 * them in load_poll(). Without a thread both are done by the caller. The caller also reads the first chunk of a file,
 * which takes less time than being woken by a thread; and if that fills a screen, the thread starts only when
 * load_poll() finds nothing else to do, so that it does not compete with drawing the first rows.
 */
#include "read/load.h"

#include "read/envelope.h"
#include "base/gunzip.h"
#include "read/parse.h"
#include "base/source.h"
#include "base/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_CHUNK = 1 << 15, /* bytes: enough for a screen of rows */
    KIND_MAX = 1 << 16,    /* bytes that are searched for what shows the kind of file */
    CHUNK = 1 << 24,
    FIRST_ROOM = 1 << 20,  /* bytes, for a pipe, whose size is unknown */
    PATIENCE = 100,        /* milliseconds between two checks whether to stop */
    AT_ONCE = 1 << 16,     /* inputs of up to this many bytes in total are read by load_start() itself */
    PASSING_CHUNK = 1 << 22, /* bytes of the only buffer of load_passing(): so few that they stay in the cache */
    PASSING_LITTLE = 1 << 18, /* the same for smaller files: so few that no thread is started */
    WRAPPED_MAX = 1 << 28, /* largest input that has to be read whole */
};

/* A queued batch: rows, and the file that they belong to if it is a new one. */
struct ready {
    const struct parse *opened; /* the parser of a new file; NULL if the file has been published */
    struct report_batch batch;
    const char *remark;         /* owned: what was odd about its envelope, or NULL */
};

struct load {
    struct report *report;
    const struct load_input *inputs;
    struct load_result *results; /* owned: one per input */
    size_t count;
    const atomic_bool *outer_stop; /* see load_all(); NULL if only STOP counts */
    struct parse *parses;       /* owned: one per file of the report */
    size_t first, opened;       /* files from FIRST to OPENED were recognized as reports by this load */
    size_t next_row;
    struct file *begun;         /* owned: the first input, when load_start() has read its first rows; otherwise NULL */
    pthread_t thread;
    bool has_thread;            /* the thread must be joined; the thread itself must not read this */
    bool is_held;               /* the thread starts when load_poll() has nothing to publish */
    bool is_behind;             /* a thread reads, which may be stopped while it waits; set before the thread starts */
    int signal[2];              /* a pipe that holds a byte when something is queued; -1 without a thread */
    load_take *take; /* receives each batch, whose text is then dropped; NULL: batches are queued for load_poll() */
    void *take_context;

    pthread_mutex_t lock;       /* protects all members below */
    struct ready *ready;
    size_t ready_count;
    bool stop, is_done, has_failed;
    struct load_progress progress;
    struct load_time own_time;
    struct error err;
};

void load_time_take(struct load_time *t, int64_t at, const char *why)
{
    if (!t->known || at > t->at)
        *t = (struct load_time){true, at, why};
}

static void load_notify(struct load *l)
{
    if (l->signal[1] < 0) /* nobody waits if there is no thread */
        return;
    ssize_t ignored = write(l->signal[1], "", 1); /* if the pipe is full, it is readable anyway */
    (void)ignored;
}

static bool is_stopped(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    bool stop = l->stop;
    pthread_mutex_unlock(&l->lock);
    return stop || (l->outer_stop && atomic_load(l->outer_stop));
}

static void add_progress(struct load *l, uint64_t bytes, uint64_t total)
{
    pthread_mutex_lock(&l->lock);
    l->progress.bytes += bytes;
    l->progress.total += total;
    pthread_mutex_unlock(&l->lock);
}

/* ---- one file ---- */

struct file {
    struct source source;
    const char *name;
    struct load_result *result;
    size_t segment;
    size_t have, used; /* bytes in the segment, and how many of them are parsed */
    size_t taken;      /* bytes of the source counted in PROGRESS */
    size_t chunk;      /* bytes read last, or to read next */
    bool is_end;       /* all bytes are in the segment */
    bool is_plain;     /* no envelope, so that it is parsed while it is read */
    bool is_shown;     /* the file has been queued or published as one of the report's */
    bool is_column;    /* its time comes from a column, so later rows may raise it */
    bool is_ok;        /* what has been read could be parsed */
    size_t rows_end;   /* number of the last row queued + 1 */
};

/*
 * Queue what P has found. It is added to the last batch if that is of the same file, so that many small pieces do not
 * make many batches. Takes ownership of REMARK.
 */
static void make_ready(struct load *l, const struct file *f, struct parse *p, const char *remark)
{
    struct ready *last = l->ready_count ? &l->ready[l->ready_count - 1] : NULL;
    if (last && f->is_shown && !last->remark) {
        report_batch_join(&last->batch, &p->batch);
        last->remark = remark;
    } else {
        l->ready = xrealloc(l->ready, l->ready_count + 1, sizeof *l->ready);
        last = &l->ready[l->ready_count++];
        *last = (struct ready){f->is_shown ? NULL : p, p->batch, remark};
    }
    p->batch = (struct report_batch){0};
}

/* Queue what P has found so far, or pass it to TAKE. Takes ownership of REMARK. */
static void hand_over(struct load *l, struct file *f, struct parse *p, const char *remark)
{
    bool is_new = p->batch.rows || p->batch.problem_count || !f->is_shown || remark;
    if (!p->has_header || !is_new)
        return;
    pthread_mutex_lock(&l->lock);
    make_ready(l, f, p, remark);
    if (!l->take)
        load_notify(l); /* under the lock, so that no notice outlives what it is about */
    pthread_mutex_unlock(&l->lock);
    f->is_shown = true;
    f->rows_end = p->row;
    if (l->take) {
        size_t from = l->report->row_count;
        load_poll(l);
        l->stop = !l->take(l->take_context, from, &l->own_time);
        report_drop_rows(l->report, l->report->row_count);
    }
}

static void take_own_time(struct load *l, struct file *f, int64_t at, const char *why)
{
    load_time_take(&f->result->own_time, at, why);
    pthread_mutex_lock(&l->lock);
    load_time_take(&l->own_time, at, why);
    pthread_mutex_unlock(&l->lock);
}

/* Take the report's time from a column (as in rows from Steampipe) if neither the report nor its file name tells it. */
static void take_column_time(struct load *l, struct file *f, const struct parse *p)
{
    if (!p->batch.generated || (f->result->own_time.known && !f->is_column))
        return;
    f->is_column = true;
    take_own_time(l, f, p->batch.generated, "report");
}

static struct report_segment *segment_of(struct load *l, struct file *f)
{
    return &l->report->segments[f->segment];
}

static void take_name_time(struct load *l, struct file *f)
{
    int64_t t;
    if (timestamp_in_file_name(slice_of(f->name), &t))
        take_own_time(l, f, t, "file name");
}

/* Make room for SIZE more bytes in a segment. The bytes not parsed yet are moved to its start. */
static bool make_room(struct load *l, struct file *f, size_t size, struct error *err)
{
    size_t rest = f->have - f->used;
    size_t segment = l->take ? report_reuse_segment(l->report, f->segment, f->used, rest, rest * 2)
        : report_add_segment(l->report, rest + size);
    if (!l->report->segments[segment].data)
        return error_set(err, "%s: too many files and too much text; open fewer reports", f->name);
    if (rest && !l->take)
        memcpy(l->report->segments[segment].data, segment_of(l, f)->data + f->used, rest);
    f->segment = segment;
    f->have = rest;
    f->used = 0;
    return true;
}

/* A pipe may stay silent for ever, so wait in short steps. Returns false if the load was stopped meanwhile. */
static bool wait_for_input(struct load *l, const struct source *s)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    while ((l->is_behind || l->outer_stop) && !s->size && !source_has_bytes(s)) {
        int n = poll(&p, 1, PATIENCE);
        if (n > 0 || (n < 0 && errno != EINTR))
            break;
        if (is_stopped(l))
            return false;
    }
    return true;
}

/* Whether text, rows and line marks would exceed the limit of memory. */
static bool is_too_much(const struct load *l, size_t more)
{
    enum { ROW_BYTES = sizeof(struct report_block) / BLOCK_ROWS + sizeof(struct line_mark) };
    size_t rows = l->parses[l->opened].row;
    return l->report->memory->text_end + more + (uint64_t)rows * ROW_BYTES > source_limit();
}

/* Read up to SIZE bytes to OUT. *GOT is 0 if the load has been stopped. */
static bool fill(struct load *l, struct file *f, char *out, size_t size, size_t *got, bool *is_end, struct error *err)
{
    *got = 0;
    if (!wait_for_input(l, &f->source))
        return true;
    bool ok = source_fill(&f->source, out, size, got, is_end, err);
    add_progress(l, f->source.taken - f->taken, 0);
    f->taken = f->source.taken;
    return ok;
}

/* Read up to WANTED more bytes into the segment. */
static bool read_more(struct load *l, struct file *f, size_t wanted, bool *is_end, struct error *err)
{
    size_t room = segment_of(l, f)->size - f->have, got;
    if (!room) {
        size_t size = segment_of(l, f)->size * 2;
        size = size > (size_t)CHUNK * 4 ? (size_t)CHUNK * 4 : size;
        if (!l->take && is_too_much(l, size))
            return source_is_too_long(f->name, err);
        if (!make_room(l, f, size, err))
            return false;
        room = segment_of(l, f)->size - f->have;
    }
    bool ok = fill(l, f, segment_of(l, f)->data + f->have, wanted < room ? wanted : room, &got, is_end, err);
    f->have += got;
    return ok;
}

/* Size of the first piece: small if somebody waits for the first rows rather than for the last one. */
static size_t first_chunk(const struct load *l)
{
    return l->is_behind || l->take ? FIRST_CHUNK : CHUNK;
}

/* Parse what has been read. */
static bool parse_piece(struct load *l, struct file *f, struct parse *p, struct error *err)
{
    size_t used;
    struct envelope e;
    bool has_tail;
    /* what looks like a tail counts only at the end of the file */
    while ((has_tail = envelope_has_tail((struct slice){segment_of(l, f)->data + f->used, f->have - f->used}, &e))
        && !f->is_end && !is_stopped(l)) {
        if (!read_more(l, f, f->chunk, &f->is_end, err))
            return false;
    }
    size_t tail = f->have - f->used - e.csv.len;
    if (!parse_text(p, f->segment, f->used, f->have - tail, f->is_end, &used, err))
        return false;
    f->used += used;
    take_column_time(l, f, p);
    hand_over(l, f, p, e.problem[0] ? xstrdup(e.problem) : NULL);
    if (has_tail && e.generated_known)
        take_own_time(l, f, e.generated, "report");
    return true;
}

/* Read and parse what follows the first piece. */
static bool parse_chunks(struct load *l, struct file *f, struct parse *p, struct error *err)
{
    size_t most = l->take ? PASSING_CHUNK : CHUNK;
    bool ok = true;
    while (ok && !f->is_end && !is_stopped(l)) {
        f->chunk = f->chunk < most ? f->chunk * 4 : most;
        ok = read_more(l, f, f->chunk, &f->is_end, err) && parse_piece(l, f, p, err);
    }
    return ok;
}

static bool lies_in(struct slice s, const struct buffer *b)
{
    return b->data && s.data >= b->data && s.data + s.len <= b->data + b->len;
}

/*
 * Make TEXT a segment of the report. If it lies in B, that memory is taken over, otherwise TEXT is copied. *FROM is set
 * to its offset in the segment.
 */
static size_t keep_as_segment(struct load *l, struct slice text, struct buffer *b, size_t *from)
{
    if (b) {
        size_t size = b->len;
        *from = (size_t)(text.data - b->data);
        char *data = xrealloc(b->data, size + 1, 1); /* shrink it, because the buffer grew by doubling */
        *b = (struct buffer){0};
        return report_adopt_segment(l->report, data, size);
    }
    size_t segment = report_add_segment(l->report, text.len);
    *from = 0;
    if (l->report->segments[segment].data && text.len)
        memcpy(l->report->segments[segment].data, text.data, text.len);
    return segment;
}

/*
 * Parse the complete BYTES of an envelope. They lie in ALL, which is freed as soon as possible, or are borrowed if ALL
 * is NULL.
 */
static bool parse_wrapped(struct load *l, struct file *f, struct parse *p, struct slice bytes, struct buffer *all,
    struct error *err)
{
    struct envelope e;
    size_t used, from;
    bool ok = envelope_open(bytes, all ? f->source.taken : bytes.len, f->name, &e, err);
    if (ok) {
        size_t len = e.csv.len;
        struct buffer *in = lies_in(e.csv, &e.owned) ? &e.owned : all && lies_in(e.csv, all) ? all : NULL;
        if (all && in != all)
            buffer_free(all);
        size_t segment = keep_as_segment(l, e.csv, in, &from);
        ok = l->report->segments[segment].data ? parse_text(p, segment, from, from + len, true, &used, err)
            : error_set(err, "%s: too many files", f->name);
    }
    if (ok) {
        if (e.generated_known)
            take_own_time(l, f, e.generated, "report");
        else
            take_name_time(l, f);
        take_column_time(l, f, p);
        hand_over(l, f, p, e.problem[0] ? xstrdup(e.problem) : NULL);
    }
    envelope_free(&e);
    return ok;
}

/* An envelope has to be read whole before it can be opened. */
static bool parse_envelope(struct load *l, struct file *f, struct parse *p, struct error *err)
{
    struct buffer all = {0};
    char chunk[KIND_MAX];
    bool ok = true;
    buffer_add(&all, segment_of(l, f)->data, f->have);
    while (ok && !f->is_end) {
        size_t got = 0;
        if (is_stopped(l))
            ok = error_set(err, "%s: stopped before it was read", f->name);
        else if (all.len > source_limit() / 4) /* the buffer doubles, and the content is unpacked beside it */
            ok = source_is_too_long(f->name, err);
        else if (all.len > WRAPPED_MAX)
            ok = error_set(err, "%s: more than %d MiB of what looks like JSON, XML, YAML or base64, which no report "
                "has", f->name, (int)(WRAPPED_MAX >> 20));
        else
            ok = fill(l, f, chunk, sizeof chunk, &got, &f->is_end, err);
        if (ok && !is_stopped(l))
            buffer_add(&all, chunk, got);
    }
    ok = ok && parse_wrapped(l, f, p, (struct slice){all.data, all.len}, &all, err);
    buffer_free(&all);
    return ok;
}

/*
 * Whether START holds the first line that is neither blank nor a comment, which shows the kind of file. *BLANK and
 * *LOOKED keep how far it was searched, so that a later call continues there.
 */
static bool is_enough(struct slice start, size_t *blank, size_t *looked)
{
    const char *end = NULL;
    do {
        *blank = end ? (size_t)(end - start.data) : *blank;
        while (*blank < start.len && start.data[*blank] && strchr(" \t\r\n", start.data[*blank]))
            ++*blank;
        *looked = *looked < *blank ? *blank : *looked;
        end = memchr(start.data + *looked, '\n', start.len - *looked);
    } while (end && start.data[*blank] == '#');
    bool has_line = end != NULL;
    *looked = start.len;
    return has_line || start.len >= KIND_MAX;
}

/* Read until the file shows its kind. */
static bool read_start(struct load *l, struct file *f, struct error *err)
{
    size_t blank = 0, looked = 0;
    f->chunk = first_chunk(l);
    while (!f->is_end && !is_enough((struct slice){segment_of(l, f)->data, f->have}, &blank, &looked)) {
        if (is_stopped(l))
            return error_set(err, "%s: stopped before it was read", f->name);
        if (!read_more(l, f, f->chunk, &f->is_end, err))
            return false;
    }
    return true;
}

/* Size of the buffer for a file of SIZE bytes whose rows are passed on. */
static size_t passing_room(size_t size)
{
    size_t most = size < PASSING_CHUNK ? PASSING_LITTLE : PASSING_CHUNK;
    return size < most ? size : most;
}

/* Open PATH, find out what kind of file it is, and parse the first piece unless it is an envelope. */
static bool begin_path(struct load *l, struct file *f, struct parse *p, const char *path, struct error *err)
{
    /* with OUTER_STOP the screen waits for this thread, which must not block on a pipe */
    if (!(l->outer_stop ? source_open_file : source_open)(&f->source, path, err))
        return false;
    if (!l->take && is_too_much(l, f->source.size))
        return source_is_too_long(f->name, err);
    /* one byte more than the file has, so that one read also finds its end */
    size_t room = f->source.size ? f->source.size + 1 : FIRST_ROOM;
    f->segment = l->is_behind ? report_add_awaited_segment(l->report, room)
        : report_add_segment(l->report, l->take ? passing_room(room) : room);
    if (strcmp(path, "-") == 0)
        add_progress(l, 0, f->source.size);
    if (!segment_of(l, f)->data)
        return error_set(err, "%s: too many files; open fewer reports", f->name);
    if (!read_start(l, f, err))
        return false;
    f->is_plain = envelope_is_none((struct slice){segment_of(l, f)->data, f->have});
    if (f->is_plain)
        take_name_time(l, f);
    return !f->is_plain || parse_piece(l, f, p, err);
}

static bool end_path(struct load *l, struct file *f, struct parse *p, struct error *err)
{
    bool ok = f->is_ok && (f->is_plain ? parse_chunks : parse_envelope)(l, f, p, err);
    source_close(&f->source);
    return ok;
}

/* Open a pipe with both ends non-blocking. */
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

/* Begin to read an input. Returns what load_one() continues with. */
static struct file *begin_one(struct load *l, const struct load_input *input, struct load_result *result)
{
    const char *name = !input->path ? input->name : strcmp(input->path, "-") == 0 ? "(stdin)" : input->path;
    struct file *f = xcalloc(1, sizeof *f);
    *f = (struct file){.name = name, .result = result, .rows_end = l->next_row};
    parse_start(&l->parses[l->opened], l->report, name, l->opened, l->next_row);
    f->is_ok = !input->path || begin_path(l, f, &l->parses[l->opened], input->path, &result->err);
    return f;
}

static bool load_one(struct load *l, const struct load_input *input, struct load_result *result)
{
    struct file *f = l->begun ? l->begun : begin_one(l, input, result);
    struct parse *p = &l->parses[l->opened];
    l->begun = NULL;
    result->is_read = input->path ? end_path(l, f, p, &result->err)
        : parse_wrapped(l, f, p, input->bytes, NULL, &result->err);
    if (result->is_read && p->row == l->next_row && !is_stopped(l))
        result->is_read = error_set(&result->err,
            "%s: a header and no user; every report has at least the root user, so "
            "this one was cut off", f->name);
    /* forget rows that were not queued */
    report_forget(l->report, f->rows_end, p->row);
    l->next_row = f->rows_end;
    result->file = f->is_shown ? l->opened : SIZE_MAX;
    if (f->is_shown)
        l->opened++;
    else
        parse_end(p);
    free(f);
    return result->is_read;
}

/* ---- all of them ---- */

/* Add the sizes of all files in advance, so that the progress never goes backwards. */
static void add_sizes(struct load *l)
{
    struct stat st;
    for (size_t i = 0; i < l->count; i++) {
        const char *path = l->inputs[i].path;
        if (path && strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode))
            add_progress(l, 0, (uint64_t)st.st_size);
    }
}

static void *load_run(void *context)
{
    struct load *l = context;
    size_t read = 0, last = 0;
    for (size_t i = 0; i < l->count && (l->begun || !is_stopped(l)); i++) {
        read += load_one(l, &l->inputs[i], &l->results[i]);
        last = i;
    }
    bool stop = is_stopped(l);
    pthread_mutex_lock(&l->lock);
    l->has_failed = l->count && !read;
    if (l->has_failed)
        l->err = l->results[last].err;
    l->progress.is_stopped = stop && read;
    l->is_done = true;
    pthread_mutex_unlock(&l->lock);
    load_notify(l);
    return NULL;
}

static struct load *load_new(struct report *r, const struct load_input *inputs, size_t count)
{
    struct load *l = xcalloc(1, sizeof *l);
    report_init(r);
    *l = (struct load){.report = r, .inputs = inputs, .count = count, .opened = r->file_count,
        .next_row = r->row_count, .signal = {-1, -1}};
    l->first = l->opened;
    l->parses = xcalloc(r->file_count + count + 1, sizeof *l->parses);
    l->results = xcalloc(count + 1, sizeof *l->results);
    for (size_t i = 0; i < count; i++) {
        l->results[i].file = SIZE_MAX;
        error_set(&l->results[i].err, "stopped before it was read");
    }
    pthread_mutex_init(&l->lock, NULL);
    add_sizes(l);
    return l;
}

bool load_passing(struct report *r, const struct load_input *input, load_take *take, void *context, struct error *err)
{
    struct load *l = load_new(r, input, 1);
    l->take = take;
    l->take_context = context;
    load_run(l);
    bool ok = load_succeeded(l, err);
    load_free(l);
    return ok;
}

/* Number of bytes to parse; UINT64_MAX if only reading tells: for pipes and gzip. */
static uint64_t known_size(const struct load_input *input)
{
    struct stat st;
    char magic[2];
    if (!input->path)
        return input->bytes.len;
    /* do not open pipes, because the other end would notice; size 0 means that the system does not know it */
    if (strcmp(input->path, "-") == 0 || stat(input->path, &st) != 0 || !S_ISREG(st.st_mode) || !st.st_size)
        return UINT64_MAX;
    int fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd >= 0 ? pread(fd, magic, sizeof magic, 0) : -1;
    if (fd >= 0)
        close(fd);
    return n < 0 || gunzip_is((struct slice){magic, (size_t)n}) ? UINT64_MAX : (uint64_t)st.st_size;
}

/* Whether all inputs together are so small that no thread is needed. */
static bool is_small(const struct load *l)
{
    uint64_t left = AT_ONCE;
    for (size_t i = 0; i < l->count; i++) {
        uint64_t size = known_size(&l->inputs[i]);
        if (size > left)
            return false;
        left -= size;
    }
    return true;
}

/* If no thread can be started, read now, without a way to stop. */
static void start_thread(struct load *l)
{
    l->is_held = false;
    l->has_thread = l->is_behind && pthread_create(&l->thread, NULL, load_run, l) == 0;
    if (!l->has_thread) {
        l->is_behind = false;
        load_run(l);
    }
}

struct load *load_start(struct report *r, const struct load_input *inputs, size_t count)
{
    struct load *l = load_new(r, inputs, count);
    if (is_small(l)) {
        load_run(l);
        return l;
    }
    l->is_behind = open_signal(l->signal);
    if (l->is_behind && inputs[0].path && source_is_file(inputs[0].path))
        l->begun = begin_one(l, &inputs[0], &l->results[0]);
    l->is_held = l->begun && l->begun->is_shown && !l->begun->is_end && l->begun->rows_end >= LOAD_FIRST_ROWS;
    if (!l->is_held)
        start_thread(l);
    return l;
}

void load_free(struct load *l)
{
    if (!l)
        return;
    load_stop(l);
    if (l->has_thread)
        pthread_join(l->thread, NULL);
    else if (l->begun)
        load_run(l); /* closes it */
    l->is_held = false;
    load_poll(l);
    for (size_t i = l->first; i < l->opened; i++)
        parse_end(&l->parses[i]);
    for (int i = 0; i < 2; i++) {
        if (l->signal[i] >= 0)
            close(l->signal[i]);
    }
    pthread_mutex_destroy(&l->lock);
    free(l->parses);
    free(l->results);
    free(l->ready);
    free(l);
}

bool load_poll(struct load *l)
{
    char bytes[64];
    pthread_mutex_lock(&l->lock);
    while (l->signal[0] >= 0 && read(l->signal[0], bytes, sizeof bytes) > 0)
        ;
    struct ready *ready = l->ready;
    size_t count = l->ready_count;
    bool is_done = l->is_done;
    l->ready = NULL;
    l->ready_count = 0;
    /* Under the lock, because the reading thread also adds words to the dictionaries under it. */
    for (size_t i = 0; i < count; i++) {
        if (ready[i].opened)
            report_publish_file(l->report, ready[i].opened->name, &ready[i].opened->header);
        report_publish(l->report, &ready[i].batch);
        if (ready[i].remark)
            report_add_problem(l->report, l->report->file_count - 1, 1, "%s", ready[i].remark);
        free((char *)(uintptr_t)ready[i].remark);
    }
    pthread_mutex_unlock(&l->lock);
    free(ready);
    if (l->is_held && !count)
        start_thread(l);
    else if (l->is_held || is_done)
        load_notify(l); /* so that whoever waits comes again: a caller may leave the end of the load to the next one */
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

bool load_succeeded(struct load *l, struct error *err)
{
    pthread_mutex_lock(&l->lock);
    bool has_failed = l->has_failed;
    if (has_failed)
        *err = l->err;
    pthread_mutex_unlock(&l->lock);
    return !has_failed;
}

const struct load_result *load_results(const struct load *l)
{
    return l->results;
}

struct load_time load_own_time(struct load *l)
{
    pthread_mutex_lock(&l->lock);
    struct load_time own = l->own_time;
    pthread_mutex_unlock(&l->lock);
    return own;
}

bool load_all(struct report *r, const struct load_input *inputs, size_t count, const atomic_bool *stop,
    struct load_result *results, struct load_time *own, struct error *err)
{
    struct load *l = load_new(r, inputs, count);
    l->outer_stop = stop;
    load_run(l);
    bool ok = load_succeeded(l, err);
    if (ok)
        load_poll(l);
    if (l->own_time.known)
        load_time_take(own, l->own_time.at, l->own_time.why);
    if (results && count)
        memcpy(results, l->results, count * sizeof *results);
    load_free(l);
    return ok;
}
