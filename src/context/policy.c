/* Reads policy documents (IAM User Guide, "IAM JSON policy elements reference") and matches action patterns. */
#include "context/policy.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- patterns ---- */

bool policy_pattern_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

/* ---- statements ---- */

bool policy_statement_names(const struct policy_statement *s, const char *action)
{
    for (size_t i = 0; i < s->count; i++) {
        if (policy_pattern_matches(s->patterns[i], action))
            return !s->is_inverted;
    }
    return s->is_inverted;
}

bool policy_deny_counts(const struct policy_statement *s)
{
    return s->is_deny && !s->has_condition && s->on_any_resource;
}

/* "*" or "*:*", where several * in a row are like one. An empty pattern matches no action. */
static bool pattern_is_everything(const char *pattern)
{
    size_t stars = strspn(pattern, "*");
    if (stars && pattern[stars] == ':') {
        pattern += stars + 1;
        stars = strspn(pattern, "*");
    }
    return stars && pattern[stars] == '\0';
}

bool policy_statement_is_everything(const struct policy_statement *s)
{
    for (size_t i = 0; i < s->count && !s->is_inverted; i++) {
        if (pattern_is_everything(s->patterns[i]))
            return true;
    }
    return false;
}

/* ---- one block ---- */

/* A copy of P in one block. */
static struct policy *pack_policy(const struct policy *p)
{
    size_t size = sizeof *p + p->count * sizeof *p->statements;
    for (size_t i = 0; i < p->count; i++) {
        for (size_t k = 0; k < p->statements[i].count; k++)
            size += sizeof(char *) + strlen(p->statements[i].patterns[k]) + 1;
    }
    struct policy *packed = xrealloc(NULL, size, 1);
    *packed = *p;
    packed->statements = (struct policy_statement *)(packed + 1);
    char **patterns = (char **)(packed->statements + p->count), *text = (char *)(patterns + p->pattern_count);
    for (size_t i = 0; i < p->count; i++) {
        struct policy_statement *s = &packed->statements[i];
        *s = p->statements[i];
        s->patterns = patterns;
        for (size_t k = 0; k < s->count; k++) {
            *patterns++ = text;
            text = stpcpy(text, p->statements[i].patterns[k]) + 1;
        }
    }
    return packed;
}

/* Free P, which is not packed. */
static void free_parts(struct policy *p)
{
    for (size_t i = 0; i < p->count; i++) {
        for (size_t k = 0; k < p->statements[i].count; k++)
            free(p->statements[i].patterns[k]);
        free(p->statements[i].patterns);
    }
    free(p->statements);
}

void policy_free(struct policy *p)
{
    free(p);
}

void policy_describe(const struct policy *p, struct buffer *out)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct policy_statement *s = &p->statements[i];
        buffer_putc(out, (char)('@' + s->is_inverted + 2 * s->is_deny + 4 * s->has_condition + 8 * s->on_any_resource));
        for (size_t k = 0; k < s->count; k++)
            buffer_put_all(out, s->patterns[k], "\n"); /* which no pattern has */
        buffer_putc(out, '\0');
    }
}

/* ---- documents ---- */

