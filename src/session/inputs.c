/*
 * Collects files, directories and accounts, then looks for accounts that occur in several reports: the newest one
 * counts.
 */
#include "session/inputs.h"

#include "aws/access_key_id.h"
#include "session/peek.h"
#include "aws/arn.h"
#include "read/account_list.h"
#include "read/envelope.h"
#include "read/parse.h"
#include "base/hash_index.h"
#include "base/save.h"
#include "base/source.h"
#include "base/timestamp.h"
#include "context/details.h"
#include "context/key_ids.h"
#include "history/row_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORIES_DEEP = 64, PIPED_MAX = 1 << 30 };

/* ---- messages ---- */

void inputs_say(struct inputs *o, const char *format, ...)
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

void inputs_fail(struct inputs *o, const struct error *err)
{
    o->last = *err;
    o->failed++;
    inputs_say(o, "%s", err->text);
}

/* ---- items ---- */

struct inputs_item *inputs_add(struct inputs *o, const char *name)
{
    o->items = xrealloc(o->items, o->count + 1, sizeof *o->items);
    struct inputs_item *i = &o->items[o->count++];
    *i = (struct inputs_item){.name = xstrdup(name)};
    return i;
}

static int64_t changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* Fill in ITEM's identity, size and time of change from the file at PATH; ST receives its status. */
static void find_place(struct inputs_item *item, const char *path, struct stat *st)
{
    item->has_place = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, st) == 0 : stat(path, st) == 0;
    item->device = item->has_place ? (uint64_t)st->st_dev : 0;
    item->inode = item->has_place ? (uint64_t)st->st_ino : 0;
    item->size = item->has_place ? (uint64_t)st->st_size : 0;
    item->changed = item->has_place ? changed_at(st) : 0;
}

bool inputs_is_unchanged(const struct inputs_item *item, const struct stat *st)
{
    return item->has_place && item->device == (uint64_t)st->st_dev && item->inode == (uint64_t)st->st_ino
        && item->size == (uint64_t)st->st_size && item->changed == changed_at(st);
}

/* Whether PATH, identified by PLACE, was added before, perhaps by another name. A pipe could not be read twice. */
static bool is_named_again(struct inputs *o, const char *path, const struct inputs_item *place)
{
    for (size_t i = o->past_from; i < o->count; i++) {
        const struct inputs_item *item = &o->items[i];
        if (!place->has_place || !item->has_place || item->device != place->device || item->inode != place->inode)
            continue;
        inputs_say(o, "%s: the same as %s; it is read once", strcmp(path, "-") == 0 ? "(stdin)" : path, item->name);
        return true;
    }
    return false;
}

/* Read a pipe into memory: it can be read only once, but with several inputs two loads may be necessary. */
static void add_pipe(struct inputs *o, const char *path, const struct inputs_item *place)
{
    const char *name = strcmp(path, "-") == 0 ? "(stdin)" : path;
    struct source s;
    struct buffer bytes = {0};
    struct error err;
    char chunk[65536];
    struct sha256 digest;
    bool is_end = false, ok = source_open(&s, path, &err);
    sha256_init(&digest);
    s.digest = &digest;
    while (ok && !is_end) {
        size_t got;
        ok = source_fill(&s, chunk, sizeof chunk, &got, &is_end, &err);
        buffer_add(&bytes, chunk, got);
        if (ok && bytes.len > PIPED_MAX)
            ok = error_set(&err, "%s: more than %d MB beside other reports; name it alone", name, PIPED_MAX >> 20);
    }
    uint64_t taken = s.taken;
    source_close(&s);
    if (ok) {
        struct inputs_item *item = inputs_add(o, name);
        item->bytes = bytes;
        item->has_place = place->has_place;
        item->device = place->device;
        item->inode = place->inode;
        item->size = taken;
        sha256_hex(&digest, item->sha256);
        return;
    }
    buffer_free(&bytes);
    inputs_fail(o, &err);
}

static void add_file(struct inputs *o, const char *path, bool is_alone, const atomic_bool *stop)
{
    struct inputs_item place = {0};
    struct stat st;
    find_place(&place, path, &st);
    if (is_named_again(o, path, &place))
        return;
    bool comes_once = strcmp(path, "-") == 0 || (place.has_place && !S_ISREG(st.st_mode));
    if (comes_once && !is_alone && !stop) { /* if reading can be stopped, the load itself rejects pipes */
        add_pipe(o, path, &place);
        return;
    }
    struct inputs_item *item = inputs_add(o, path);
    item->is_file = true;
    item->has_place = place.has_place;
    item->device = place.device;
    item->inode = place.inode;
    item->size = place.size;
    item->changed = place.changed;
}

