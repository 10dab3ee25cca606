/* UTF-16, which PowerShell's > and spreadsheets write, as UTF-8. */
#ifndef NCRED_UTF16_H
#define NCRED_UTF16_H

#include "base/error.h"
#include "base/text.h"

/* Whether TEXT begins with a byte order mark of UTF-16, or as ASCII characters in UTF-16 do. */
bool utf16_is(struct slice text);
/*
 * Append such a TEXT, without its mark, to OUT as UTF-8; half of a pair becomes U+FFFD. False: it was cut off, or is UTF-32;
 * ERR begins with NAME.
 */
bool utf16_decode(struct buffer *out, struct slice text, const char *name, struct error *err);

#endif
