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

#endif
