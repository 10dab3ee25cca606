/* Converts UTF-16, which PowerShell's > and spreadsheets write, to UTF-8. */
#ifndef NCRED_UTF16_H
#define NCRED_UTF16_H

#include "base/error.h"
#include "base/text.h"

/* Whether TEXT begins with a byte order mark of UTF-16, or with ASCII characters encoded in UTF-16. */
bool utf16_is(struct slice text);
/*
 * Append TEXT, for which utf16_is() must hold, to OUT as UTF-8 without the mark. Half of a surrogate pair becomes
 * U+FFFD. Returns false if the text was cut off or is UTF-32; ERR then begins with NAME.
 */
bool utf16_decode(struct buffer *out, struct slice text, const char *name, struct error *err);

/* The same piece by piece. */
struct utf16 {
    size_t low;            /* which byte of two is the low one: 0 or 1 */
    unsigned char held[4]; /* bytes at the end of a piece that need the next one: a half of a pair, and an odd byte */
    size_t held_count;
};

/*
 * Start to decode a text of which START, for which utf16_is() must hold, has the first bytes: all or at least 8. *MARK
 * is set to the length of the byte order mark, to be left out. Returns false with ERR set if the text is UTF-32.
 */
bool utf16_start(struct utf16 *u, struct slice start, size_t *mark, const char *name, struct error *err);
/* Append the characters of PIECE to OUT. */
void utf16_more(struct utf16 *u, struct buffer *out, struct slice piece);
/* End the text. Returns false with ERR set if it was cut off. */
bool utf16_end(const struct utf16 *u, struct buffer *out, const char *name, struct error *err);

#endif
