/* Decides which part of a query that is still being typed can be evaluated already. */
#include "query/query_priv.h"

#include "report/credential.h"

static bool is_beginning(struct slice word, const char *name)
{
    size_t n = strlen(name);
    return word.len <= n && slice_equal_nocase(word, (struct slice){name, word.len});
}

/* False for a complete name of a column: the parser reports what it lacks. */
static bool may_become_name(struct slice word, enum query_subject subject)
{
    bool may = false;
    for (size_t i = 0; i < COL_COUNT + (subject == QUERY_CREDENTIALS ? (size_t)CREDENTIAL_COLUMNS : 0); i++) {
        const char *name = credential_column_info(NULL, (int)i)->name;
        if (slice_equal_nocase(word, slice_of(name)))
            return false;
        may |= is_beginning(word, name);
    }
    for (size_t i = 0; i < schema_alias_count; i++) {
        if (slice_equal_nocase(word, slice_of(schema_aliases[i].name)))
            return false;
        may |= is_beginning(word, schema_aliases[i].name);
    }
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        may |= is_beginning(word, query_functions[i]);
    return may || is_beginning(word, "not");
}

/* Whether a value is expected after these two tokens. */
static bool wants_value(const struct token *before, const struct token *last)
{
    if (last->kind == TOKEN_OPEN && before->kind == TOKEN_WORD)
        return query_function_takes_check(query_function_find(before->text))
            || slice_equal_nocase(before->text, slice_of("in"));
    return last->kind == TOKEN_COMMA || (last->kind == TOKEN_OPERATOR && last->operator <= CMP_MATCH);
}

static bool is_scope(const struct token *t)
{
    enum query_function f = t->kind == TOKEN_WORD ? query_function_find(t->text) : FUNCTION_COUNT;
    return f == FUNCTION_KEY || f == FUNCTION_CERT;
}

bool query_ends_in_name(struct slice text, enum query_subject subject)
{
    struct token before = {.kind = TOKEN_END}, last = before, t;
    /* INSIDE: the depth inside key(...) or cert(...), where no text is searched for; 0 if outside. */
    size_t at = 0, depth = 0, inside = 0;
    bool ends = false;
    while ((t = query_lex(text, &at)).kind != TOKEN_END && t.kind != TOKEN_BAD) {
        depth += t.kind == TOKEN_OPEN;
        if (t.kind == TOKEN_OPEN && !inside && is_scope(&last))
            inside = depth;
        ends = t.kind == TOKEN_WORD && at == text.len && !inside && !wants_value(&before, &last)
            && may_become_name(t.text, subject);
        inside = t.kind == TOKEN_CLOSE && depth == inside ? 0 : inside;
        depth -= t.kind == TOKEN_CLOSE && depth;
        before = last;
        last = t;
    }
    return ends;
}

/* TEXT without its last CUT tokens. */
static struct slice without_last(struct slice text, size_t cut)
{
    struct token t;
    size_t count = 0, at = 0, end = 0;
    while ((t = query_lex(text, &at)).kind != TOKEN_END && t.kind != TOKEN_BAD)
        count++;
    at = 0;
    for (size_t i = 0; i + cut < count; i++) {
        query_lex(text, &at);
        end = at;
    }
    return (struct slice){text.data, cut ? end : text.len};
}

bool query_so_far(struct buffer *out, struct slice text, size_t cut, enum query_subject subject)
{
    struct token t;
    size_t open = 0, at = 0;
    text = without_last(text, cut);
    out->len = 0;
    if (query_ends_in_name(text, subject))
        return text.len > 0;
    buffer_add(out, text.data, text.len);
    while ((t = query_lex(text, &at)).kind != TOKEN_END && t.kind != TOKEN_BAD) {
        open += t.kind == TOKEN_OPEN;
        open -= t.kind == TOKEN_CLOSE && open;
    }
    for (; open; open--)
        buffer_putc(out, ')');
    return text.len > 0;
}
