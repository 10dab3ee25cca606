/* One waiver a line: user or ARN, check, until, owner, reason; blanks between them, # begins a comment. */
#include "waiver.h"

#include "checks.h"
#include "source.h"
#include "stamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Take the first word off *REST. */
static struct slice take_word(struct slice *rest)
{
    struct slice word = {rest->data, 0};
    while (word.len < rest->len && !is_blank(rest->data[word.len]))
        word.len++;
    *rest = slice_trimmed((struct slice){rest->data + word.len, rest->len - word.len});
    return word;
}

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

/* \x20 stands for a byte that would end the field; IAM allows none of them in names, but a report may hold any. */
static char *decode_user(struct slice s)
{
    char *out = xcalloc(s.len + 1, 1), *to = out;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.data[i] == '\\' && i + 3 < s.len && s.data[i + 1] == 'x' && hex(s.data[i + 2]) >= 0
            && hex(s.data[i + 3]) >= 0;
        *to++ = escape ? (char)(hex(s.data[i + 2]) * 16 + hex(s.data[i + 3])) : s.data[i];
        i += escape ? 3 : 0;
    }
    return out;
}

static void encode_user(struct buffer *b, const char *user)
{
    for (size_t i = 0; user[i]; i++) {
        unsigned char c = (unsigned char)user[i];
        if (c <= ' ' || c == 0x7f || c == '\\' || (c == '#' && i == 0))
            buffer_printf(b, "\\x%02x", c);
        else
            buffer_putc(b, (char)c);
    }
}

static bool read_date(struct slice text, int64_t *out)
{
    return text.len == 10 && stamp_parse_loose(text, out);
}

static bool unknown_check(const char *file, size_t line, struct slice id, struct error *err)
{
    const char *best = check_nearest(id);
    return error_set(err, "%s:%zu: no check \"%.*s\"%s%s%s", file, line, (int)id.len, id.data, best ? "; " : "",
        best ? best : "", best ? "?" : "; ncred --help=checks lists them");
}

static bool read_line(struct waivers *w, struct slice text, size_t line, struct error *err)
{
    struct slice rest = slice_trimmed(text);
    if (!rest.len || rest.data[0] == '#')
        return true;
    struct slice user = take_word(&rest), id = take_word(&rest), until = take_word(&rest), owner = take_word(&rest);
    struct waiver v = {.line = line, .check = 0};
    if (memchr(text.data, '\0', text.len))
        return error_set(err, "%s:%zu: a NUL byte: not a file of waivers", w->file, line);
    while (v.check < check_count && !slice_equal_nocase(id, slice_of(checks[v.check].id)))
        v.check++;
    if (id.len && v.check == check_count)
        return unknown_check(w->file, line, id, err);
    if (until.len && !read_date(until, &v.until))
        return error_set(err, "%s:%zu: a date such as 2026-09-30 is wanted, not \"%.*s\"", w->file, line,
            (int)until.len, until.data);
    if (!rest.len)
        return error_set(err, "%s:%zu: %s is missing; a line is: user or ARN, check, until, owner, reason", w->file,
            line, !id.len ? "the check" : !until.len ? "the date" : !owner.len ? "the owner" : "the reason");
    v.user = decode_user(user);
    v.owner = slice_copy(owner);
    v.reason = slice_copy(rest);
    w->list = xrealloc(w->list, w->count + 1, sizeof *w->list);
    w->list[w->count++] = v;
    return true;
}

static int compare(const void *x, const void *y)
{
    const struct waiver *a = x, *b = y;
    int d = strcmp(a->user, b->user);
    if (!d)
        d = (a->check > b->check) - (a->check < b->check);
    return d ? d : (a->until < b->until) - (a->until > b->until);
}

bool waivers_load(struct waivers *w, const char *path, struct error *err)
{
    struct buffer bytes = {0};
    *w = (struct waivers){.file = slice_copy(slice_of(path))};
    bool ok = source_read(path, &bytes, err);
    struct slice rest = {bytes.data ? bytes.data : "", bytes.len};
    if (rest.len >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0)
        rest = (struct slice){rest.data + 3, rest.len - 3};
    for (size_t line = 1; ok && rest.len; line++) {
        const char *end = memchr(rest.data, '\n', rest.len);
        struct slice text = {rest.data, end ? (size_t)(end - rest.data) : rest.len};
        ok = read_line(w, text, line, err);
        rest = end ? (struct slice){end + 1, rest.len - text.len - 1} : (struct slice){"", 0};
    }
    buffer_free(&bytes);
    if (!ok)
        waivers_free(w);
    else if (w->count)
        qsort(w->list, w->count, sizeof *w->list, compare);
    return ok;
}

void waivers_free(struct waivers *w)
{
    for (size_t i = 0; i < w->count; i++) {
        free(w->list[i].user);
        free(w->list[i].owner);
        free(w->list[i].reason);
    }
    free(w->list);
    free(w->file);
    *w = (struct waivers){0};
}

static int compare_user(struct slice user, const char *other)
{
    size_t len = strlen(other), n = user.len < len ? user.len : len;
    int d = n ? memcmp(user.data, other, n) : 0;
    return d ? d : (user.len > len) - (user.len < len);
}

