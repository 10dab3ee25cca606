/* In UTF-16 a character has two bytes, or four as a pair of surrogates (RFC 2781). */
#include "base/utf16.h"

/* Whether S begins with ASCII characters in UTF-16: a zero byte before each (ZERO is 0) or after each (ZERO is 1). */
static bool is_bare_utf16(struct slice s, size_t zero)
{
    enum { LETTERS = 4 };
    size_t n = 0;
    while (n < LETTERS && 2 * n + 1 < s.len && !s.data[2 * n + zero] && s.data[2 * n + 1 - zero])
        n++;
    return n == LETTERS;
}

bool utf16_is(struct slice text)
{
    bool has_mark = text.len >= 2 && (memcmp(text.data, "\xff\xfe", 2) == 0 || memcmp(text.data, "\xfe\xff", 2) == 0);
    /* big-endian UTF-32: utf16_decode() rejects it */
    has_mark |= text.len >= 4 && memcmp(text.data, "\0\0\xfe\xff", 4) == 0;
    return has_mark || is_bare_utf16(text, 0) || is_bare_utf16(text, 1);
}

bool utf16_start(struct utf16 *u, struct slice start, size_t *mark, const char *name, struct error *err)
{
    const unsigned char *p = (const unsigned char *)start.data;
    bool has_mark = p[0] >= 0xfe;
    *u = (struct utf16){.low = p[0] == 0xff || (!has_mark && p[0]) ? 0 : 1};
    *mark = has_mark ? 2 : 0;
    if (start.len >= 4 && ((has_mark && !p[2] && !p[3]) || (!p[0] && !p[1])))
        return error_set(err, "%s: UTF-32 is not supported; save it as UTF-8", name);
    return true;
}

/* The two bytes at P as a number. */
static uint32_t utf16_unit(const struct utf16 *u, const unsigned char *p)
{
    return (uint32_t)(p[u->low] | p[1 - u->low] << 8);
}

/* Append the characters of the COUNT bytes at P. Returns how many bytes were used; the others need some that follow. */
static size_t utf16_put(const struct utf16 *u, struct buffer *out, const unsigned char *p, size_t count)
{
    size_t i = 0;
    while (i + 1 < count) {
        uint32_t c = utf16_unit(u, p + i), next;
        if (c >= 0xd800 && c < 0xdc00 && i + 3 >= count)
            break;
        i += 2;
        if (c >= 0xd800 && c < 0xdc00 && (next = utf16_unit(u, p + i)) >= 0xdc00 && next < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00);
            i += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd;
        }
        buffer_add_utf8(out, c);
    }
    return i;
}

void utf16_more(struct utf16 *u, struct buffer *out, struct slice piece)
{
    const unsigned char *p = (const unsigned char *)piece.data;
    size_t at = 0;
    while (u->held_count && at < piece.len) {
        u->held[u->held_count++] = p[at++];
        size_t used = utf16_put(u, out, u->held, u->held_count);
        u->held_count -= used;
        memmove(u->held, u->held + used, u->held_count);
    }
    at += utf16_put(u, out, p + at, piece.len - at);
    while (at < piece.len)
        u->held[u->held_count++] = p[at++];
}

bool utf16_end(const struct utf16 *u, struct buffer *out, const char *name, struct error *err)
{
    if (u->held_count % 2)
        return error_set(err, "%s: UTF-16 with an odd number of bytes; it was cut off", name);
    if (u->held_count)
        buffer_add_utf8(out, 0xfffd);
    return true;
}

bool utf16_decode(struct buffer *out, struct slice text, const char *name, struct error *err)
{
    struct utf16 u;
    size_t mark;
    if (!utf16_start(&u, text, &mark, name, err))
        return false;
    utf16_more(&u, out, (struct slice){text.data + mark, text.len - mark});
    bool ok = utf16_end(&u, out, name, err);
    buffer_puts(out, "");
    return ok;
}