/* The item as an input: all of it, even if only a part is shown. */
static struct load_input input_of(const struct inputs_item *i)
{
    struct load_input in = {.name = i->name};
    if (i->is_file)
        in.path = i->name;
    else
        in.bytes = (struct slice){i->bytes.data ? i->bytes.data : "", i->bytes.len};
    return in;
}

/* Make the list of inputs from the items that are not left out. */
static void choose_inputs(struct inputs *o)
{
    o->inputs = xrealloc(o->inputs, o->count + 1, sizeof *o->inputs);
    o->input_count = 0;
    for (size_t i = 0; i < o->count; i++) {
        if (!o->items[i].left_out)
            o->inputs[o->input_count++] = o->items[i].part.len
                ? (struct load_input){.name = o->items[i].name, .bytes = {o->items[i].part.data, o->items[i].part.len}}
                : input_of(&o->items[i]);
    }
}

/* ---- directories ---- */

bool inputs_is_named_like_report(const char *name)
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

/* Whether the file is no report but has authorization details or access key ids, judging by its contents. */
static bool is_beside_report(const char *path, const char *name)
{
    enum { LOOK = 4096 };
    char head[LOOK];
    size_t n = strlen(name);
    int fd = n > 5 && slice_equal_nocase(slice_of(name + n - 5), slice_of(".json")) ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t got = fd >= 0 ? read(fd, head, sizeof head) : -1;
    if (fd >= 0)
        close(fd);
    struct buffer text = {0};
    struct error ignored;
    if (got > 0)
        buffer_add(&text, head, (size_t)got);
    bool is = got > 0 && source_to_utf8(&text, path, &ignored);
    struct slice start = {text.data ? text.data : "", text.len};
    is = is && (details_is(start) || (key_ids_is(start) && start.data[0] != '"'));
    buffer_free(&text);
    return is;
}

