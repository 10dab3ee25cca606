/* Rights from compiled policies: sets of the actions that matter for escalation, and pattern algebra for the rest. */
#include "context/rights.h"

#include "aws/arn.h"

#include <assert.h>

/* ---- actions of escalation paths as bits ------------------------------------------ */

/* sts:AssumeRole alone is an escalation only where every role may be assumed. */
static const char alone_on_star[] = "sts:assumerole";

/* The index of an action, added when it is new. */
static size_t model_action(struct rights_model *m, const char *name)
{
    size_t i = 0;
    while (i < m->action_count && strcmp(m->actions[i], name) != 0)
        i++;
    assert(i < RIGHTS_ACTIONS_MAX);
    if (i == m->action_count)
        m->actions[m->action_count++] = name;
    return i;
}

static void action_set_add(struct rights_actions *set, size_t index)
{
    set->bits[index / 64] |= UINT64_C(1) << index % 64;
}

static bool action_set_has(const struct rights_actions *set, size_t index)
{
    return set->bits[index / 64] >> index % 64 & 1;
}

void rights_model_init(struct rights_model *m)
{
    *m = (struct rights_model){0};
    assert(escalation_path_count <= RIGHTS_PATHS_MAX);
    for (size_t p = 0; p < escalation_path_count; p++) {
        for (size_t a = 0; a < ESCALATION_ACTIONS_MAX && escalation_paths[p].actions[a]; a++)
            action_set_add(&m->paths[p], model_action(m, escalation_paths[p].actions[a]));
    }
}

/* ---- one policy ------------------------------------------------------------------- */

/*
 * Names of actions that only read begin so, after the service. sts:GetCallerIdentity reads, sts:AssumeRole does not, and
 * s3:GetObject counts as reading.
 */
static const char *const reading_verbs[] = {"get", "list", "describe", "batchget", "head", "lookup", "search", "view",
    "check", "simulate", "select", "query", "scan", "test", "verify", "estimate", "preview", "detect"};

/* A pattern reads when what comes before its first wildcard begins with a reading verb. */
static bool pattern_reads(const char *pattern)
{
    const char *colon = strchr(pattern, ':');
    if (!colon || strcspn(pattern, "*?") < (size_t)(colon - pattern))
        return false;
    for (size_t i = 0; i < sizeof reading_verbs / sizeof reading_verbs[0]; i++) {
        if (strncmp(colon + 1, reading_verbs[i], strlen(reading_verbs[i])) == 0)
            return true;
    }
    return false;
}

static void prepare_allowed(struct rights_allowed *out, const struct rights_model *m, const struct policy_statement *s)
{
    for (size_t a = 0; a < m->action_count; a++) {
        if (!policy_statement_names(s, m->actions[a]))
            continue;
        action_set_add(&out->any, a);
        if (s->on_any_resource)
            action_set_add(&out->star, a);
    }
    out->everything |= s->on_any_resource && policy_statement_is_everything(s);
    out->writes |= s->is_inverted && policy_statement_names(s, "zq:zq"); /* unless it excludes everything */
    for (size_t i = 0; i < s->count && !s->is_inverted; i++) {
        bool reads = pattern_reads(s->patterns[i]);
        out->reads |= reads;
        out->writes |= !reads;
    }
}

void rights_prepare(struct rights_policy *out, const struct rights_model *m, const struct policy *policy)
{
    *out = (struct rights_policy){.policy = policy};
    for (size_t i = 0; i < policy->count; i++) {
        const struct policy_statement *s = &policy->statements[i];
        if (policy_deny_counts(s)) {
            out->has_counted_deny = true;
            for (size_t a = 0; a < m->action_count; a++) {
                if (policy_statement_names(s, m->actions[a]))
                    action_set_add(&out->denied, a);
            }
        } else if (s->is_deny) {
            out->has_other_deny = true;
        } else {
            prepare_allowed(&out->all, m, s);
            if (!s->has_condition)
                prepare_allowed(&out->plain, m, s);
        }
    }
}

/* AWS managed policies as far as they matter here, for files without their documents; the others by how a name ends. */
static const struct {
    const char *name;
    bool is_inverted;
    const char *patterns[4];
} managed_policies[] = {
    {"AdministratorAccess", false, {"*"}},
    {"IAMFullAccess", false, {"iam:*"}},
    {"PowerUserAccess", true, {"iam:*", "organizations:*", "account:*"}},
    {"AWSLambda_FullAccess", false, {"lambda:*"}},
    {"ReadOnlyAccess", false, {"aws:get*"}},
    {"ViewOnlyAccess", false, {"aws:list*"}},
    {"SecurityAudit", false, {"aws:get*"}},
};

static bool name_ends_with(struct slice name, const char *end)
{
    size_t n = strlen(end);
    return name.len >= n && slice_equal((struct slice){name.data + name.len - n, n}, slice_of(end));
}

