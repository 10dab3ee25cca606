/*
 * UTF-8, and how each code point shows on a terminal. Only this file decodes, encodes or classifies characters.
 *
 *     for (size_t i = 0, n; i < text.len; i += n) {
 *         uint32_t cp;
 *         n = utf8_decode(text.data + i, text.len - i, &cp);
 *         columns += codepoint_width(cp) > 0 ? codepoint_width(cp) : 0;
 *     }
 */
#ifndef NCRED_UTF8_H
#define NCRED_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 }; /* longest character in bytes */

/*
 * Decode one UTF-8 character from the LEN > 0 bytes at S into *CP and return its length.
 * An invalid byte gives length 1 and *CP = UINT32_MAX.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
/* Write the code point CP, at most 0x10ffff, to OUT, which has room for UTF8_MAX bytes. Returns its length. */
size_t utf8_write(char *out, uint32_t cp);
/* Whether the locale's encoding is UTF-8. It is not in the C locale and in those with 8-bit characters. */
bool utf8_is_in_locale(void);

/*
 * Whether CP is visible, in any locale. Not visible are characters that are control characters, unassigned, for private
 * use or default-ignorable, that format or reorder text, or that are blank (except U+0020), and UINT32_MAX, an invalid
 * byte.
 */
bool codepoint_is_visible(uint32_t cp);
/*
 * Returns the terminal columns of a code point: 0 for combining characters, 2 for wide ones, otherwise 1. Returns -1
 * for those that must not reach a terminal: invisible ones and, in a multibyte locale, those for which the C library
 * (and so curses) has another width.
 */
int codepoint_width(uint32_t cp);

#endif