static void add_beside(struct inputs *o, const char *path)
{
    o->beside = xrealloc(o->beside, o->beside_count + 1, sizeof *o->beside);
    o->beside[o->beside_count++] = xstrdup(path);
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void take_directory(struct inputs *o, const char *path, int deep);

static void take_entry(struct inputs *o, const char *path, const char *name, int deep, size_t *passed)
{
    struct buffer full = {0};
    struct stat link, st;
    buffer_printf(&full, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name);
    bool ok = lstat(full.data, &link) == 0 && stat(full.data, &st) == 0;
    if (ok && S_ISDIR(st.st_mode) && !S_ISLNK(link.st_mode))
        take_directory(o, full.data, deep + 1);
    else if (ok && S_ISREG(st.st_mode) && is_beside_report(full.data, name))
        add_beside(o, full.data);
    else if (ok && S_ISREG(st.st_mode) && inputs_is_named_like_report(name))
        add_file(o, full.data, false, NULL);
    else
        ++*passed;
    buffer_free(&full);
}

static void take_directory(struct inputs *o, const char *path, int deep)
{
    struct dirent **entries;
    struct error err;
    size_t before = o->count + o->failed, passed = 0;
    if (deep > DIRECTORIES_DEEP) {
        error_set(&err, "%s: more than %d directories deep; name it by itself", path, DIRECTORIES_DEEP);
        inputs_fail(o, &err);
        return;
    }
    int n = scandir(path, &entries, not_hidden, alphasort);
    if (n < 0) {
        error_set(&err, "%s: cannot be read: %s", path, strerror(errno));
        inputs_fail(o, &err);
        return;
    }
    for (int i = 0; i < n; i++) {
        take_entry(o, path, entries[i]->d_name, deep, &passed);
        free(entries[i]);
    }
    free(entries);
    if (deep == 0 && o->count + o->failed == before) {
        error_set(&err, "%s: there is no report in this directory", path);
        inputs_fail(o, &err);
    } else if (passed) {
        inputs_say(o, "%s: passed over %zu %s not named like a report (.csv, .json, .txt, .yaml, .xml, .b64, .gz)", path,
            passed, passed == 1 ? "entry" : "entries");
    }
}

/* ---- fetching ---- */

struct targets {
    struct fetch_target *list;
    size_t count;
    char **roles; /* owned: the list, and one role or NULL per target */
};

static void add_target(struct targets *t, const char *name, const char *profile, char *role)
{
    t->list = xrealloc(t->list, t->count + 1, sizeof *t->list);
    t->roles = xrealloc(t->roles, t->count + 1, sizeof *t->roles);
    t->roles[t->count] = role;
    t->list[t->count++] = (struct fetch_target){.name = name, .profile = profile, .role_arn = role};
}

/* TEMPLATE with each {account} replaced by ACCOUNT; the caller frees it. */
static char *role_of(const char *template, const char *account)
{
    static const char mark[] = "{account}";
    struct buffer b = {0};
    for (const char *at; (at = strstr(template, mark)); template = at + sizeof mark - 1)
        buffer_printf(&b, "%.*s%s", (int)(at - template), template, account);
    buffer_puts(&b, template);
    return b.data;
}

bool inputs_list(const struct inputs_wish *w, struct error *err)
{
    return !w->accounts || w->accounts->count || account_list_read(w->accounts, w->accounts_path, err);
}

static bool make_targets(const struct inputs_wish *w, struct targets *t, struct error *err)
{
    const struct accounts *accounts = w->accounts;
    const char *profile = w->profile_count ? w->profiles[0] : NULL;
    if (w->role_template && !strstr(w->role_template, "{account}"))
        return error_set(err, "--role-arn-template: there is no {account} in \"%s\"", w->role_template);
    if (w->role_template && w->profile_count > 1)
        return error_set(err, "--role-arn-template takes one --profile, whose credentials take on the roles");
    char of_key[ACCESS_KEY_ID_ACCOUNT_SIZE] = ""; /* only this account can tell whose the key is */
    if (w->whose)
        access_key_id_parse(slice_trimmed(slice_of(w->whose)), of_key);
    for (size_t i = 0; w->role_template && accounts && i < accounts->count; i++) {
        if (!of_key[0] || strcmp(of_key, accounts->list[i].id) == 0)
            add_target(t, accounts->list[i].id, profile, role_of(w->role_template, accounts->list[i].id));
    }
    if (w->role_template && accounts && accounts->count && !t->count)
        return error_set(err, "--whose: by its format the id belongs to account %s, which is not among --accounts", of_key);
    for (size_t i = 0; !w->role_template && i < w->profile_count; i++)
        add_target(t, w->profiles[i], w->profiles[i], NULL);
    if (!t->count)
        add_target(t, "AWS", NULL, NULL);
    return true;
}

/*
 * Parse CSV. Append the first account in it to ACCOUNT (nothing if unknown), and set *TIME, if it is INT64_MIN, to its
 * latest event. Returns false with ERR set if CSV is no report.
 */
static bool look_into(struct slice csv, const char *name, struct buffer *account, int64_t *time, struct error *err)
{
    struct report r = {0};
    bool ok = parse_report(&r, name, csv, err);
    for (size_t row = 0; ok && row < r.row_count && !account->len; row++) {
        struct slice s = report_value(&r, row, COL_ACCOUNT).text;
        buffer_add(account, s.len ? s.data : "", s.len);
    }
    buffer_puts(account, "");
    if (ok && *time == INT64_MIN)
        *time = peek_latest_event(&r, 0, r.row_count);
    report_free(&r);
    return ok;
}

/* Append PATH with its extension replaced by END. */
static void replace_extension(struct buffer *out, const char *path, const char *end)
{
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path, *dot = strrchr(base, '.');
    buffer_printf(out, "%.*s%s", (int)(dot && dot > base ? (size_t)(dot - path) : strlen(path)), path, end);
}

/*
 * Save BYTES at PATH or, if that is a directory, in it, under a name with the account and the time, like files from the
 * AWS console. END is NULL for the report, else what the name of a file beside it ends with.
 */
static bool save_as(const char *path, const char *account, int64_t time, const char *end, struct slice bytes,
    struct error *err)
{
    struct stat st;
    struct buffer name = {0};
    char stamp[32];
    bool ok;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        if (end)
            replace_extension(&name, path, end);
        ok = save_file(end ? name.data : path, bytes, err);
        buffer_free(&name);
        return ok;
    }
    timestamp_format(stamp, sizeof stamp, time);
    for (char *c = stamp; *c; c++)
        *c = *c == ':' ? '-' : *c;
    stamp[strcspn(stamp, "Z")] = '\0';
    /* the account comes from the report, so it may be any text */
    struct slice number = arn_account_number(slice_of(account));
    number = number.len ? number : slice_of("aws");
    buffer_printf(&name, "%.*s_status_reports_%s+00-00%s", (int)number.len, number.data, stamp, end ? end : ".csv");
    ok = save_file_in(path, name.data, bytes, err);
    buffer_free(&name);
    return ok;
}

/* Save BYTES of one kind; details and key ids only if there are any. */
static void save_one(struct inputs *o, const char *path, const char *account, int64_t time, const char *end,
    struct slice bytes)
{
    struct error err;
    if ((bytes.len || !end) && !save_as(path, account, time, end, bytes, &err))
        inputs_fail(o, &err);
}

/* Context for the callbacks of a fetch. */
struct arrivals {
    struct inputs *o;
    const struct inputs_wish *w;
    const struct fetch_settings *settings; /* borrowed from the caller */
};

