/* Reads files and pipes. Files are read, not mapped, so that a file that shrinks meanwhile does no harm. */
#include "base/source.h"

#include "base/large_pages.h"
#include "base/parallel.h"
#include "base/read_ahead.h"
#include "base/sha256.h"
#include "base/utf16.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) == 8, "files may be larger than 2 GiB: -D_FILE_OFFSET_BITS=64 is missing");

enum {
    PARTS_FROM = 1 << 22, /* bytes from which on several threads read */
    PAGE = 1 << 21,       /* size of large pages: threads get whole pages, so that no two of them touch the same one */
    AHEAD_FROM = 1 << 20, /* bytes of a packed file, and unpacked bytes before, from which on a thread unpacks */
};

/*
 * A layer of a file, which reads from the layer below it. With gzip in gzip there are several; the last one has the
 * plain bytes:
 *
 *     file -> layer: gunzip -> layer: gunzip -> layer: plain -> source_fill()
 */
struct packed {
    struct packed *from;   /* owned: the layer below; NULL if that is the file */
    struct gunzip *gunzip; /* owned; NULL if this layer is plain */
    struct slice rest;     /* the part of `bytes` that was read from below but not handed out yet */
    bool has_ended;        /* the layer below has ended */
    char bytes[65536];
};

/* Open PATH with further FLAGS for open(). ONLY_FILE: accept regular files only. */
static bool open_source(struct source *s, const char *path, int flags, bool only_file, struct error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *s = (struct source){.fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | flags)};
    s->path = is_stdin ? "(stdin)" : path;
    if (s->fd < 0)
        return error_set(err, "%s: cannot open: %s", path, strerror(errno));
    struct stat st = {0};
    if (fstat(s->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        source_close(s);
        return error_set(err, "%s: is a directory; name the report files in it", path);
    }
    if (only_file && !S_ISREG(st.st_mode)) {
        source_close(s);
        return error_set(err, "%s: not read: it is %s, which might never end", path,
            S_ISFIFO(st.st_mode) ? "a pipe" : S_ISSOCK(st.st_mode) ? "a socket" : "a device");
    }
    off_t at = S_ISREG(st.st_mode) ? lseek(s->fd, 0, SEEK_CUR) : -1;
    if (at >= 0 && st.st_size > at)
        s->size = (size_t)(st.st_size - at);
    return true;
}

bool source_open(struct source *s, const char *path, struct error *err)
{
    return open_source(s, path, 0, false, err);
}

bool source_open_file(struct source *s, const char *path, struct error *err)
{
    return open_source(s, path, O_NONBLOCK | O_NOCTTY, true, err);
}

bool source_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The part of a large read that one thread does. */
struct source_part {
    int fd;
    char *out;
    size_t size, got;
    off_t at;
    int error;
};

static void read_part(struct source_part *p)
{
    while (p->got < p->size) {
        ssize_t n = pread(p->fd, p->out + p->got, p->size - p->got, p->at + (off_t)p->got);
        if (n > 0)
            p->got += (size_t)n;
        else if (n == 0)
            break;
        else if (errno != EINTR) {
            p->error = errno;
            break;
        }
    }
}

static void read_parts(void *parts, size_t from, size_t to)
{
    for (struct source_part *p = (struct source_part *)parts + from; p < (struct source_part *)parts + to; p++)
        read_part(p);
}

/* Read SIZE bytes of a regular file on several threads, because page faults and copying take most of the time. */
static bool fill_parts(struct source *s, char *out, size_t size, size_t *got, struct error *err)
{
    struct source_part parts[PARALLEL_THREADS_MAX] = {{0}};
    size_t count = parallel_threads(), from = 0;
    off_t at = lseek(s->fd, 0, SEEK_CUR);
    for (size_t i = 0; i < count; i++) {
        size_t to = i + 1 == count ? size : (size / count * (i + 1) + PAGE / 2) / PAGE * PAGE;
        parts[i] = (struct source_part){.fd = s->fd, .out = out + from, .size = to - from, .at = at + (off_t)from};
        from = to;
    }
    parallel_pieces(count, 1, true, read_parts, parts, NULL);
    int error = 0;
    bool is_whole = true;
    for (size_t i = 0; i < count; i++) {
        *got += is_whole ? parts[i].got : 0; /* stop at the first part that ended early: there the file ends */
        error = is_whole && parts[i].error ? parts[i].error : error;
        is_whole &= parts[i].got == parts[i].size;
    }
    lseek(s->fd, at + (off_t)*got, SEEK_SET);
    return !error || error_set(err, "%s: cannot read: %s", s->path, strerror(error));
}

