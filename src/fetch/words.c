/* One pass over blanks, both quotation marks and backslashes. */
#include "fetch/words.h"

static bool is_word_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Returns the character that a backslash at AT escapes, 0 if none; within double quotation marks only " and \ are. */
static char protected(struct slice text, size_t at, char quote)
{
    char next = text.data[at] == '\\' && quote != '\'' && at + 1 < text.len ? text.data[at + 1] : '\0';
    return quote == '"' && next != '"' && next != '\\' ? '\0' : next;
}

int words_split(struct slice text, char *out, char *argv[WORDS_MAX + 1])
{
    int n = 0;
    char quote = '\0';
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i], next = protected(text, i, quote);
        if (!quote && is_word_blank(c)) {
            if (inside)
                *out++ = '\0';
            inside = false;
            continue;
        }
        if (!c || (!inside && n == WORDS_MAX) || (c == '\\' && quote != '\'' && i + 1 == text.len))
            return -1;
        if (!inside)
            argv[n++] = out;
        inside = true;
        if (next) {
            *out++ = next;
            i++;
        } else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? '\0' : c;
        } else {
            *out++ = c;
        }
    }
    *out = '\0';
    argv[n] = NULL;
    return quote ? -1 : n;
}
