/* Completion by context: the query is lexed up to the word, which tells what can stand there. */
#include "query/suggest.h"

#include "report/credential.h"
#include "query/query_priv.h"

#include <stdlib.h>

enum { NESTING_MAX = 64 };

void suggest_free(struct suggestions *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->words[i]);
    free(c->words);
    c->words = NULL;
    c->count = c->from = 0;
}

void suggest_start(struct suggestions *c, size_t from)
{
    suggest_free(c);
    c->from = from;
}

void suggest_offer(struct suggestions *c, struct slice text, const char *word)
{
    struct slice typed = {text.data + c->from, text.len - c->from};
    if (strlen(word) < typed.len || (typed.len && !slice_equal_nocase((struct slice){word, typed.len}, typed)))
        return;
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->words[i], word) == 0)
            return;
    }
    c->words = xrealloc(c->words, c->count + 1, sizeof *c->words);
    c->words[c->count++] = xstrdup(word);
}

size_t suggest_common(const struct suggestions *c)
{
    size_t n = c->count ? strlen(c->words[0]) : 0;
    for (size_t i = 1; i < c->count; i++) {
        size_t k = 0;
        while (k < n && c->words[i][k] == c->words[0][k])
            k++;
        n = k;
    }
    return n;
}

/* ---- queries ------------------------------------------------------------------------ */

/* What names mean within a pair of parentheses. */
enum place { PLACE_USER, PLACE_CREDENTIAL, PLACE_KEY, PLACE_CERT, PLACE_CHECK, PLACE_VALUES };

struct context {
    enum place places[NESTING_MAX];
    size_t depth;
    struct slice field;   /* that is or was being compared */
    bool wants_value;     /* behind a comparison */
    bool has_operand;     /* what comes next joins */
    struct token last;
};

static bool a_word(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && slice_equal_nocase(t->text, slice_of(word));
}

static enum place place_after(const struct context *c)
{
    enum query_function f = c->last.kind == TOKEN_WORD ? query_function_find(c->last.text) : FUNCTION_COUNT;
    if (query_function_takes_check(f))
        return PLACE_CHECK;
    return f == FUNCTION_KEY ? PLACE_KEY : f == FUNCTION_CERT ? PLACE_CERT : a_word(&c->last, "in") ? PLACE_VALUES : c->places[c->depth];
}

static void step(struct context *c, const struct token *t)
{
    bool joins = a_word(t, "and") || a_word(t, "or") || a_word(t, "not");
    bool compares = t->kind == TOKEN_OPERATOR && t->operator <= CMP_MATCH;
    if (t->kind == TOKEN_OPEN && c->depth + 1 < NESTING_MAX) {
        enum place place = place_after(c);
        c->places[++c->depth] = place;
    } else if (t->kind == TOKEN_CLOSE && c->depth) {
        c->depth--;
    }
    if (compares || a_word(t, "in"))
        c->field = compares && (c->last.kind == TOKEN_WORD || c->last.kind == TOKEN_CLOSE) ? c->last.text : a_word(t, "in") ? c->last.text : c->field;
    c->wants_value = compares;
    c->has_operand = t->kind == TOKEN_CLOSE || t->kind == TOKEN_STRING || (t->kind == TOKEN_WORD && !joins
        && !a_word(t, "in"));
    c->last = *t;
}

static void offer_all(struct suggestions *c, struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        suggest_offer(c, text, words[i]);
}
#define OFFER(c, text, ...) \
    offer_all(c, text, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void offer_members(struct suggestions *c, struct slice text, const struct query_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        suggest_offer(c, text, members[i].name);
}

/* The type of a field there, TYPE_TEXT for one that is unknown. */
static enum type type_there(enum place place, struct slice field)
{
    const struct query_member *members = place == PLACE_KEY ? query_key_members : query_cert_members;
    size_t count = place == PLACE_KEY ? query_key_member_count : place == PLACE_CERT ? query_cert_member_count : 0;
    int column = credential_column_find(field);
    enum column known = schema_find(field);
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_nocase(field, slice_of(members[i].name)))
            return members[i].type;
    }
    if (place == PLACE_CREDENTIAL && column >= 0)
        return credential_column_info(column)->type;
    return known == COL_COUNT ? TYPE_TEXT : schema[known].type;
}

static void offer_values(struct suggestions *c, struct slice text, enum type type)
{
    if (type == TYPE_BOOL)
        OFFER(c, text, "true", "false");
    for (enum severity s = SEVERITY_NONE; type == TYPE_SEVERITY && s < SEVERITY_COUNT; s++)
        suggest_offer(c, text, severity_name(s));
    for (size_t i = 0; i < query_state_count; i++) {
        if (query_states[i].test != TEST_NEVER || type == TYPE_TIME)
            suggest_offer(c, text, query_states[i].word);
    }
}

static void offer_names(struct suggestions *c, struct slice text, enum place place)
{
    if (place == PLACE_KEY || place == PLACE_CERT) {
        offer_members(c, text, place == PLACE_KEY ? query_key_members : query_cert_members,
            place == PLACE_KEY ? query_key_member_count : query_cert_member_count);
        suggest_offer(c, text, "not");
        return;
    }
    for (size_t i = 0; i < CREDENTIAL_COLUMNS && place == PLACE_CREDENTIAL; i++)
        suggest_offer(c, text, credential_schema[i].name);
    for (enum column column = 0; column < COL_COUNT; column++)
        suggest_offer(c, text, schema[column].name);
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        struct buffer call = {0};
        buffer_printf(&call, "%s(", query_functions[i]);
        suggest_offer(c, text, call.data);
        buffer_free(&call);
    }
    suggest_offer(c, text, "not");
}

static void offer_checks(struct suggestions *c, struct slice text, const struct query_checks *checks)
{
    for (size_t i = 0; i < checks->count(); i++)
        suggest_offer(c, text, checks->id(i));
}

static bool is_of_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '/'
        || ch == '-' || ch == '.';
}

void suggest_query(struct suggestions *c, struct slice text, enum query_subject subject, const struct query_checks *checks)
{
    struct context context = {.places = {subject == QUERY_CREDENTIALS ? PLACE_CREDENTIAL : PLACE_USER}, .last = {.kind = TOKEN_END}};
    size_t from = text.len, at = 0;
    while (from && is_of_word(text.data[from - 1]))
        from--;
    suggest_start(c, from);
    struct slice before = {text.data, from};
    if (before.len && before.data[0] == '!')
        at = 1; /* which inverts a filter */
    for (struct token t; (t = query_lex(before, &at)).kind != TOKEN_END; step(&context, &t)) {
        if (t.kind == TOKEN_BAD)
            return;
    }
    enum place place = context.places[context.depth];
    if (context.wants_value || place == PLACE_VALUES)
        offer_values(c, text, type_there(place == PLACE_VALUES ? context.places[context.depth - 1] : place, context.field));
    else if (place == PLACE_CHECK)
        offer_checks(c, text, checks);
    else if (context.has_operand)
        OFFER(c, text, "and", "or", "in");
    else
        offer_names(c, text, place);
}