/* Read up to SIZE bytes from the file: fewer at its end, or if a pipe has no more yet. */
static bool read_some(struct source *s, char *out, size_t size, size_t *got, struct error *err)
{
    *got = 0;
    if (s->size && size >= PARTS_FROM && !fill_parts(s, out, size, got, err))
        return false;
    while (*got < size && !s->has_ended) {
        ssize_t n = read(s->fd, out + *got, size - *got);
        if (n > 0)
            *got += (size_t)n;
        else if (n == 0)
            s->has_ended = true;
        else if (errno != EINTR)
            return error_set(err, "%s: cannot read: %s", s->path, strerror(errno));
        if (*got && !s->size)
            break;
    }
    if (s->digest)
        sha256_add(s->digest, out, *got);
    s->unpacked.in += *got;
    return true;
}

static bool unpack(struct source *s, struct packed *p, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err);

/* Read up to SIZE bytes from below layer P, perhaps none yet. */
static bool read_below(struct source *s, struct packed *p, char *out, size_t size, size_t *got, struct error *err)
{
    if (p->from)
        return unpack(s, p->from, out, size, got, &p->has_ended, err);
    bool ok = read_some(s, out, size, got, err);
    p->has_ended = s->has_ended;
    return ok;
}

/* Move p->rest to the start of p->bytes and read from below until it has up to SIZE bytes. */
static bool read_packed(struct source *s, struct packed *p, size_t size, struct error *err)
{
    size_t got;
    if (p->rest.len)
        memmove(p->bytes, p->rest.data, p->rest.len);
    bool ok = read_below(s, p, p->bytes + p->rest.len, size - p->rest.len, &got, err);
    p->rest = (struct slice){p->bytes, p->rest.len + got};
    return ok;
}

/* Unpack up to SIZE bytes of layer P. Returns with at least one byte or with *IS_END set. */
static bool unpack(struct source *s, struct packed *p, char *out, size_t size, size_t *got, bool *is_end,
    struct error *err)
{
    struct error why;
    for (;;) {
        if (!gunzip_more(p->gunzip, &p->rest, p->has_ended, out, size, got, is_end, &why))
            return error_set(err, "%s: %s", s->path, why.text);
        if (*got || *is_end)
            return true;
        if (!read_packed(s, p, sizeof p->bytes, err))
            return false;
    }
}

/*
 * Add a layer on top. Its first two bytes tell whether it is packed with gzip. Of a plain regular file only these two
 * are read here, so that all others go directly to where the caller wants them.
 */
static bool add_layer(struct source *s, struct error *err)
{
    struct packed *p = xrealloc(NULL, 1, sizeof *p); /* not xcalloc(): its bytes need no zeros */
    p->from = s->packed;
    p->gunzip = NULL;
    p->rest = (struct slice){p->bytes, 0};
    p->has_ended = false;
    s->packed = p;
    while (p->rest.len < 2 && !p->has_ended) {
        if (!read_packed(s, p, s->size && !p->from ? 2 : sizeof p->bytes, err))
            return false;
    }
    if (!gunzip_is(p->rest))
        return true;
    p->gunzip = gunzip_start(&s->unpacked);
    return p->gunzip || error_set(err, "%s: cannot start zlib", s->path);
}

/* Add layers until one is plain. */
static bool add_layers(struct source *s, struct error *err)
{
    for (int i = 0; i <= GUNZIP_LAYERS_MAX; i++) {
        if (!add_layer(s, err))
            return false;
        if (!s->packed->gunzip)
            return true;
    }
    return error_set(err, "%s: gzipped more than %d times; unpack it first", s->path, GUNZIP_LAYERS_MAX);
}

/* source_fill() in this thread; does not set s->taken. */
static bool fill_here(struct source *s, char *out, size_t size, size_t *got, bool *is_end, struct error *err)
{
    struct packed *p = s->packed;
    *got = 0;
    if (p->rest.len) { /* bytes that add_layer() has read */
        *got = p->rest.len < size ? p->rest.len : size;
        memcpy(out, p->rest.data, *got);
        p->rest = (struct slice){p->rest.data + *got, p->rest.len - *got};
    }
    size_t more = 0;
    bool is_known = s->size && !p->from; /* other bytes, of pipes or unpacked, are returned as soon as there are any */
    bool ok = p->has_ended || *got == size || (*got && !is_known)
        || read_below(s, p, out + *got, size - *got, &more, err);
    *got += more;
    *is_end = p->has_ended && !p->rest.len;
    return ok;
}

