/*
 * Reads authorization details event by event (IAM API reference, GetAccountAuthorizationDetails). details_finish() then
 * sorts, links groups and managed policies, and evaluates each user.
 */
#include "context/details.h"

#include "aws/arn.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "report/extra_columns.h"

#include <stdio.h>
#include <math.h>
#include <stdlib.h>

struct details_group {
    size_t place;         /* position of the group in all files, from 0 */
    char *account, *name; /* owned; groups are unique by name within an account */
    struct details_policies policies;
    struct rights_policy *prepared; /* owned, once finished: one per policy, filled in for those with a document */
    const struct details_user *judged; /* the last user for whom it was gathered; borrowed */
};

/* A managed policy with its default version, or one of which only the name is known. */
struct details_managed {
    size_t place;            /* position of the policy in all files, from 0 */
    char *arn;               /* owned */
    struct policy *document; /* owned; NULL if it could not be read */
    bool is_missing;         /* not in the files: DOCUMENT is derived from the name */
    bool is_guess;           /* the name is unknown, too: DOCUMENT assumes that it writes */
    struct rights_policy prepared;
};

enum { LIST_START = 4 };

/* Make room for one more element in an array whose size is a power of two, of at least LIST_START elements. */
static void *room_for_one(void *list, size_t count, size_t size)
{
    if (count != 0 && (count < LIST_START || (count & (count - 1)) != 0))
        return list;
    return xrealloc(list, count < LIST_START ? LIST_START : count * 2, size);
}

struct details *details_new(void)
{
    return xcalloc(1, sizeof(struct details));
}

static void free_policies(struct details_policies *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->list[i].name);
        free(p->list[i].arn);
        policy_free(p->list[i].document);
    }
    free(p->list);
}

static void free_user(struct details_user *u)
{
    free_policies(&u->policies);
    for (size_t i = 0; i < u->group_count; i++)
        free(u->groups[i]);
    for (size_t i = 0; i < u->tag_count; i++) {
        free(u->tags[i].key);
        free(u->tags[i].value);
    }
    free(u->arn);
    free(u->groups);
    free(u->tags);
    free(u->boundary);
    free(u->rights_by);
}

static void free_group(struct details_group *g)
{
    free(g->account);
    free(g->name);
    free(g->prepared);
    free_policies(&g->policies);
}

void details_free(struct details *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->user_count; i++)
        free_user(&d->users[i]);
    for (size_t i = 0; i < d->group_count; i++)
        free_group(&d->groups[i]);
    for (size_t i = 0; i < d->managed_count; i++) {
        free(d->managed[i].arn);
        policy_free(d->managed[i].document);
    }
    for (size_t i = 0; i < d->account_count; i++)
        free(d->accounts[i]);
    free(d->users);
    free(d->groups);
    free(d->managed);
    free(d->accounts);
    free(d->truncated_account);
    free(d);
}

/* ---- reading ---- */

static bool details_is_key(const struct json_reader *j, const char *name)
{
    return slice_equal(j->text, slice_of(name));
}

/*
 * A copy of the string that J is at. NUL bytes, which would end it, and separators of list elements, which would split
 * a name, are replaced by "?" and counted.
 */
static char *details_copy_text(struct json_reader *j, struct details *d)
{
    char *text = slice_copy(j->text);
    bool is_odd = false;
    for (size_t i = 0; i < j->text.len; i++) {
        if (text[i] == '\0' || text[i] == EXTRA_LIST_SEPARATOR) {
            text[i] = '?';
            is_odd = true;
        }
    }
    d->odd_texts += is_odd;
    return text;
}

/* Read a text member into *OUT, replacing it. Other values are ignored. Returns false if the JSON is broken. */
static bool details_read_text(struct json_reader *j, struct details *d, char **out)
{
    enum json_event e = json_reader_next(j);
    if (e == JSON_EVENT_STRING) {
        free(*out);
        *out = details_copy_text(j, d);
    }
    return e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
}

/* What was found in place of a list. */
struct list_state {
    bool is_there;     /* the member exists; null does not count, because --query writes it for missing members */
    bool is_malformed; /* it is no list, or an element is of another kind than expected */
};

/*
 * Call READ_ELEMENT for each element of a member's list that begins with event ELEMENT: JSON_EVENT_OBJECT, whose { has
 * then been read, or JSON_EVENT_STRING. Anything else is skipped and noted in STATE. Returns false if the JSON is
 * broken.
 */
