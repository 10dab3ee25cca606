/* What the program may send: text in UTF-8 and the few sequences of xterm-256color that drawing needs. */
#include "term.h"

#include <ctype.h>
#include <string.h>

/* Private modes that a full-screen program has a use for: cursor keys, wrapping, cursor, mouse, screen, pastes. */
static bool is_mode(long mode)
{
    static const long modes[] = {1, 7, 12, 25, 1000, 1002, 1003, 1006, 1034, 1049, 2004, 2026};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (mode == modes[i])
            return true;
    }
    return false;
}

/* Length of the CSI sequence behind ESC [; 0: none that is expected. Numbers with leading zeros are not. */
static size_t csi_length(const char *s, size_t len)
{
    size_t i = 0;
    bool private = len && s[0] == '?';
    long number = 0;
    i += private;
    while (i < len && (s[i] == ';' || (s[i] >= '0' && s[i] <= '9'))) {
        if (s[i] == ';') {
            number = 0;
        } else {
            bool digit_before = i > 0 && s[i - 1] >= '0' && s[i - 1] <= '9';
            if (digit_before && number == 0)
                return 0;
            number = number * 10 + (s[i] - '0');
            if (number > 9999)
                return 0;
        }
        i++;
    }
    if (i == len)
        return 0;
    if (private)
        return (s[i] == 'h' || s[i] == 'l') && is_mode(number) ? i + 1 : 0;
    if (s[i] == 'h' || s[i] == 'l')
        return number == 4 ? i + 1 : 0;
    return strchr("ABCDGHJKLMPSTXZ@bdmrt", s[i]) ? i + 1 : 0;
}

/* What was copied goes to the terminal's clipboard, as base 64. */
static size_t copy_length(const char *s, size_t len)
{
    static const char start[] = "\033]52;c;";
    size_t n = sizeof start - 1;
    if (len < n || memcmp(s, start, n) != 0)
        return 0;
    while (n < len && (isalnum((unsigned char)s[n]) || strchr("+/=", s[n])) && s[n])
        n++;
    return n < len && s[n] == '\a' ? n + 1 : 0;
}

/* Length of a question about the terminal itself; 0: it is none. */
static size_t question_length(const char *s, size_t len)
{
    static const char *const questions[] = {"\033]11;?\033\\", "\033[?2026$p", "\033[c"};
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        size_t n = strlen(questions[i]);
        if (len >= n && memcmp(s, questions[i], n) == 0)
            return n;
    }
    return 0;
}

static size_t escape_length(const char *s, size_t len)
{
    if (len < 2)
        return 0;
    if (s[1] == '[' && !question_length(s, len)) {
        size_t n = csi_length(s + 2, len - 2);
        return n ? n + 2 : 0;
    }
    if ((s[1] == '(' || s[1] == ')') && len > 2)
        return s[2] == 'B' || s[2] == '0' ? 3 : 0;
    if (question_length(s, len))
        return question_length(s, len);
    if (s[1] == ']' && copy_length(s, len))
        return copy_length(s, len);
    if (len > 5 && memcmp(s, "\033]104\a", 6) == 0) /* colours as they were, which curses sends on coming back */
        return 6;
    return strchr("78=>M", s[1]) ? 2 : 0;
}

static size_t text_length(const unsigned char *s, size_t len)
{
    size_t n = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > len)
        return 0;
    uint32_t cp = s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (s[i] & 0x3f);
    }
    bool surrogate = cp >= 0xd800 && cp <= 0xdfff, overlong = (n == 3 && cp < 0x800) || (n == 4 && cp < 0x10000);
    bool control = cp < 0xa0, bidi = (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
    bool invisible = (cp >= 0x200b && cp <= 0x200f) || cp == 0x2028 || cp == 0x2029 || cp == 0x61c || cp == 0xfeff
        || (cp >= 0xfff9 && cp <= 0xfffb) || cp == 0xad || (cp >= 0xe0000 && cp < 0xe1000);
    return surrogate || overlong || control || bidi || invisible || cp > 0x10ffff ? 0 : n;
}

void term_assert_plain(struct term *t)
{
    for (size_t i = 0; i < t->raw_len;) {
        unsigned char c = (unsigned char)t->raw[i];
        size_t n = 0;
        if (c == 27)
            n = escape_length(t->raw + i, t->raw_len - i);
        else if (c < 32)
            n = strchr("\b\t\n\r\016\017", c) && c ? 1 : 0;
        else if (c < 127)
            n = 1;
        else if (c > 127)
            n = text_length((unsigned char *)t->raw + i, t->raw_len - i);
        if (n == 0) {
            t->raw_len = t->raw_len - i > 40 ? i + 40 : t->raw_len; /* the message shows the end */
            term_fail(t, "a byte that no drawing needs was sent: 0x%02x at %zu of the output, 40 before its end", c, i);
        }
        i += n;
    }
}