static void pass_on(void *context, const struct fetch_target *t, const char *what)
{
    const struct arrivals *a = context;
    if (a->settings->progress)
        a->settings->progress(a->settings->context, t, what);
}

/*
 * Handle PART of a fetched target, the report or what came beside it: reject a report of another account than
 * requested, and save the part if requested.
 */
static void take_arrival(void *context, struct fetch_target *t, enum fetch_part part)
{
    const struct arrivals *a = context;
    struct envelope e;
    struct error err;
    struct buffer account = {0};
    /* what is no report is not saved; loading it reports the error */
    bool ok = envelope_open((struct slice){t->bytes.data ? t->bytes.data : "", t->bytes.len}, t->bytes.len, t->name, &e,
        &err);
    int64_t time = ok && e.generated_known ? e.generated : INT64_MIN;
    ok = ok && look_into(e.csv, t->name, &account, &time, &err);
    if (ok && t->account[0] && account.len && strcmp(account.data, t->account) != 0) {
        error_set(&t->error, "%s: the report is of account %s, not of %s, which was asked for; it was left out", t->name,
            account.data, t->account);
        t->done = false;
    } else if (ok && a->w->save_path && part == FETCH_REPORT) {
        save_one(a->o, a->w->save_path, account.data, time, NULL, e.csv);
    } else if (ok && a->w->save_path) {
        save_one(a->o, a->w->save_path, account.data, time, "-details.json",
            (struct slice){t->details.data, t->details.len});
        save_one(a->o, a->w->save_path, account.data, time, "-keys.json", (struct slice){t->keys.data, t->keys.len});
    }
    envelope_free(&e);
    buffer_free(&account);
}

static struct buffer take_buffer(struct buffer *b)
{
    struct buffer taken = *b;
    *b = (struct buffer){0};
    return taken;
}

static void keep_target(struct inputs *o, struct fetch_target *t)
{
    struct inputs_item *item = inputs_add(o, t->name);
    item->fetched = true;
    item->bytes = take_buffer(&t->bytes);
    item->details = take_buffer(&t->details);
    item->keys = take_buffer(&t->keys);
    if (t->details_error.text[0])
        inputs_fail(o, &t->details_error);
    if (t->keys_error.text[0])
        inputs_fail(o, &t->keys_error);
}

/* Take the key's owner from the account that knows it. Errors of the other accounts matter only if none does. */
static void take_owner(struct inputs *o, const struct targets *t)
{
    for (size_t i = 0; i < t->count && !o->owner.user[0]; i++)
        o->owner = t->list[i].owner;
    for (size_t i = 0; i < t->count && !o->owner.user[0]; i++) {
        if (t->list[i].owner_error.text[0])
            inputs_fail(o, &t->list[i].owner_error);
    }
}

/* The access key id of --whose in upper case, or NULL. */
static const char *key_id_of(const struct inputs_wish *w, char out[static ACCESS_KEY_ID_LENGTH + 1])
{
    struct slice id = slice_trimmed(slice_of(w->whose ? w->whose : ""));
    for (size_t i = 0; i < ACCESS_KEY_ID_LENGTH && i < id.len; i++)
        out[i] = id.data[i] >= 'a' && id.data[i] <= 'z' ? (char)(id.data[i] - 'a' + 'A') : id.data[i];
    out[id.len < ACCESS_KEY_ID_LENGTH ? id.len : ACCESS_KEY_ID_LENGTH] = '\0';
    return w->whose ? out : NULL;
}

static bool fetch_all(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *o,
    struct error *err)
{
    struct targets t = {0};
    struct stat st;
    struct fetch_settings s = *settings;
    struct arrivals arrivals = {o, w, settings};
    s.via = w->via;
    s.details = w->with_details;
    s.key_ids = w->with_key_ids;
    char id[ACCESS_KEY_ID_LENGTH + 1];
    s.whose = key_id_of(w, id);
    s.progress = pass_on;
    s.arrived = take_arrival;
    s.context = &arrivals;
    if (w->patience_ms)
        s.patience = w->patience_ms;
    bool ok = inputs_list(w, err) && make_targets(w, &t, err);
    if (ok && w->save_path && t.count > 1 && (stat(w->save_path, &st) != 0 || !S_ISDIR(st.st_mode)))
        ok = error_set(err, "--save: expected a directory for %zu reports, which %s is not", t.count, w->save_path);
    if (ok && w->accounts && w->accounts->is_cut)
        inputs_say(o, "%s: the list is cut short (it has a NextToken): accounts after it are not fetched; list them without "
            "--max-items", w->accounts_path);
    if (ok)
        fetch_run(&s, t.list, t.count);
    for (size_t i = 0; ok && i < t.count; i++) {
        if (t.list[i].done)
            keep_target(o, &t.list[i]);
        else
            inputs_fail(o, &t.list[i].error);
    }
    if (ok && s.whose)
        take_owner(o, &t);
    fetch_free(t.list, t.count);
    for (size_t i = 0; i < t.count; i++)
        free(t.roles[i]);
    free(t.roles);
    free(t.list);
    return ok;
}

