/*
 * What follows from authorization details that have been read: duplicates are removed, groups and managed policies
 * linked, and each user's rights worked out. Then users can be looked up.
 */
#include "context/details_store.h"

#include "aws/arn.h"
#include "base/memory.h"

#include <stdlib.h>

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
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t find_managed(const struct details *d, const char *arn, size_t count)
{
    struct details_managed key = {.arn = arn};
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
        if (kept && details_compare_users(&d->users[kept - 1], &d->users[i]) == 0)
            d->users[i] = d->users[kept - 1]; /* for the next comparison */
        else
            d->users[kept++] = d->users[i];
    }
    d->user_count = kept;
    for (size_t i = 0; i < d->user_count; i++) {
        run = i && strcmp(d->users[run].arn, d->users[i].arn) == 0 ? run : i;
        if (run == i || d->users[i].place < d->users[d->users[run].first].place)
            d->users[run].first = (uint32_t)i;
    }
    kept = 0;
    for (size_t i = 0; i < d->group_count; i++) {
        bool is_first = !kept || details_compare_groups(&d->groups[kept - 1], &d->groups[i]) != 0;
        if (is_first)
            d->groups[kept++] = d->groups[i];
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
        first->document = first->document == SIZE_MAX ? m->document : first->document;
    }
    d->managed_count = kept;
    return own;
}

/* For policies with ARN that are not among the managed ones, add the document that their names stand for. */
static void add_missing(struct details *d)
{
    size_t known = d->managed_count;
    for (size_t i = 0; i < d->policy_count; i++) {
        const char *arn = d->policies[i].arn;
        bool is_guess;
        if (!arn || find_managed(d, arn, known) != SIZE_MAX)
            continue;
        struct policy *document = rights_managed_policy(slice_of(arn), &is_guess);
        d->managed = details_room(d->managed, d->managed_count, sizeof *d->managed);
        d->managed[d->managed_count++] = (struct details_managed){.arn = arn, .is_missing = true,
            .is_guess = is_guess, .document = document ? details_add_document(d, document, true) : SIZE_MAX};
    }
    settle_managed(d);
}

/* A document as rights_evaluate() takes it, prepared when it is first asked for. NULL if NUMBER is SIZE_MAX. */
static const struct rights_policy *details_prepared(const struct details *d, const struct rights_model *m,
    size_t number)
{
    struct details_document *document = number == SIZE_MAX ? NULL : &d->documents[number];
    if (!document)
        return NULL;
    if (!document->prepared) {
        document->prepared = xcalloc(1, sizeof *document->prepared);
        rights_prepare(document->prepared, m, document->policy);
    }
    return document->prepared;
}

/* Free what was prepared of documents that only U has, of which there may be as many as users. */
static void forget_prepared(struct details *d, const struct details_user *u)
{
    for (size_t i = 0; i < u->policies.count; i++) {
        size_t number = d->policies[u->policies.list[i]].document;
        if (number == SIZE_MAX || d->documents[number].is_shared)
            continue;
        free(d->documents[number].prepared);
        d->documents[number].prepared = NULL;
    }
}

/* The group of this name in the account, or NULL. */
static struct details_group *find_group(const struct details *d, const char *account, const char *name)
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

static void gather_for(const struct details *d, const struct rights_model *m, struct gathered *g,
    struct details_user *u, const struct details_policies *p, const char *group)
{
    for (size_t i = 0; i < p->count; i++) {
        if (group && g->seen >= POLICIES_MAX) {
            u->is_incomplete = true;
            return;
        }
        g->seen++;
        const struct details_policy *one = &d->policies[p->list[i]];
        const struct details_managed *managed = one->arn ? &d->managed[one->managed] : NULL;
        const struct rights_policy *policy = details_prepared(d, m, managed ? managed->document : one->document);
        u->document_is_missing |= managed && managed->is_guess;
        u->is_incomplete |= !policy;
        u->is_quarantined |= !group && is_quarantine(one);
        /* something is attached, but it is unknown what */
        u->policies.may_lack_some |= !group && !one->arn && one->document == SIZE_MAX;
        if (!policy)
            continue;
        g->list = details_room(g->list, g->count, sizeof *g->list);
        g->list[g->count++] = (struct rights_source){policy, group, one->name};
    }
}