static bool details_read_elements(struct json_reader *j, enum json_event element,
    bool (*read_element)(struct json_reader *j, void *context), void *context, struct list_state *state)
{
    enum json_event e = json_reader_next(j);
    state->is_there |= e != JSON_EVENT_NULL;
    state->is_malformed |= e != JSON_EVENT_ARRAY && e != JSON_EVENT_NULL;
    if (e == JSON_EVENT_OBJECT)
        return json_reader_skip(j);
    if (e != JSON_EVENT_ARRAY)
        return e != JSON_EVENT_ERROR;
    while ((e = json_reader_next(j)) != JSON_EVENT_ARRAY_END) {
        state->is_malformed |= e != element;
        if (e == JSON_EVENT_ERROR || e == JSON_EVENT_END)
            return false;
        if (e == element ? !read_element(j, context) : (e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY)
            && !json_reader_skip(j))
            return false;
    }
    return true;
}

/* The same for a list of objects. */
static bool details_read_list(struct json_reader *j, bool (*read_object)(struct json_reader *j, void *context),
    void *context, struct list_state *state)
{
    return details_read_elements(j, JSON_EVENT_OBJECT, read_object, context, state);
}

static void note_bad_document(struct details *d, const char *policy, const struct error *why)
{
    char name[80];
    if (d->bad_documents++)
        return;
    text_escape(name, sizeof name, slice_of(policy ? policy : "?"));
    snprintf(d->first_bad, sizeof d->first_bad, "%.80s: %.100s", name, why->text);
}

/* Contexts of the functions that read elements. */
struct policies_context {
    struct details *details;
    struct details_policies *policies;
};

struct user_context {
    struct details *details;
    struct details_user *user;
};

static bool details_read_policy(struct json_reader *j, void *context)
{
    const struct policies_context *c = context;
    struct details_policies *list = c->policies;
    struct details_policy p = {.managed = SIZE_MAX};
    struct error why;
    bool ok = true, is_bad = false;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "PolicyName")) {
            ok = details_read_text(j, c->details, &p.name);
        } else if (details_is_key(j, "PolicyArn")) {
            ok = details_read_text(j, c->details, &p.arn);
        } else if (details_is_key(j, "PolicyDocument")) {
            policy_free(p.document);
            p.document = policy_read(j, json_reader_next(j), &why);
            is_bad = !p.document;
        } else {
            ok = json_reader_skip(j);
        }
    }
    if (is_bad)
        note_bad_document(c->details, p.name, &why);
    p.name = p.name ? p.name : xstrdup("?");
    list->list = room_for_one(list->list, list->count, sizeof *list->list);
    list->list[list->count++] = p;
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool read_policies(struct json_reader *j, struct details *d, struct details_policies *out,
    struct list_state *state)
{
    struct policies_context c = {d, out};
    return details_read_list(j, details_read_policy, &c, state);
}

static bool details_read_tag(struct json_reader *j, void *context)
{
    const struct user_context *c = context;
    struct details_user *u = c->user;
    struct details_tag t = {0};
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY)
        ok = details_is_key(j, "Key") ? details_read_text(j, c->details, &t.key)
            : details_is_key(j, "Value") ? details_read_text(j, c->details, &t.value) : json_reader_skip(j);
    if (t.key) {
        t.value = t.value ? t.value : xstrdup("");
        u->tags = room_for_one(u->tags, u->tag_count, sizeof *u->tags);
        u->tags[u->tag_count++] = t;
    } else {
        free(t.value);
    }
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool details_read_group_name(struct json_reader *j, void *context)
{
    const struct user_context *c = context;
    struct details_user *u = c->user;
    u->groups = room_for_one(u->groups, u->group_count, sizeof *u->groups);
    u->groups[u->group_count++] = details_copy_text(j, c->details);
    return true;
}

static bool read_boundary(struct json_reader *j, const struct user_context *c, bool *is_there)
{
    enum json_event e = json_reader_next(j);
    *is_there = true;
    c->user->may_lack_boundary = e != JSON_EVENT_NULL;
    if (e != JSON_EVENT_OBJECT)
        return e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (!(details_is_key(j, "PermissionsBoundaryArn") ? details_read_text(j, c->details, &c->user->boundary)
            : json_reader_skip(j)))
            return false;
    }
    c->user->may_lack_boundary = !c->user->boundary;
    return e == JSON_EVENT_OBJECT_END;
}

