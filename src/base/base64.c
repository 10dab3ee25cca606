/* Base64, in both alphabets. Decoding is strict except for white space and padding. */
#include "base/base64.h"

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool is_base64_blank(char c)
{
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

bool base64_char(char c)
{
    return c == '=' || digit(c) >= 0;
}

/* Whether only padding and white space follow the padding at FROM; otherwise sets ERR. */
static bool ends_here(struct slice text, size_t from, struct error *err)
{
    for (size_t i = from; i < text.len; i++) {
        if (text.data[i] != '=' && !is_base64_blank(text.data[i]))
            return error_set(err, "the base64 goes on after its end, at byte %zu", i);
    }
    return true;
}

bool base64_decode(struct slice text, struct buffer *out, struct error *err)
{
    char chunk[3 * 1024] = {0};
    size_t used = 0, digits = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        int d = digit(text.data[i]);
        if (d < 0 && is_base64_blank(text.data[i]))
            continue;
        if (text.data[i] == '=' && digits % 4 >= 2) {
            if (!ends_here(text, i, err))
                return false;
            break;
        }
        if (d < 0)
            return error_set(err, "invalid base64 at byte %zu", i);
        bits = bits << 6 | (uint32_t)d;
        if (++digits % 4)
            continue;
        chunk[used++] = (char)(bits >> 16 & 0xff);
        chunk[used++] = (char)(bits >> 8 & 0xff);
        chunk[used++] = (char)(bits & 0xff);
        if (used == sizeof chunk) {
            buffer_add(out, chunk, used);
            used = 0;
        }
    }
    buffer_add(out, chunk, used);
    if (digits % 4 == 1)
        return error_set(err, "the base64 was cut off after %zu bytes", text.len);
    if (digits % 4 >= 2)
        buffer_putc(out, (char)(digits % 4 == 2 ? bits >> 4 : bits >> 10));
    if (digits % 4 == 3)
        buffer_putc(out, (char)(bits >> 2 & 0xff));
    return true;
}

void base64_encode(struct slice text, struct buffer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buffer_puts(out, "");
    for (size_t i = 0; i < text.len; i += 3) {
        size_t n = text.len - i < 3 ? text.len - i : 3;
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < n ? (unsigned char)text.data[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buffer_putc(out, k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
}
