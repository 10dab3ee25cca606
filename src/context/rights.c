/*
 * Actions of escalation paths are evaluated as bit sets. Whether anything else is allowed, to read or to write, is
 * found by intersecting patterns of actions.
 */
#include "context/rights.h"

#include "aws/arn.h"
#include "base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- actions of escalation paths as bits ---- */

/* A path of sts:AssumeRole alone counts only if every role may be assumed. */
static const char alone_on_star[] = "sts:assumerole";

/* The index of an action, which is added if it is new. */
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

/* ---- one policy ---- */

/*
 * How names of actions that only read begin, after the service. s3:GetObject counts as reading, sts:AssumeRole does
 * not.
 */
static const char *const reading_verbs[] = {"get", "list", "describe", "batchget", "head", "lookup", "search", "view",
    "check", "simulate", "select", "query", "scan", "test", "verify", "estimate", "preview", "detect"};

/* Whether a pattern only reads: the text before its first wildcard names a service and begins with a reading verb. */
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
    out->writes |= s->is_inverted && policy_statement_names(s, "\1:\1"); /* unless it excludes everything */
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

/* AWS managed policies for files without their documents. Other names are judged by how they end. */
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

struct policy *rights_managed_policy(struct slice arn, bool *is_guess)
{
    static const char *const reading[] = {"aws:get*", NULL}, *const writing[] = {"aws:*", NULL},
        *const nothing[] = {NULL};
    /* It only denies. AWS attaches it to a user whose key it found in public. */
    static const char quarantine[] = "AWSCompromisedKeyQuarantine";
    struct slice name = arn;
    *is_guess = false;
    /* a customer's policy may have the name of one of AWS's and allow anything */
    if (!slice_equal(arn_account(arn), slice_of("aws")))
        return NULL;
    for (size_t i = 0; i < arn.len; i++) {
        if (arn.data[i] == '/')
            name = (struct slice){arn.data + i + 1, arn.len - i - 1};
    }
    for (size_t i = 0; i < sizeof managed_policies / sizeof managed_policies[0]; i++) {
        if (slice_equal(name, slice_of(managed_policies[i].name)))
            return policy_of_patterns(managed_policies[i].patterns, managed_policies[i].is_inverted);
    }
    if (name.len >= sizeof quarantine - 1 && memcmp(name.data, quarantine, sizeof quarantine - 1) == 0)
        return policy_of_patterns(nothing, false);
    if (name_ends_with(name, "ReadOnlyAccess") || name_ends_with(name, "ReadOnly"))
        return policy_of_patterns(reading, false);
    *is_guess = true;
    return policy_of_patterns(writing, false);
}

/* ---- all policies of a user ---- */

/* Input of an evaluation. */
struct evaluation {
    const struct rights_model *model;
    const struct rights_source *sources;
    size_t count;
    const struct rights_policy *boundary;
    bool conditions;  /* statements with a condition allow, too */
    bool has_deny;    /* a Deny of the policies or the boundary counts */
    size_t *steps;    /* left for all searches, see rights_evaluate() */
    struct rights_actions denied;
};

static const struct rights_allowed *allowed_by(const struct evaluation *e, const struct rights_policy *p)
{
    return e->conditions ? &p->all : &p->plain;
}

/*
 * The escalation actions that POLICY allows, minus every Deny that counts, within the boundary. STAR: on every
 * resource.
 */
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

/* Add the first source that allows action INDEX to the sources of OUT, unless it is there. */
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
        struct rights_actions a = actions_left(e, e->sources[i].policy, false),
            s = actions_left(e, e->sources[i].policy, true);
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

/* ---- reading and writing ---- */

/* Stands for text in an action. No pattern contains it (policy.c rejects it), so only wildcards match it. */
#define ANY_TEXT "\1"
static const char some_action[] = ANY_TEXT ":" ANY_TEXT;
/* A pattern that matches every action. */
static const char every_action[] = "?*:?*";
enum { PATTERN_SIZE = 4 * POLICY_PATTERN_LENGTH_MAX, ACTION_SIZE = 3 * PATTERN_SIZE };

/* Whether an Allow of P is about the action; statements with a condition count if E says so. */
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

/* The first source that allows the action, if nothing denies it and the boundary allows it, too; otherwise COUNT. */
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

/*
 * The search for an action that is allowed and writes or, failing that, reads. A pattern of an Allow is intersected
 * with one pattern of each list that an action must match: the actions of the boundary, and of every Deny with
 * NotAction.
 */
struct action_search {
    const struct evaluation *e;
    struct search_list {
        const struct policy_statement *deny;
    } *must;                              /* owned: the Denies with NotAction */
    size_t must_count;
    size_t steps, step_cost;              /* work done so far; cost of trying one action */
    size_t most_steps;                    /* the limit of `steps` */
    bool is_cut;                          /* the limit was reached, so an allowed action may have been missed */
    enum rights best;                     /* the most that was found so far */
    size_t source;                        /* the source that allows it */
};

enum { SEARCH_STEPS_MAX = 400000 };

