/* CommonMark, and what GitHub and GitLab add to it. */
#include "export/markdown.h"

/*
 * What stands for the character at I of a text, NULL: itself. Beyond CommonMark's own markup: entities, GitHub's
 * strikethrough, formulas, links made of bare addresses and of the numbers of issues, and mentions. A backslash does
 * not prevent these last, for they are looked for in the finished text; an empty comment parts the text.
 */
static const char *markdown_escape(struct slice text, size_t i)
{
    const char *rest = text.data + i;
    size_t len = text.len - i;
    switch (rest[0]) {
    case '&': return "&amp;";
    case '<': return "\\<";
    case '>': return "\\>";
    case '@': return "@<!-- -->";
    case '-': return i >= 2 && slice_equal_nocase((struct slice){rest - 2, 2}, slice_of("GH")) && len > 1
        && rest[1] >= '0'
        && rest[1] <= '9' ? "-<!-- -->" : NULL; /* GH-12 */
    case '#': return len > 1 && rest[1] >= '0' && rest[1] <= '9' ? "\\#<!-- -->" : "\\#";
    case ':': return len > 2 && rest[1] == '/' && rest[2] == '/' ? ":<!-- -->" : NULL;
    case '.': return i >= 3 && slice_equal_nocase((struct slice){rest - 3, 3}, slice_of("www")) ? ".<!-- -->" : NULL;
    case '|': return "\\|";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '_': return "\\_";
    case '[': return "\\[";
    case ']': return "\\]";
    case '~': return "\\~";
    case '$': return "\\$<!-- -->";
    default: return NULL;
    }
}

void markdown_put(struct buffer *b, struct slice harmless)
{
    for (size_t i = 0; i < harmless.len; i++) {
        const char *escape = markdown_escape(harmless, i);
        if (escape)
            buffer_puts(b, escape);
        else
            buffer_putc(b, harmless.data[i]);
    }
}

void markdown_text(struct buffer *b, struct slice text, bool ascii)
{
    struct buffer harmless = {0};
    text_harmless(&harmless, text, ascii);
    markdown_put(b, (struct slice){harmless.data, harmless.len});
    buffer_free(&harmless);
}
