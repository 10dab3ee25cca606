/*
 * UTF-8, and what each code point looks like on a terminal: the only place that decodes, encodes or judges characters.
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

enum { UTF8_MAX = 4 }; /* bytes of a character */

/*
 * Decode one UTF-8 character from the LEN > 0 bytes at S into *CP and return its length.
 * An invalid byte gives length 1 and *CP = UINT32_MAX.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
/* Write the code point CP, at most 0x10ffff, to OUT, which has room for UTF8_MAX bytes. Returns its length. */
size_t utf8_write(char *out, uint32_t cp);
/* Whether terminals of this locale take UTF-8; the C locale and those with 8-bit characters do not. */
bool utf8_is_in_locale(void);

/*
 * Whether CP shows as something of its own, in any locale. It does not if it is a control character, unassigned, for
 * private use or default-ignorable, if it formats or reorders text, or if it is blank without being U+0020. UINT32_MAX,
 * a byte that is not UTF-8, does not.
 */
bool codepoint_is_visible(uint32_t cp);
/*
 * Terminal columns of a code point: 0 for combining characters, 1, or 2 for wide ones. -1 for characters that must not
 * reach a terminal: those that are not visible and, in a UTF-8 locale, those for which the C library, and with it
 * curses, has another width.
 */
int codepoint_width(uint32_t cp);

#endif