/* "Deploy; group ops: AdministratorAccess"; for an escalation, the actions of its path follow in parentheses. */
static const char *describe_source(struct details *d, const struct gathered *g, const struct rights_result *r)
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
    const char *text = text_pool_intern(&d->texts, (struct slice){b.data, b.len});
    buffer_free(&b);
    return text;
}

static void judge_user(struct details *d, const struct rights_model *m, struct details_user *u, size_t *steps)
{
    struct gathered g = {0};
    const char *account = details_account(d, u->arn);
    bool is_named_twice = u->policies.is_named_twice;
    u->is_incomplete = u->policies.may_lack_some || u->may_lack_groups;
    gather_for(d, m, &g, u, &u->policies, NULL);
    for (size_t i = 0; i < u->group_count; i++) {
        struct details_group *group = find_group(d, account, u->groups[i]);
        u->is_incomplete |= !group || group->policies.may_lack_some;
        is_named_twice |= group && group->policies.is_named_twice;
        if (group && group->judged != u)
            gather_for(d, m, &g, u, &group->policies, group->name);
        if (group)
            group->judged = u;
    }
    size_t boundary = u->boundary ? find_managed(d, u->boundary, d->managed_count) : SIZE_MAX;
    bool has_boundary = boundary != SIZE_MAX && !d->managed[boundary].is_missing
        && d->managed[boundary].document != SIZE_MAX;
    u->boundary_is_missing = u->may_lack_boundary || (u->boundary && !has_boundary);
    struct rights_result r = rights_evaluate(m, g.list, g.count,
        has_boundary ? details_prepared(d, m, d->managed[boundary].document) : NULL, steps);
    u->rights = r.rights;
    u->with_conditions = r.with_conditions;
    u->ignores_denies = r.ignores_denies;
    u->rights_by = describe_source(d, &g, &r);
    u->is_incomplete &= r.rights != RIGHTS_ADMIN; /* the user cannot have more rights than that */
    u->is_incomplete |= is_named_twice;           /* but fewer, if the wrong one of two members was read */
    d->incomplete_users += u->is_incomplete;
    forget_prepared(d, u);
    free(g.list);
}

/* Sort the accounts and keep each once. */
static void settle_accounts(struct details *d)
{
    size_t kept = 0;
    if (d->account_count)
        qsort(d->accounts, d->account_count, sizeof *d->accounts, details_compare_texts);
    for (size_t i = 0; i < d->account_count; i++) {
        if (!kept || d->accounts[kept - 1] != d->accounts[i]) /* they are interned */
            d->accounts[kept++] = d->accounts[i];
    }
    d->account_count = kept;
}

/* Collect the accounts of users and groups, each once. */
static void collect_accounts(struct details *d)
{
    d->accounts = xcalloc(d->user_count + d->group_count + 1, sizeof *d->accounts);
    for (size_t i = 0; i < d->user_count; i++)
        d->accounts[d->account_count++] = details_account(d, d->users[i].arn);
    for (size_t i = 0; i < d->group_count; i++)
        d->accounts[d->account_count++] = d->groups[i].account;
    settle_accounts(d);
}

void details_finish(struct details *d)
{
    struct rights_model *m = xcalloc(1, sizeof *m);
    size_t steps = RIGHTS_STEPS_FIRST;
    rights_model_init(m);
    settle_users_and_groups(d);
    d->twice += settle_managed(d);
    add_missing(d);
    for (size_t i = 0; i < d->policy_count; i++) {
        if (d->policies[i].arn)
            d->policies[i].managed = find_managed(d, d->policies[i].arn, d->managed_count);
    }
    for (size_t i = 0; i < d->user_count; i++) {
        steps += RIGHTS_STEPS_PER_USER;
        judge_user(d, m, &d->users[i], &steps);
    }
    collect_accounts(d);
    details_seal(d);
    free(m);
}

/* ---- lookups ---- */

const char *details_policy_name(const struct details *d, const struct details_user *u, size_t index)
{
    return d->policies[u->policies.list[index]].name;
}

const struct details_user *details_find(const struct details *d, struct slice arn, int64_t created, bool *was_recreated)
{
    size_t low = 0, high = d->user_count;
    *was_recreated = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(slice_of(d->users[middle].arn), arn) < 0)
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
        int order = slice_compare(slice_of(d->accounts[middle]), account);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
