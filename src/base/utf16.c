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

bool utf16_decode(struct buffer *out, struct slice text, const char *name, struct error *err)
{
    const unsigned char *p = (const unsigned char *)text.data;
    bool has_mark = p[0] >= 0xfe;
    if (text.len >= 4 && ((has_mark && !p[2] && !p[3]) || (!p[0] && !p[1])))
        return error_set(err, "%s: UTF-32 is not supported; save it as UTF-8", name);
    size_t low = p[0] == 0xff || (!has_mark && p[0]) ? 0 : 1;
    if (text.len % 2)
        return error_set(err, "%s: UTF-16 with an odd number of bytes; it was cut off", name);
    for (size_t i = has_mark ? 2 : 0; i < text.len; i += 2) {
        uint32_t u = (uint32_t)(p[i + low] | p[i + 1 - low] << 8);
        uint32_t next = i + 3 < text.len ? (uint32_t)(p[i + 2 + low] | p[i + 3 - low] << 8) : 0;
        if (u >= 0xd800 && u < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
            u = 0x10000 + ((u - 0xd800) << 10) + (next - 0xdc00);
            i += 2;
        } else if (u >= 0xd800 && u < 0xe000) {
            u = 0xfffd;
        }
        buffer_add_utf8(out, u);
    }
    buffer_puts(out, "");
    return true;
}