/* Read a time as the aws command writes it, or seconds since 1970. */
static bool details_read_time(struct json_reader *j, int64_t *out)
{
    enum json_event e = json_reader_next(j);
    if (e == JSON_EVENT_STRING)
        *out = timestamp_parse(j->text, out) ? *out : INT64_MIN;
    else if (e == JSON_EVENT_NUMBER && j->text.len < 18) {
        char digits[20] = "";
        memcpy(digits, j->text.data, j->text.len);
        double seconds = strtod(digits, NULL);
        *out = fabs(seconds) < 1e15 ? (int64_t)seconds : INT64_MIN;
    }
    return e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
}

/* Which members of a user or a group were found; a file may leave them out. */
struct members_seen {
    struct list_state attached, own, groups, tags;
    bool has_boundary;
};

/*
 * Note which data of a user is unknown. AWS always sends GroupList and AttachedManagedPolicies, even empty ones, but
 * leaves out UserPolicyList, Tags and PermissionsBoundary if there are none. If one of the first two is missing,
 * something (such as --query) has trimmed the user, and any missing member is unknown.
 */
static void note_missing_of_user(struct details *d, struct details_user *u, const struct members_seen *seen)
{
    bool is_trimmed = !seen->attached.is_there || !seen->groups.is_there;
    d->trimmed += is_trimmed;
    u->policies.may_lack_some = seen->attached.is_malformed || seen->own.is_malformed || !seen->attached.is_there
        || (is_trimmed && !seen->own.is_there);
    u->may_lack_groups = seen->groups.is_malformed || !seen->groups.is_there;
    u->may_lack_tags = seen->tags.is_malformed || (is_trimmed && !seen->tags.is_there);
    u->may_lack_boundary |= is_trimmed && !seen->has_boundary;
}

static bool details_read_user(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_user u = {.created = INT64_MIN};
    struct user_context c = {d, &u};
    struct members_seen seen = {0};
    size_t doubles = j->doubles.count;
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "Arn"))
            ok = details_read_text(j, d, &u.arn);
        else if (details_is_key(j, "CreateDate"))
            ok = details_read_time(j, &u.created);
        else if (details_is_key(j, "UserPolicyList"))
            ok = read_policies(j, d, &u.policies, &seen.own);
        else if (details_is_key(j, "AttachedManagedPolicies"))
            ok = read_policies(j, d, &u.policies, &seen.attached);
        else if (details_is_key(j, "GroupList"))
            ok = details_read_elements(j, JSON_EVENT_STRING, details_read_group_name, &c, &seen.groups);
        else if (details_is_key(j, "Tags"))
            ok = details_read_list(j, details_read_tag, &c, &seen.tags);
        else if (details_is_key(j, "PermissionsBoundary"))
            ok = read_boundary(j, &c, &seen.has_boundary);
        else
            ok = json_reader_skip(j);
    }
    u.policies.is_named_twice = j->doubles.count > doubles;
    note_missing_of_user(d, &u, &seen);
    if (!u.arn) {
        free_user(&u);
    } else {
        d->users = room_for_one(d->users, d->user_count, sizeof *d->users);
        u.place = d->user_count;
        d->users[d->user_count++] = u;
    }
    return ok && e == JSON_EVENT_OBJECT_END;
}

/* The id of the account in ARN, see arn_put_account_id(). The caller frees it. */
static char *account_copy(const char *arn)
{
    struct buffer id = {0};
    arn_put_account_id(&id, slice_of(arn ? arn : ""));
    buffer_puts(&id, "");
    return id.data;
}

static bool details_read_group(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_group g = {0};
    char *arn = NULL;
    size_t doubles = j->doubles.count;
    struct members_seen seen = {0};
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "GroupName"))
            ok = details_read_text(j, d, &g.name);
        else if (details_is_key(j, "Arn"))
            ok = details_read_text(j, d, &arn);
        else if (details_is_key(j, "GroupPolicyList"))
            ok = read_policies(j, d, &g.policies, &seen.own);
        else if (details_is_key(j, "AttachedManagedPolicies"))
            ok = read_policies(j, d, &g.policies, &seen.attached);
        else
            ok = json_reader_skip(j);
    }
    bool is_trimmed = !seen.own.is_there || !seen.attached.is_there; /* AWS always sends both, even empty ones */
    d->trimmed += is_trimmed;
    g.policies.may_lack_some = is_trimmed || seen.own.is_malformed || seen.attached.is_malformed;
    g.policies.is_named_twice = j->doubles.count > doubles;
    g.account = account_copy(arn);
    g.name = g.name ? g.name : xstrdup("");
    free(arn);
    d->groups = room_for_one(d->groups, d->group_count, sizeof *d->groups);
    g.place = d->group_count;
    d->groups[d->group_count++] = g;
    return ok && e == JSON_EVENT_OBJECT_END;
}