static bool is_directory(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool inputs_none(const struct inputs *o, struct error *err)
{
    if (o->failed == 1)
        *err = o->last;
    else
        error_set(err, "none of %zu inputs could be read as a credential report", o->failed);
    return false;
}

/* ---- accounts in several reports ---- */

/* An account of a loaded report. */
struct loaded_account {
    char id[PEEK_ACCOUNT_SIZE]; /* see arn_put_account_id() */
    struct loaded *of;
    bool is_elsewhere;          /* a report that is as new or newer shows it */
};

/* A loaded report: its accounts and its time. */
struct loaded {
    struct inputs_item *item;
    size_t from, to;        /* its rows, TO exclusive */
    struct loaded_account *accounts; /* owned; each once */
    size_t account_count;
    int64_t time;           /* its own time, else the latest event in it */
};

static struct slice loaded_account_id(const void *accounts, uint32_t number)
{
    const struct loaded_account *all = *(struct loaded_account *const *)accounts;
    return slice_of(all[number].id);
}

static void list_accounts(struct loaded *l, const struct report *r)
{
    struct hash_index index = {.text = loaded_account_id, .owner = &l->accounts};
    struct slice last = {"", 0};
    for (size_t row = l->from; row < l->to; row++) {
        struct slice account = report_account_id(r, row);
        if (account.len == 0 || account.len >= sizeof l->accounts->id || slice_equal(account, last))
            continue;
        last = account;
        uint32_t *slot = hash_index_add(&index, account, hash_text(account));
        if (*slot)
            continue;
        if ((l->account_count & (l->account_count - 1)) == 0)
            l->accounts = xrealloc(l->accounts, l->account_count ? l->account_count * 2 : 1, sizeof *l->accounts);
        struct loaded_account *new = &l->accounts[l->account_count++];
        *new = (struct loaded_account){.of = l};
        memcpy(new->id, account.data, account.len);
        *slot = (uint32_t)l->account_count;
    }
    hash_index_free(&index);
}

/* Accounts of the reports that count so far, each with the newest report that has it. */
struct account_holders {
    struct loaded_account *list; /* owned */
    size_t count;
    struct hash_index index;
};

/* Report that another report, which is as new as L, has COUNT accounts of L, of which the first one is ID. */
static void say_as_new(struct inputs *o, const struct loaded *l, const char *id, size_t count, const struct loaded *other)
{
    char others[40] = "";
    if (count > 1)
        snprintf(others, sizeof others, " and %zu more", count - 1);
    inputs_say(o, "%s: account%s %s%s %s in %s too, which is as new; that one counts", l->item->name, count > 1 ? "s" : "", id,
        others, count > 1 ? "are" : "is", other->item->name);
}

/*
 * Add the accounts of L, which is no newer than the reports added before. Accounts that are there already are not shown
 * from L; if all of them are, L is left out. LAST: report accounts of equally new reports now, because this is the last
 * call.
 */
static void hold_accounts(struct inputs *o, struct account_holders *h, struct loaded *l, bool last)
{
    size_t shared = 0, as_new = 0, first = 0, held = h->count;
    for (size_t i = 0; i < l->account_count; i++) {
        struct slice id = slice_of(l->accounts[i].id);
        uint32_t *slot = hash_index_add(&h->index, id, hash_text(id));
        if (!*slot) {
            h->list[held++] = l->accounts[i];
            h->list[held - 1].of = l;
            *slot = (uint32_t)held;
            continue;
        }
        const struct loaded *newer = h->list[*slot - 1].of;
        l->accounts[i].is_elsewhere = true;
        l->item->is_older |= newer->time > l->time;
        shared++;
        if (newer->time == l->time && as_new++ == 0)
            first = i;
    }
    h->count = held;
    l->item->time = l->time;
    l->item->left_out = shared && shared == l->account_count;
    l->item->is_part = shared && shared < l->account_count;
    if (as_new && (last || l->item->left_out)) {
        struct slice id = slice_of(l->accounts[first].id);
        say_as_new(o, l, id.data, as_new, h->list[*hash_index_add(&h->index, id, hash_text(id)) - 1].of);
    }
}

/* Newest first; equally new ones in the order of the command line. */
static int by_time(const void *a, const void *b)
{
    const struct loaded *x = a, *y = b;
    if (x->time != y->time)
        return x->time > y->time ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* Whether any account is in two of the reports. */
static bool any_twice(const struct loaded *list, size_t count)
{
    struct loaded_account *all = NULL;
    struct hash_index index = {.text = loaded_account_id, .owner = &all};
    size_t n = 0;
    bool twice = false;
    for (size_t i = 0; i < count; i++)
        n += list[i].account_count;
    all = xcalloc(n, sizeof *all);
    n = 0;
    for (size_t i = 0; i < count && !twice; i++) {
        for (size_t k = 0; k < list[i].account_count && !twice; k++) {
            struct slice id = slice_of(list[i].accounts[k].id);
            uint32_t *slot = hash_index_add(&index, id, hash_text(id));
            twice = *slot != 0;
            all[n++] = list[i].accounts[k];
            *slot = (uint32_t)n;
        }
    }
    hash_index_free(&index);
    free(all);
    return twice;
}

static void holders_free(struct account_holders *h)
{
    hash_index_free(&h->index);
    free(h->list);
}

/* Fill in H with the newest report of each account. Frees nothing of H, which the caller frees with holders_free(). */
static void hold_newest(struct inputs *o, struct account_holders *h, struct loaded *list, size_t count, bool last)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += list[i].account_count;
    *h = (struct account_holders){.list = xcalloc(all + 1, sizeof *h->list), .index = {.text = loaded_account_id}};
    h->index.owner = &h->list;
    if (count)
        qsort(list, count, sizeof *list, by_time);
    for (size_t i = 0; i < count; i++)
        hold_accounts(o, h, &list[i], last);
}

static int limits_by_account(const void *a, const void *b)
{
    return strcmp(((const struct chronicle_limit *)a)->account, ((const struct chronicle_limit *)b)->account);
}

/* The history of an account consists of the reports before the one that shows it. */
static void set_limits(struct inputs *o, const struct account_holders *h)
{
    struct chronicle_limits *l = &o->limits;
    l->list = xrealloc(l->list, h->count + 1, sizeof *l->list);
    l->count = 0;
    for (size_t i = 0; i < h->count; i++) {
        struct chronicle_limit *one = &l->list[l->count];
        size_t n = strlen(h->list[i].id);
        if (n >= sizeof one->account)
            continue;
        *one = (struct chronicle_limit){.before = h->list[i].of->time};
        memcpy(one->account, h->list[i].id, n);
        l->count++;
    }
    if (l->count)
        qsort(l->list, l->count, sizeof *l->list, limits_by_account);
}

/* Store the result of loading each input and report those that failed. Fills in LIST; returns its length. */
static size_t take_results(struct inputs *o, const struct report *r, const struct load_result *results,
    struct loaded *list)
{
    size_t n = 0, input = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (item->left_out)
            continue;
        struct load_time own = item->result.own;
        item->result = results[input++];
        if (item->part.len) /* read a second time, without the envelope that may tell the time */
            item->result.own = own;
        if (!item->result.is_read && !item->is_told)
            inputs_fail(o, &item->result.err);
        item->is_told |= !item->result.is_read;
        size_t file = item->result.file;
        if (file >= r->file_count)
            continue;
        list[n++] = (struct loaded){.item = item, .from = r->files[file].first_row,
            .to = file + 1 < r->file_count ? r->files[file + 1].first_row : r->row_count};
    }
    return n;
}

