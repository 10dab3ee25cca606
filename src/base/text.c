/* Slices, buffers, and text_harmless(), through which all untrusted text passes on its way to a terminal. */
#include "base/text.h"

#include "base/bug.h"
#include "base/error.h"
#include "base/sixteen_bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

int slice_compare_nocase(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < n; i++) {
        int d = lower(a.data[i]) - lower(b.data[i]);
        if (d)
            return d;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.len == b.len && slice_compare_nocase(a, b) == 0;
}

bool slice_contains_nocase(struct slice hay, struct slice needle)
{
    if (needle.len == 0)
        return true;
    for (size_t i = 0; i + needle.len <= hay.len; i++) {
        struct slice part = {hay.data + i, needle.len};
        if (lower(part.data[0]) == lower(needle.data[0]) && slice_equal_nocase(part, needle))
            return true;
    }
    return false;
}

/* Returns the edit distance, ignoring ASCII case; 99 if a text is longer than 60 bytes. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[64];
    if (a.len > 60 || b.len > 60)
        return 99;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = diagonal + !slice_equal_nocase((struct slice){a.data + i - 1, 1},
                (struct slice){b.data + j - 1, 1});
            diagonal = row[j];
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = cost < least ? cost : least;
        }
    }
    return row[b.len];
}

struct nearest nearest_to(struct slice text)
{
    return (struct nearest){.text = text, .distance = text.len / 2 + 2};
}

void nearest_try(struct nearest *n, const char *name)
{
    enum { BEGUN_FROM = 3, BEGUN = 2 }; /* a name whose first letters were typed counts as two slips away */
    size_t d = distance(n->text, slice_of(name)), len = n->text.len;
    bool is_begun = len >= BEGUN_FROM && strlen(name) > len && slice_equal_nocase(n->text, (struct slice){name, len});
    if (is_begun && !n->only_slips && d > BEGUN)
        d = BEGUN;
    if (d >= n->distance)
        return;
    n->distance = d;
    n->name = name;
}

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trimmed(struct slice s)
{
    while (s.len && is_ascii_space(s.data[0]))
        s = (struct slice){s.data + 1, s.len - 1};
    while (s.len && is_ascii_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

bool slice_next_word(struct slice *text, struct slice *word)
{
    size_t from = 0, to;
    while (from < text->len && text->data[from] == ' ')
        from++;
    for (to = from; to < text->len && text->data[to] != ' ';)
        to++;
    *word = (struct slice){text->data + from, to - from};
    *text = (struct slice){text->data + to, text->len - to};
    return word->len > 0;
}

char *slice_copy(struct slice s)
{
    char *out = xcalloc(s.len + 1, 1);
    if (s.len)
        memcpy(out, s.data, s.len);
    return out;
}

char *buffer_grow(struct buffer *b, size_t len)
{
    BUG_ON(b->len > b->cap);
    size_t cap = b->cap ? b->cap : 64;
    while (cap - b->len < len + 1)
        cap *= 2;
    b->data = xrealloc(b->data, cap, 1);
    b->cap = cap;
    return b->data;
}

/* Formats directly into the buffer; only a text that does not fit (USUAL bytes or more) is formatted twice. */
void buffer_printf(struct buffer *b, const char *format, ...)
{
    enum { USUAL = 128 };
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    buffer_reserve(b, USUAL);
    int n = vsnprintf(b->data + b->len, b->cap - b->len, format, args);
    va_end(args);
    if (n > 0 && (size_t)n >= b->cap - b->len) {
        buffer_reserve(b, (size_t)n);
        vsnprintf(b->data + b->len, b->cap - b->len, format, again);
    }
    va_end(again);
    b->len += n > 0 ? (size_t)n : 0;
    b->data[b->len] = '\0';
}

void buffer_add_lower(struct buffer *b, struct slice text)
{
    buffer_reserve(b, text.len);
    for (size_t i = 0; i < text.len; i++)
        buffer_putc(b, (char)lower(text.data[i]));
}

void buffer_put_list(struct buffer *b, const char *const *texts)
{
    for (; *texts; texts++)
        buffer_puts(b, *texts);
}

/* Write the digits of N, at least one, so that they end at END. Returns where they begin. */
static char *put_digits(char *end, uint64_t n)
{
    do
        *--end = (char)('0' + n % 10);
    while (n /= 10);
    return end;
}

void buffer_number(struct buffer *b, int64_t n)
{
    enum { DIGITS_MAX = 20 };
    char digits[DIGITS_MAX], *end = digits + sizeof digits,
        *at = put_digits(end, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
    if (n < 0)
        buffer_putc(b, '-');
    buffer_add(b, at, (size_t)(end - at));
}

void buffer_count(struct buffer *b, uint64_t n)
{
    enum { COUNT_MAX = 28, GROUP = 1000 };
    char count[COUNT_MAX], *end = count + sizeof count, *at = end;
    for (; n >= GROUP; n /= GROUP) {
        unsigned group = (unsigned)(n % GROUP);
        *--at = (char)('0' + group % 10);
        *--at = (char)('0' + group / 10 % 10);
        *--at = (char)('0' + group / 100);
        *--at = ',';
    }
    at = put_digits(at, n);
    buffer_add(b, at, (size_t)(end - at));
}

void buffer_add_utf8(struct buffer *b, uint32_t cp)
{
    char bytes[UTF8_MAX];
    buffer_add(b, bytes, utf8_write(bytes, cp));
}

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){0};
}

/* Returns the number of printable ASCII characters at the start of TEXT. */
static size_t ascii_length(struct slice text)
{
    size_t n = 0;
    sixteen_bytes bytes;
    for (; n + sizeof bytes <= text.len; n += sizeof bytes) {
        memcpy(&bytes, text.data + n, sizeof bytes);
        if (sixteen_bytes_any((bytes < ' ') | (bytes == 0x7f))) /* bytes above ASCII are negative, so also < ' ' */
            break;
    }
    while (n < text.len && text.data[n] >= ' ' && text.data[n] < 0x7f)
        n++;
    return n;
}

static void add_escape(struct buffer *b, char byte, uint32_t cp)
{
    if (cp == UINT32_MAX)
        buffer_printf(b, "\\x%02x", (unsigned char)byte);
    else if (cp < 0x20)
        buffer_printf(b, "^%c", (char)(cp + '@'));
    else if (cp == 0x7f)
        buffer_puts(b, "^?");
    else
        buffer_printf(b, cp < 0x10000 ? "\\u%04x" : "\\U%06x", (unsigned)cp);
}

void text_harmless(struct buffer *b, struct slice text, bool ascii)
{
    size_t from = 0; /* first byte not copied yet */
    bool is_asked = ascii;
    for (size_t i = ascii_length(text); i < text.len;) {
        uint32_t cp;
        size_t n = utf8_decode(text.data + i, text.len - i, &cp);
        if (!is_asked) {
            ascii = !utf8_is_in_locale();
            is_asked = true;
        }
        if (ascii || codepoint_width(cp) < 0) {
            buffer_add(b, text.data + from, i - from);
            add_escape(b, text.data[i], cp);
            from = i + n;
        }
        i += n;
        i += ascii_length((struct slice){text.data + i, text.len - i});
    }
    if (text.len > from)
        buffer_add(b, text.data + from, text.len - from);
}

bool text_is_harmless(struct slice text)
{
    for (size_t i = ascii_length(text); i < text.len;) {
        uint32_t cp;
        i += utf8_decode(text.data + i, text.len - i, &cp);
        if (!codepoint_is_visible(cp))
            return false;
    }
    return true;
}

void text_escape(char *out, size_t size, struct slice text)
{
    struct buffer b = {0};
    text_harmless(&b, text, false);
    size_t n = 0;
    while (n < b.len) {
        uint32_t cp;
        size_t step = utf8_decode(b.data + n, b.len - n, &cp);
        if (n + step >= size)
            break;
        n += step;
    }
    if (n)
        memcpy(out, b.data, n);
    out[n] = '\0';
    buffer_free(&b);
}

size_t text_width(struct slice harmless)
{
    size_t columns = 0;
    for (size_t i = 0; i < harmless.len;) {
        uint32_t cp;
        i += utf8_decode(harmless.data + i, harmless.len - i, &cp);
        int w = codepoint_width(cp);
        columns += w > 0 ? (size_t)w : 0;
    }
    return columns;
}

size_t text_fit(struct slice harmless, size_t columns)
{
    size_t used = 0, i = 0;
    while (i < harmless.len) {
        uint32_t cp;
        size_t n = utf8_decode(harmless.data + i, harmless.len - i, &cp);
        int w = codepoint_width(cp);
        if (w > 0 && used + (size_t)w > columns)
            break;
        used += w > 0 ? (size_t)w : 0;
        i += n;
    }
    return i;
}

/* Whether the blank at AT is between a date and its time, as in "2026-06-10 12:00Z". */
static bool is_inside_time(struct slice text, size_t at)
{
    enum { DATE = 10, TIME = 5 };
    return at >= DATE && at + TIME < text.len && text.data[at - 3] == '-' && text.data[at - 6] == '-'
        && text.data[at + 3] == ':' && text.data[at + 1] >= '0' && text.data[at + 1] <= '9';
}

/*
 * Returns the position of the last blank at which a line of at most FIT bytes can end, or 0 if there is none or if the
 * word after it is longer than a line. KEEPS_TIMES: a blank between a date and its time does not count.
 */
static size_t last_blank(struct slice text, size_t fit, size_t width, bool keeps_times)
{
    enum { BYTES = 4 }; /* most bytes per column */
    size_t space = fit, next = fit;
    while (space && (text.data[space] != ' ' || (keeps_times && is_inside_time(text, space))))
        space--;
    while (next < text.len && next - space <= width * BYTES + 1
        && (text.data[next] != ' ' || (keeps_times && is_inside_time(text, next))))
        next++;
    return text_width((struct slice){text.data + space, next - space}) <= width + 1 ? space : 0;
}

size_t text_first_line(struct slice s, size_t width)
{
    size_t fit = text_fit(s, width);
    if (fit == 0 || fit == s.len)
        return s.len;
    size_t end = last_blank(s, fit, width, true);
    end = end ? end : last_blank(s, fit, width, false);
    return end ? end : fit;
}

size_t text_fit_dates(struct slice harmless, size_t columns)
{
    enum { DATE = 10 };
    size_t fit = text_fit(harmless, columns), start = fit;
    if (fit == harmless.len)
        return fit;
    while (start && ((harmless.data[start - 1] >= '0' && harmless.data[start - 1] <= '9')
        || harmless.data[start - 1] == '-'))
        start--;
    bool is_date = fit - start < DATE && harmless.len - start >= DATE && harmless.data[start + 4] == '-'
        && harmless.data[start + 7] == '-';
    return is_date ? start : fit;
}

size_t text_start(struct slice text, size_t most)
{
    size_t n = text.len < most ? text.len : most;
    while (n && n < text.len && ((unsigned char)text.data[n] & 0xc0) == 0x80)
        n--;
    return n;
}

int text_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void text_decode_percent(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = text.data[i] == '%' && i + 2 < text.len ? text_hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? text_hex_digit(text.data[i + 2]) : -1;
        buffer_putc(out, low >= 0 ? (char)(high * 16 + low) : text.data[i]);
        i += low >= 0 ? 2 : 0;
    }
}

const char *text_count(char *out, size_t size, unsigned long long n)
{
    char digits[32], *end = digits + sizeof digits, *at = put_digits(end, n);
    size_t o = 0;
    for (; at < end && o + 2 < size; at++) {
        if (o && (end - at) % 3 == 0)
            out[o++] = ',';
        out[o++] = *at;
    }
    out[o] = '\0';
    return out;
}