/* Add STEPS to the work done. Returns false if the search has found the most, or has reached its limit. */
static bool search_goes_on(struct action_search *s, size_t steps)
{
    s->steps += steps;
    s->is_cut |= s->steps > s->most_steps;
    return !s->is_cut && s->best < RIGHTS_WRITE;
}

static void try_action(struct action_search *s, const char *action)
{
    enum rights gives = pattern_reads(action) ? RIGHTS_READ : RIGHTS_WRITE;
    if (gives <= s->best || !search_goes_on(s, s->step_cost))
        return;
    size_t source = source_of_action(s->e, action);
    if (source < s->e->count) {
        s->best = gives;
        s->source = source;
    }
}

/* Try actions that match the pattern: with some text for each wildcard, and with nothing for each *. */
static void try_pattern(struct action_search *s, const char *pattern)
{
    for (int is_short = 0; is_short < 2; is_short++) {
        char action[ACTION_SIZE];
        size_t n = 0;
        for (const char *c = pattern; *c && n + 4 < sizeof action; c++) {
            const char *stands = *c != '*' ? ANY_TEXT : is_short ? "" : ANY_TEXT ANY_TEXT ANY_TEXT;
            if (*c != '*' && *c != '?')
                action[n++] = *c;
            else
                n += (size_t)snprintf(action + n, sizeof action - n, "%s", stands);
        }
        action[n] = '\0';
        try_action(s, action);
    }
}

static void search_level(struct action_search *s, const char *pattern, size_t level);

/* State of intersecting two patterns; COMMON is the pattern for what both match. */
struct meeting {
    struct action_search *search;
    size_t level;
    char common[PATTERN_SIZE];
};

/* Call search_level() with patterns for what both P and Q match, after the first LEN characters of the common one. */
static void meet(struct meeting *m, const char *p, const char *q, size_t len)
{
    if (!search_goes_on(m->search, 1))
        return;
    if (len + 1 >= sizeof m->common) {
        m->search->is_cut = true;
        return;
    }
    if (!*p && !*q) {
        m->common[len] = '\0';
        search_level(m->search, m->common, m->level);
        return;
    }
    if (*p == '*' && *q == '*') {
        m->common[len] = '*';
        size_t next = len && m->common[len - 1] == '*' ? len : len + 1;
        if (!p[1] && !q[1])
            meet(m, p + 1, q + 1, next);
        if (p[1])
            meet(m, p + 1, q, next);
        if (q[1])
            meet(m, p, q + 1, next);
        return;
    }
    if (*p == '*' || *q == '*') {
        const char *star = *p == '*' ? p : q, *other = *p == '*' ? q : p;
        meet(m, star + 1, other, len);
        if (*other) {
            m->common[len] = *other;
            meet(m, star, other + 1, len + 1);
        }
        return;
    }
    if (!*p || !*q || (*p != *q && *p != '?' && *q != '?'))
        return;
    m->common[len] = *p == '?' ? *q : *p;
    meet(m, p + 1, q + 1, len + 1);
}

static void meet_at(struct action_search *s, const char *p, const char *q, size_t level)
{
    if (s->best >= RIGHTS_READ && (pattern_reads(p) || pattern_reads(q)))
        return;
    struct meeting m = {.search = s, .level = level};
    meet(&m, p, q, 0);
}

/* Whether P and Q differ before the first wildcard of either, so that nothing matches both: often two services. */
static bool patterns_differ_at_once(const char *p, const char *q)
{
    while (*p == *q && *p && *p != '*' && *p != '?') {
        p++;
        q++;
    }
    return *p != *q && *p != '*' && *p != '?' && *q != '*' && *q != '?';
}

static void meet_statement(struct action_search *s, const char *pattern, const struct policy_statement *with,
    bool is_inverted, size_t level)
{
    if (is_inverted)
        meet_at(s, pattern, "*", level);
    for (size_t i = 0; i < with->count && !is_inverted && search_goes_on(s, 1); i++) {
        if (!patterns_differ_at_once(pattern, with->patterns[i]))
            meet_at(s, pattern, with->patterns[i], level);
    }
}

/* Search actions that match PATTERN, which is within an Allow and the first LEVEL lists. */
static void search_level(struct action_search *s, const char *pattern, size_t level)
{
    const struct evaluation *e = s->e;
    if (s->best >= RIGHTS_READ && pattern_reads(pattern))
        return;
    if (level < s->must_count) {
        meet_statement(s, pattern, s->must[level].deny, false, level + 1);
    } else if (!e->boundary || level > s->must_count) {
        try_pattern(s, pattern);
    } else {
        for (size_t i = 0; i < e->boundary->policy->count && search_goes_on(s, 0); i++) {
            const struct policy_statement *b = &e->boundary->policy->statements[i];
            if (!b->is_deny && (e->conditions || !b->has_condition))
                meet_statement(s, pattern, b, b->is_inverted, level + 1);
        }
    }
}

/*
 * Whether every text that PATTERN matches is an action: a service without wildcards, a colon, and at least one
 * character.
 */