/* ---- a part of a report ---- */

/* Whether the account with this id is shown from another report than L. */
static bool is_shown_elsewhere(const struct loaded *l, struct slice id)
{
    for (size_t i = 0; i < l->account_count; i++) {
        if (l->accounts[i].is_elsewhere && slice_equal(slice_of(l->accounts[i].id), id))
            return true;
    }
    return false;
}

/* Append line ends until the next byte is on LINE. *AT is the current line. */
static void pad_to_line(struct buffer *b, size_t *at, size_t line)
{
    for (; *at < line; ++*at)
        buffer_putc(b, '\n');
}

static size_t lines_in(struct slice text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.data[i] == '\n' || (text.data[i] == '\r' && (i + 1 == text.len || text.data[i + 1] != '\n'));
    return n;
}

/*
 * Copy the rows of L that are shown into its item's PART, which is then loaded instead of the file. Rows keep their
 * line numbers, for messages.
 */
static void copy_shown_rows(const struct report *r, const struct loaded *l)
{
    struct buffer *b = &l->item->part;
    size_t file = l->item->result.file, at = 1;
    uint32_t account = CODE_ABSENT, scratch;
    bool is_elsewhere = false;
    b->len = 0;
    pad_to_line(b, &at, r->files[file].header_line);
    size_t from = b->len;
    row_copy_header(b, r, file);
    at += lines_in((struct slice){b->data + from, b->len - from});
    for (size_t row = l->from; row < l->to; row++) {
        uint32_t code = *report_codes(r, row, 1, COL_ACCOUNT, &scratch);
        if (code != account || code < CODE_FIRST) /* the account is mostly that of the row before */
            is_elsewhere = is_shown_elsewhere(l, report_account_id(r, row));
        account = code;
        if (is_elsewhere)
            continue;
        pad_to_line(b, &at, report_line_of(r, row));
        from = b->len;
        row_copy(b, r, row);
        at += lines_in((struct slice){b->data + from, b->len - from});
    }
}

