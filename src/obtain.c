/* Collecting inputs, each read or fetched and unwrapped; the newest of each account goes into the report. */
#include "obtain.h"

#include "envelope.h"
#include "parse.h"
#include "save.h"
#include "source.h"
#include "stamp.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DIRECTORIES_DEEP = 8 };

/* One report on its way. */
struct input {
    char *name;             /* owned */
    struct buffer bytes;    /* owned; as read or fetched */
    struct envelope envelope;
    bool time_known;        /* the report's own time, or the time in its file's name */
    int64_t time;           /* else the latest event in it */
    bool fetched;
    struct buffer accounts; /* numbers, each with its NUL */
    bool left_out;
};

struct inputs {
    struct input *list;
    size_t count;
    struct obtained *out;
    struct error last; /* of the inputs that failed */
};

/* ---- what is to be said ---- */

__attribute__((format(printf, 2, 3))) static void say(struct obtained *o, const char *format, ...)
{
    struct error line;
    char text[480];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&line, "%s", text);
    buffer_printf(&o->said, "%s\n", line.text);
}

static void fail(struct inputs *in, const struct error *err)
{
    in->last = *err;
    in->out->failed++;
    say(in->out, "%s", err->text);
}

/* ---- one input ---- */

static char *copy(const char *s)
{
    return strcpy(xcalloc(strlen(s) + 1, 1), s);
}

static int64_t latest_event(const struct report *r)
{
    int64_t latest = INT64_MIN;
    for (size_t row = 0; row < r->row_count; row++) {
        for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
            if (schema[c].type != TYPE_TIME || c == COL_PASSWORD_NEXT_ROTATION)
                continue;
            struct value v = report_value(r, row, c);
            if (v.state == STATE_VALUE && v.number > latest)
                latest = v.number;
        }
    }
    return latest;
}

static bool has_account(const struct input *i, const char *account)
{
    for (size_t at = 0; at < i->accounts.len; at += strlen(i->accounts.data + at) + 1) {
        if (strcmp(i->accounts.data + at, account) == 0)
            return true;
    }
    return false;
}

/* Which accounts are in it, and how new it is; read on its own first, so that what fails leaves no trace. */
static bool look_into(struct input *i, struct error *err)
{
    struct report r = {0};
    bool ok = parse_report(&r, i->name, i->envelope.csv, err);
    char last[16] = "";
    for (size_t row = 0; ok && row < r.row_count; row++) {
        struct slice account = report_value(&r, row, COL_ACCOUNT).text;
        if (account.len == 0 || account.len >= sizeof last || slice_equal(account, slice_of(last)))
            continue;
        memcpy(last, account.data, account.len);
        last[account.len] = '\0';
        if (!has_account(i, last))
            buffer_add(&i->accounts, last, account.len + 1);
    }
    if (ok && !i->time_known)
        i->time = latest_event(&r);
    report_free(&r);
    return ok;
}

static void input_free(struct input *i)
{
    envelope_free(&i->envelope);
    buffer_free(&i->bytes);
    buffer_free(&i->accounts);
    free(i->name);
}

/* Take NAME with its BYTES, which are ours from here on. */
static void take(struct inputs *in, const char *name, struct buffer bytes, bool fetched)
{
    struct input i = {.name = copy(name), .bytes = bytes, .fetched = fetched};
    struct error err;
    struct slice all = {bytes.data ? bytes.data : "", bytes.len};
    bool ok = envelope_open(all, name, &i.envelope, &err);
    i.time_known = ok && (i.envelope.generated_known || stamp_in_file_name(slice_of(name), &i.time));
    if (ok && i.envelope.generated_known)
        i.time = i.envelope.generated;
    if (!ok || !look_into(&i, &err)) {
        fail(in, &err);
        input_free(&i);
        return;
    }
    in->list = xrealloc(in->list, in->count + 1, sizeof *in->list);
    in->list[in->count++] = i;
}

static void take_file(struct inputs *in, const char *path)
{
    struct buffer bytes = {0};
    struct error err;
    if (source_read(path, &bytes, &err)) {
        take(in, strcmp(path, "-") == 0 ? "(stdin)" : path, bytes, false);
        return;
    }
    buffer_free(&bytes);
    fail(in, &err);
}

/* ---- directories ---- */