static char *lower_copy(struct slice text)
{
    char *copy = slice_copy(text);
    for (char *c = copy; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    return copy;
}

/* State while a statement is read. */
struct statement_reader {
    struct policy_statement *statement;
    struct error *err;
    bool has_effect, has_action, has_not_action, has_resource, has_condition;
    bool ok; /* false: ERR says why; the rest is still consumed */
};

static void statement_fails(struct statement_reader *r, const char *why)
{
    if (r->ok)
        r->ok = error_set(r->err, "%s", why);
}

static void take_pattern(struct statement_reader *r, struct slice text)
{
    struct policy_statement *s = r->statement;
    bool is_odd = text.len > POLICY_PATTERN_LENGTH_MAX;
    for (size_t i = 0; i < text.len && !is_odd; i++)
        is_odd = (unsigned char)text.data[i] < ' ';
    if (is_odd) {
        statement_fails(r, "an Action that is too long, or holds a control character");
        return;
    }
    if (s->count == POLICY_PATTERNS_MAX) {
        statement_fails(r, "too many actions in one Statement");
        return;
    }
    if ((s->count & (s->count - 1)) == 0)
        s->patterns = xrealloc(s->patterns, s->count ? s->count * 2 : 1, sizeof *s->patterns);
    s->patterns[s->count++] = lower_copy(text);
}

static void take_resource(struct statement_reader *r, struct slice text)
{
    size_t stars = 0;
    while (stars < text.len && text.data[stars] == '*')
        stars++;
    r->statement->on_any_resource |= stars && stars == text.len;
}

/* Pass a string, or each string of a list, to TAKE. Returns false if the JSON is broken. */
static bool read_texts(struct json_reader *j, struct statement_reader *r,
    void (*take)(struct statement_reader *, struct slice))
{
    enum json_event e = json_reader_next(j);
    bool is_list = e == JSON_EVENT_ARRAY;
    if (is_list)
        e = json_reader_next(j);
    for (;; e = json_reader_next(j)) {
        if (e == JSON_EVENT_ERROR)
            return false;
        if (is_list && e == JSON_EVENT_ARRAY_END)
            return true;
        if (e == JSON_EVENT_STRING)
            take(r, j->text);
        else
            statement_fails(r, "an Action or Resource that is not text");
        if ((e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY) && !json_reader_skip(j))
            return false;
        if (!is_list)
            return true;
    }
}

static bool is_member(const struct json_reader *j, const char *name)
{
    return slice_equal_nocase(j->text, slice_of(name));
}

static bool read_effect(struct json_reader *j, struct statement_reader *r)
{
    enum json_event e = json_reader_next(j);
    r->statement->is_deny = e == JSON_EVENT_STRING && slice_equal(j->text, slice_of("Deny"));
    if (!r->statement->is_deny && (e != JSON_EVENT_STRING || !slice_equal(j->text, slice_of("Allow"))))
        statement_fails(r, "a Statement without Effect Allow or Deny");
    return e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
}

/* A condition counts unless it is null or an empty object. */
static bool read_condition(struct json_reader *j, struct statement_reader *r)
{
    enum json_event e = json_reader_next(j);
    if (e == JSON_EVENT_OBJECT) {
        e = json_reader_next(j);
        r->statement->has_condition = e != JSON_EVENT_OBJECT_END;
        while (e == JSON_EVENT_KEY) {
            if (!json_reader_skip(j))
                return false;
            e = json_reader_next(j);
        }
        return e == JSON_EVENT_OBJECT_END;
    }
    r->statement->has_condition = e != JSON_EVENT_NULL;
    return e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
}

/* Note that a member occurs. Names are compared in any case, so the JSON reader does not notice all duplicates. */
static void note_member(struct statement_reader *r, bool *has)
{
    if (*has)
        statement_fails(r, "a member is named twice");
    *has = true;
}

/* Read the members of a statement whose { was read. Returns false if the JSON is broken. */
static bool read_statement(struct json_reader *j, struct statement_reader *r)
{
    enum json_event e;
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        bool ok;
        if (is_member(j, "Effect")) {
            note_member(r, &r->has_effect);
            ok = read_effect(j, r);
        } else if (is_member(j, "Action")) {
            note_member(r, &r->has_action);
            ok = read_texts(j, r, take_pattern);
        } else if (is_member(j, "NotAction")) {
            note_member(r, &r->has_not_action);
            r->statement->is_inverted = true;
            ok = read_texts(j, r, take_pattern);
        } else if (is_member(j, "Resource")) {
            note_member(r, &r->has_resource);
            ok = read_texts(j, r, take_resource);
        } else if (is_member(j, "Condition")) {
            note_member(r, &r->has_condition);
            ok = read_condition(j, r);
        } else {
            ok = json_reader_skip(j);
        }
        if (!ok)
            return false;
    }
    if (!r->has_effect)
        statement_fails(r, "a Statement without Effect Allow or Deny");
    if (r->has_action == r->has_not_action)
        statement_fails(r, "a Statement needs either Action or NotAction");
    return e == JSON_EVENT_OBJECT_END;
}

