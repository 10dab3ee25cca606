/* Joins pages as they come; a page that fails for a passing reason is asked for again. */
#include "fetch/extras.h"

#include "aws/access_key_id.h"
#include "aws/aws_error.h"
#include "base/wipe.h"
#include "fetch/iam_json.h"
#include "read/envelope.h"
#include "read/parse.h"

#include <stdio.h>
#include <stdlib.h>

enum { CODE_SIZE = 80 };

/* Whether asking again later may help after answer A, which is not ANSWER_YES. */
static bool may_change(const struct answer *a)
{
    enum aws_next next = a->kind == ANSWER_AWS_ERROR ? aws_error_next(slice_of(a->code)) : AWS_GIVE_UP;
    return a->kind == ANSWER_TRANSIENT || next == AWS_BACK_OFF || next == AWS_WAIT;
}

/* Fill ERR from A, an answer other than ANSWER_YES to the question for ACTION. */
static void explain_extra(const struct way *w, const struct answer *a, const char *action, struct error *err)
{
    struct buffer name = {0};
    buffer_puts(&name, w->target->name);
    /* a permission names its action itself */
    if (a->kind != ANSWER_AWS_ERROR || strncmp(a->code, "AccessDenied", 12) != 0)
        buffer_printf(&name, ": %s", action);
    answer_explain(a, name.data, action, err);
    buffer_free(&name);
}

/*
 * Ask until there is an answer. Returns the JSON of the aws command, or of the API in its place, which the caller
 * drops. NULL: ERR says why, and CODE has AWS's code for it; "" where it is no error of AWS.
 */
static json_t *ask_json(struct way *w, const struct question *q, struct effort *effort, char code[CODE_SIZE],
    struct error *err)
{
    struct answer a = {0};
    struct error why;
    json_t *json = NULL;
    bool again = true;
    while (again) {
        answer_free(&a);
        w->ask(w, q, &a);
        again = a.kind != ANSWER_YES && may_change(&a) && effort_back_off(effort);
    }
    snprintf(code, CODE_SIZE, "%s", a.kind == ANSWER_AWS_ERROR ? a.code : "");
    if (a.kind != ANSWER_YES) {
        explain_extra(w, &a, q->action, err);
    } else {
        effort->failures = 0;
        struct slice body = {a.body.data ? a.body.data : "", a.body.len};
        json_error_t broken;
        json = w->is_xml ? iam_json(body, q->action, &why) : json_loadb(body.data, body.len, 0, &broken);
        if (!json_is_object(json)) {
            error_set(err, "%s: %s: the answer is not %s: %s", w->target->name, q->action, w->is_xml ? "AWS's" : "JSON",
                w->is_xml ? why.text : broken.text);
            json_decref(json);
            json = NULL;
        }
    }
    answer_free(&a);
    return json;
}

/* Append the elements of PAGE's list KEY to that of ALL, which is made if need be. */
static void join(json_t *all, const json_t *page, const char *key)
{
    const json_t *list = json_object_get(page, key);
    if (!json_object_get(all, key))
        json_object_set_new(all, key, json_array());
    if (json_is_array(list))
        json_array_extend(json_object_get(all, key), json_object_get(page, key));
}

/* The pages of one answer. */
struct pages {
    json_t *all;          /* their lists, joined; owned by the caller */
    json_t *marker;       /* owned: of the page that is missing; NULL: none is, or its marker is unknown */
    char code[CODE_SIZE]; /* AWS's error code for it, see ask_json() */
};

/* Fetch every page of Q and join their LISTS into P->all. False: some are missing; ERR says why. */
static bool ask_pages(struct way *w, struct question q, const char *const lists[], struct pages *p, struct error *err)
{
    struct effort effort;
    bool more = true, ok = true;
    effort_start(&effort, w->settings);
    while (more && ok) {
        q.marker = p->marker ? json_string_value(p->marker) : NULL;
        json_t *page = ask_json(w, &q, &effort, p->code, err);
        ok = page;
        for (size_t i = 0; ok && lists[i]; i++)
            join(p->all, page, lists[i]);
        const json_t *next = json_object_get(page, "Marker");
        /* the aws command, which joins the pages itself, ends with a NextToken where it was told to stop early */
        bool is_cut = json_is_string(json_object_get(page, "NextToken"));
        more = ok && (is_cut || json_is_true(json_object_get(page, "IsTruncated")));
        if (more && (is_cut || !json_is_string(next)))
            ok = error_set(err, "%s: %s: there are more pages, but no marker to request them", w->target->name,
                q.action);
        else if (more && q.marker && strcmp(q.marker, json_string_value(next)) == 0)
            ok = error_set(err, "%s: %s: the same page comes again and again", w->target->name, q.action);
        if (page) {
            json_decref(p->marker);
            p->marker = more && json_is_string(next) ? json_string(json_string_value(next)) : NULL;
        }
        json_decref(page);
    }
    return ok;
}