static bool named_like_report(const char *name)
{
    static const char *const ends[] = {".csv", ".json", ".txt", ".text", ".yaml", ".yml", ".xml", ".b64", ".base64",
        ".gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t e = strlen(ends[i]);
        if (n > e && slice_equal_nocase((struct slice){name + n - e, e}, slice_of(ends[i])))
            return true;
    }
    return false;
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void take_directory(struct inputs *in, const char *path, int deep);

static void take_entry(struct inputs *in, const char *path, const char *name, int deep, size_t *passed)
{
    struct buffer full = {0};
    struct stat link, st;
    buffer_printf(&full, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name);
    bool ok = lstat(full.data, &link) == 0 && stat(full.data, &st) == 0;
    if (ok && S_ISDIR(st.st_mode) && !S_ISLNK(link.st_mode))
        take_directory(in, full.data, deep + 1);
    else if (ok && S_ISREG(st.st_mode) && named_like_report(name))
        take_file(in, full.data);
    else
        ++*passed;
    buffer_free(&full);
}

static void take_directory(struct inputs *in, const char *path, int deep)
{
    struct dirent **entries;
    struct error err;
    size_t before = in->count + in->out->failed, passed = 0;
    int n = deep > DIRECTORIES_DEEP ? (errno = ELOOP, -1) : scandir(path, &entries, not_hidden, alphasort);
    if (n < 0) {
        error_set(&err, "%s: cannot be read: %s", path, strerror(errno));
        fail(in, &err);
        return;
    }
    for (int i = 0; i < n; i++) {
        take_entry(in, path, entries[i]->d_name, deep, &passed);
        free(entries[i]);
    }
    free(entries);
    if (deep == 0 && in->count + in->out->failed == before) {
        error_set(&err, "%s: there is no report in this directory", path);
        fail(in, &err);
    } else if (passed) {
        say(in->out, "%s: passed over %zu %s not named like a report (.csv, .json, .txt, .yaml, .xml, .b64, .gz)", path,
            passed, passed == 1 ? "entry" : "entries");
    }
}

/* ---- fetching ---- */

struct targets {
    struct fetch_target *list;
    size_t count;
    char **roles; /* owned, one a target, or NULL */
};

static void add_target(struct targets *t, const char *name, const char *profile, char *role)
{
    t->list = xrealloc(t->list, t->count + 1, sizeof *t->list);
    t->roles = xrealloc(t->roles, t->count + 1, sizeof *t->roles);
    t->roles[t->count] = role;
    t->list[t->count++] = (struct fetch_target){.name = name, .profile = profile, .role_arn = role};
}

static char *role_of(const char *template, const char *account)
{
    static const char mark[] = "{account}";
    const char *at = strstr(template, mark);
    struct buffer b = {0};
    buffer_printf(&b, "%.*s%s%s", (int)(at - template), template, account, at + sizeof mark - 1);
    return b.data;
}

static bool make_targets(const struct obtain_wish *w, const struct accounts *accounts, struct targets *t,
    struct error *err)
{
    const char *profile = w->profile_count ? w->profiles[0] : NULL;
    if (w->role_template && !strstr(w->role_template, "{account}"))
        return error_set(err, "--role-arn-template: there is no {account} in \"%s\"", w->role_template);
    if (w->role_template && w->profile_count > 1)
        return error_set(err, "--role-arn-template takes one --profile, whose credentials take on the roles");
    for (size_t i = 0; w->role_template && i < accounts->count; i++)
        add_target(t, accounts->list[i].id, profile, role_of(w->role_template, accounts->list[i].id));
    for (size_t i = 0; !w->role_template && i < w->profile_count; i++)
        add_target(t, w->profiles[i], w->profiles[i], NULL);
    if (!t->count)
        add_target(t, "AWS", NULL, NULL);
    return true;
}

/* In a directory the name tells the account and, as the console's own files do, the time. */
static void save_name(struct buffer *out, const char *path, const struct input *i)
{
    struct stat st;
    char stamp[32];
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        buffer_puts(out, path);
        return;
    }
    stamp_format(stamp, sizeof stamp, i->time);
    for (char *c = stamp; *c; c++)
        *c = *c == ':' ? '-' : *c;
    stamp[strcspn(stamp, "Z")] = '\0';
    buffer_printf(out, "%s/%s_status_reports_%s+00-00.csv", path, i->accounts.len ? i->accounts.data : "aws", stamp);
}

static void save(struct inputs *in, const char *path, size_t from)
{
    struct error err;
    for (size_t i = from; i < in->count; i++) {
        struct buffer name = {0};
        save_name(&name, path, &in->list[i]);
        if (!save_file(name.data, in->list[i].envelope.csv, &err))
            fail(in, &err);
        buffer_free(&name);
    }
}

