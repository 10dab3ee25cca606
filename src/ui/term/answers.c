/* Parsing the terminal's answers. They are untrusted text: anything that is not exactly an answer is ignored. */
#include "ui/term/answers.h"

#include <stdlib.h>

const char answers_questions[] = "\033]11;?\033\\\033[?2026$p\033[c";

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f' ? c - 'a' + 10
        : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/*
 * Parse a hexadecimal number of at most MOST digits and remove it from REST. Returns it scaled to 0..65535, or -1 if
 * there is none.
 */
static long color_part(struct slice *rest, size_t most)
{
    long value = 0, all = 0;
    size_t n = 0;
    for (; n < rest->len && n < most && hex_digit(rest->data[n]) >= 0; n++) {
        value = value * 16 + hex_digit(rest->data[n]);
        all = all * 16 + 15;
    }
    *rest = (struct slice){rest->data + n, rest->len - n};
    return n ? value * 65535 / all : -1;
}

/* Remove PREFIX from REST. Returns false, with REST unchanged, if it does not begin so. */
static bool skip_prefix(struct slice *rest, const char *prefix)
{
    size_t n = strlen(prefix);
    if (rest->len < n || memcmp(rest->data, prefix, n) != 0)
        return false;
    *rest = (struct slice){rest->data + n, rest->len - n};
    return true;
}

/*
 * Parse "rgb:RRRR/GGGG/BBBB" with one to four digits per part, "rgba:" with a fourth part, which is ignored, or
 * "#RRGGBB" with one to four digits per part.
 */
static bool parse_color_answer(struct slice text, long parts[3])
{
    bool has_slashes = skip_prefix(&text, "rgb:") || skip_prefix(&text, "rgba:");
    if (!has_slashes && (!skip_prefix(&text, "#") || text.len % 3 || text.len > 12))
        return false;
    size_t most = has_slashes ? 4 : text.len / 3;
    for (int i = 0; i < 3; i++) {
        if (i && has_slashes && !skip_prefix(&text, "/"))
            return false;
        parts[i] = color_part(&text, most);
        if (parts[i] < 0)
            return false;
    }
    return true;
}

void answers_take_string(struct answers *a, struct slice text)
{
    enum { RED = 299, GREEN = 587, BLUE = 114, MIDDLE = 65535 / 2 * 1000 }; /* weights of brightness, per mille */
    long c[3];
    if (skip_prefix(&text, "11;") && parse_color_answer(text, c))
        a->background = c[0] * RED + c[1] * GREEN + c[2] * BLUE > MIDDLE ? BACKGROUND_LIGHT : BACKGROUND_DARK;
}

void answers_take_control(struct answers *a, struct slice text)
{
    if (!skip_prefix(&text, "?") || !text.len)
        return;
    if (text.data[text.len - 1] == 'c')
        a->is_complete = true;
    else if (slice_equal(text, slice_of("2026;1$y")) || slice_equal(text, slice_of("2026;2$y")))
        a->has_synchronized_output = true;
}