static void print_json(const json_t *json, struct buffer *out)
{
    char *text = json_dumps(json, JSON_INDENT(4));
    if (text) {
        buffer_puts(out, text);
        buffer_putc(out, '\n');
    }
    wipe_free(text); /* not free(): fetch_run() made jansson allocate with wipe_malloc() */
}

bool extras_details(struct way *w, struct buffer *out, struct error *err)
{
    static const char *const lists[] = {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", NULL};
    struct pages p = {.all = json_object()};
    struct question q = {.action = "GetAccountAuthorizationDetails"};
    struct error why;
    bool ok = ask_pages(w, q, lists, &p, &why);
    size_t users = json_array_size(json_object_get(p.all, lists[0]));
    bool some = json_object_size(p.all) > 0;
    if (!ok && some) {
        json_object_set_new(p.all, "IsTruncated", json_true());
        if (p.marker)
            json_object_set(p.all, "Marker", p.marker);
        error_set(err, "%s; the details of %zu user%s are there", why.text, users, users == 1 ? "" : "s");
    } else if (!ok) {
        *err = why;
    }
    if (some)
        print_json(p.all, out);
    json_decref(p.marker);
    json_decref(p.all);
    return ok;
}

/* Counts of users while their access keys are listed. */
struct key_lists {
    size_t there;         /* listed */
    size_t gone;          /* no longer in the account */
    size_t refused;       /* AccessDenied */
    struct error refusal; /* the first of these */
};

/* Add the keys of USER to ALL. Returns false with ERR set if there is no point in going on with other users. */
static bool list_keys_of_one(struct way *w, const char *user, json_t *all, struct key_lists *l, struct error *err)
{
    static const char *const lists[] = {"AccessKeyMetadata", NULL};
    enum { REFUSED_MAX = 3 }; /* at the start; after a success the policy may be one that allows only some users */
    struct pages p = {.all = all};
    struct error why;
    bool ok = ask_pages(w, (struct question){.action = "ListAccessKeys", .user = user}, lists, &p, &why);
    bool is_refused = !ok && strncmp(p.code, "AccessDenied", 12) == 0;
    bool is_gone = !ok && strcmp(p.code, "NoSuchEntity") == 0; /* deleted since the report was made */
    json_decref(p.marker);
    l->there += ok;
    l->gone += is_gone;
    if (is_refused && !l->refused++)
        l->refusal = why;
    if (!ok)
        *err = why;
    return ok || is_gone || (is_refused && (l->there || l->refused < REFUSED_MAX));
}

static void say_keys(struct way *w, size_t done, size_t count)
{
    struct buffer said = {0};
    buffer_printf(&said, "access keys of %zu of %zu users", done, count);
    w->settings->progress(w->settings->context, w->target, FETCH_WAITING, said.data);
    buffer_free(&said);
}

/* Add the keys of every user of R but root to ALL. Returns false if some are missing, see extras_keys(). */
static bool list_keys(struct way *w, const struct report *r, json_t *all, struct error *err)
{
    enum { SAY_EVERY = 100 };
    struct key_lists l = {0};
    struct error why;
    bool ok = true;
    size_t users = 0;
    json_object_set_new(all, "AccessKeyMetadata", json_array());
    for (size_t row = 0; row < r->row_count; row++) {
        struct value user = report_value(r, row, COL_USER), root = report_value(r, row, COL_ROOT);
        if ((root.state == STATE_VALUE && root.number) || !user.text.len)
            continue;
        users++;
        if (!ok)
            continue;
        char *name = slice_copy(user.text);
        ok = list_keys_of_one(w, name, all, &l, &why);
        free(name);
        if (ok && row % SAY_EVERY == SAY_EVERY - 1)
            say_keys(w, row + 1, r->row_count);
    }
    if (!ok || l.refused)
        error_set(err, "%s; access key IDs of %zu of %zu user%s are there", ok ? l.refusal.text : why.text,
            l.there + l.gone, users, users == 1 ? "" : "s");
    return ok && !l.refused;
}

bool extras_keys(struct way *w, struct slice bytes, struct buffer *out, struct error *err)
{
    struct envelope e;
    struct report r = {0};
    struct error why;
    json_t *all = json_object();
    bool ok = envelope_open(bytes, bytes.len, w->target->name, &e, &why)
        && parse_report(&r, w->target->name, e.csv, &why);
    if (ok)
        ok = list_keys(w, &r, all, err);
    else
        error_set(err, "%s", why.text);
    if (json_array_size(json_object_get(all, "AccessKeyMetadata")) || ok)
        print_json(all, out);
    json_decref(all);
    report_free(&r);
    envelope_free(&e);
    return ok;
}

static void copy_member(char *out, size_t size, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    size_t n = text ? strlen(text) : 0;
    n = n < size ? n : size - 1;
    memcpy(out, text ? text : "", n);
    out[n] = '\0';
}

/*
 * Whether the access key ID may belong to the account of the report in BYTES; ids of the old format do not say whose.
 */
static bool may_be_of_account(const struct way *w, const char *id, struct slice bytes)
{
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];
    struct envelope e;
    struct report r = {0};
    struct error ignored;
    bool may = true;
    access_key_id_parse(slice_of(id), account);
    if (!account[0])
        return true;
    if (envelope_open(bytes, bytes.len, w->target->name, &e, &ignored)
        && parse_report(&r, w->target->name, e.csv, &ignored)
        && r.row_count)
        may = slice_equal(report_number(&r, 0, COL_ACCOUNT).text, slice_of(account));
    report_free(&r);
    envelope_free(&e);
    return may;
}