static bool fetch_all(const struct obtain_wish *w, const struct fetch_settings *settings, struct inputs *in,
    struct error *err)
{
    struct accounts accounts = {0};
    struct targets t = {0};
    struct stat st;
    struct fetch_settings s = *settings;
    s.via = w->via;
    if (w->patience_ms)
        s.patience = w->patience_ms;
    bool ok = (!w->accounts_path || accounts_read(&accounts, w->accounts_path, err))
        && make_targets(w, &accounts, &t, err);
    if (ok && w->save_path && t.count > 1 && (stat(w->save_path, &st) != 0 || !S_ISDIR(st.st_mode)))
        ok = error_set(err, "--save: %s is to be a directory, for %zu reports", w->save_path, t.count);
    size_t from = in->count;
    if (ok)
        fetch_run(&s, t.list, t.count);
    for (size_t i = 0; ok && i < t.count; i++) {
        if (t.list[i].done) {
            take(in, t.list[i].name, t.list[i].bytes, true);
            t.list[i].bytes = (struct buffer){0};
        } else {
            fail(in, &t.list[i].error);
        }
    }
    if (ok && w->save_path)
        save(in, w->save_path, from);
    fetch_free(t.list, t.count);
    for (size_t i = 0; i < t.count; i++)
        free(t.roles[i]);
    free(t.roles);
    free(t.list);
    accounts_free(&accounts);
    return ok;
}

/* ---- the same account twice ---- */

static bool all_in(const struct input *i, const struct input *other)
{
    for (size_t at = 0; at < i->accounts.len; at += strlen(i->accounts.data + at) + 1) {
        if (!has_account(other, i->accounts.data + at))
            return false;
    }
    return i->accounts.len > 0;
}

static bool any_in(const struct input *i, const struct input *other, const char **which)
{
    for (size_t at = 0; at < i->accounts.len; at += strlen(i->accounts.data + at) + 1) {
        *which = i->accounts.data + at;
        if (has_account(other, *which))
            return true;
    }
    return false;
}

static void compare(struct inputs *in, const struct input *newer, struct input *older)
{
    const char *account;
    if (all_in(older, newer)) {
        older->left_out = true;
        say(in->out, "%s: account %s is in %s too, which is %s; that one counts", older->name, older->accounts.data,
            newer->name, newer->time == older->time ? "as new" : "newer");
    } else if (any_in(older, newer, &account)) {
        say(in->out, "%s: account %s is in %s too; its users are shown twice, for other accounts are only there",
            older->name, account, newer->name);
    }
}

/* Newest first; of two that are as new, the one named first. */
static int by_time(const void *a, const void *b)
{
    const struct input *x = *(struct input *const *)a, *y = *(struct input *const *)b;
    if (x->time != y->time)
        return x->time > y->time ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void leave_out_older(struct inputs *in)
{
    struct input **order = xcalloc(in->count, sizeof *order);
    for (size_t i = 0; i < in->count; i++)
        order[i] = &in->list[i];
    qsort(order, in->count, sizeof *order, by_time);
    for (size_t i = 0; i < in->count; i++) {
        for (size_t j = i + 1; j < in->count; j++) {
            if (!order[i]->left_out && !order[j]->left_out)
                compare(in, order[i], order[j]);
        }
    }
    free(order);
}

/* ---- all of it ---- */

bool obtain_is_plain(const struct obtain_wish *w)
{
    struct stat st;
    return !w->fetch && w->path_count == 1
        && (strcmp(w->paths[0], "-") == 0 || stat(w->paths[0], &st) != 0 || !S_ISDIR(st.st_mode));
}

bool obtain_can_again(const struct obtain_wish *w)
{
    for (size_t i = 0; i < w->path_count; i++) {
        if (strcmp(w->paths[i], "-") == 0)
            return false;
    }
    return w->path_count || w->fetch;
}

static bool put_into(struct input *i, struct report *r, struct obtained *out, struct error *err)
{
    if (!parse_report(r, i->name, i->envelope.csv, err))
        return false;
    if (i->envelope.problem[0])
        report_add_problem(r, r->file_count - 1, 1, "%s", i->envelope.problem);
    if (i->time_known && (!out->time_known || i->time > out->time)) {
        out->time_known = true;
        out->time = i->time;
        out->time_why = i->envelope.generated_known ? "report" : "file name";
    }
    out->fetched += i->fetched;
    return true;
}

bool obtain(const struct obtain_wish *w, const struct fetch_settings *settings, struct report *r, struct obtained *out,
    struct error *err)
{
    struct inputs in = {.out = out};
    struct stat st;
    *out = (struct obtained){0};
    for (size_t i = 0; i < w->path_count; i++) {
        if (strcmp(w->paths[i], "-") != 0 && stat(w->paths[i], &st) == 0 && S_ISDIR(st.st_mode))
            take_directory(&in, w->paths[i], 0);
        else
            take_file(&in, w->paths[i]);
    }
    bool ok = !w->fetch || fetch_all(w, settings, &in, err);
    if (ok && in.count == 0) {
        ok = false;
        *err = in.last;
        if (out->failed > 1)
            error_set(err, "none of %zu could be had, or is a credential report", out->failed);
    }
    leave_out_older(&in);
    for (size_t i = 0; i < in.count; i++) {
        if (ok && !in.list[i].left_out)
            ok = put_into(&in.list[i], r, out, err);
        input_free(&in.list[i]);
    }
    free(in.list);
    return ok;
}

void obtained_free(struct obtained *o)
{
    buffer_free(&o->said);
}
