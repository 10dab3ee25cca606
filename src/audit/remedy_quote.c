/* Quotes user names for POSIX sh and rejects those that the AWS CLI would not take as they are. */
#include "audit/remedy_priv.h"

static bool slice_begins(struct slice s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.len >= n && slice_equal_nocase((struct slice){s.data, n}, slice_of(prefix));
}

bool remedy_can_name(struct slice name, const char **why)
{
    /* The AWS CLI would read such a file or address and use its contents as the name. */
    static const char *const fetched[] = {"file://", "fileb://", "http://", "https://"};
    *why = NULL;
    if (!name.len)
        *why = "the report has no name here";
    else if (memchr(name.data, '\0', name.len))
        *why = "the name contains a NUL byte, which no command line can contain";
    for (size_t i = 0; i < sizeof fetched / sizeof fetched[0]; i++) {
        if (slice_begins(name, fetched[i]))
            *why = "the AWS CLI would take this name for a file to read";
    }
    return !*why;
}

/*
 * Append S in single quotes. Only ' is special in them: it becomes '\'', which ends the quotes, escapes ', begins anew.
 */
static void quote(struct buffer *b, struct slice s)
{
    buffer_putc(b, '\'');
    for (const char *at; (at = memchr(s.data, '\'', s.len)) != NULL;) {
        size_t before = (size_t)(at - s.data);
        buffer_add(b, s.data, before);
        buffer_puts(b, "'\\''");
        s = (struct slice){at + 1, s.len - before - 1};
    }
    buffer_add(b, s.data, s.len);
    buffer_putc(b, '\'');
}

void remedy_name(struct buffer *word, struct buffer *before, struct slice name)
{
    bool plain = true;
    for (size_t i = 0; i < name.len; i++)
        plain = plain && name.data[i] >= ' ' && name.data[i] <= '~' && name.data[i] != '\\';
    if (plain) {
        quote(word, name);
        return;
    }
    /* a dot at each end: $(...) would drop trailing newlines, and printf would take a leading - for an option */
    buffer_puts(before, "user=$(printf '.");
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (c < ' ' || c > '~' || c == '\'' || c == '\\')
            buffer_printf(before, "\\%03o", c);
        else if (c == '%')
            buffer_puts(before, "%%");
        else
            buffer_putc(before, (char)c);
    }
    buffer_puts(before, ".'); user=${user%.}; user=${user#.}\n");
    buffer_puts(word, "\"$user\"");
}

void remedy_comment(struct buffer *b, const char *indent, struct slice text)
{
    buffer_putc(b, '#');
    buffer_puts(b, indent);
    text_harmless(b, text, true);
    buffer_putc(b, '\n');
}