/* Add the access key ID of USER, without a date, to LIST of ALL, unless it is there. */
static void add_key(json_t *all, const char *list, const char *user, const char *id)
{
    const json_t *one;
    size_t i;
    if (!json_object_get(all, list))
        json_object_set_new(all, list, json_array());
    json_array_foreach(json_object_get(all, list), i, one) {
        const char *other = json_string_value(json_object_get(one, "AccessKeyId"));
        if (other && strcmp(other, id) == 0)
            return;
    }
    json_t *key = json_object();
    json_object_set_new(key, "UserName", json_string(user));
    json_object_set_new(key, "AccessKeyId", json_string(id));
    json_array_append_new(json_object_get(all, list), key);
}

/*
 * Append the list of USER's access keys to OUT. Returns false with ERR set if they cannot be listed: then it is a
 * list of ID alone, of which nobody knows which of the user's keys it is.
 */
static bool list_keys_of(struct way *w, const char *user, const char *id, struct buffer *out, struct error *err)
{
    static const char *const lists[] = {"AccessKeyMetadata", NULL};
    struct pages p = {.all = json_object()};
    struct error why;
    bool ok = ask_pages(w, (struct question){.action = "ListAccessKeys", .user = user}, lists, &p, &why)
        || error_set(err, "%s; it is unknown which of the keys of %s this is", why.text, user);
    add_key(p.all, lists[0], user, id);
    print_json(p.all, out);
    json_decref(p.marker);
    json_decref(p.all);
    return ok;
}

bool extras_owner(struct way *w, const char *id, struct slice report, struct fetch_key_owner *out, struct buffer *keys,
    struct error *keys_err, struct error *err)
{
    struct effort effort;
    struct error why;
    char code[CODE_SIZE];
    if (!may_be_of_account(w, id, report))
        return true;
    effort_start(&effort, w->settings);
    json_t *json = ask_json(w, &(struct question){.action = "GetAccessKeyLastUsed", .key = id}, &effort, code, &why);
    if (!json && strncmp(code, "AccessDenied", 12) == 0)
        error_set(err, "%s; AWS answers so, too, where the account has no such key", why.text);
    else if (!json)
        *err = why;
    const json_t *used = json_object_get(json, "AccessKeyLastUsed");
    copy_member(out->user, sizeof out->user, json, "UserName");
    copy_member(out->used, sizeof out->used, used, "LastUsedDate");
    copy_member(out->service, sizeof out->service, used, "ServiceName");
    copy_member(out->region, sizeof out->region, used, "Region");
    bool ok = json && (out->user[0] || error_set(err, "%s: AWS names no user of %s", w->target->name, id));
    if (ok && !keys->len)
        list_keys_of(w, out->user, id, keys, keys_err);
    json_decref(json);
    return ok;
}
