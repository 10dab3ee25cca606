/* Splits query text into tokens. */
#include "query/query_priv.h"

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80
        || (c && strchr("_-.:/+@*%#$^?[]{}\\;", c));
}

static struct token operator_token(struct slice text, size_t *at)
{
    static const struct {
        const char *text;
        enum comparison operator;
    } operators[] = {{"!=", CMP_NE}, {"<=", CMP_LE}, {">=", CMP_GE}, {"&&", CMP_AND}, {"||", CMP_OR}, {"==", CMP_EQ},
        {"=", CMP_EQ}, {"<", CMP_LT}, {">", CMP_GT}, {"~", CMP_MATCH}, {"!", CMP_NOT}};
    struct token t = {.kind = TOKEN_BAD, .offset = *at, .text = {text.data + *at, 1}};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t n = strlen(operators[i].text);
        if (text.len - *at >= n && memcmp(text.data + *at, operators[i].text, n) == 0) {
            *at += n;
            return (struct token){.kind = TOKEN_OPERATOR, .operator = operators[i].operator, .offset = t.offset,
                .text = {t.text.data, n}};
        }
    }
    return t;
}

/* A string ends at the next quotation mark of its kind, but a doubled mark stands for one in the text. */
static struct token string_token(struct slice text, size_t *at)
{
    size_t start = *at, end = start + 1;
    char mark = text.data[start];
    bool doubled = false;
    while (end < text.len && (text.data[end] != mark || (end + 1 < text.len && text.data[end + 1] == mark))) {
        doubled |= text.data[end] == mark;
        end += 1 + (text.data[end] == mark);
    }
    if (end >= text.len)
        return (struct token){.kind = TOKEN_BAD, .offset = start, .text = {text.data + start, 1}};
    *at = end + 1;
    return (struct token){.kind = TOKEN_STRING, .offset = start, .text = {text.data + start + 1, end - start - 1},
        .doubled = doubled};
}

void query_put_text(struct buffer *out, const struct token *t)
{
    buffer_puts(out, "");
    for (size_t i = 0; i < t->text.len; i++) {
        buffer_putc(out, t->text.data[i]);
        i += t->doubled && t->text.data[i] == t->text.data[-1];
    }
}

struct token query_lex(struct slice text, size_t *at)
{
    while (*at < text.len && (text.data[*at] == ' ' || text.data[*at] == '\t' || text.data[*at] == '\n'))
        ++*at;
    size_t start = *at;
    if (start == text.len)
        return (struct token){.kind = TOKEN_END, .offset = start};
    char c = text.data[start];
    if (c == '(' || c == ')' || c == ',') {
        ++*at;
        enum token_kind kind = c == '(' ? TOKEN_OPEN : c == ')' ? TOKEN_CLOSE : TOKEN_COMMA;
        return (struct token){.kind = kind, .offset = start, .text = {text.data + start, 1}};
    }
    if (c == '"' || c == '\'')
        return string_token(text, at);
    if (!word_char(c))
        return operator_token(text, at);
    while (*at < text.len && word_char(text.data[*at]))
        ++*at;
    return (struct token){.kind = TOKEN_WORD, .offset = start, .text = {text.data + start, *at - start}};
}