struct policy *rights_managed_policy(struct slice name, bool *is_guess)
{
    static const char *const reading[] = {"aws:get*", NULL}, *const writing[] = {"aws:*", NULL};
    const char *slash = NULL;
    /* a customer's own policy may be called like one of AWS's, and allow more: no name makes that one harmless */
    bool is_own = arn_account_number(arn_account(name)).len != 0;
    for (size_t i = 0; i < name.len; i++)
        slash = name.data[i] == '/' ? name.data + i : slash;
    if (slash)
        name = (struct slice){slash + 1, name.len - (size_t)(slash + 1 - name.data)};
    *is_guess = false;
    for (size_t i = 0; i < sizeof managed_policies / sizeof managed_policies[0]; i++) {
        if (slice_equal(name, slice_of(managed_policies[i].name)) && !(is_own && pattern_reads(managed_policies[i].patterns[0])))
            return policy_of_patterns(managed_policies[i].patterns, managed_policies[i].is_inverted);
    }
    /* It only denies; AWS attaches it to a user whose key it found in public. */
    static const char quarantine[] = "AWSCompromisedKeyQuarantine", *const nothing[] = {NULL};
    if (!is_own && name.len >= sizeof quarantine - 1 && memcmp(name.data, quarantine, sizeof quarantine - 1) == 0)
        return policy_of_patterns(nothing, false);
    if (!is_own && (name_ends_with(name, "ReadOnlyAccess") || name_ends_with(name, "ReadOnly")))
        return policy_of_patterns(reading, false);
    *is_guess = true;
    return policy_of_patterns(writing, false);
}

/* ---- all of a user's policies ------------------------------------------------------ */

/* What is evaluated: the policies, the boundary, and whether statements with a condition count. */
struct evaluation {
    const struct rights_model *model;
    const struct rights_source *sources;
    size_t count;
    const struct rights_policy *boundary;
    bool conditions;  /* statements that have one allow */
    bool has_deny;    /* some Deny counts, of the policies or the boundary */
    struct rights_actions denied;
};

static const struct rights_allowed *allowed_by(const struct evaluation *e, const struct rights_policy *p)
{
    return e->conditions ? &p->all : &p->plain;
}

/* The actions among those of the paths that POLICY allows after every Deny and the boundary; STAR: on every resource. */
static struct rights_actions actions_left(const struct evaluation *e, const struct rights_policy *policy, bool star)
{
    const struct rights_allowed *a = allowed_by(e, policy), *b = e->boundary ? allowed_by(e, e->boundary) : NULL;
    struct rights_actions set = star ? a->star : a->any;
    for (size_t w = 0; w < RIGHTS_ACTION_WORDS; w++) {
        set.bits[w] &= ~e->denied.bits[w];
        if (b)
            set.bits[w] &= star ? b->star.bits[w] : b->any.bits[w];
    }
    return set;
}

static bool is_administrator(const struct evaluation *e, struct rights_result *out)
{
    if (e->has_deny || (e->boundary && !allowed_by(e, e->boundary)->everything))
        return false;
    for (size_t i = 0; i < e->count; i++) {
        if (allowed_by(e, e->sources[i].policy)->everything) {
            out->by[0] = i;
            out->by_count = 1;
            return true;
        }
    }
    return false;
}

/* The policy that allows action INDEX, among the first sources of OUT. */
static void name_source(const struct evaluation *e, size_t index, bool star, struct rights_result *out)
{
    for (size_t i = 0; i < e->count; i++) {
        struct rights_actions left = actions_left(e, e->sources[i].policy, star);
        if (!action_set_has(&left, index))
            continue;
        for (size_t k = 0; k < out->by_count; k++) {
            if (out->by[k] == i)
                return;
        }
        out->by[out->by_count++] = i;
        return;
    }
}

static bool can_escalate(const struct evaluation *e, struct rights_result *out)
{
    struct rights_actions any = {0}, star = {0};
    for (size_t i = 0; i < e->count; i++) {
        struct rights_actions a = actions_left(e, e->sources[i].policy, false), s = actions_left(e, e->sources[i].policy, true);
        for (size_t w = 0; w < RIGHTS_ACTION_WORDS; w++) {
            any.bits[w] |= a.bits[w];
            star.bits[w] |= s.bits[w];
        }
    }
    for (size_t p = 0; p < escalation_path_count; p++) {
        const char *const *names = escalation_paths[p].actions;
        bool is_alone = strcmp(names[0], alone_on_star) == 0 && !names[1], all = true;
        const struct rights_actions *have = is_alone ? &star : &any;
        for (size_t w = 0; w < RIGHTS_ACTION_WORDS; w++)
            all &= (e->model->paths[p].bits[w] & ~have->bits[w]) == 0;
        if (!all)
            continue;
        out->path = &escalation_paths[p];
        for (size_t a = 0; a < e->model->action_count; a++) {
            if (action_set_has(&e->model->paths[p], a))
                name_source(e, a, is_alone, out);
        }
        return true;
    }
    return false;
}

/* ---- reading and writing ------------------------------------------------------------ */

enum { WITNESS_SIZE = 2 * POLICY_PATTERN_LENGTH_MAX + 1 };
/* An action that no pattern means unless its wildcards do. */
static const char some_action[] = "zq:zq";

