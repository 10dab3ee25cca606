/* Reads authorization details event by event (IAM API reference, GetAccountAuthorizationDetails). */
#include "context/details_store.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "report/extra_columns.h"

#include <stdio.h>
#include <math.h>
#include <stdlib.h>

static bool details_is_key(const struct json_reader *j, const char *name)
{
    return slice_equal(j->text, slice_of(name));
}

/*
 * The string that J is at, once in the pool if IS_INTERNED. NUL bytes, which would end it, and separators of list
 * elements, which would split a name, are replaced by "?" and counted.
 */
static const char *details_keep_text(struct json_reader *j, struct details *d, bool is_interned)
{
    struct slice text = j->text;
    struct buffer plain = {0};
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '\0' && text.data[i] != EXTRA_LIST_SEPARATOR)
            continue;
        if (!plain.len)
            buffer_add(&plain, text.data, text.len);
        plain.data[i] = '?';
    }
    d->odd_texts += plain.len != 0;
    text = plain.len ? (struct slice){plain.data, plain.len} : text;
    const char *kept = is_interned ? text_pool_intern(&d->texts, text) : text_pool_copy(&d->texts, text);
    buffer_free(&plain);
    return kept;
}

/* Read a text member into *OUT, replacing it. Other values are ignored. Returns false if the JSON is broken. */
static bool read_member(struct json_reader *j, struct details *d, const char **out, bool is_interned)
{
    enum json_event e = json_reader_next(j);
    if (e == JSON_EVENT_STRING)
        *out = details_keep_text(j, d, is_interned);
    return e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
}

static bool details_read_text(struct json_reader *j, struct details *d, const char **out)
{
    return read_member(j, d, out, true);
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

/* The lists of the user or group that is read. */
struct details_lists {
    struct details *details;
    uint32_t *policies;       /* owned, and so are the others */
    size_t policy_count;
    const char **groups;
    size_t group_count;
    struct details_tag *tags;
    size_t tag_count;
};

static bool details_read_policy(struct json_reader *j, void *lists)
{
    struct details_lists *l = lists;
    const char *name = NULL, *arn = NULL;
    struct policy *document = NULL;
    struct error why;
    bool ok = true, is_bad = false;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "PolicyName")) {
            ok = details_read_text(j, l->details, &name);
        } else if (details_is_key(j, "PolicyArn")) {
            ok = details_read_text(j, l->details, &arn);
        } else if (details_is_key(j, "PolicyDocument")) {
            policy_free(document);
            document = policy_read(j, json_reader_next(j), &why);
            is_bad = !document;
        } else {
            ok = json_reader_skip(j);
        }
    }
    if (is_bad)
        note_bad_document(l->details, name, &why);
    size_t number = document ? details_add_document(l->details, document, false) : SIZE_MAX;
    l->policies = details_room(l->policies, l->policy_count, sizeof *l->policies);
    l->policies[l->policy_count++] = details_add_policy(l->details,
        name ? name : text_pool_intern(&l->details->texts, slice_of("?")), arn, number);
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool details_read_tag(struct json_reader *j, void *lists)
{
    struct details_lists *l = lists;
    struct details_tag t = {0};
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY)
        ok = details_is_key(j, "Key") ? details_read_text(j, l->details, &t.key)
            : details_is_key(j, "Value") ? details_read_text(j, l->details, &t.value) : json_reader_skip(j);
    if (t.key) {
        t.value = t.value ? t.value : "";
        l->tags = details_room(l->tags, l->tag_count, sizeof *l->tags);
        l->tags[l->tag_count++] = t;
    }
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool details_read_group_name(struct json_reader *j, void *lists)
{
    struct details_lists *l = lists;
    l->groups = details_room(l->groups, l->group_count, sizeof *l->groups);
    l->groups[l->group_count++] = details_keep_text(j, l->details, true);
    return true;
}

static void free_lists(struct details_lists *l)
{
    free(l->policies);
    free(l->groups);
    free(l->tags);
}

static void keep_policies(struct details_lists *l, struct details_policies *out)
{
    out->list = text_pool_copy_list(&l->details->texts, l->policies, l->policy_count, sizeof *l->policies);
    out->count = (uint32_t)l->policy_count;
}

static void keep_lists(struct details_lists *l, struct details_user *u)
{
    keep_policies(l, &u->policies);
    u->groups = text_pool_copy_list(&l->details->texts, l->groups, l->group_count, sizeof *l->groups);
    u->group_count = (uint32_t)l->group_count;
    u->tags = text_pool_copy_list(&l->details->texts, l->tags, l->tag_count, sizeof *l->tags);
    u->tag_count = (uint32_t)l->tag_count;
}

static bool read_boundary(struct json_reader *j, struct details *d, struct details_user *u, bool *is_there)
{
    enum json_event e = json_reader_next(j);
    *is_there = true;
    u->may_lack_boundary = e != JSON_EVENT_NULL;
    if (e != JSON_EVENT_OBJECT)
        return e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (!(details_is_key(j, "PermissionsBoundaryArn") ? details_read_text(j, d, &u->boundary)
            : json_reader_skip(j)))
            return false;
    }
    u->may_lack_boundary = !u->boundary;
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
 * leaves out UserPolicyList, Tags and PermissionsBoundary if there are none. A list missing beside others is taken as
 * empty, and that is told. Of a user without any list, something (such as --query) has taken them away: any missing
 * member is unknown.
 */
