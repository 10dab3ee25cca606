/* Rights from compiled policies: sets of the actions that matter for escalation, and pattern algebra for the rest. */
#include "context/rights.h"

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
    out->writes |= s->is_inverted;
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
    for (size_t i = 0; i < name.len; i++)
        slash = name.data[i] == '/' ? name.data + i : slash;
    if (slash)
        name = (struct slice){slash + 1, name.len - (size_t)(slash + 1 - name.data)};
    *is_guess = false;
    for (size_t i = 0; i < sizeof managed_policies / sizeof managed_policies[0]; i++) {
        if (slice_equal(name, slice_of(managed_policies[i].name)))
            return policy_of_patterns(managed_policies[i].patterns, managed_policies[i].is_inverted);
    }
    /* It only denies; AWS attaches it to a user whose key it found in public. */
    static const char quarantine[] = "AWSCompromisedKeyQuarantine", *const nothing[] = {NULL};
    if (name.len >= sizeof quarantine - 1 && memcmp(name.data, quarantine, sizeof quarantine - 1) == 0)
        return policy_of_patterns(nothing, false);
    if (name_ends_with(name, "ReadOnlyAccess") || name_ends_with(name, "ReadOnly"))
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

/*
 * Whether a Deny that counts covers PATTERN; *READS becomes true when what a Deny with NotAction leaves of it only
 * reads.
 */
static bool statement_denies(const struct policy_statement *s, const char *pattern, bool *reads)
{
    bool meets = false, meets_writing = false;
    for (size_t i = 0; i < s->count; i++) {
        if (!s->is_inverted && policy_pattern_covers(s->patterns[i], pattern))
            return true;
        if (s->is_inverted && policy_patterns_meet(s->patterns[i], pattern)) {
            meets = true;
            meets_writing |= !pattern_reads(s->patterns[i]);
        }
    }
    *reads |= s->is_inverted && meets && !meets_writing;
    return s->is_inverted && !meets;
}

static bool policy_denies(const struct rights_policy *p, const char *pattern, bool *reads)
{
    for (size_t i = 0; i < p->policy->count && p->has_counted_deny; i++) {
        const struct policy_statement *s = &p->policy->statements[i];
        if (policy_deny_counts(s) && statement_denies(s, pattern, reads))
            return true;
    }
    return false;
}

static bool anything_denies(const struct evaluation *e, const char *pattern, bool *reads)
{
    for (size_t i = 0; i < e->count; i++) {
        if (policy_denies(e->sources[i].policy, pattern, reads))
            return true;
    }
    return e->boundary && policy_denies(e->boundary, pattern, reads);
}

/* The rights that an allowed pattern gives within the boundary's statement S; BEST is what is known already. */
static enum rights within_statement(const struct evaluation *e, const struct policy_statement *s, const char *pattern,
    bool reads, enum rights best)
{
    if (s->is_deny || (s->has_condition && !e->conditions))
        return best;
    if (s->is_inverted) { /* all but these */
        for (size_t i = 0; i < s->count; i++) {
            if (policy_pattern_covers(s->patterns[i], pattern))
                return best;
        }
        return reads && best < RIGHTS_READ ? RIGHTS_READ : reads ? best : RIGHTS_WRITE;
    }
    for (size_t i = 0; i < s->count && best < RIGHTS_WRITE; i++) {
        bool part_reads = reads || pattern_reads(s->patterns[i]);
        bool narrower = policy_pattern_covers(pattern, s->patterns[i]);
        if (!policy_patterns_meet(s->patterns[i], pattern) || (narrower && anything_denies(e, s->patterns[i], &part_reads)))
            continue;
        best = part_reads && best < RIGHTS_READ ? RIGHTS_READ : part_reads ? best : RIGHTS_WRITE;
    }
    return best;
}

/* What one allowed pattern gives after Denies and boundary. */
static enum rights pattern_rights(const struct evaluation *e, const char *pattern, bool is_inverted)
{
    bool reads = !is_inverted && pattern_reads(pattern);
    if (anything_denies(e, pattern, &reads))
        return RIGHTS_NONE;
    if (!e->boundary)
        return reads ? RIGHTS_READ : RIGHTS_WRITE;
    enum rights best = RIGHTS_NONE;
    for (size_t i = 0; i < e->boundary->policy->count && best < RIGHTS_WRITE; i++)
        best = within_statement(e, &e->boundary->policy->statements[i], pattern, reads, best);
    return best;
}

/* Beyond this many comparisons of patterns only the policies' own texts are looked at, which gives an upper bound. */
enum { COMPARISONS_MAX = 4000000 };

static bool is_within_reason(const struct evaluation *e)
{
    size_t patterns = 0, others = e->boundary ? e->boundary->policy->pattern_count : 0;
    for (size_t i = 0; i < e->count; i++)
        patterns += e->sources[i].policy->policy->pattern_count;
    return patterns < 1 || (others + patterns) * (others + 1) <= COMPARISONS_MAX / patterns;
}

/* Whether policy I of E reads or writes, as far as that can be told. */
static enum rights policy_rights(const struct evaluation *e, const struct rights_policy *p, bool exact)
{
    const struct rights_allowed *a = allowed_by(e, p);
    enum rights most = a->writes ? RIGHTS_WRITE : a->reads ? RIGHTS_READ : RIGHTS_NONE, best = RIGHTS_NONE;
    if (!exact)
        return most;
    for (size_t i = 0; i < p->policy->count && best < most; i++) {
        const struct policy_statement *s = &p->policy->statements[i];
        if (s->is_deny || (s->has_condition && !e->conditions))
            continue;
        for (size_t k = 0; k < (s->is_inverted ? 1 : s->count) && best < most; k++) {
            enum rights r = pattern_rights(e, s->is_inverted ? "*" : s->patterns[k], s->is_inverted);
            best = r > best ? r : best;
        }
    }
    return best;
}

static enum rights evaluate_once(const struct evaluation *e, struct rights_result *out)
{
    if (is_administrator(e, out))
        return RIGHTS_ADMIN;
    if (can_escalate(e, out))
        return RIGHTS_ESCALATE;
    bool exact = (e->has_deny || e->boundary) && is_within_reason(e);
    enum rights best = RIGHTS_NONE;
    for (size_t i = 0; i < e->count && best < RIGHTS_WRITE; i++) {
        enum rights r = policy_rights(e, e->sources[i].policy, exact);
        if (r <= best)
            continue;
        best = r;
        out->by[0] = i;
        out->by_count = 1;
    }
    return best;
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
    out.rights = evaluate_once(&e, &out);
    e.conditions = false;
    out.with_conditions = out.rights != RIGHTS_NONE && evaluate_once(&e, &plain) < out.rights;
    return out;
}