/* ---- newest and older reports ---- */

static void take_peek(struct loaded *l, struct inputs_item *item, const struct peek *p)
{
    *l = (struct loaded){.item = item, .time = p->time, .account_count = p->account_count,
        .accounts = xcalloc(p->account_count + 1, sizeof *l->accounts)};
    for (size_t i = 0; i < p->account_count; i++) {
        memcpy(l->accounts[i].id, p->accounts[i], sizeof l->accounts[i].id);
        l->accounts[i].of = l;
    }
}

/* Whether ITEM is a pipe, which can be read only once and may be silent: it is not examined before it is loaded. */
static bool is_pipe(const struct inputs_item *item)
{
    struct stat st;
    return item->is_file && stat(item->name, &st) == 0 && !S_ISREG(st.st_mode);
}

/* Whether a report that --history names is older than the one that shows any of its accounts. */
static bool is_older_of_any(const struct loaded *past, const struct account_holders *h)
{
    for (size_t i = 0; i < past->account_count; i++) {
        struct slice id = slice_of(past->accounts[i].id);
        const uint32_t *holder = hash_index_find(&h->index, id, hash_text(id));
        if (holder && *holder && past->time < h->list[*holder - 1].of->time)
            return true;
    }
    return false;
}

struct older {
    struct inputs_item *item; /* borrowed */
};

static int older_first(const void *a, const void *b)
{
    const struct inputs_item *x = ((const struct older *)a)->item, *y = ((const struct older *)b)->item;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Make the list of older reports, oldest first, as inputs of their own. */
static void choose_older(struct inputs *o)
{
    struct older *list = xcalloc(o->count + 1, sizeof *list);
    size_t told = o->older_count;
    o->older_count = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (item->is_older && item->time == INT64_MIN) {
            inputs_say(o, "%s: nothing in it tells when it was made; left out of the history", item->name);
            item->is_older = false;
        }
        if (item->is_older)
            list[o->older_count++].item = item;
    }
    qsort(list, o->older_count, sizeof *list, older_first);
    if (o->older_count && o->older_count != told) {
        char from[32];
        timestamp_format(from, sizeof from, list[0].item->time);
        inputs_say(o, "%zu older report%s since %.10s: the history of what is shown", o->older_count, o->older_count == 1 ? "" : "s", from);
    }
    o->older = xrealloc(o->older, o->older_count + 1, sizeof *o->older);
    for (size_t i = 0; i < o->older_count; i++)
        o->older[i] = (struct inputs_older){input_of(list[i].item), list[i].item->time};
    free(list);
}

/* Find the newest report of each account, which is shown; older ones become its history. */
static void find_newest(struct inputs *o)
{
    struct loaded *list = xcalloc(o->count + 1, sizeof *list), *past = xcalloc(o->count + 1, sizeof *past);
    struct account_holders newest;
    size_t count = 0, past_count = 0;
    for (size_t i = 0; i < o->count && o->count > 1; i++) {
        struct peek p;
        struct inputs_item *item = &o->items[i];
        if (is_pipe(item))
            continue;
        struct load_input in = input_of(item);
        struct error err;
        bool is_report = peek_at(&in, &p);
        if (is_report)
            take_peek(item->is_past ? &past[past_count++] : &list[count++], item, &p);
        if (item->is_past && !p.account_count) {
            error_set(&err, "%s: %s; left out of the history", item->name, is_report ? "no user's account is known" : "not a credential report");
            inputs_fail(o, &err);
        }
        peek_free(&p);
    }
    hold_newest(o, &newest, list, count, false);
    for (size_t i = 0; i < past_count; i++) {
        past[i].item->is_older = is_older_of_any(&past[i], &newest);
        past[i].item->time = past[i].time;
    }
    holders_free(&newest);
    for (size_t i = 0; i < count; i++)
        free(list[i].accounts);
    for (size_t i = 0; i < past_count; i++)
        free(past[i].accounts);
    free(list);
    free(past);
    choose_older(o);
}

static void take_path(struct inputs *o, const char *path, bool alone, const atomic_bool *stop)
{
    if (is_directory(path))
        take_directory(o, path, 0);
    else
        add_file(o, path, alone, stop);
}