static void note_missing_of_user(struct details *d, struct details_user *u, const struct members_seen *seen)
{
    bool is_trimmed = !seen->attached.is_there && !seen->groups.is_there && !seen->own.is_there;
    d->trimmed_users += is_trimmed;
    d->missing_lists += is_trimmed ? 0 : !seen->attached.is_there + !seen->groups.is_there;
    u->policies.may_lack_some = seen->attached.is_malformed || seen->own.is_malformed || is_trimmed;
    u->may_lack_groups = seen->groups.is_malformed || is_trimmed;
    u->may_lack_tags = seen->tags.is_malformed || (is_trimmed && !seen->tags.is_there);
    u->may_lack_boundary |= is_trimmed && !seen->has_boundary;
}

static bool details_read_user(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_user u = {.created = INT64_MIN};
    struct details_lists lists = {.details = d};
    struct members_seen seen = {0};
    size_t doubles = j->doubles.count;
    bool ok = true;
    enum json_event e = JSON_EVENT_OBJECT_END;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        if (details_is_key(j, "Arn"))
            ok = read_member(j, d, &u.arn, false);
        else if (details_is_key(j, "CreateDate"))
            ok = details_read_time(j, &u.created);
        else if (details_is_key(j, "UserPolicyList"))
            ok = details_read_list(j, details_read_policy, &lists, &seen.own);
        else if (details_is_key(j, "AttachedManagedPolicies"))
            ok = details_read_list(j, details_read_policy, &lists, &seen.attached);
        else if (details_is_key(j, "GroupList"))
            ok = details_read_elements(j, JSON_EVENT_STRING, details_read_group_name, &lists, &seen.groups);
        else if (details_is_key(j, "Tags"))
            ok = details_read_list(j, details_read_tag, &lists, &seen.tags);
        else if (details_is_key(j, "PermissionsBoundary"))
            ok = read_boundary(j, d, &u, &seen.has_boundary);
        else
            ok = json_reader_skip(j);
    }
    u.policies.is_named_twice = j->doubles.count > doubles;
    note_missing_of_user(d, &u, &seen);
    if (u.arn) {
        keep_lists(&lists, &u);
        d->users = details_room(d->users, d->user_count, sizeof *d->users);
        u.place = (uint32_t)d->user_count;
        d->users[d->user_count++] = u;
    }
    free_lists(&lists);
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool details_read_group(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_group g = {0};
    struct details_lists lists = {.details = d};
    const char *arn = NULL;
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
            ok = details_read_list(j, details_read_policy, &lists, &seen.own);
        else if (details_is_key(j, "AttachedManagedPolicies"))
            ok = details_read_list(j, details_read_policy, &lists, &seen.attached);
        else
            ok = json_reader_skip(j);
    }
    bool is_trimmed = !seen.own.is_there && !seen.attached.is_there; /* AWS always sends both, even empty ones */
    d->trimmed_groups += is_trimmed;
    d->missing_lists += is_trimmed ? 0 : !seen.own.is_there + !seen.attached.is_there;
    g.policies.may_lack_some = is_trimmed || seen.own.is_malformed || seen.attached.is_malformed;
    g.policies.is_named_twice = j->doubles.count > doubles;
    g.account = details_account(d, arn);
    g.name = g.name ? g.name : text_pool_intern(&d->texts, slice_of(""));
    keep_policies(&lists, &g.policies);
    free_lists(&lists);
    d->groups = details_room(d->groups, d->group_count, sizeof *d->groups);
    g.place = (uint32_t)d->group_count;
    d->groups[d->group_count++] = g;
    return ok && e == JSON_EVENT_OBJECT_END;
}

/* The versions of a managed policy, of which only the default one counts. */
struct versions {
    struct details *details;
    const char *default_id;           /* DefaultVersionId of the policy, or NULL */
    struct version {
        const char *id;               /* NULL if it has none */
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
    v->list = details_room(v->list, v->count, sizeof *v->list);
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
    for (size_t i = 0; i < v->count; i++)
        policy_free(v->list[i].document);
    free(v->list);
}

static bool details_read_managed(struct json_reader *j, void *context)
{
    struct details *d = context;
    struct details_managed m = {.document = SIZE_MAX};
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
    struct policy *document = take_default_document(&v, &why);
    if (document && j->doubles.count > doubles) {
        error_set(&why, "a member is named twice");
        policy_free(document);
        document = NULL;
    }
    if (!document)
        note_bad_document(d, m.arn, &why);
    free_versions(&v);
    m.place = (uint32_t)d->managed_count;
    if (document && m.arn)
        m.document = details_add_document(d, document, true);
    else
        policy_free(document);
    if (m.arn) {
        d->managed = details_room(d->managed, d->managed_count, sizeof *d->managed);
        d->managed[d->managed_count++] = m;
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
static const char *page_account(struct details *d, size_t users, size_t groups, size_t managed)
{
    if (users < d->user_count)
        return details_account(d, d->users[users].arn);
    if (groups < d->group_count)
        return d->groups[groups].account;
    return details_account(d, managed < d->managed_count ? d->managed[managed].arn : NULL);
}

static bool read_whole_page(struct json_reader *j, struct details *d, bool *is_page)
{
    size_t users = d->user_count, groups = d->group_count, managed = d->managed_count;
    bool has_next;
    if (!details_read_page(j, d, is_page, &has_next))
        return false;
    const char *account = page_account(d, users, groups, managed);
    if (d->truncated_account && (d->truncated_account == account || !*account || !*d->truncated_account))
        d->truncated_account = NULL;
    if (has_next && !d->truncated_account)
        d->truncated_account = account;
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