static bool matches_actions_only(const char *pattern)
{
    size_t service = strcspn(pattern, ":*?");
    return service && pattern[service] == ':' && pattern[service + 1 + strspn(pattern + service + 1, "*")] != '\0';
}

/* Search the actions of an Allow. Nearly all patterns name a service; only of the others actions are a part. */
static void search_allow(struct action_search *s, const struct policy_statement *a)
{
    if (a->is_inverted)
        meet_statement(s, every_action, a, true, 0);
    for (size_t i = 0; i < a->count && !a->is_inverted && search_goes_on(s, 1); i++) {
        if (matches_actions_only(a->patterns[i]))
            search_level(s, a->patterns[i], 0);
        else
            meet_at(s, every_action, a->patterns[i], 0);
    }
}

/* Search the Allow statements of P. */
static void search_policy(struct action_search *s, const struct rights_policy *p)
{
    for (size_t i = 0; i < p->policy->count && search_goes_on(s, 0); i++) {
        const struct policy_statement *a = &p->policy->statements[i];
        if (!a->is_deny && (s->e->conditions || !a->has_condition))
            search_allow(s, a);
    }
}

/* Note the Denies of P with NotAction. Returns whether a Deny is about every action. */
static bool note_denies(struct action_search *s, const struct rights_policy *p)
{
    bool is_all = false;
    for (size_t i = 0; i < p->policy->count; i++) {
        const struct policy_statement *d = &p->policy->statements[i];
        if (!policy_deny_counts(d))
            continue;
        is_all |= policy_statement_is_everything(d);
        if (d->is_inverted) {
            s->must = xrealloc(s->must, s->must_count + 1, sizeof *s->must);
            s->must[s->must_count++].deny = d;
        }
    }
    return is_all;
}

/* With more comparisons of patterns than this, Denies and the boundary are ignored, which gives an upper bound. */
enum { COMPARISONS_MAX = 4000000 };

static bool is_within_reason(const struct evaluation *e)
{
    size_t patterns = e->boundary ? e->boundary->policy->pattern_count : 0;
    for (size_t i = 0; i < e->count; i++)
        patterns += e->sources[i].policy->policy->pattern_count;
    return patterns < 2000 && patterns * patterns <= COMPARISONS_MAX;
}

/* Search what E allows, minus every Deny, within the boundary. */
static void search_actions(const struct evaluation *e, struct action_search *s)
{
    bool is_all_denied = false;
    s->e = e;
    s->most_steps = *e->steps < SEARCH_STEPS_MAX ? *e->steps : SEARCH_STEPS_MAX;
    s->step_cost = e->boundary ? e->boundary->policy->pattern_count : 0;
    for (size_t i = 0; i < e->count + (e->boundary != NULL); i++) {
        const struct rights_policy *p = i < e->count ? e->sources[i].policy : e->boundary;
        is_all_denied |= note_denies(s, p);
        s->step_cost += p->policy->pattern_count;
    }
    s->step_cost = s->step_cost / 16 + 1;
    if (!is_all_denied)
        try_action(s, some_action);
    for (size_t i = 0; i < e->count && !is_all_denied && search_goes_on(s, 0); i++)
        search_policy(s, e->sources[i].policy);
    *e->steps -= s->steps < *e->steps ? s->steps : *e->steps;
    free(s->must);
}

/* What the Allow patterns alone give, before any Deny and the boundary. */
static void sum_patterns(const struct evaluation *e, struct action_search *s)
{
    for (size_t i = 0; i < e->count && s->best < RIGHTS_WRITE; i++) {
        const struct rights_allowed *a = allowed_by(e, e->sources[i].policy);
        enum rights most = a->writes ? RIGHTS_WRITE : a->reads ? RIGHTS_READ : RIGHTS_NONE;
        if (most > s->best) {
            s->best = most;
            s->source = i;
        }
    }
}

/* Whether write, read or nothing is allowed; OUT gets the source. */
static enum rights read_or_write(const struct evaluation *e, struct rights_result *out)
{
    struct action_search s = {.best = RIGHTS_NONE, .source = e->count};
    if ((e->has_deny || e->boundary) && is_within_reason(e))
        search_actions(e, &s);
    else
        sum_patterns(e, &s);
    if (s.is_cut) {
        out->ignores_denies = true;
        sum_patterns(e, &s);
    }
    if (s.source < e->count) {
        out->by[0] = s.source;
        out->by_count = 1;
    }
    return s.best;
}

static enum rights evaluate_once(const struct evaluation *e, struct rights_result *out)
{
    if (is_administrator(e, out))
        return RIGHTS_ADMIN;
    if (can_escalate(e, out))
        return RIGHTS_ESCALATE;
    return read_or_write(e, out);
}

struct rights_result rights_evaluate(const struct rights_model *m, const struct rights_source *sources, size_t count,
    const struct rights_policy *boundary, size_t *steps)
{
    struct rights_result out = {0}, plain = {0};
    struct evaluation e = {.model = m, .sources = sources, .count = count, .boundary = boundary, .conditions = true,
        .steps = steps};
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