static struct policy_statement *add_statement(struct policy *p)
{
    if ((p->count & (p->count - 1)) == 0)
        p->statements = xrealloc(p->statements, p->count ? p->count * 2 : 1, sizeof *p->statements);
    p->statements[p->count] = (struct policy_statement){0};
    return &p->statements[p->count++];
}

/*
 * Read one statement, or a list of them, into P. Returns false if the JSON is broken. *OK is set to false, with ERR
 * set, if a statement is invalid.
 */
static bool read_statements(struct json_reader *j, struct policy *p, bool *ok, struct error *err)
{
    enum json_event e = json_reader_next(j);
    bool is_list = e == JSON_EVENT_ARRAY;
    if (is_list)
        e = json_reader_next(j);
    for (;; e = json_reader_next(j)) {
        if (is_list && e == JSON_EVENT_ARRAY_END)
            return true;
        if (e == JSON_EVENT_ERROR)
            return false;
        if (e == JSON_EVENT_OBJECT) {
            struct statement_reader r = {.statement = add_statement(p), .err = err, .ok = *ok};
            if (!read_statement(j, &r))
                return false;
            p->pattern_count += r.statement->count;
            if (p->pattern_count > POLICY_PATTERNS_MAX)
                statement_fails(&r, "too many actions in one document");
            *ok = r.ok;
        } else {
            *ok = *ok && error_set(err, "a Statement that is not an object");
            if (e == JSON_EVENT_ARRAY && !json_reader_skip(j))
                return false;
        }
        if (!is_list)
            return true;
    }
}

static struct policy *read_document(struct json_reader *j, struct error *err)
{
    struct policy p = {0};
    bool ok = true, has_statement = false, whole = true;
    size_t doubles = j->doubles.count;
    enum json_event e;
    while (whole && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        bool is_statement = is_member(j, "Statement");
        if (is_statement && has_statement)
            ok = ok && error_set(err, "a member is named twice");
        has_statement |= is_statement;
        whole = is_statement ? read_statements(j, &p, &ok, err) : json_reader_skip(j);
    }
    if (!whole || e != JSON_EVENT_OBJECT_END)
        ok = error_set(err, "it is not JSON");
    else if (ok && !has_statement)
        ok = error_set(err, "it has no Statement");
    else if (ok && j->doubles.count > doubles) /* it is unknown which of them IAM would take */
        ok = error_set(err, "a member is named twice");
    struct policy *packed = ok ? pack_policy(&p) : NULL;
    free_parts(&p);
    return packed;
}

struct policy *policy_compile(struct slice text, struct error *err)
{
    struct json_reader j;
    struct policy *p = NULL;
    json_reader_start(&j, text);
    j.finds_doubles = true;
    if (json_reader_next(&j) == JSON_EVENT_OBJECT)
        p = read_document(&j, err);
    else
        error_set(err, "it is not a JSON object");
    if (p && json_reader_next(&j) != JSON_EVENT_END) {
        error_set(err, "there is text after the document");
        policy_free(p);
        p = NULL;
    }
    json_reader_free(&j);
    return p;
}

struct policy *policy_read(struct json_reader *j, enum json_event first, struct error *err)
{
    struct buffer decoded = {0};
    struct policy *p = NULL;
    if (first == JSON_EVENT_OBJECT)
        return read_document(j, err);
    if (first == JSON_EVENT_STRING) {
        text_decode_percent(&decoded, j->text);
        p = policy_compile((struct slice){decoded.data ? decoded.data : "", decoded.len}, err);
        buffer_free(&decoded);
        return p;
    }
    error_set(err, "it is not a JSON object");
    if (first == JSON_EVENT_ARRAY)
        (void)json_reader_skip(j);
    return NULL;
}

struct policy *policy_of_patterns(const char *const *patterns, bool is_inverted)
{
    struct policy_statement s = {.patterns = (char **)(uintptr_t)patterns, .is_inverted = is_inverted,
        .on_any_resource = true};
    while (patterns[s.count])
        s.count++;
    return pack_policy(&(struct policy){&s, 1, s.count});
}