static bool fill_ahead(void *source, char *out, size_t size, size_t *got, uint64_t *taken, bool *is_end,
    struct error *err)
{
    struct source *s = source;
    bool ok = fill_here(s, out, size, got, is_end, err);
    *taken = s->unpacked.in;
    return ok;
}

/* Whether so much remains packed that a thread should unpack it. Never a pipe: a thread might wait for it forever. */
static bool is_worth_thread(const struct source *s)
{
    return s->packed->from && s->size >= AHEAD_FROM && s->unpacked.out >= AHEAD_FROM && parallel_threads() > 1;
}

bool source_fill(struct source *s, char *out, size_t size, size_t *got, bool *is_end, struct error *err)
{
    uint64_t taken = s->taken;
    *got = 0;
    if (!s->ahead && !s->packed && !add_layers(s, err))
        return false;
    if (!s->ahead && is_worth_thread(s))
        s->ahead = read_ahead_start(fill_ahead, s);
    bool ok = s->ahead ? read_ahead_take(s->ahead, out, size, got, &taken, is_end, err)
        : fill_here(s, out, size, got, is_end, err);
    s->taken = (size_t)(s->ahead ? taken : s->unpacked.in);
    return ok;
}

bool source_has_bytes(const struct source *s)
{
    for (const struct packed *p = s->packed; p; p = p->from) {
        if (p->rest.len)
            return true;
    }
    return false;
}

void source_close(struct source *s)
{
    read_ahead_end(s->ahead);
    s->ahead = NULL;
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    for (struct packed *p = s->packed, *from; p; p = from) {
        from = p->from;
        gunzip_end(p->gunzip);
        free(p);
    }
    s->packed = NULL;
    s->fd = -1;
}

uint64_t source_limit(void)
{
    struct rlimit address_space;
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t limit = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : SIZE_MAX;
    if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur < limit)
        limit = address_space.rlim_cur;
    return limit / 2;
}

bool source_is_too_long(const char *name, struct error *err)
{
    return error_set(err, "%s: too large: it would need more than %llu MiB, half of this machine's memory; "
        "is it a report?", name, (unsigned long long)(source_limit() >> 20));
}

bool source_to_utf8(struct buffer *text, const char *name, struct error *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct slice all = {text->data, text->len};
    struct buffer decoded = {0};
    if (all.len >= sizeof mark - 1 && memcmp(all.data, mark, sizeof mark - 1) == 0) {
        text->len -= sizeof mark - 1;
        memmove(text->data, text->data + sizeof mark - 1, text->len);
    }
    if (!utf16_is(all))
        return true;
    bool ok = utf16_decode(&decoded, all, name, err);
    buffer_free(text);
    *text = decoded;
    return ok;
}

/* Make room in OUT, which is empty, for the whole of a file, and a byte more, after which its end is seen. */
static void make_room_for_all(const struct source *s, uint64_t limit, struct buffer *out)
{
    if (!s->size || s->size > limit || out->data)
        return;
    out->cap = s->size + 2;
    out->data = large_pages_new(out->cap, 1);
}

bool source_read(const char *path, struct buffer *out, struct cancel_token *p, struct error *err)
{
    enum { AT_ONCE = 1 << 18, ROOM = 1 << 16 };
    struct source s;
    uint64_t limit = source_limit() / 2; /* half, because a buffer doubles its size when it grows */
    size_t at_once = p ? AT_ONCE : SIZE_MAX; /* bytes after which cancellation is checked */
    bool is_end = false, ok = p ? source_open_file(&s, path, err) : source_open(&s, path, err);
    if (!ok)
        return false;
    make_room_for_all(&s, limit, out);
    while (ok && !is_end) {
        size_t got;
        if (!out->data || out->cap - out->len < 2)
            buffer_reserve(out, ROOM);
        size_t room = out->cap - out->len - 1;
        ok = source_fill(&s, out->data + out->len, room < at_once ? room : at_once, &got, &is_end, err);
        out->len += got;
        out->data[out->len] = '\0';
        ok = ok && (out->len <= limit || source_is_too_long(path, err));
        if (ok && cancel_check(p))
            ok = error_set(err, "cancelled");
    }
    source_close(&s);
    return ok;
}

bool source_read_text(const char *path, struct buffer *out, struct error *err)
{
    return source_read(path, out, NULL, err) && source_to_utf8(out, path, err);
}
