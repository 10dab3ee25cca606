/* Checks the parts of user-defined rules and adds them to the table of checks. */
#include "audit/rule.h"

#include "query/query.h"

#include <stdlib.h>

enum { NAME_LEN_MAX = 40, TEXT_LEN_MAX = 200 };

/* The checks that a rule may ask about: none, because their results are not there yet while a rule is evaluated. */
static size_t none_count(void)
{
    return 0;
}

static const char *none_id(size_t check)
{
    (void)check;
    return NULL;
}

static size_t none_find(struct slice id, int numbers)
{
    (void)id, (void)numbers;
    return 0;
}

static const char *none_nearest(struct slice id)
{
    (void)id;
    return NULL;
}

static const struct query_checks rule_checks = {none_count, none_id, none_find, NULL, none_nearest, NULL};

struct query *rule_parse(struct slice text, struct error *err)
{
    return query_parse_late(text, QUERY_USERS, &rule_checks, 0, err);
}

/* Whether TEXT still parses inside the parentheses that the program puts around it for clauses and parts of checks. */
static bool fits_inside(struct slice text, struct error *err)
{
    struct buffer nested = {0};
    struct error ignored;
    buffer_printf(&nested, "not (((((((%.*s)))))))", (int)text.len, text.data);
    struct query *q = rule_parse((struct slice){nested.data, nested.len}, &ignored);
    bool ok = q != NULL;
    query_free(q);
    buffer_free(&nested);
    return ok || error_at(err, 0, "the query is nested too deeply for a rule");
}

bool rule_is_query(struct slice text, bool other_names, struct error *err)
{
    err->offset = 0;
    if (memchr(text.data, '(', text.len)) {
        /* the parser would say "no check": explain instead that rules cannot ask for checks */
        struct error ignored;
        struct query *q = rule_parse(text, &ignored);
        bool asks = !q;
        query_free(q);
        if (asks && strstr(ignored.text, "no check"))
            return error_at(err, ignored.offset,
                "rules, where and waivers cannot ask checks with fails(...), unknown(...), since(...) or failing(...)");
    }
    struct query *q = (other_names ? query_parse_late : query_parse)(text, QUERY_USERS, &rule_checks, 0, err);
    if (!q)
        return false;
    bool asks = query_asks_checks(q);
    query_free(q);
    if (asks)
        return error_at(err, 0,
            "rules, where and waivers cannot ask what the checks found: findings, severity, waived, unknown_checks");
    return fits_inside(text, err);
}

/*
 * Whether NAME has only letters, digits, - and _, a letter first: a word in queries, and safe in every output format.
 */
static bool is_name(struct slice name)
{
    bool ok = name.len > 0 && name.len <= NAME_LEN_MAX;
    for (size_t i = 0; i < name.len && ok; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        ok = letter || (i && ((c >= '0' && c <= '9') || c == '-' || c == '_'));
    }
    return ok;
}

/* Returns the number of the rule of this name, or check_count(). */
static size_t find_rule(struct slice name)
{
    size_t i = 0;
    while (i < check_count() && (!check_at(i)->rule || !slice_equal_nocase(name, slice_of(check_at(i)->id))))
        i++;
    return i;
}

static bool is_taken(struct slice name)
{
    for (enum benchmark b = 0; b < BENCHMARK_COUNT; b++) {
        if (check_find(name, b, NULL) != check_count())
            return true;
    }
    return false;
}

static bool split_value(struct slice value, enum severity *severity, struct slice *query, struct error *err)
{
    const char *colon = memchr(value.data, ':', value.len);
    struct slice word = slice_trimmed((struct slice){value.data, colon ? (size_t)(colon - value.data) : 0});
    *severity = severity_find(word);
    if (!colon || *severity == SEVERITY_NONE || *severity >= SEVERITY_COUNT)
        return error_set(err, "expected SEVERITY: QUERY, with low, medium, high or critical before the colon");
    *query = slice_trimmed((struct slice){colon + 1, value.len - (size_t)(colon + 1 - value.data)});
    return query->len || error_set(err, "expected a query after the colon");
}

bool rule_define(struct check_settings *s, struct slice name, struct slice value, struct error *err)
{
    enum severity severity = SEVERITY_NONE;
    struct slice query = {"", 0};
    struct error why;
    if (!is_name(name))
        return error_set(err, "invalid name \"%.*s\": expected letters, digits, - and _, at most %d, a letter first",
            (int)name.len, name.data, NAME_LEN_MAX);
    if (!split_value(value, &severity, &query, err))
        return false;
    if (!rule_is_query(query, s->other_names, &why))
        return error_at(err, why.offset, "at offset %zu of the query: %s", why.offset, why.text);
    size_t old = find_rule(name);
    if (old < check_count() && check_at(old)->severity == severity && slice_equal(query, slice_of(check_at(old)->rule)))
        return true;
    if (old < check_count() || is_taken(name))
        return error_set(err, "the name %.*s is taken: %s", (int)name.len, name.data,
            old < check_count() ? "another rule has it" : "a built-in check has it");
    size_t check = check_add(name, severity, query);
    if (check >= CHECKS_MAX)
        return error_set(err, "too many rules: at most %zu fit beside ncred's own checks",
            CHECKS_MAX - check_built_in_count());
    s->on |= UINT64_C(1) << check;
    return true;
}

bool rule_describe(struct slice name, enum check_text which, struct slice text, struct error *err)
{
    size_t check = find_rule(name);
    if (check == check_count())
        return error_set(err, "no rule \"%.*s\"; \"rule %.*s = SEVERITY: QUERY\" defines it", (int)name.len, name.data,
            (int)name.len, name.data);
    if (!text.len || text.len > TEXT_LEN_MAX || !text_is_harmless(text))
        return error_set(err, "expected a text of at most %d bytes without control or invisible characters",
            TEXT_LEN_MAX);
    check_set_text(check, which, text);
    return true;
}