/* The versions of a managed policy, of which only the default one counts. */
struct versions {
    struct details *details;
    char *default_id;                 /* owned: DefaultVersionId of the policy, or NULL */
    struct version {
        char *id;                     /* owned; NULL if it has none */
        struct policy *document;      /* owned; NULL if missing or unreadable */
        bool is_default, is_marked;   /* IsDefaultVersion is true; the member exists */
    } *list;                          /* owned */
    size_t count;
    struct error why;                 /* why the last unreadable document could not be read */
};

static bool details_read_version(struct json_reader *j, void *context)
{
    struct versions *v = context;
    struct version one = {0};
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "Document")) {
            policy_free(one.document);
            one.document = policy_read(j, json_reader_next(j), &v->why);
        } else if (details_is_key(j, "VersionId")) {
            ok = details_read_text(j, v->details, &one.id);
        } else if (details_is_key(j, "IsDefaultVersion")) {
            enum json_event value = json_reader_next(j);
            one.is_default = value == JSON_EVENT_TRUE;
            one.is_marked = true;
            ok = value == JSON_EVENT_OBJECT || value == JSON_EVENT_ARRAY ? json_reader_skip(j)
                : value != JSON_EVENT_ERROR;
        } else {
            ok = json_reader_skip(j);
        }
    }
    v->list = room_for_one(v->list, v->count, sizeof *v->list);
    v->list[v->count++] = one;
    return ok && e == JSON_EVENT_OBJECT_END;
}

/*
 * Whether a version is the default one, by its mark or by its id. A contradiction between both counts as no. If the
 * policy has neither, its only version is the default one.
 */
static bool is_default_version(const struct versions *v, const struct version *one)
{
    bool is_named = v->default_id && one->id && strcmp(v->default_id, one->id) == 0;
    if (v->default_id && one->id && !is_named)
        return false;
    return one->is_marked ? one->is_default : is_named || (v->count == 1 && !v->default_id);
}

/* The document of the default version, owned by the caller, or NULL with WHY set if there is none. */
static struct policy *take_default_document(struct versions *v, struct error *why)
{
    struct version *found = NULL;
    size_t defaults = 0;
    for (size_t i = 0; i < v->count; i++) {
        if (is_default_version(v, &v->list[i])) {
            found = &v->list[i];
            defaults++;
        }
    }
    if (defaults != 1)
        error_set(why, !v->count ? "it has no version" : defaults ? "several of its versions are the default one"
            : "none of its versions is the default one");
    else if (!found->document)
        error_set(why, "%s", v->why.text[0] ? v->why.text : "its default version has no document");
    struct policy *document = defaults == 1 ? found->document : NULL;
    if (document)
        found->document = NULL;
    return document;
}

static void free_versions(struct versions *v)
{
    for (size_t i = 0; i < v->count; i++) {
        free(v->list[i].id);
        policy_free(v->list[i].document);
    }
    free(v->list);
    free(v->default_id);
}

static bool details_read_managed(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_managed m = {0};
    struct versions v = {.details = d};
    struct error why;
    size_t doubles = j->doubles.count;
    struct list_state ignored = {0};
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "Arn"))
            ok = details_read_text(j, d, &m.arn);
        else if (details_is_key(j, "DefaultVersionId"))
            ok = details_read_text(j, d, &v.default_id);
        else if (details_is_key(j, "PolicyVersionList"))
            ok = details_read_list(j, details_read_version, &v, &ignored);
        else
            ok = json_reader_skip(j);
    }
    m.document = take_default_document(&v, &why);
    if (m.document && j->doubles.count > doubles) {
        error_set(&why, "a member is named twice");
        policy_free(m.document);
        m.document = NULL;
    }
    if (!m.document)
        note_bad_document(d, m.arn, &why);
    free_versions(&v);
    m.place = d->managed_count;
    if (m.arn) {
        d->managed = room_for_one(d->managed, d->managed_count, sizeof *d->managed);
        d->managed[d->managed_count++] = m;
    } else {
        policy_free(m.document);
    }
    return ok && e == JSON_EVENT_OBJECT_END;
}

static const struct {
    const char *name;
    bool (*read)(struct json_reader *j, void *details); /* reads one element; NULL: the list is skipped */
} lists[] = {
    {"UserDetailList", details_read_user}, {"GroupDetailList", details_read_group}, {"Policies", details_read_managed},
    {"RoleDetailList", NULL},
};

