/* Reports from AWS: one target per account or profile; each part is saved as soon as it has arrived. */
#include "session/inputs_fetched.h"

#include "aws/access_key_id.h"
#include "aws/arn.h"
#include "base/save.h"
#include "base/timestamp.h"
#include "read/account_list.h"
#include "read/envelope.h"
#include "read/parse.h"
#include "session/inputs_items.h"
#include "session/peek.h"

#include <stdlib.h>
#include <sys/stat.h>

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

bool inputs_read_accounts(const struct inputs_wish *w, struct error *err)
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
        return error_set(err, "--role-arn-template needs a single --profile, whose credentials assume the roles");
    char of_key[ACCESS_KEY_ID_ACCOUNT_SIZE] = ""; /* only this account can tell whose the key is */
    if (w->whose)
        access_key_id_parse(slice_trimmed(slice_of(w->whose)), of_key);
    for (size_t i = 0; w->role_template && accounts && i < accounts->count; i++) {
        if (!of_key[0] || strcmp(of_key, accounts->list[i].id) == 0)
            add_target(t, accounts->list[i].id, profile, role_of(w->role_template, accounts->list[i].id));
    }
    if (w->role_template && accounts && accounts->count && !t->count)
        return error_set(err, "--whose: by its format the ID belongs to account %s, which is not among --accounts",
            of_key);
    for (size_t i = 0; !w->role_template && i < w->profile_count; i++)
        add_target(t, w->profiles[i], w->profiles[i], NULL);
    if (!t->count)
        add_target(t, "AWS", NULL, NULL);
    return true;
}

/*
 * Parse CSV. Append the id of the first account in it to ACCOUNT (nothing if unknown), and set *TIME, if it is
 * INT64_MIN, to its latest event. Returns false with ERR set if CSV is no report.
 */
static bool look_into(struct slice csv, const char *name, struct buffer *account, int64_t *time, struct error *err)
{
    struct report r = {0};
    bool ok = parse_report(&r, name, csv, err);
    for (size_t row = 0; ok && row < r.row_count && !account->len; row++) {
        struct slice s = report_account_id(&r, row);
        buffer_add(account, s.len ? s.data : "", s.len);
    }
    buffer_puts(account, "");
    if (ok && *time == INT64_MIN)
        *time = peek_likely_time(&r, 0, r.row_count, "");
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
 * Append the account ID as a part of a file name: its number, in another partition "aws-cn-NUMBER", because that is
 * another account. ID comes from the report, so it may be any text; one that is not an account's becomes "aws".
 */
static void put_account_in_name(struct buffer *b, struct slice id)
{
    static const char part[] = "abcdefghijklmnopqrstuvwxyz0123456789-", start[] = "aws-";
    enum { PARTITION_MAX = 24, START = sizeof start - 1 };
    struct slice number = arn_account_number(arn_id_number(id)), partition = arn_id_partition(id);
    bool is_named = partition.len > START && partition.len <= PARTITION_MAX
        && memcmp(partition.data, start, START) == 0;
    for (size_t i = 0; i < partition.len && is_named; i++)
        is_named = partition.data[i] && strchr(part, partition.data[i]);
    if (number.len && is_named)
        buffer_printf(b, "%.*s-", (int)partition.len, partition.data);
    number = number.len ? number : slice_of("aws");
    buffer_printf(b, "%.*s", (int)number.len, number.data);
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
    put_account_in_name(&name, slice_of(account));
    buffer_printf(&name, "_status_reports_%s+00-00%s", stamp, end ? end : ".csv");
    ok = save_file_in(path, name.data, bytes, err);
    buffer_free(&name);
    return ok;
}

/* Save BYTES of one kind; details and key IDs only if there are any. */
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

static void pass_on(void *context, const struct fetch_target *t, enum fetch_event event, const char *what)
{
    const struct arrivals *a = context;
    if (a->settings->progress)
        a->settings->progress(a->settings->context, t, event, what);
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
    struct slice number = arn_id_number(slice_of(account.data ? account.data : ""));
    if (ok && t->account[0] && number.len && !slice_equal(number, slice_of(t->account))) {
        error_set(&t->error, "%s: the report is of account %.*s, not of %s, which was requested; it was ignored",
            t->name, (int)number.len, number.data, t->account);
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

/* The access key ID of --whose in upper case, or NULL. */
static const char *key_id_of(const struct inputs_wish *w, char out[static ACCESS_KEY_ID_LENGTH + 1])
{
    struct slice id = slice_trimmed(slice_of(w->whose ? w->whose : ""));
    for (size_t i = 0; i < ACCESS_KEY_ID_LENGTH && i < id.len; i++)
        out[i] = id.data[i] >= 'a' && id.data[i] <= 'z' ? (char)(id.data[i] - 'a' + 'A') : id.data[i];
    out[id.len < ACCESS_KEY_ID_LENGTH ? id.len : ACCESS_KEY_ID_LENGTH] = '\0';
    return w->whose ? out : NULL;
}

bool inputs_fetch(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *o,
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
    bool ok = inputs_read_accounts(w, err) && make_targets(w, &t, err);
    if (ok && w->save_path && t.count > 1 && (stat(w->save_path, &st) != 0 || !S_ISDIR(st.st_mode)))
        ok = error_set(err, "--save: expected a directory for %zu reports, which %s is not", t.count, w->save_path);
    if (ok && w->accounts && w->accounts->is_cut)
        inputs_say(o, "%s: the list is cut short (it has a NextToken): accounts after it are not fetched; list them "
            "without "
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
