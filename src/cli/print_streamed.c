/* Prints a report while reading it, in pieces; only the current piece is kept in memory. */
#include "cli/print_streamed.h"

#include "cli/print.h"
#include "export/column_list.h"
#include "read/envelope.h"
#include "base/gunzip.h"
#include "read/load.h"
#include "report/review.h"
#include "session/session_context.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct stream {
    const struct options *options;
    int64_t now;
    FILE *out;
    struct report report;
    struct print_users users;
    bool has_columns;
    bool is_wrong;    /* the column list has an error, in ERR */
    bool is_named;    /* a filter names a column only this report has; its type needs the whole report */
    struct error err;
    int error;        /* errno of the last write to OUT */
};

/*
 * Returns whether a file of SIZE bytes is plain CSV. Wrapped reports and those with their time at the end must be read
 * whole, and so must files that begin with a comment, because YAML may follow it.
 */
static bool is_plain_source(int fd, size_t size)
{
    enum { LOOK = 4096 };
    char bytes[LOOK];
    struct envelope e;
    ssize_t n = pread(fd, bytes, sizeof bytes, 0);
    struct slice start = {bytes, n > 0 ? (size_t)n : 0};
    size_t blank = 0;
    while (blank < start.len && start.data[blank] && strchr(" \t\r\n", start.data[blank]))
        blank++;
    if (blank == start.len || start.data[blank] == '#' || gunzip_is(start) || !envelope_is_none(start))
        return false;
    size_t from = size > LOOK ? size - LOOK : 0;
    n = pread(fd, bytes, sizeof bytes, (off_t)from);
    return n > 0 && !envelope_has_tail((struct slice){bytes, (size_t)n}, &e);
}

static bool is_plain_file(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) /* opening a pipe would affect its writer */
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && is_plain_source(fd, (size_t)st.st_size);
    if (fd >= 0)
        close(fd);
    return is;
}

bool print_streamed_is_possible(const struct options *o)
{
    const struct inputs_wish *w = &o->wish;
    return o->listing == LIST_USERS && !o->split && o->output && o->output->lines && !o->sort.count
        && !options_ask_checks(o)
        && !options_need_report(o) && !o->config.unsure.count
        && !o->demo && !o->diff && !w->fetch && !o->account_names && !w->accounts_path
        && w->path_count == 1 && !w->history_count && is_plain_file(w->paths[0]);
}

/* Put the rows from FROM on that match all filters into ROWS. Returns their number. */
static size_t streamed_choose(const struct options *o, const struct report *r, size_t from, uint32_t *rows)
{
    size_t count = 0;
    for (size_t first = from, n; first < r->row_count; first += n) {
        n = QUERY_SPAN - first % QUERY_SPAN;
        n = n < r->row_count - first ? n : r->row_count - first;
        uint64_t bits[QUERY_WORDS];
        query_span_begin(n, bits);
        for (size_t i = 0; i < o->filter_count; i++)
            query_span_narrow(o->filters[i], r, first, n, bits);
        for (size_t w = 0; w < QUERY_WORDS; w++) {
            for (uint64_t left = bits[w]; left; left &= left - 1)
                rows[count++] = (uint32_t)(first + w * 64 + (size_t)__builtin_ctzll(left));
        }
    }
    return count;
}

/*
 * Write rows in groups, prefetching each group: another processor read these rows, and memory serves many requests at
 * once faster than one after the other.
 */
static void streamed_write(struct stream *s, const uint32_t *rows, size_t count)
{
    enum { AT_ONCE = 512 };
    size_t from = 0;
    do {
        size_t n = count - from < AT_ONCE ? count - from : AT_ONCE;
        for (size_t i = 0; i < n; i++)
            report_prefetch(&s->report, rows[from + i]);
        print_users_write(&s->users, &s->report, rows + from, n, s->out);
        from += n;
    } while (from < count && !ferror(s->out));
}

static bool streamed_take(void *context, size_t from, const struct load_time *own)
{
    struct stream *s = context;
    const struct options *o = s->options;
    struct report *r = &s->report;
    r->as_of = o->as_of_given ? o->as_of : own->known ? own->at : s->now;
    if (!s->has_columns && session_context_is_named(o, r)) {
        s->is_named = true;
        return false;
    }
    if (!s->has_columns && !print_users_choose(&s->users, o, r, o->output, &s->err)) {
        s->has_columns = s->is_wrong = true;
        return false;
    }
    s->has_columns = true;
    review_passing_rows(r);
    uint32_t *rows = xcalloc(r->row_count - from + 1, sizeof *rows);
    streamed_write(s, rows, streamed_choose(o, r, from, rows));
    free(rows);
    s->error = errno;
    return !ferror(s->out);
}

/* Returns the report columns that neither filters nor the column list need, one bit each; never user and ARN. */
static uint32_t streamed_unread(const struct options *o)
{
    const char *list = o->column_list;
    uint32_t read = UINT32_C(1) << COL_USER | UINT32_C(1) << COL_ARN;
    struct slice name;
    if (!list)
        return 0;
    for (size_t i = 0; i < o->filter_count; i++)
        read |= query_read_columns(o->filters[i]);
    for (int width; column_list_next(&list, &name, &width);) {
        enum column column = schema_find(name);
        read |= column == COL_COUNT ? UINT32_MAX : query_columns_behind(column);
    }
    return ~read;
}

bool print_streamed_print(const struct options *o, int64_t now, FILE *out, int *status)
{
    struct stream s = {.options = o, .now = now, .out = out, .report = {.unread = streamed_unread(o)}};
    struct load_input input = {.path = o->wish.paths[0]};
    struct error err;
    errno = 0;
    bool is_read = load_passing(&s.report, &input, streamed_take, &s, &err);
    if (s.is_named) {
        report_free(&s.report);
        return false;
    }
    bool ok = is_read && !s.is_wrong;
    if (is_read && s.is_wrong)
        err = s.err;
    review_tell(&s.report);
    if (is_read)
        print_tell_missing(o, &s.report);
    print_tell_problems(&s.report);
    errno = s.error;
    ok = ok && print_flush(out, &err) && print_has_answers(o, &err);
    if (!ok)
        fprintf(stderr, "ncred: %s\n", err.text);
    print_users_free(&s.users);
    report_free(&s.report);
    *status = ok ? 0 : 2;
    return true;
}