/*
 * Read a page whose { has been read. *IS_PAGE is set if it has one of the lists, *HAS_NEXT to whether it says that
 * another page follows. Returns false if the JSON is broken.
 */
static bool details_read_page(struct json_reader *j, struct details *d, bool *is_page, bool *has_next)
{
    enum json_event e;
    *has_next = false;
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        size_t i = 0;
        bool ok, is_next = details_is_key(j, "Marker") || details_is_key(j, "NextToken");
        while (i < sizeof lists / sizeof lists[0] && !details_is_key(j, lists[i].name))
            i++;
        if (i < sizeof lists / sizeof lists[0]) {
            *is_page = true;
            struct list_state state = {0};
            ok = lists[i].read ? details_read_list(j, lists[i].read, d, &state) : json_reader_skip(j);
            d->has_malformed_lists |= lists[i].read && (state.is_malformed || !state.is_there);
        } else if (is_next || details_is_key(j, "IsTruncated")) {
            enum json_event value = json_reader_next(j);
            *has_next |= value == JSON_EVENT_TRUE || (is_next && value == JSON_EVENT_STRING);
            ok = value == JSON_EVENT_OBJECT || value == JSON_EVENT_ARRAY ? json_reader_skip(j)
                : value != JSON_EVENT_ERROR;
        } else {
            ok = json_reader_skip(j);
        }
        if (!ok)
            return false;
    }
    return e == JSON_EVENT_OBJECT_END;
}

bool details_is(struct slice text)
{
    struct json_reader j;
    bool is = false;
    json_reader_start(&j, text);
    if (json_reader_next(&j) == JSON_EVENT_OBJECT) {
        for (int members = 0; members < 8 && !is && json_reader_next(&j) == JSON_EVENT_KEY; members++) {
            for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
                is |= details_is_key(&j, lists[i].name);
            if (!is && !json_reader_skip(&j))
                break;
        }
    }
    json_reader_free(&j);
    return is;
}

/* The account of a page: of the first user, group or managed policy that it added. */
static char *page_account(const struct details *d, size_t users, size_t groups, size_t managed)
{
    if (users < d->user_count)
        return account_copy(d->users[users].arn);
    if (groups < d->group_count)
        return xstrdup(d->groups[groups].account);
    return account_copy(managed < d->managed_count ? d->managed[managed].arn : NULL);
}

static bool read_whole_page(struct json_reader *j, struct details *d, bool *is_page)
{
    size_t users = d->user_count, groups = d->group_count, managed = d->managed_count;
    bool has_next;
    if (!details_read_page(j, d, is_page, &has_next))
        return false;
    char *account = page_account(d, users, groups, managed);
    if (d->truncated_account && (strcmp(d->truncated_account, account) == 0 || !*account || !*d->truncated_account)) {
        free(d->truncated_account);
        d->truncated_account = NULL;
    }
    if (has_next && !d->truncated_account)
        d->truncated_account = account;
    else
        free(account);
    return true;
}

bool details_read(struct details *d, struct json_reader *j, const char *file, struct error *err)
{
    bool is_page = false;
    enum json_event e;
    j->many = j->finds_doubles = true;
    while ((e = json_reader_next(j)) == JSON_EVENT_OBJECT && read_whole_page(j, d, &is_page))
        continue;
    bool whole = e == JSON_EVENT_END;
    if (!whole && !j->has_failed)
        error_set(err, "%s:%zu: %s", file, j->line, j->error ? j->error
            : "expected the JSON of aws iam get-account-authorization-details");
    else if (whole && !is_page)
        error_set(err, "%s: not the JSON of aws iam get-account-authorization-details: it has no UserDetailList", file);
    json_doubles_add(&d->doubles, &j->doubles);
    return whole && is_page;
}

/* ---- linking ---- */

static int details_compare_users(const void *a, const void *b)
{
    const struct details_user *x = a, *y = b;
    int order = strcmp(x->arn, y->arn);
    return order ? order : (x->created > y->created) - (x->created < y->created);
}

static int details_compare_groups(const void *a, const void *b)
{
    const struct details_group *x = a, *y = b;
    int order = strcmp(x->account, y->account);
    return order ? order : strcmp(x->name, y->name);
}

static int details_compare_managed(const void *a, const void *b)
{
    return strcmp(((const struct details_managed *)a)->arn, ((const struct details_managed *)b)->arn);
}