/* The first waiver that names USER, or count. */
static size_t first_of(const struct waivers *w, struct slice user)
{
    size_t low = 0, high = w->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_user(user, w->list[middle].user) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < w->count && compare_user(user, w->list[low].user) == 0 ? low : w->count;
}

/* Of the names that a waiver may use, the one that the column has. */
static const struct waiver *find_by(const struct waivers *w, struct slice user, size_t check, int64_t as_of)
{
    for (size_t i = first_of(w, user); i < w->count && compare_user(user, w->list[i].user) == 0; i++) {
        if (w->list[i].check == check && as_of < w->list[i].until)
            return &w->list[i]; /* the longest one comes first */
    }
    return NULL;
}

const struct waiver *waivers_find(const struct waivers *w, const struct report *r, size_t row, size_t check)
{
    if (!w->count)
        return NULL;
    const struct waiver *by_arn = find_by(w, report_raw(r, row, COL_ARN), check, r->as_of);
    return by_arn ? by_arn : find_by(w, report_raw(r, row, COL_USER), check, r->as_of);
}

void waivers_stale(const struct waivers *w, const struct report *r, struct buffer *out)
{
    bool *seen = xcalloc(w->count, sizeof *seen);
    for (size_t row = 0; w->count && row < r->row_count; row++) {
        static const enum column names[] = {COL_USER, COL_ARN};
        for (size_t n = 0; n < 2; n++) {
            struct slice user = report_raw(r, row, names[n]);
            for (size_t i = first_of(w, user); i < w->count && compare_user(user, w->list[i].user) == 0; i++)
                seen[i] = true;
        }
    }
    for (size_t i = 0; i < w->count; i++) {
        const struct waiver *v = &w->list[i];
        struct error line;
        char until[32];
        stamp_format(until, sizeof until, v->until);
        if (r->as_of >= v->until)
            error_set(&line, "%s:%zu: the waiver of %s for %s ended on %.10s", w->file, v->line, checks[v->check].id,
                v->user, until);
        else if (!seen[i])
            error_set(&line, "%s:%zu: no user %s in the report", w->file, v->line, v->user);
        else
            continue;
        buffer_printf(out, "%s\n", line.text);
    }
    free(seen);
}

static bool is_plain(const char *text, bool blanks)
{
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f || (*at == ' ' && !blanks))
            return false;
    }
    return *text && *text != ' ';
}

/* The line for W, or what is missing. */
static bool write_line(struct buffer *b, const struct waiver *w, struct error *err)
{
    char until[32];
    if (!w->user || !*w->user || w->check >= check_count)
        return error_set(err, "a waiver is wanted with a user and a check");
    if (!w->owner || !is_plain(w->owner, false))
        return error_set(err, "who answers for it? one word, such as a login or a mail address, is wanted");
    if (!w->reason || !is_plain(w->reason, true))
        return error_set(err, "why? a reason of one line is wanted");
    stamp_format(until, sizeof until, w->until);
    encode_user(b, w->user);
    buffer_printf(b, "  %s  %.10s  %s  %s\n", checks[w->check].id, until, w->owner, w->reason);
    return true;
}

static bool write_all(int fd, const struct buffer *b)
{
    for (size_t at = 0; at < b->len;) {
        ssize_t n = write(fd, b->data + at, b->len - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

/* Put BYTES where TARGET is, whole or not at all, with the mode that it has. */
static bool replace_file(const char *target, const struct buffer *bytes, struct error *err)
{
    struct buffer temporary = {0};
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    mode_t mode = stat(target, &st) == 0 ? st.st_mode & 07777 : 0666 & ~mask;
    buffer_printf(&temporary, "%s.XXXXXX", target);
    int fd = mkstemp(temporary.data);
    bool ok = fd >= 0 && write_all(fd, bytes) && fchmod(fd, mode) == 0;
    int saved = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        saved = errno;
    }
    if (ok && rename(temporary.data, target) != 0) {
        ok = false;
        saved = errno;
    }
    if (!ok) {
        if (fd >= 0)
            unlink(temporary.data);
        error_set(err, "%s: cannot be written: %s; it is as it was", target, strerror(saved));
    }
    buffer_free(&temporary);
    return ok;
}

bool waivers_append(const char *path, const struct waiver *list, size_t count, struct error *err)
{
    struct buffer bytes = {0};
    struct waivers old = {0};
    /* A link stays a link: what it points to is replaced. */
    char *target = realpath(path, NULL);
    bool ok = true;
    if (!target && errno != ENOENT)
        return error_set(err, "%s: %s", path, strerror(errno));
    if (target)
        ok = waivers_load(&old, target, err) && source_read(target, &bytes, err); /* nothing goes into a broken file */
    else
        buffer_puts(&bytes, "# user or ARN  check  until  owner  reason\n");
    if (ok && bytes.len && bytes.data[bytes.len - 1] != '\n')
        buffer_putc(&bytes, '\n');
    for (size_t i = 0; i < count && ok; i++)
        ok = write_line(&bytes, &list[i], err);
    ok = ok && replace_file(target ? target : path, &bytes, err);
    waivers_free(&old);
    buffer_free(&bytes);
    free(target);
    return ok;
}