/* Whether P allows the action, conditions taken to hold where E says so. */
static bool policy_allows(const struct evaluation *e, const struct rights_policy *p, const char *action)
{
    for (size_t i = 0; i < p->policy->count; i++) {
        const struct policy_statement *s = &p->policy->statements[i];
        if (!s->is_deny && (e->conditions || !s->has_condition) && policy_statement_names(s, action))
            return true;
    }
    return false;
}

static bool policy_denies(const struct rights_policy *p, const char *action)
{
    for (size_t i = 0; i < p->policy->count && p->has_counted_deny; i++) {
        if (policy_deny_counts(&p->policy->statements[i]) && policy_statement_names(&p->policy->statements[i], action))
            return true;
    }
    return false;
}

/* The first source that allows the action when nothing denies it and the boundary allows it, too; COUNT: none. */
static size_t source_of_action(const struct evaluation *e, const char *action)
{
    size_t from = 0;
    while (from < e->count && !policy_allows(e, e->sources[from].policy, action))
        from++;
    bool stands = from < e->count && (!e->boundary || policy_allows(e, e->boundary, action))
        && (!e->boundary || !policy_denies(e->boundary, action));
    for (size_t i = 0; i < e->count && stands; i++)
        stands = !policy_denies(e->sources[i].policy, action);
    return stands ? from : e->count;
}

/* The best word known so far, and the source of it. */
struct tried {
    enum rights best;
    size_t source;
};

static void try_action(const struct evaluation *e, const char *action, struct tried *t)
{
    enum rights gives = pattern_reads(action) ? RIGHTS_READ : RIGHTS_WRITE;
    size_t source = gives > t->best ? source_of_action(e, action) : e->count;
    if (source < e->count)
        *t = (struct tried){gives, source};
}

/* Try for each pattern of P an action that its wildcards make up. */
static void try_policy(const struct evaluation *e, const struct rights_policy *p, struct tried *t)
{
    for (size_t i = 0; i < p->policy->count; i++) {
        const struct policy_statement *s = &p->policy->statements[i];
        for (size_t k = 0; k < s->count && t->best < RIGHTS_WRITE; k++) {
            char action[WITNESS_SIZE];
            size_t n = 0;
            for (const char *c = s->patterns[k]; *c && n + 2 < sizeof action; c++) {
                action[n++] = *c == '*' || *c == '?' ? 'z' : *c;
                if (*c == '*')
                    action[n++] = 'q';
            }
            action[n] = '\0';
            try_action(e, action, t);
        }
    }
}

/* Beyond this many comparisons of patterns Denies and the boundary are not considered, which gives an upper bound. */
enum { COMPARISONS_MAX = 4000000 };

static bool is_within_reason(const struct evaluation *e)
{
    size_t patterns = e->boundary ? e->boundary->policy->pattern_count : 0;
    for (size_t i = 0; i < e->count; i++)
        patterns += e->sources[i].policy->policy->pattern_count;
    return patterns < 2000 && patterns * patterns <= COMPARISONS_MAX;
}

/* Read, write or none, and the source. */
static struct tried read_or_write(const struct evaluation *e)
{
    struct tried t = {RIGHTS_NONE, e->count};
    bool exact = (e->has_deny || e->boundary) && is_within_reason(e);
    if (exact)
        try_action(e, some_action, &t);
    for (size_t i = 0; i < e->count && t.best < RIGHTS_WRITE; i++) {
        const struct rights_allowed *a = allowed_by(e, e->sources[i].policy);
        enum rights most = a->writes ? RIGHTS_WRITE : a->reads ? RIGHTS_READ : RIGHTS_NONE;
        if (exact)
            try_policy(e, e->sources[i].policy, &t);
        else if (most > t.best)
            t = (struct tried){most, i};
    }
    if (exact && e->boundary)
        try_policy(e, e->boundary, &t);
    return t;
}

static enum rights evaluate_once(const struct evaluation *e, struct rights_result *out)
{
    if (is_administrator(e, out))
        return RIGHTS_ADMIN;
    if (can_escalate(e, out))
        return RIGHTS_ESCALATE;
    struct tried t = read_or_write(e);
    if (t.source < e->count) {
        out->by[0] = t.source;
        out->by_count = 1;
    }
    return t.best;
}

struct rights_result rights_evaluate(const struct rights_model *m, const struct rights_source *sources, size_t count,
    const struct rights_policy *boundary)
{
    struct rights_result out = {0}, plain = {0};
    struct evaluation e = {.model = m, .sources = sources, .count = count, .boundary = boundary, .conditions = true};
    for (size_t i = 0; i <= count; i++) {
        const struct rights_policy *p = i < count ? sources[i].policy : boundary;
        if (!p)
            continue;
        e.has_deny |= p->has_counted_deny;
        out.ignores_denies |= p->has_other_deny;
        for (size_t w = 0; w < RIGHTS_ACTION_WORDS; w++)
            e.denied.bits[w] |= p->denied.bits[w];
    }
    out.ignores_denies |= (e.has_deny || boundary) && !is_within_reason(&e);
    out.rights = evaluate_once(&e, &out);
    e.conditions = false;
    out.with_conditions = out.rights != RIGHTS_NONE && evaluate_once(&e, &plain) < out.rights;
    return out;
}