static int details_compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t find_managed(const struct details *d, const char *arn, size_t count)
{
    struct details_managed key = {.arn = (char *)(uintptr_t)arn};
    const struct details_managed *m = count ? bsearch(&key, d->managed, count, sizeof *m, details_compare_managed)
        : NULL;
    return m ? (size_t)(m - d->managed) : SIZE_MAX;
}

/* ---- duplicates: the first one counts ---- */

static int compare_places(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int details_sort_users(const void *a, const void *b)
{
    int order = details_compare_users(a, b);
    return order ? order : compare_places(((const struct details_user *)a)->place,
        ((const struct details_user *)b)->place);
}

static int details_sort_groups(const void *a, const void *b)
{
    int order = details_compare_groups(a, b);
    return order ? order : compare_places(((const struct details_group *)a)->place,
        ((const struct details_group *)b)->place);
}

static int details_sort_managed(const void *a, const void *b)
{
    int order = details_compare_managed(a, b);
    return order ? order : compare_places(((const struct details_managed *)a)->place,
        ((const struct details_managed *)b)->place);
}

/* A user without creation time may be any of that ARN. */
static bool is_same_user(const struct details_user *a, const struct details_user *b)
{
    return strcmp(a->arn, b->arn) == 0 && (a->created == b->created || a->created == INT64_MIN
        || b->created == INT64_MIN);
}

/* Sort users and groups, and keep the first of those that are the same. */
static void settle_users_and_groups(struct details *d)
{
    size_t kept = 0, run = 0;
    if (d->user_count)
        qsort(d->users, d->user_count, sizeof *d->users, details_sort_users);
    if (d->group_count)
        qsort(d->groups, d->group_count, sizeof *d->groups, details_sort_groups);
    for (size_t i = 0; i < d->user_count; i++) {
        d->twice += i && is_same_user(&d->users[i - 1], &d->users[i]);
        if (kept && details_compare_users(&d->users[kept - 1], &d->users[i]) == 0) {
            free_user(&d->users[i]);
            d->users[i] = d->users[kept - 1]; /* for the next comparison */
        } else {
            d->users[kept++] = d->users[i];
        }
    }
    d->user_count = kept;
    for (size_t i = 0; i < d->user_count; i++) {
        run = i && strcmp(d->users[run].arn, d->users[i].arn) == 0 ? run : i;
        if (run == i || d->users[i].place < d->users[d->users[run].first].place)
            d->users[run].first = i;
    }
    kept = 0;
    for (size_t i = 0; i < d->group_count; i++) {
        bool is_first = !kept || details_compare_groups(&d->groups[kept - 1], &d->groups[i]) != 0;
        if (is_first)
            d->groups[kept++] = d->groups[i];
        else
            free_group(&d->groups[i]);
        d->twice += !is_first;
    }
    d->group_count = kept;
}

/*
 * Sort managed policies by ARN and keep the first of each, with the first document of each. Returns how many duplicates
 * of customers' policies were removed.
 */
static size_t settle_managed(struct details *d)
{
    size_t kept = 0, own = 0;
    if (d->managed_count)
        qsort(d->managed, d->managed_count, sizeof *d->managed, details_sort_managed);
    for (size_t i = 0; i < d->managed_count; i++) {
        struct details_managed *m = &d->managed[i], *first = kept ? &d->managed[kept - 1] : NULL;
        if (!first || strcmp(first->arn, m->arn) != 0) {
            d->managed[kept++] = *m;
            continue;
        }
        /* policies of AWS occur in the files of every account */
        own += arn_account_number(arn_account(slice_of(m->arn))).len != 0;
        free(m->arn);
        policy_free(first->document ? m->document : NULL);
        first->document = first->document ? first->document : m->document;
    }
    d->managed_count = kept;
    return own;
}

/*
 * For policies in P without a document among the first KNOWN managed ones, add the document that their names stand for.
 */
static void add_missing(struct details *d, const struct details_policies *p, size_t known)
{
    for (size_t i = 0; i < p->count; i++) {
        const char *arn = p->list[i].arn;
        bool is_guess;
        if (!arn || find_managed(d, arn, known) != SIZE_MAX)
            continue;
        d->managed = room_for_one(d->managed, d->managed_count, sizeof *d->managed);
        struct policy *document = rights_managed_policy(slice_of(arn), &is_guess);
        d->managed[d->managed_count++] = (struct details_managed){.arn = xstrdup(arn), .is_missing = true,
            .is_guess = is_guess, .document = document};
    }
}

static void link_managed(struct details *d, struct details_policies *p)
{
    for (size_t i = 0; i < p->count; i++)
        p->list[i].managed = p->list[i].arn ? find_managed(d, p->list[i].arn, d->managed_count) : SIZE_MAX;
}

static struct rights_policy *prepare_inline(const struct rights_model *m, const struct details_policies *p)
{
    struct rights_policy *prepared = xcalloc(p->count ? p->count : 1, sizeof *prepared);
    for (size_t i = 0; i < p->count; i++) {
        if (p->list[i].document)
            rights_prepare(&prepared[i], m, p->list[i].document);
    }
    return prepared;
}

/* The group of this name in the account, or NULL. */
static struct details_group *find_group(const struct details *d, char *account, char *name)
{
    struct details_group key = {.account = account, .name = name};
    return d->group_count ? bsearch(&key, d->groups, d->group_count, sizeof key, details_compare_groups) : NULL;
}

/*
 * All policies that apply to a user, in the order in which messages name them. Of groups no more are gathered once
 * there are POLICIES_MAX, because a file can have many users in a group with many policies; AWS's quotas allow about
 * 1,300.
 */
struct gathered {
    struct rights_source *list; /* owned */
    size_t count;
    size_t seen;                /* policies, also those without a document */
};

enum { POLICIES_MAX = LIMIT(2000, 20) };

/* Whether it is AWS's own policy. A customer's policy of the same name tells nothing about a key. */
static bool is_quarantine(const struct details_policy *p)
{
    static const char name[] = "policy/AWSCompromisedKeyQuarantine";
    const char *resource = p->arn ? strstr(p->arn, name) : NULL;
    return resource && resource > p->arn && resource[-1] == ':'
        && slice_equal(arn_account(slice_of(p->arn)), slice_of("aws"));
}

static void gather_for(struct details *d, struct gathered *g, struct details_user *u, const struct details_policies *p,
    const struct rights_policy *prepared, const char *group)
{
    for (size_t i = 0; i < p->count; i++) {
        if (group && g->seen >= POLICIES_MAX) {
            u->is_incomplete = true;
            return;
        }
        g->seen++;
        const struct details_policy *one = &p->list[i];
        const struct details_managed *m = one->managed == SIZE_MAX ? NULL : &d->managed[one->managed];
        const struct rights_policy *policy = m ? &m->prepared : &prepared[i];
        u->document_is_missing |= m && m->is_guess;
        u->is_incomplete |= !policy->policy;
        u->is_quarantined |= !group && is_quarantine(one);
        /* something is attached, but it is unknown what */
        u->policies.may_lack_some |= !group && !one->arn && !one->document;
        if (!policy->policy)
            continue;
        g->list = room_for_one(g->list, g->count, sizeof *g->list);
        g->list[g->count++] = (struct rights_source){policy, group, one->name};
    }
}

/* "Deploy; group ops: AdministratorAccess"; for an escalation, the actions of its path follow in parentheses. */
static char *describe_source(const struct gathered *g, const struct rights_result *r)
{
    struct buffer b = {0};
    buffer_puts(&b, "");
    for (size_t i = 0; i < r->by_count && g->list; i++) {
        const struct rights_source *p = &g->list[r->by[i]];
        buffer_printf(&b, "%s%s%s%s%s", i ? "; " : "", p->group ? "group " : "", p->group ? p->group : "",
            p->group ? ": " : "", p->name);
    }
    for (size_t i = 0; r->path && i < ESCALATION_ACTIONS_MAX && r->path->actions[i]; i++)
        buffer_printf(&b, "%s%s", i ? ", " : " (", r->path->actions[i]);
    if (r->path)
        buffer_puts(&b, ")");
    return b.data;
}

static void judge_user(struct details *d, const struct rights_model *m, struct details_user *u, size_t *steps)
{
    struct gathered g = {0};
    struct rights_policy *own = prepare_inline(m, &u->policies);
    char *account = account_copy(u->arn);
    bool is_named_twice = u->policies.is_named_twice;
    u->is_incomplete = u->policies.may_lack_some || u->may_lack_groups;
    gather_for(d, &g, u, &u->policies, own, NULL);
    for (size_t i = 0; i < u->group_count; i++) {
        struct details_group *group = find_group(d, account, u->groups[i]);
        u->is_incomplete |= !group || group->policies.may_lack_some;
        is_named_twice |= group && group->policies.is_named_twice;
        if (group && group->judged != u)
            gather_for(d, &g, u, &group->policies, group->prepared, group->name);
        if (group)
            group->judged = u;
    }
    size_t boundary = u->boundary ? find_managed(d, u->boundary, d->managed_count) : SIZE_MAX;
    bool has_boundary = boundary != SIZE_MAX && !d->managed[boundary].is_missing && d->managed[boundary].document;
    u->boundary_is_missing = u->may_lack_boundary || (u->boundary && !has_boundary);
    u->rights = rights_evaluate(m, g.list, g.count, has_boundary ? &d->managed[boundary].prepared : NULL,
        steps);
    u->rights_by = describe_source(&g, &u->rights);
    u->is_incomplete &= u->rights.rights != RIGHTS_ADMIN; /* the user cannot have more rights than that */
    u->is_incomplete |= is_named_twice;                   /* but fewer, if the wrong one of two members was read */
    d->incomplete_users += u->is_incomplete;
    free(account);
    free(own);
    free(g.list);
}

/* Collect the accounts of users and groups, each once. */
static void collect_accounts(struct details *d)
{
    d->accounts = xcalloc(d->user_count + d->group_count + 1, sizeof *d->accounts);
    for (size_t i = 0; i < d->user_count; i++)
        d->accounts[d->account_count++] = account_copy(d->users[i].arn);
    for (size_t i = 0; i < d->group_count; i++)
        d->accounts[d->account_count++] = xstrdup(d->groups[i].account);
    if (d->account_count)
        qsort(d->accounts, d->account_count, sizeof *d->accounts, details_compare_texts);
    size_t kept = 0;
    for (size_t i = 0; i < d->account_count; i++) {
        if (kept && strcmp(d->accounts[kept - 1], d->accounts[i]) == 0)
            free(d->accounts[i]);
        else
            d->accounts[kept++] = d->accounts[i];
    }
    d->account_count = kept;
}

void details_finish(struct details *d)
{
    struct rights_model *m = xcalloc(1, sizeof *m);
    size_t steps = RIGHTS_STEPS_FIRST;
    rights_model_init(m);
    settle_users_and_groups(d);
    d->twice += settle_managed(d);
    size_t known = d->managed_count;
    for (size_t i = 0; i < d->user_count; i++)
        add_missing(d, &d->users[i].policies, known);
    for (size_t i = 0; i < d->group_count; i++)
        add_missing(d, &d->groups[i].policies, known);
    settle_managed(d);
    for (size_t i = 0; i < d->managed_count; i++) {
        if (d->managed[i].document)
            rights_prepare(&d->managed[i].prepared, m, d->managed[i].document);
    }
    for (size_t i = 0; i < d->user_count; i++)
        link_managed(d, &d->users[i].policies);
    for (size_t i = 0; i < d->group_count; i++) {
        link_managed(d, &d->groups[i].policies);
        d->groups[i].prepared = prepare_inline(m, &d->groups[i].policies);
    }
    for (size_t i = 0; i < d->user_count; i++) {
        steps += RIGHTS_STEPS_PER_USER;
        judge_user(d, m, &d->users[i], &steps);
    }
    collect_accounts(d);
    free(m);
}

/* ---- lookups ---- */

const struct details_user *details_find(const struct details *d, struct slice arn, int64_t created, bool *was_recreated)
{
    size_t low = 0, high = d->user_count;
    *was_recreated = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct slice here = slice_of(d->users[middle].arn);
        size_t n = here.len < arn.len ? here.len : arn.len;
        int order = n ? memcmp(here.data, arn.data, n) : 0;
        if (order < 0 || (order == 0 && here.len < arn.len))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == d->user_count || !slice_equal(slice_of(d->users[low].arn), arn))
        return NULL;
    const struct details_user *first = &d->users[low], key = {.arn = first->arn, .created = created};
    if (created == INT64_MIN)
        return &d->users[first->first];
    const struct details_user *found = bsearch(&key, first, d->user_count - low, sizeof key, details_compare_users);
    if (first->created == INT64_MIN && (!found || first->place < found->place)) /* it may be any user of the ARN */
        found = first;
    *was_recreated = !found;
    return found;
}

bool details_has_account(const struct details *d, struct slice account)
{
    size_t low = 0, high = d->account_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct slice here = slice_of(d->accounts[middle]);
        size_t n = here.len < account.len ? here.len : account.len;
        int order = n ? memcmp(here.data, account.data, n) : 0;
        if (order == 0 && here.len == account.len)
            return true;
        if (order < 0 || (order == 0 && here.len < account.len))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