/* Add what --history names; none of it is shown. */
static void take_history(struct inputs *o, const struct inputs_wish *w, const atomic_bool *stop)
{
    o->past_from = o->count;
    for (size_t i = 0; i < w->history_count; i++)
        take_path(o, w->history[i], false, stop);
    for (size_t i = o->past_from; i < o->count; i++)
        o->items[i].is_past = o->items[i].left_out = true;
}

bool inputs_gather(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *out,
    struct error *err)
{
    *out = (struct inputs){0};
    bool alone = !w->fetch && w->path_count == 1 && !w->history_count && !w->keeps_pipes;
    for (size_t i = 0; i < w->path_count; i++)
        take_path(out, w->paths[i], alone, settings->stop);
    bool ok = !w->fetch || fetch_all(w, settings, out, err);
    if (ok && !out->count)
        ok = inputs_none(out, err);
    take_history(out, w, settings->stop);
    find_newest(out);
    choose_inputs(out);
    return ok;
}

/* Set the times of the COUNT reports of LIST, which were loaded into R. */
static void set_times(struct loaded *list, size_t count, const struct report *r)
{
    for (size_t i = 0; i < count; i++)
        list[i].time = list[i].item->result.own.known ? list[i].item->result.own.at
            : peek_latest_event(r, list[i].from, list[i].to);
}

bool inputs_settle(struct inputs *o, const struct report *r, const struct load_result *results)
{
    struct loaded *list = xcalloc(o->count, sizeof *list);
    struct account_holders newest = {0};
    size_t count = take_results(o, r, results, list), left_out = 0;
    for (size_t i = 0; i < count && (count > 1 || o->older_count); i++)
        list_accounts(&list[i], r);
    if (o->older_count || any_twice(list, count)) {
        set_times(list, count, r); /* times are needed only in this case */
        hold_newest(o, &newest, list, count, true);
        set_limits(o, &newest);
        holders_free(&newest);
    }
    o->fetched = 0;
    o->own = (struct load_time){0};
    for (size_t i = 0; i < count; i++) {
        const struct inputs_item *item = list[i].item;
        if (item->is_part)
            copy_shown_rows(r, &list[i]);
        left_out += item->left_out || item->is_part;
        if (item->result.own.known && !item->left_out)
            load_time_take(&o->own, item->result.own.at, item->result.own.why);
        o->fetched += item->fetched && !item->left_out;
        free(list[i].accounts);
    }
    free(list);
    choose_inputs(o);
    if (left_out)
        choose_older(o);
    return left_out > 0;
}

void inputs_were_loaded(struct inputs *o, const struct load_result *results)
{
    size_t n = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (!item->left_out)
            item->result.file = results[n++].file;
    }
}

/* ---- all steps ---- */

bool inputs_again(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err)
{
    const struct accounts *names = r->account_names;
    struct load_time ignored = {0}; /* O has it already */
    report_free(r);
    *r = (struct report){.account_names = names};
    struct load_result *results = xcalloc(o->input_count + 1, sizeof *results);
    bool ok = load_all(r, o->inputs, o->input_count, stop, results, &ignored, err);
    inputs_were_loaded(o, results);
    free(results);
    return ok;
}

bool inputs_load(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err)
{
    struct load_time own = {0};
    choose_inputs(o);
    struct load_result *results = xcalloc(o->input_count + 1, sizeof *results);
    bool ok = load_all(r, o->inputs, o->input_count, stop, results, &own, err);
    bool again = inputs_settle(o, r, results);
    free(results);
    if (!ok)
        return inputs_none(o, err);
    return !again || inputs_again(o, r, stop, err);
}

bool inputs_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, struct report *r, struct inputs *out,
    struct error *err)
{
    return inputs_gather(w, settings, out, err) && inputs_load(out, r, settings->stop, err);
}

void inputs_free(struct inputs *o)
{
    for (size_t i = 0; i < o->count; i++) {
        free(o->items[i].name);
        buffer_free(&o->items[i].bytes);
        buffer_free(&o->items[i].part);
        buffer_free(&o->items[i].details);
        buffer_free(&o->items[i].keys);
    }
    for (size_t i = 0; i < o->beside_count; i++)
        free(o->beside[i]);
    free(o->beside);
    free(o->items);
    free(o->inputs);
    free(o->older);
    free(o->limits.list);
    buffer_free(&o->said);
    *o = (struct inputs){0};
}

bool inputs_can_again(const struct inputs_wish *w)
{
    for (size_t i = 0; i < w->path_count; i++) {
        if (strcmp(w->paths[i], "-") == 0)
            return false;
    }
    return w->path_count || w->fetch;
}
